"""Holds (停止处置): placed at any moment by whoever has the right, released with a reason; nothing else ends one.

A hold keeps what it found when it was placed. It is journaled in the transaction of the act. What the store keeps of
it is in `tasks.keeping`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from archive_service.actions import held_rows
from archive_service.actions.holdings import FILED, HIDDEN, inside, within
from archive_service.permissions import Actor, Forbidden, Permission, can, check, reach, scope_of
from classification.disposal import GROUNDS
from classification.errors import RuleError
from storage.database import journal
from storage.database.base import new_id
from storage.database.holds import HeldRecord, Hold, HoldKind, hold_records, lock_filed, records_under
from storage.database.records import Kin, Record
from storage.errors import Conflict, Missing
from storage.index.door import SearchIndex
from storage.index.query import SearchRequest

A_PAGE = 100
LONGEST_REASON = 500
LONGEST_SUBJECT = 300
MOST_RECORDS = 100_000
AT_ONCE = 500
"""Ids in one statement; both databases take more, and neither gains by it."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What to hold and why. `subject` is the question, matter or person; `records` where single ones are named."""

    kind: HoldKind
    ground: str
    reason: str
    subject: str = ""
    records: tuple[str, ...] = ()
    village: str | None = None
    review_on: date | None = None


def place(session: Session, index: SearchIndex, actor: Actor, wish: Wish, at: datetime, today: date) -> Hold:
    """Hold what the wish names, within what the actor may see and hold.

    Raises:
        Forbidden: the actor holds nothing.
        RuleError: no reason, no such ground, a review day that is past, nothing or too much found.
        Missing: a record that is named is not there for this actor.
    """
    check(actor, Permission.HOLD, wish.village)
    _sensible(wish, today)
    found = _found(session, index, actor, wish)
    if not found:
        raise RuleError("没有找到可以停止处置的已归档档案，没有登记；请换个说法，或先归档。")
    if len(found) > MOST_RECORDS:
        raise RuleError(f"一次最多停止处置 {MOST_RECORDS} 件，没有登记；请分几次办。")
    found = _in_time(session, wish, found)
    hold = Hold(
        id=new_id(), kind=wish.kind, subject=wish.subject.strip(), ground=wish.ground, reason=wish.reason.strip(),
        review_on=wish.review_on, placed_by=actor.login, placed_at=at, released_by="", release_reason="", kept=False,
    )  # fmt: skip
    hold_records(session, hold, found)
    said: dict[str, object] = {"kind": hold.kind, "subject": hold.subject, "ground": hold.ground, "reason": hold.reason}
    said |= {"review_on": hold.review_on.isoformat() if hold.review_on else None, **_summed(found)}
    _note(session, at, actor, "hold_placed", hold, found, said)
    held_rows.take_out(session, actor, found, hold.reason, hold.id, at)
    return hold


def _in_time(session: Session, wish: Wish, found: list[str]) -> list[str]:
    """Those whose removal has not begun. Where records were named one by one, all of them or none."""
    still = lock_filed(session, found)
    if not still or (wish.kind == HoldKind.RECORDS and len(still) < len(found)):
        raise Conflict("其中有档案已经按批准的清册开始销毁，来不及停止处置；没有登记，请去掉它们再登记。")
    return still


def release(session: Session, actor: Actor, hold_id: str, reason: str, at: datetime) -> Hold:
    """Let a hold go, with the reason. What its period says counts again from now on.

    Raises:
        Missing: there is no such hold for this actor.
        Forbidden: it holds records beyond the actor's reach.
        RuleError: no reason.
        Conflict: it was released already.
    """
    hold = seen(session, actor, hold_id)
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise RuleError(f"解除停止处置要写明理由，{LONGEST_REASON} 字以内；没有改动。")
    if hold.released_at is not None:
        raise Conflict("这一项停止处置已经解除，没有改动。")
    found = records_under(session, hold.id)
    if reached(session, actor, hold.id) < len(found):
        raise Forbidden("这一项停止处置还管着您管不到的档案，没有解除；请找县档案管理员。")
    hold.released_at, hold.released_by, hold.release_reason, hold.kept = at, actor.login, reason.strip(), False
    _note(session, at, actor, "hold_released", hold, found, {"reason": hold.release_reason, **_summed(found)})
    return hold


def _sensible(wish: Wish, today: date) -> None:
    if not 0 < len(wish.reason.strip()) <= LONGEST_REASON:
        raise RuleError(f"停止处置要写明理由，{LONGEST_REASON} 字以内；没有登记。")
    if wish.ground not in GROUNDS:
        raise RuleError("停止处置的事由不认识，没有登记；请从列出的几种里选一种。")
    if wish.review_on is not None and wish.review_on < today:
        raise RuleError("复核的日子已经过去，没有登记；请填今天以后的日子，或者不填。")
    if wish.kind != HoldKind.RECORDS and not 0 < len(wish.subject.strip()) <= LONGEST_SUBJECT:
        raise RuleError("请写明查找的内容、事项或人名，没有登记。")


