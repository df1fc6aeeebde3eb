"""Ledgers brought in and handed in as records; dossiers, ledgers and handover registers printed.

What is printed is journaled. What is handed in goes the normal way and waits for a person.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from archive_service.actions import dossier_views, handovers, ledgers
from archive_service.actions.dossier_views import StepShown
from archive_service.actions.ledgers import Added
from archive_service.county_time import day_in_words
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.dossier_files import county_dossiers
from archive_service.exchange.ledger_files import read_entries
from archive_service.forms.printed import matters as printed
from archive_service.forms.printed.listing import Listing
from archive_service.forms.printed.writing import Printed, write
from archive_service.permissions import Actor
from archive_service.tasks.handing_in_made import Made, hand_in_made
from archive_service.wiring import COUNTY_TIME, Archive
from classification.calendar.model import MARKS
from classification.dossier_checks import STATES, VERDICTS, Finding
from classification.dossiers import MEETINGS
from classification.errors import RuleError
from classification.ledgers import Book
from storage.database import journal
from storage.database.handovers import Handover, HandoverKind
from storage.database.organisations import Village, village
from storage.errors import Conflict

LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """What is printed: its title, the list, and whose it is."""

    title: str
    listing: Listing
    village_id: str
    rows: int = 0


def import_ledger(archive: Archive, actor: Actor, village_id: str, book: Book, path: Path) -> Added:
    """Bring in the rows of a file, all or none. The same file again changes nothing.

    Raises:
        ListInvalid: a row is wrong; every fault is named.
        Forbidden: the actor does not catalogue in this village.
        Conflict: the book of one of the years was handed in.
    """
    entries = read_entries(book, path)
    with archive.sessions.begin() as session:
        return ledgers.add_rows(session, actor, village_id, book, entries, archive.now())


def archive_ledger(archive: Archive, actor: Actor, village_id: str, book: Book, year: int) -> str:
    """Hand the book of a year in as one record, an XLSX file; returns the record, which waits for a person.

    Raises:
        Forbidden: the actor does not catalogue or hand in here.
        RuleError, Missing, Conflict: the year is not over, nothing was written, it was handed in before.
    """
    with archive.sessions.read() as session:
        held, rows = ledgers.to_hand_in(session, actor, village_id, book, year, archive.today())
        home, cells = village(session, village_id), [row.cells for row in rows]
    content = io.BytesIO()
    listing = printed.ledger(book, _heading(home, year), cells)
    write(Printed("ledger", book.name, (listing,)), "xlsx", content, archive.now())
    title = f"{home.name}{year}年{book.name}"
    made = Made(f"{title}.xlsx", content.getvalue(), _text(title, cells), title, _series(archive, book), f"{year}年")

    def then(session: Session, item_id: str) -> None:
        ledgers.note_handed_in(session, actor, held.id, item_id, len(cells), archive.now())

    return hand_in_made(archive, actor, village_id, made, then)


def _series(archive: Archive, book: Book) -> str:
    """As the county's calendar says it; else as the book does."""
    found = [one for one in county_calendar(archive.settings.calendar).records if one.id == book.record]
    return found[0].series[0] if found else book.series


def _text(title: str, cells: Iterable[Mapping[str, Any]]) -> str:
    return "\n".join([title, *("\t".join(map(str, row.values())) for row in cells)])[:LONGEST_TEXT]


def _heading(home: Village, year: int) -> list[str]:
    return [f"全宗号：{home.fonds}", f"全宗名称：{home.name}", f"年度：{year}"]


def archive_handover(archive: Archive, actor: Actor, handover_id: str) -> str:
    """Hand the register of a closed handover in as one record, a PDF file; returns the record.

    Raises:
        Missing: there is no such handover for this actor.
        RuleError: it is not closed.
        Conflict: it was handed in before.
    """
    with archive.sessions.read() as session:
        found = handovers.seen(session, actor, handover_id)
        sheet = _handover(found, village(session, found.village_id))
    if found.signed_on is None:
        raise RuleError("移交还没有办结，没有归档；请先清点、签字、办结。")
    if found.item_id is not None:
        raise Conflict("这份移交清册已经交去归档了，没有再交。")
    content, on = io.BytesIO(), found.signed_on
    write(Printed("handover", sheet.title, (sheet.listing,), foot=_foot(archive)), "pdf", content, archive.now())
    series = county_calendar(archive.settings.calendar).record(handovers.RECORDS_OF[HandoverKind(found.kind)]).series[0]
    dated = day_in_words(on)
    made = Made(
        f"{sheet.title}{on.isoformat()}.pdf", content.getvalue(), _text(sheet.title, found.items), sheet.title, series,
        dated,
    )  # fmt: skip

    def then(session: Session, item_id: str) -> None:
        handovers.note_handed_in(session, actor, handover_id, item_id, archive.now())

    return hand_in_made(archive, actor, found.village_id, made, then)


