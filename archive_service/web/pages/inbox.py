"""The inbox: the list that a clerk works through, and what is done to several records at once."""

from __future__ import annotations

from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import catalogue, desk, holdings
from archive_service.actions.outlines import outline_at
from archive_service.permissions import Permission, check
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import Filed, file_records
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep, wake_worker
from archive_service.web.pages.bulk import after as undoable
from archive_service.web.pages.form import FormDep, text, texts
from archive_service.web.pages.hand_in import homes_of
from archive_service.web.pages.spoken import banner, named, say
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.errors import RuleError

router = APIRouter()


@router.get("/inbox")
def inbox(
    request: Request,
    archive: ArchiveDep,
    visitor: VisitorDep,
    village: str = "",
    batch: str = "",
    state: str = "",
    after: str = "",
    undo: str = "",
    of: str = "",
) -> Response:
    """What waits, by village, batch and state."""
    actor = visitor.actor
    check(actor, Permission.CATALOGUE)
    chosen = {"village": village, "batch": batch, "state": state if state in catalogue.OPEN else ""}
    with archive.sessions.read() as session:
        listed = holdings.inbox(session, actor, village or None, batch or None, chosen["state"] or None, after or None)
        homes = homes_of(session, actor, Permission.CATALOGUE)
        batches = desk.batches(session, actor)
        _, outline = outline_at(session)
    return answer(
        request,
        "inbox.html",
        listed=listed,
        villages=homes,
        homes={home.id: home.name for home in homes},
        batches=batches,
        names={one.id: named(one, visitor.lang) for one in outline.series.values()},
        chosen=chosen,
        undo=undo,
        undo_edit=of == "edit",
        query=urlencode({name: value for name, value in chosen.items() if value}),
        banner=banner(outline, visitor.lang),
    )


@router.post("/inbox")
def decide(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Accept, archive or join the marked records."""
    ids, back = texts(form, "record"), text(form, "back") or "/inbox"
    if not ids:
        return go(back, say(visitor, "还没有选中材料，没有改动。"))
    act = {"archive": _archive, "merge": _merge}.get(text(form, "act"), _accept)
    response = act(archive, visitor, ids, back)
    wake_worker(request)
    return response


def _accept(archive: Archive, visitor: Visitor, ids: list[str], back: str) -> Response:
    at = archive.now()
    with archive.sessions.begin() as session:
        accepted = catalogue.accept(session, visitor.actor, ids, rule_book(session), at)
    return go(undoable(at, back), say(visitor, "已采用 {n} 件，可以归档了。", n=len(accepted)))


def _archive(archive: Archive, visitor: Visitor, ids: list[str], back: str) -> Response:
    return go(back, said_of(visitor, file_records(archive, visitor.actor, ids)))


def said_of(visitor: Visitor, filed: list[Filed]) -> str:
    """What became of records that were to be archived, in one sentence."""
    done = [one for one in filed if one.error is None]
    said = say(visitor, "已归档 {n} 件。", n=len(done))
    codes = "、".join(one.code for one in done[:3] if one.code)
    errors = "".join(dict.fromkeys(say(visitor, one.error) for one in filed if one.error))
    return f"{said}{codes} {errors}".strip()


def _merge(archive: Archive, visitor: Visitor, ids: list[str], back: str) -> Response:
    if len(ids) < 2:
        raise RuleError("合并要选中至少两件，没有改动。")
    with archive.sessions.begin() as session:
        kept = catalogue.merge(session, visitor.actor, ids[0], ids[1:], archive.now())
    return go(back, say(visitor, "已合并成一件：{title}", title=kept.title))