def _found(session: Session, index: SearchIndex, actor: Actor, wish: Wish) -> list[str]:
    """The archived records that the wish names and the actor reaches."""
    if wish.kind == HoldKind.RECORDS:
        wanted = list(dict.fromkeys(wish.records))
        found = [one for some in _portions(wanted) for one in _ids(session, actor, wish, Record.id.in_(some))]
        if len(found) < len(wanted):
            raise Missing(HIDDEN)
        return found
    if wish.kind == HoldKind.PERSON:
        return _ids(session, actor, wish, names_person(wish.subject.strip()))
    hits = searched(index, actor, wish)
    return [one for some in _portions(hits) for one in _ids(session, actor, wish, Record.id.in_(some))]


def _ids(session: Session, actor: Actor, wish: Wish, named: ColumnElement[bool]) -> list[str]:
    wanted = and_(named, Record.state.in_(FILED), _reached(actor))
    if wish.village:
        wanted = and_(wanted, Record.village_id == wish.village)
    return list(session.scalars(select(Record.id).where(wanted).order_by(Record.id).limit(MOST_RECORDS + 1)))


def _reached(actor: Actor) -> ColumnElement[bool]:
    return and_(inside(scope_of(actor)), within(Record.village_id, reach(actor, Permission.HOLD)))


def names_person(person: str) -> ColumnElement[bool]:
    """Records that name this person: among their people, or in a genealogy."""
    # A list of names is stored as JSON, and its strings as `dumps` writes them.
    listed = cast(Record.people, String).contains(json.dumps(person), autoescape=True)
    return or_(listed, Record.id.in_(select(Kin.record_id).where(Kin.name == person)))


def searched(index: SearchIndex, actor: Actor, wish: Wish) -> list[str]:
    """Every hit of a search, page after page. A matter is looked for in its own words, a question as it was typed."""
    text = f"“{wish.subject.strip()}”" if wish.kind == HoldKind.MATTER else wish.subject
    villages = (wish.village,) if wish.village else ()
    found: list[str] = []
    cursor: str | None = None
    while len(found) <= MOST_RECORDS:
        asked = SearchRequest(text=text, villages=villages, states=tuple(FILED), size=100, cursor=cursor)
        answer = index.search(asked, scope_of(actor))
        # Beyond the words themselves the engine only guesses what was meant, and a hold is no guess.
        found += [hit.id for hit in answer.hits if hit.rung <= 2]
        cursor = answer.cursor
        if cursor is None or answer.rung > 2:
            break
    return list(dict.fromkeys(found))


def _portions(ids: Sequence[str]) -> list[Sequence[str]]:
    return [ids[start : start + AT_ONCE] for start in range(0, len(ids), AT_ONCE)]


def _summed(found: Sequence[str]) -> dict[str, object]:
    """How many records, and a digest over their ids in order, so that the list cannot be changed unseen."""
    digest = hashlib.sha256("\n".join(sorted(found)).encode()).hexdigest()
    return {"records": len(found), "records_sha256": digest}


def _note(
    session: Session, at: datetime, actor: Actor, act: str, hold: Hold, found: Sequence[str], said: dict[str, object]
) -> None:
    """In the journal, with the village where the hold keeps to one."""
    homes: set[str] = set()
    for some in _portions(found):
        homes |= set(session.scalars(select(Record.village_id).where(Record.id.in_(some)).distinct()))
    home = homes.pop() if len(homes) == 1 else None
    journal.write(session, at, actor.login, act, "hold", hold.id, home, said)


def reached(session: Session, actor: Actor, hold_id: str) -> int:
    """How many of its records the actor reaches."""
    counted = select(func.count()).select_from(HeldRecord).join(Record, Record.id == HeldRecord.record_id)
    return session.scalar(counted.where(HeldRecord.hold_id == hold_id, _reached(actor))) or 0


def seen(session: Session, actor: Actor, hold_id: str) -> Hold:
    """A hold, if the actor may hold and reaches one of its records.

    Raises:
        Missing: there is none for this actor.
    """
    hold = session.get(Hold, hold_id)
    if hold is None or not can(actor, Permission.HOLD) or not reached(session, actor, hold_id):
        raise Missing("没有这一项停止处置，或者您不能查看它。")
    return hold


@dataclass(frozen=True, slots=True)
class HoldLine:
    """One hold in a list, and how many of its records the actor reaches."""

    hold: Hold
    records: int

    @property
    def ground(self) -> str:
        """The ground in words."""
        return GROUNDS.get(self.hold.ground, self.hold.ground)


def listed(
    session: Session, actor: Actor, standing: bool = True, before: str = "", size: int = A_PAGE
) -> tuple[list[HoldLine], str | None]:
    """Holds that keep something the actor reaches, the newest first, and the id to ask for the next page with.

    Raises:
        Forbidden: the actor holds nothing.
    """
    check(actor, Permission.HOLD)
    wanted = (
        select(Hold, func.count())
        .join(HeldRecord, HeldRecord.hold_id == Hold.id)
        .join(Record, Record.id == HeldRecord.record_id)
        .where(_reached(actor))
    )
    if standing:
        wanted = wanted.where(Hold.released_at.is_(None))
    if before:
        wanted = wanted.where(Hold.id < before)
    rows = session.execute(wanted.group_by(Hold.id).order_by(Hold.id.desc()).limit(size + 1)).all()
    lines = [HoldLine(hold, number) for hold, number in rows[:size]]
    return lines, lines[-1].hold.id if len(rows) > size else None