def print_dossier(archive: Archive, actor: Actor, dossier_id: str, format: str, target: Path | BinaryIO) -> Sheet:
    """Print a dossier.

    Raises:
        Missing: there is none for this actor.
    """
    path = archive.settings.calendar
    with archive.sessions.read() as session:
        found = dossier_views.shown(
            session, actor, county_dossiers(path), county_calendar(path), dossier_id, archive.today()
        )
        dossier, home = found.dossier, found.village
    heading = [f"村：{home.name}", f"事项：{dossier.name}", f"立项：{dossier.opened_on}"]
    heading += [f"办结：{dossier.done_on}"] if dossier.done_on else []
    heading += [f"{name}：{dossier.head[name]}" for name in found.kind.head if dossier.head.get(name)]
    objections = [
        f"{one['raised_on']} {one['by']}：{one['text']}"
        + (f"；{one['answered_on']} 答复：{one['answer']}" if one["answered_on"] else "；还没有答复")
        for one in dossier.objections
    ]
    heading += [f"异议 {number}：{said}" for number, said in enumerate(objections, 1)]
    listing = printed.dossier(found.kind.name, heading, map(_step_cells, found.steps))
    return _printed(archive, actor, Sheet(found.kind.name, listing, home.id), format, target)


def _step_cells(one: StepShown) -> tuple[str | int, ...]:
    facts = one.facts
    said = [f"{asked.name} {_fact(facts[asked.id])}" for asked in one.review.step.asks if _is_said(asked.id, facts)]
    records = [f"{tied.code or '未编档号'} {tied.title}" for tied in one.records]
    records += [f"另有 {one.hidden} 件您不能查看"] if one.hidden else []
    on = str(facts.get("on") or facts.get("from") or "")
    looked = "；".join(map(_finding, one.review.findings)) or STATES[one.review.state]
    return one.review.number, one.review.step.name, on, "；".join(said), "；".join(records), looked


def _is_said(name: str, facts: Mapping[str, Any]) -> bool:
    return name != "on" and name in facts


def _fact(value: Any) -> str:
    return MEETINGS.get(str(value), str(value))


def _finding(found: Finding) -> str:
    source = f"，{found.source}" if found.source else ""
    return f"{VERDICTS[found.verdict]}：{found.said}（{MARKS[found.mark]}{source}）"


def print_ledger(
    archive: Archive, actor: Actor, village_id: str, book: Book, year: int, format: str, target: Path | BinaryIO
) -> Sheet:
    """Print a village's book of a year.

    Raises:
        Forbidden: the actor does not catalogue in this village.
    """
    with archive.sessions.read() as session:
        rows = [row.cells for row in ledgers.rows_shown(session, actor, village_id, book, year)]
        home = village(session, village_id)
    sheet = Sheet(book.name, printed.ledger(book, _heading(home, year), rows), home.id)
    return _printed(archive, actor, sheet, format, target)


def print_handover(archive: Archive, actor: Actor, handover_id: str, format: str, target: Path | BinaryIO) -> Sheet:
    """Print the register of a handover.

    Raises:
        Missing: there is none for this actor.
    """
    with archive.sessions.read() as session:
        found = handovers.seen(session, actor, handover_id)
        sheet = _handover(found, village(session, found.village_id))
    return _printed(archive, actor, sheet, format, target)


def _handover(found: Handover, home: Village) -> Sheet:
    title = f"{home.name}{found.happened_on.year}年{handovers.KINDS[HandoverKind(found.kind)]}清册"
    heading = [f"全宗号：{home.fonds}", f"换届或换人：{found.happened_on}", f"期限：{found.due_on}"]
    names = {**handovers.PEOPLE, **handovers.ALSO}
    heading += [f"{word}：{getattr(found, name)}" for name, word in names.items() if getattr(found, name)]
    heading += [f"签字：{found.signed_on}"] if found.signed_on else []
    return Sheet(title, printed.handover(title, heading, found.items), home.id)


def _printed(archive: Archive, actor: Actor, sheet: Sheet, format: str, target: Path | BinaryIO) -> Sheet:
    at = archive.now()
    whole = Printed("matters", sheet.title, (sheet.listing,), foot=_foot(archive))
    rows = write(whole, format, target, at)
    with archive.sessions.begin() as session:
        said = {"form": sheet.title, "format": format, "rows": rows}
        journal.write(session, at, actor.login, "form_printed", "form", "matters", sheet.village_id, said)
    return Sheet(sheet.title, sheet.listing, sheet.village_id, rows)


def _foot(archive: Archive) -> str:
    banner = county_calendar(archive.settings.calendar).banner
    said = f"{archive.settings.county}　{archive.now().astimezone(COUNTY_TIME):%Y-%m-%d} 打印"
    return "　".join(filter(None, (said, banner)))
