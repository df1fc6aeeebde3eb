"""What is old enough for opening review, what waits for a second person, what was decided, what to look at again.

Within the actor's scope; a page takes the same number of statements however much there is. Nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from sqlalchemy import ColumnElement, Select, and_, not_, or_, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import FEW, inside, number_among, number_of, within
from archive_service.permissions import Actor, Permission, can, check, reach, scope_of
from classification.errors import RuleError
from classification.opening import NAMED_ONLY, Opening, formed_by
from storage.database.filtering import filtering
from storage.database.journal import JournalEntry
from storage.database.openings import (
    Decided,
    OpeningReview,
    ReviewedRecord,
    ReviewState,
    openings_of,
    reviews_ever_of,
    waiting_or_decided,
)
from storage.database.records import Record, RecordState

A_PAGE = 100
DONORS = ("agreement", "authorisation", "consent")
"""Fields of the descriptions that speak of what a donor or a person told asked for."""


class Show(StrEnum):
    """Which records. The values are part of addresses and answers."""

    AGED = "aged"
    WAITING = "waiting"
    AGAIN = "again"
    OPEN = "open"
    CONTROLLED = "controlled"
    POSTPONED = "postponed"
    ALL = "all"

    @property
    def zh(self) -> str:
        """The words on pages and forms."""
        return SHOW_WORDS[self]


SHOW_WORDS = {
    Show.AGED: "已满年限，未审核",
    Show.WAITING: "等着复核",
    Show.AGAIN: "到了复审日",
    Show.OPEN: "开放",
    Show.CONTROLLED: "控制",
    Show.POSTPONED: "延期开放",
    Show.ALL: "已满年限的和审核过的",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One page of one list; `after` is the last record of the page before, `known` how many there are in all."""

    show: str = Show.AGED
    village: str | None = None
    after: str = ""
    size: int = A_PAGE
    known: int | None = None


@dataclass(frozen=True, slots=True)
class OpeningLine:
    """One record: what counts today, what waits for a second person, and what a reviewer should know."""

    record: Record
    decided: Decided | None
    waiting: Decided | None
    hints: tuple[str, ...]

    @property
    def opening(self) -> Opening:
        """What counts today."""
        return Opening(self.decided[0].outcome) if self.decided else Opening.UNREVIEWED


@dataclass(frozen=True, slots=True)
class OpeningList:
    """One page: the lines, how many there are in all, and where the next page begins."""

    lines: Sequence[OpeningLine]
    total: int
    after: str | None


def listed(session: Session, actor: Actor, asked: Asked, today: date, years: int) -> OpeningList:
    """One page of records by where their review stands, by id. `years`: from formation, as the county set it.

    Raises:
        Forbidden: the actor does not review.
        RuleError: there is no such list.
    """
    wanted = chosen(actor, asked, today, years)
    total = number_of(session, wanted) if asked.known is None else asked.known
    # Few among a million are found by their year and sorted; many are met soon by going through the ids.
    order = filtering(Record.id) if total <= FEW else Record.id
    query = select(Record).where(wanted, Record.id > asked.after).order_by(order).limit(asked.size + 1)
    found = session.scalars(query).all()
    shown = found[: asked.size]
    return OpeningList(lines_of(session, shown), total, shown[-1].id if len(found) > asked.size else None)


def chosen(actor: Actor, asked: Asked, today: date, years: int) -> ColumnElement[bool]:
    """The whole list as a condition on records.

    Raises:
        Forbidden: the actor does not review.
        RuleError: there is no such list.
    """
    check(actor, Permission.REVIEW_OPENING)
    wanted = and_(reviewable(actor), _shown(asked.show, today, years))
    return and_(wanted, Record.village_id == asked.village) if asked.village else wanted


def numbers(
    session: Session, actor: Actor, today: date, years: int, village: str | None = None, most: int | None = None
) -> dict[str, int]:
    """How many records stand in each list; above `most` it stops to count, and `most` + 1 stands for more.

    Raises:
        Forbidden: the actor does not review.
    """
    check(actor, Permission.REVIEW_OPENING)
    here = reviewable(actor) if village is None else and_(reviewable(actor), Record.village_id == village)
    return {one.value: number_of(session, and_(here, _shown(one, today, years)), most) for one in Show}


