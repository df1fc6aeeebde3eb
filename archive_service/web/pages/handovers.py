"""Handovers: what goes over at a change of term or of clerk; counted line by line, closed when nothing is open."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from archive_service.actions import handovers as acts
from archive_service.actions.dossiers import day
from archive_service.actions.handovers import ALSO, KINDS, PARTS, PEOPLE, Counted, NewHandover
from archive_service.actions.outlines import outline_at
from archive_service.exchange.calendar_files import county_calendar
from archive_service.permissions import Actor, Permission, check
from archive_service.tasks.matters import archive_handover, print_handover
from archive_service.web.context import ArchiveDep, VisitorDep, wake_worker
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.hand_in import homes_of
from archive_service.web.pages.spoken import say
from archive_service.web.printouts import Format, sent
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.calendar.model import MARKS
from classification.errors import RuleError
from storage.database.handovers import HandoverKind
from storage.database.organisations import village as village_of

router = APIRouter(prefix="/handovers")
Id = Annotated[str, Query(max_length=40)]


@router.get("")
def listed(request: Request, archive: ArchiveDep, visitor: VisitorDep, village: Id = "", after: Id = "") -> Response:
    """Every handover of the visitor's villages, and the form for another."""
    check(visitor.actor, Permission.CATALOGUE)
    with archive.sessions.read() as session:
        homes = homes_of(session, visitor.actor, Permission.CATALOGUE)
        lines, more = acts.listed(session, visitor.actor, village, after)
    return answer(
        request, "handovers.html", lines=lines, after=more, villages=homes, village=village, kinds=KINDS,
        people={**PEOPLE, **ALSO}, today=archive.today(),
    )  # fmt: skip


@router.post("")
def open_one(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Open a handover with the register of what there is now."""
    village, kind = text(form, "village"), text(form, "kind")
    check(visitor.actor, Permission.CATALOGUE, village)
    happened_on = day(text(form, "happened_on"), "换届或换人的日子")
    if kind not in list(HandoverKind) or happened_on is None:
        raise RuleError("请选移交的种类，填上换届或换人的日子；没有登记。")
    people = {name: text(form, name) for name in (*PEOPLE, *ALSO)}
    wish = NewHandover(village, HandoverKind(kind), happened_on, people)
    calendar = county_calendar(archive.settings.calendar)
    with archive.sessions.begin() as session:
        _, outline = outline_at(session)
        made = acts.open_handover(session, visitor.actor, calendar, outline, wish, archive.now(), archive.today())
    return go(f"/handovers/{made.id}", say(visitor, "已登记移交，清册按现有的档案列好了。"))


@router.get("/{handover_id}")
def shown(request: Request, archive: ArchiveDep, visitor: VisitorDep, handover_id: str) -> Response:
    """One handover: its people, every line, and what keeps it open."""
    with archive.sessions.read() as session:
        found = acts.seen(session, visitor.actor, handover_id)
        home = village_of(session, found.village_id)
    names = {**PEOPLE, **ALSO}
    rule = county_calendar(archive.settings.calendar).record(acts.RECORDS_OF[HandoverKind(found.kind)])
    return answer(
        request, "handover.html", found=found, home=home, lines=found.items, missing=acts.missing(found),
        kind=KINDS[HandoverKind(found.kind)], people=names, taking_part={name: getattr(found, name) for name in names},
        kinds_of_things=PARTS, today=archive.today(), rule=rule, mark=MARKS[rule.mark],
    )  # fmt: skip


@router.get("/{handover_id}/file")
def file(archive: ArchiveDep, visitor: VisitorDep, handover_id: str, format: Format = "pdf") -> Response:
    """The register on paper or as a workbook."""
    return sent(
        lambda target: print_handover(archive, visitor.actor, handover_id, format, target).title, "handover", format
    )


@router.post("/{handover_id}")
def change(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, handover_id: str) -> Response:
    """Note what was counted, add a line, close it, or hand its register in."""
    back = f"/handovers/{handover_id}"
    if text(form, "act") == "archive":
        archive_handover(archive, visitor.actor, handover_id)
        wake_worker(request)
        return go(back, say(visitor, "移交清册已生成一件材料，在“待整理”里，采用后归档。"))
    with archive.sessions.begin() as session:
        _act(session, visitor.actor, archive, form, handover_id)
    return go(back, say(visitor, "已记下。"))


def _act(session: Session, actor: Actor, archive: Archive, form: FormData, handover_id: str) -> None:
    at, today = archive.now(), archive.today()
    match text(form, "act"):
        case "count":
            places = [int(name[6:]) for name in form if name.startswith("found:") and name[6:].isdigit()]
            counted = {place: _counted(form, place) for place in places}
            people = {name: text(form, name) for name in (*PEOPLE, *ALSO) if name in form}
            acts.note_counts(session, actor, handover_id, people, counted, at)
        case "add":
            number = _number(text(form, "number")) or 0
            part, name, unit = (text(form, field) for field in ("part", "name", "unit"))
            acts.add_item(session, actor, handover_id, part, name, number, unit, at)
        case "close":
            acts.seen(session, actor, handover_id)
            signed_on = day(text(form, "signed_on"), "签字日期")
            if signed_on is None:
                raise RuleError("请填签字的日子，没有办结。")
            acts.close(session, actor, handover_id, signed_on, at, today)
        case _:
            acts.seen(session, actor, handover_id)
            raise RuleError("看不出要改什么，没有改动。")


def _counted(form: FormData, place: int) -> Counted:
    number, found = _number(text(form, f"number:{place}")), _number(text(form, f"found:{place}"))
    return Counted(number, found, text(form, f"note:{place}"))


def _number(typed: str) -> int | None:
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) < 9):
        raise RuleError("数目要写不小于 0 的整数，没有改动。")
    return int(typed)
