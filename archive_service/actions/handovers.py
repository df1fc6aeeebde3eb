"""Handovers: a register of what goes over is opened, counted by both sides, and closed when everything is there or
explained.

At a change of term the law names ten days after the election (VCL2018 art 20); at a change of clerk the days are a
setting of the calendar. What is listed beside the records is this software's own proposal, to be changed by hand.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import UNFILED, inside, within
from archive_service.permissions import Actor, Permission, can, check, reach, scope_of
from classification.calendar.model import Calendar
from classification.errors import RuleError
from classification.outline import Outline
from storage.database import journal
from storage.database.base import new_id
from storage.database.dossiers import Dossier
from storage.database.handovers import Handover, HandoverKind
from storage.database.organisations import Village, village
from storage.database.physical import Loan, Whereabouts
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing

A_PAGE = 100
LONGEST_NAME, LONGEST_NOTE, MOST_ITEMS, MOST_PIECES = 120, 300, 1000, 10_000_000
KINDS = {HandoverKind.TERM: "换届移交", HandoverKind.ARCHIVIST: "档案员交接"}
RECORDS_OF = {HandoverKind.TERM: "vm_handover", HandoverKind.ARCHIVIST: "arch_handover"}
"""The record of the calendar that the register is, which also says how many days there are."""
PEOPLE = {"giver": "移交人", "receiver": "接收人", "supervisor": "监交人"}
ALSO = {"host": "主持人"}
PARTS = ("档案", "盒", "未办完的事", "钥匙", "设备", "其他")
BESIDE = (
    ("钥匙", "档案室钥匙", "把"), ("钥匙", "档案柜钥匙", "把"), ("设备", "电脑", "台"), ("设备", "扫描仪", "台"),
    ("其他", "印章", "枚"),
)  # fmt: skip
"""What is asked for beside the records; how many there are, a person says."""


@dataclass(frozen=True, slots=True)
class NewHandover:
    """What a handover begins with."""

    village_id: str
    kind: HandoverKind
    happened_on: date
    people: Mapping[str, str]


def open_handover(
    session: Session, actor: Actor, calendar: Calendar, outline: Outline, wish: NewHandover, at: datetime, today: date
) -> Handover:
    """Open a handover with the register of what there is now.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        RuleError: the day lies in the future.
        Conflict: one of that kind and day is open already.
    """
    check(actor, Permission.CATALOGUE, wish.village_id)
    home = village(session, wish.village_id)
    if wish.happened_on > today:
        raise RuleError("换届或换人的日子还没有到，没有登记。")
    same = select(Handover.id).where(
        Handover.village_id == home.id, Handover.kind == wish.kind, Handover.happened_on == wish.happened_on
    )
    if session.scalar(same):
        raise Conflict("这一次移交已经登记了，没有再登记。")
    made = Handover(
        id=new_id(), village_id=home.id, kind=wish.kind, happened_on=wish.happened_on,
        due_on=wish.happened_on + timedelta(days=_days(calendar, wish.kind)), **_people(wish.people),
        items=list(_items(session, actor, home.id, outline, today)), opened_by=actor.login, opened_at=at, changed_at=at,
        kept=False,
    )  # fmt: skip
    session.add(made)
    said = {"kind": KINDS[wish.kind], "happened_on": wish.happened_on.isoformat(), "due_on": made.due_on.isoformat()}
    journal.write(session, at, actor.login, "handover_opened", "handover", made.id, home.id, said)
    return made


def _days(calendar: Calendar, kind: HandoverKind) -> int:
    cadence = calendar.record(RECORDS_OF[kind]).cadence
    return calendar.default_due_days if cadence.due_days is None else cadence.due_days


def _people(said: Mapping[str, str]) -> dict[str, str]:
    return {name: said.get(name, "").strip()[:LONGEST_NAME] for name in (*PEOPLE, *ALSO)}


def _items(session: Session, actor: Actor, home: str, outline: Outline, today: date) -> Iterator[dict[str, Any]]:
    """What there is to be handed over: filed records by series, boxes, what is not finished; and what a person adds."""
    seen = (Record.village_id == home, inside(scope_of(actor)))
    filed = select(Record.series_id, func.count()).where(*seen, Record.state == RecordState.ARCHIVED)
    for series, number in session.execute(filed.group_by(Record.series_id).order_by(Record.series_id)):
        known = outline.series.get(series or "")
        yield _item("档案", f"{series} {known.name}" if known else series or "未定条目", number, "件")
    boxes = select(func.count(Whereabouts.box.distinct())).join(Record, Record.id == Whereabouts.record_id)
    unfiled = select(func.count()).select_from(Record).where(*seen, Record.state.in_(UNFILED))
    lent = select(func.count()).select_from(Loan).join(Record, Record.id == Loan.record_id)
    lent = lent.where(*seen, Loan.returned_on.is_(None), Loan.lent_on <= today)
    for part, name, unit, counted in (
        ("盒", "登记过盒号的档案盒", "盒", boxes.where(*seen, Whereabouts.box != "")),
        ("未办完的事", "待整理、待归档的材料", "件", unfiled),
        ("未办完的事", "借出未还的原件", "件", lent),
    ):
        if found := session.scalar(counted):
            yield _item(part, name, found, unit)
    for name in session.scalars(
        select(Dossier.name).where(Dossier.village_id == home, Dossier.done_on.is_(None)).order_by(Dossier.id)
    ):
        yield _item("未办完的事", f"没有办结的事项：{name}", 1, "卷")
    for part, name, unit in BESIDE:
        yield _item(part, name, None, unit)


def _item(part: str, name: str, number: int | None, unit: str) -> dict[str, Any]:
    return {"part": part, "name": name, "number": number, "unit": unit, "found": None, "note": ""}


def seen(session: Session, actor: Actor, handover_id: str) -> Handover:
    """A handover of a village in which the actor catalogues.

    Raises:
        Missing: there is none for this actor.
    """
    found = session.get(Handover, handover_id)
    if found is None or not can(actor, Permission.CATALOGUE, found.village_id):
        raise Missing("没有这一次移交，或者您不能查看它。")
    return found


@dataclass(frozen=True, slots=True)
class Counted:
    """One line as it was counted: how many there should be (None = as before), how many are there, a note."""

    number: int | None
    found: int | None
    note: str


def note_counts(
    session: Session, actor: Actor, handover_id: str, people: Mapping[str, str], counted: Mapping[int, Counted],
    at: datetime,
) -> Handover:  # fmt: skip
    """Write down who takes part and what was counted, by the place of the line from 0.

    Raises:
        Missing: there is none for this actor, or no such line.
        Conflict: it is closed.
        RuleError: a number that is none.
    """
    found = _open(session, actor, handover_id)
    if any(not 0 <= place < len(found.items) for place in counted):
        raise Missing("移交清册里没有这一行，没有改动。")
    before = {name: getattr(found, name) for name in (*PEOPLE, *ALSO)} | {"items": found.items}
    for name, value in _people({**before, **people}).items():
        setattr(found, name, value)
    found.items = [
        _recounted(one, counted[place]) if place in counted else one for place, one in enumerate(found.items)
    ]
    changed = [one for one, held in zip(found.items, before["items"], strict=True) if one != held]
    names = {name: getattr(found, name) for name in (*PEOPLE, *ALSO) if getattr(found, name) != before[name]}
    if changed or names:
        _note(session, actor, "handover_counted", found, {"items": changed, **names}, at)
    return found


def _recounted(held: Mapping[str, Any], said: Counted) -> dict[str, Any]:
    for number in (said.number, said.found):
        if number is not None and not 0 <= number <= MOST_PIECES:
            raise RuleError("数目要写不小于 0 的整数，没有改动。")
    number = held["number"] if said.number is None else said.number
    return {**held, "number": number, "found": said.found, "note": said.note.strip()[:LONGEST_NOTE]}


def add_item(
    session: Session, actor: Actor, handover_id: str, part: str, name: str, number: int, unit: str, at: datetime
) -> Handover:
    """One more thing that goes over.

    Raises:
        Missing: there is none for this actor.
        Conflict: it is closed.
        RuleError: no such part, no name, a number that is none, or too many lines.
    """
    found = _open(session, actor, handover_id)
    if part not in PARTS or not 0 < len(name.strip()) <= LONGEST_NAME:
        raise RuleError("要写明是哪一类、叫什么，没有改动。")
    if not 0 <= number <= MOST_PIECES:
        raise RuleError("数目要写不小于 0 的整数，没有改动。")
    if len(found.items) >= MOST_ITEMS:
        raise RuleError(f"一份清册最多 {MOST_ITEMS} 行，没有改动。")
    fresh = _item(part, name.strip(), number, unit.strip()[:10] or "件")
    found.items = sorted([*found.items, fresh], key=lambda one: PARTS.index(one["part"]))
    _note(session, actor, "handover_item_added", found, fresh, at)
    return found


def missing(found: Handover) -> list[str]:
    """What keeps it open, a sentence each: lines not counted or short without a note, and names that are not said."""
    lines = [said for one in found.items if not one["note"] and (said := _short(one))]
    return [*lines, *(f"没有写{word}" for name, word in PEOPLE.items() if not getattr(found, name))]


def _short(item: Mapping[str, Any]) -> str:
    if item["found"] is None:
        return f"“{item['name']}”还没有清点"
    if item["found"] < (item["number"] or 0):
        return f"“{item['name']}”应交 {item['number']}，实交 {item['found']}"
    return ""


def close(session: Session, actor: Actor, handover_id: str, signed_on: date, at: datetime, today: date) -> Handover:
    """Close it: everything is there or explained, and three different people have signed on that day.

    Raises:
        Missing: there is none for this actor.
        Conflict: it is closed.
        RuleError: something is missing without a note, the people are not three, or the day is none.
    """
    found = _open(session, actor, handover_id)
    if away := missing(found):
        raise RuleError(f"还有 {len(away)} 处没有交清或说明，没有办结；第一处：{away[0]}。")
    if len({getattr(found, name) for name in PEOPLE}) < len(PEOPLE):
        raise RuleError("移交人、接收人、监交人要是三个不同的人，没有办结。")
    if not found.happened_on <= signed_on <= today:
        raise RuleError("签字的日子要在换届或换人以后、今天以前，没有办结。")
    found.signed_on, found.closed_at, found.closed_by = signed_on, at, actor.login
    said = {"signed_on": signed_on.isoformat(), "due_on": found.due_on.isoformat(), "lines": len(found.items)}
    _note(session, actor, "handover_closed", found, said, at)
    return found


def note_handed_in(session: Session, actor: Actor, handover_id: str, item_id: str, at: datetime) -> None:
    """The register of a closed handover has become a line of a batch."""
    found = session.get_one(Handover, handover_id)
    found.item_id = item_id
    _note(session, actor, "handover_handed_in", found, {"item": item_id}, at)


def _open(session: Session, actor: Actor, handover_id: str) -> Handover:
    found = seen(session, actor, handover_id)
    if found.closed_at is not None:
        raise Conflict("这一次移交已经办结，没有改动。")
    return found


def _note(session: Session, actor: Actor, act: str, found: Handover, said: dict[str, Any], at: datetime) -> None:
    """In the journal; and the store does not have it any more as it is."""
    found.changed_at, found.kept = at, False
    journal.write(session, at, actor.login, act, "handover", found.id, found.village_id, said)


def listed(
    session: Session, actor: Actor, village_id: str = "", before: str = ""
) -> tuple[Sequence[tuple[Handover, Village]], str | None]:
    """Handovers of the villages in which the actor catalogues, the newest first; and where the next page begins.

    Raises:
        Forbidden: the actor catalogues nowhere, or not in that village.
    """
    check(actor, Permission.CATALOGUE, village_id or None)
    wanted = select(Handover, Village).join(Village, Village.id == Handover.village_id)
    wanted = wanted.where(within(Handover.village_id, reach(actor, Permission.CATALOGUE)))
    wanted = wanted.where(Handover.village_id == village_id) if village_id else wanted
    wanted = wanted.where(Handover.id < before) if before else wanted
    rows = [(one, home) for one, home in session.execute(wanted.order_by(Handover.id.desc()).limit(A_PAGE + 1))]
    return rows[:A_PAGE], rows[A_PAGE - 1][0].id if len(rows) > A_PAGE else None