def number_for(session: Session, actor: Actor, today: date, show: Literal[Show.WAITING, Show.AGAIN]) -> int | None:
    """How many wait for this person: a second opinion on what others said, or a second look; None: not this work."""
    if not can(actor, Permission.REVIEW_OPENING):
        return None
    if show == Show.WAITING:
        waiting = select(ReviewedRecord.record_id).where(ReviewedRecord.state == ReviewState.WAITING)
        few = waiting.where(ReviewedRecord.first_id != actor.id)
    else:
        few = _current().where(OpeningReview.review_on <= today)
    return number_among(session, few, reviewable(actor))


def reviewable(actor: Actor) -> ColumnElement[bool]:
    """What the actor may review, as a condition on records."""
    area = within(Record.village_id, reach(actor, Permission.REVIEW_OPENING))
    return and_(filtering(Record.state) == RecordState.ARCHIVED, inside(scope_of(actor)), area)


def _shown(show: str, today: date, years: int) -> ColumnElement[bool]:
    if show not in list(Show):
        raise RuleError(f"没有“{show}”这种清单；可以看 {'、'.join(Show)}。")
    if show == Show.AGED:
        return and_(_aged(today, years), not_(Record.id.in_(waiting_or_decided())))
    if show == Show.ALL:
        return or_(_aged(today, years), Record.id.in_(waiting_or_decided()))
    if show == Show.WAITING:
        waiting = select(ReviewedRecord.record_id).where(ReviewedRecord.state == ReviewState.WAITING)
        return Record.id.in_(waiting)
    if show == Show.AGAIN:
        return Record.id.in_(_current().where(OpeningReview.review_on <= today))
    return Record.id.in_(_current().where(OpeningReview.outcome == show))


def _current() -> Select[str]:
    joined = select(ReviewedRecord.record_id).join(OpeningReview, OpeningReview.id == ReviewedRecord.review_id)
    return joined.where(ReviewedRecord.current.is_(True))


def _aged(today: date, years: int) -> ColumnElement[bool]:
    """Formed long enough ago: by the last day its date may mean, and where there is only a year, when it is over."""
    last = formed_by(today, years)
    by_day = and_(Record.latest.is_not(None), Record.latest <= last)
    by_year = and_(Record.latest.is_(None), Record.year < last.year)
    # The year is in an index, the day is not: the year goes first.
    return and_(Record.year <= last.year, or_(by_day, by_year))


def lines_of(session: Session, found: Sequence[Record]) -> list[OpeningLine]:
    """These records with their reviews and hints, in three queries."""
    ids = [one.id for one in found]
    decided, waiting, secret = openings_of(session, ids), waiting_of(session, ids), _said_secret(session, ids)
    return [
        OpeningLine(one, decided.get(one.id), waiting.get(one.id), hints_of(one, one.id in secret)) for one in found
    ]


def waiting_of(session: Session, ids: Sequence[str]) -> dict[str, Decided]:
    """What waits for a second person on these records, by record id, in one query."""
    wanted = select(OpeningReview, ReviewedRecord).join(ReviewedRecord, ReviewedRecord.review_id == OpeningReview.id)
    wanted = wanted.where(ReviewedRecord.record_id.in_(ids), ReviewedRecord.state == ReviewState.WAITING)
    return {row.record_id: (review, row) for review, row in session.execute(wanted)}


def _said_secret(session: Session, ids: Sequence[str]) -> set[str]:
    wanted = select(JournalEntry.object_id).where(JournalEntry.object_id.in_(ids), JournalEntry.act == "secrecy_found")
    return set(session.scalars(wanted))


def hints_of(found: Record, secret: bool) -> tuple[str, ...]:
    """What a reviewer has to know before saying anything, a few words each."""
    fields: Mapping[str, object] = found.fields or {}
    said = []
    if found.restriction:
        said.append(f"捐赠、寄存人的限制：{found.restriction.get('text', '')}")
    elif found.access in NAMED_ONLY:
        said.append("利用范围只对个人开放")
    if found.people:
        said.append(f"写有 {len(found.people)} 人姓名")
    if any(fields.get(name) for name in DONORS) or fields.get("acquisition") in ("捐赠", "寄存"):
        said.append("有捐赠、寄存或授权约定")
    if secret:
        said.append("原文有密级标志")
    return tuple(said)


def history(session: Session, actor: Actor, record_id: str) -> Sequence[Decided]:
    """Every review of one record, the newest first; nothing for who does not review."""
    return reviews_ever_of(session, record_id) if can(actor, Permission.REVIEW_OPENING) else ()
