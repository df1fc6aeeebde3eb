"""Holds: what must not be destroyed for now, and why; placed here or on a record's page, released here."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import holds as acts
from archive_service.actions.holds import Wish
from archive_service.permissions import Permission, check
from archive_service.tasks.keeping import keep_holds
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import called, say
from archive_service.web.rendering import answer, go
from classification.disposal import GROUNDS
from classification.errors import RuleError
from storage.database.holds import HoldKind

router = APIRouter()
KINDS = {HoldKind.SEARCH: "查到的全部", HoldKind.MATTER: "写着这件事的", HoldKind.PERSON: "涉及这个人的"}


@router.get("/holds")
def holds(request: Request, archive: ArchiveDep, visitor: VisitorDep, show: str = "", after: str = "") -> Response:
    """What stands, or with `show=all` what was released too."""
    with archive.sessions.read() as session:
        lines, more = acts.listed(session, visitor.actor, show != "all", after)
        people = called(session, [one.hold.placed_by for one in lines])
    return answer(
        request, "holds.html", lines=lines, after=more, show=show, grounds=GROUNDS, kinds=KINDS, people=people,
        today=archive.today(),
    )  # fmt: skip


@router.post("/holds")
def place(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Hold one record, or what a search, a matter or a person's name finds."""
    check(visitor.actor, Permission.HOLD)
    record_id = text(form, "record")
    if text(form, "kind") not in [*KINDS, HoldKind.RECORDS]:
        raise RuleError("请选择按什么停止处置，没有登记。")
    kind = HoldKind(text(form, "kind"))
    named = (record_id,) if record_id else ()
    wish = Wish(
        kind,
        text(form, "ground"),
        text(form, "reason"),
        text(form, "subject"),
        named,
        review_on=_day(text(form, "day")),
    )
    with archive.sessions.begin() as session:
        hold = acts.place(session, archive.index, visitor.actor, wish, archive.now(), archive.today())
        number = acts.reached(session, visitor.actor, hold.id)
    keep_holds(archive)
    back = f"/records/{record_id}" if kind == HoldKind.RECORDS else "/holds"
    return go(back, say(visitor, "已停止处置 {n} 件。", n=number))


@router.post("/holds/{hold_id}/release")
def release(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, hold_id: str) -> Response:
    """Let it go, with the reason."""
    with archive.sessions.begin() as session:
        acts.release(session, visitor.actor, hold_id, text(form, "reason"), archive.now())
    keep_holds(archive)
    return go("/holds", say(visitor, "已解除停止处置，历史留着。"))


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as bad:
        raise RuleError("复核的日子没有填对，没有登记。") from bad
