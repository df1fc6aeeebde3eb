"""Ledgers: rows are typed or imported into the book of a village and year, taken out with a reason, and handed in.

The same row twice is once. A book that was handed in is shut until its record is withdrawn. Every act is journaled.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import delete, func, insert, select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, can, check, scope_of
from archive_service.rulebook import outline_of
from classification.calendar.model import Calendar, RecordKind
from classification.calendar.periods import Every, Period, periods
from classification.calendar.recognition import Paper, Recognised
from classification.errors import RuleError
from classification.ledgers import BOOKS, Book, Entry, entry
from storage.database import journal
from storage.database.base import new_id
from storage.database.batches import Item
from storage.database.ledgers import LedgerBook, LedgerRow, book_of, rows_of
from storage.database.organisations import village
from storage.database.outlines import outline_in_force
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing

AT_ONCE = 500
LONGEST_REASON = 300
ADDRESS = "ledgers/"
"""How the id of a book begins where ids of records stand beside it; the whole is its address on the pages."""


@dataclass(frozen=True, slots=True)
class Added:
    """How many rows were new, how many were there already."""

    fresh: int
    same: int


def book_named(book_id: str) -> Book:
    """The kind of book.

    Raises:
        Missing: there is none.
    """
    if book_id not in BOOKS:
        raise Missing(f"没有“{book_id}”这种台账，可用的有：{'、'.join(BOOKS)}。")
    return BOOKS[book_id]


def add_row(
    session: Session, actor: Actor, village_id: str, book: Book, said: Mapping[str, str], at: datetime
) -> Added:
    """Write one row that was typed.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        RuleError: something in the row is wrong; nothing is written.
        Conflict: the book of that year was handed in.
    """
    check(actor, Permission.CATALOGUE, village_id)
    made, wrong = entry(book, said)
    if made is None:
        raise RuleError("；".join(f"{name}：{fault.rstrip('。')}" for name, fault in wrong) + "；没有写入。")
    return add_rows(session, actor, village_id, book, [made], at)


def add_rows(
    session: Session, actor: Actor, village_id: str, book: Book, entries: Sequence[Entry], at: datetime
) -> Added:
    """Write rows into the books of their years, those that are not there yet.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        Conflict: the book of one of the years was handed in; nothing is written.
    """
    check(actor, Permission.CATALOGUE, village_id)
    home, by_year = village(session, village_id), _by_year(entries)
    fresh = 0
    for year, rows in sorted(by_year.items()):
        held = book_of(session, home.id, book.id, year)
        if held and shut(session, held):
            raise Conflict(f"{year}年的{book.name}已经交去归档，没有写入；要改请先把那一件退回不归档。")
        known = set(session.scalars(select(LedgerRow.digest).where(LedgerRow.book_id == held.id))) if held else set()
        new = [one for digest, one in rows.items() if digest not in known]
        if new:
            _write(session, actor, held or _opened(session, home.id, book, year, at), book, new, at)
            fresh += len(new)
    return Added(fresh, len(entries) - fresh)


def _by_year(entries: Iterable[Entry]) -> dict[int, dict[str, Entry]]:
    found: dict[int, dict[str, Entry]] = {}
    for one in entries:
        found.setdefault(one.on.year, {}).setdefault(one.digest, one)
    return found


def _opened(session: Session, village_id: str, book: Book, year: int, at: datetime) -> LedgerBook:
    made = LedgerBook(id=new_id(), village_id=village_id, book=book.id, year=year, changed_at=at, kept=False)
    session.add(made)
    session.flush()
    return made


def _write(session: Session, actor: Actor, held: LedgerBook, book: Book, new: Sequence[Entry], at: datetime) -> None:
    same = {"book_id": held.id, "entered_by": actor.login, "entered_at": at}
    session.execute(
        insert(LedgerRow),
        [
            {"id": new_id(), "on": one.on, "who": one.who, "cells": dict(one.cells), "digest": one.digest, **same}
            for one in new
        ],
    )
    digest = hashlib.sha256("\n".join(sorted(one.digest for one in new)).encode()).hexdigest()
    said = {"book": book.name, "year": held.year, "rows": len(new), "rows_sha256": digest}
    _note(session, actor, "ledger_rows_added", held, said, at)


def take_out(session: Session, actor: Actor, row_id: str, reason: str, at: datetime) -> LedgerBook:
    """Take a row out, with the reason; what it said stands in the journal.

    Raises:
        Missing: there is no such row for this actor.
        RuleError: no reason.
        Conflict: the book was handed in.
    """
    row = session.get(LedgerRow, row_id)
    held = session.get(LedgerBook, row.book_id) if row else None
    if row is None or held is None or not _row_seen(session, actor, held, row):
        raise Missing("没有这一行台账，或者您不能查看它。")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise RuleError(f"删去一行要写明原因，{LONGEST_REASON} 字以内；没有改动。")
    if shut(session, held):
        raise Conflict("这本台账已经交去归档，没有改动；要改请先把那一件退回不归档。")
    said = {"book": BOOKS[held.book].name, "year": held.year, "cells": row.cells, "reason": reason.strip()}
    session.execute(delete(LedgerRow).where(LedgerRow.id == row.id))
    _note(session, actor, "ledger_row_removed", held, said, at)
    return held


def _row_seen(session: Session, actor: Actor, held: LedgerBook, row: LedgerRow) -> bool:
    if not can(actor, Permission.CATALOGUE, held.village_id):
        return False
    return row.entered_by == actor.login or sees_all(session, actor, held.village_id, BOOKS[held.book])


def shut(session: Session, held: LedgerBook) -> bool:
    """Whether a book was handed in and that record still counts."""
    if held.item_id is None:
        return False
    withdrawn = select(Record.id).join(Item, Item.record_id == Record.id)
    withdrawn = withdrawn.where(Item.id == held.item_id, Record.state == RecordState.WITHDRAWN)
    return session.scalar(withdrawn) is None


def to_hand_in(
    session: Session, actor: Actor, village_id: str, book: Book, year: int, today: date
) -> tuple[LedgerBook, Sequence[LedgerRow]]:
    """The book of a year that is over, with its rows, to become one record.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        RuleError: the year is not over.
        Missing: nothing was written in that year.
        Conflict: it was handed in before.
    """
    check(actor, Permission.CATALOGUE, village_id)
    if year >= today.year:
        raise RuleError(f"{year}年还没有过完，过完再交去归档；没有改动。")
    held = book_of(session, village_id, book.id, year)
    rows = rows_of(session, held.id) if held else ()
    if held is None or not rows:
        raise Missing(f"{year}年的{book.name}一行也没有，没有归档。")
    if shut(session, held):
        raise Conflict(f"{year}年的{book.name}已经交去归档了，没有再交。")
    return held, rows


def note_handed_in(session: Session, actor: Actor, book_id: str, item_id: str, rows: int, at: datetime) -> None:
    """The book has become a line of a batch."""
    held = session.get_one(LedgerBook, book_id)
    held.item_id, held.handed_in_at = item_id, at
    said = {"book": BOOKS[held.book].name, "year": held.year, "rows": rows, "item": item_id}
    _note(session, actor, "ledger_handed_in", held, said, at)


def _note(session: Session, actor: Actor, act: str, held: LedgerBook, said: dict[str, object], at: datetime) -> None:
    """In the journal; and the store does not have it any more as it is."""
    held.changed_at, held.kept = at, False
    journal.write(session, at, actor.login, act, "ledger", held.id, held.village_id, said)


@dataclass(frozen=True, slots=True)
class BookLine:
    """One kind of book in a village's year: how many rows, from when to when, whether it was handed in."""

    book: Book
    rows: int = 0
    first: date | None = None
    last: date | None = None
    shut: bool = False


def books_of_year(session: Session, actor: Actor, village_id: str, year: int) -> list[BookLine]:
    """Every kind of book with what a village wrote in that year; two queries.

    Raises:
        Forbidden: the actor does not catalogue in this village.
    """
    check(actor, Permission.CATALOGUE, village_id)
    counted = (
        select(LedgerBook, func.count(LedgerRow.id), func.min(LedgerRow.on), func.max(LedgerRow.on))
        .outerjoin(LedgerRow, LedgerRow.book_id == LedgerBook.id)
        .where(LedgerBook.village_id == village_id, LedgerBook.year == year)
        .group_by(LedgerBook.id)
    )
    found = session.execute(counted).all()
    items = [held.item_id for held, *_ in found if held.item_id]
    back = select(Item.id).join(Record, Record.id == Item.record_id)
    withdrawn = set(session.scalars(back.where(Item.id.in_(items), Record.state == RecordState.WITHDRAWN)))
    lines = {
        held.book: BookLine(BOOKS[held.book], number, first, last, _closed(held, withdrawn))
        for held, number, first, last in found
        if held.book in BOOKS
    }
    return [lines.get(book.id, BookLine(book)) for book in BOOKS.values()]


def _closed(held: LedgerBook, withdrawn: set[str]) -> bool:
    return held.item_id is not None and held.item_id not in withdrawn


def rows_shown(session: Session, actor: Actor, village_id: str, book: Book, year: int) -> Sequence[LedgerRow]:
    """The rows of a village's book by their day, as far as the actor may see them; none where there is no book.

    Where the series of a book is for named persons only, others see the rows that they wrote themselves.

    Raises:
        Forbidden: the actor does not catalogue in this village.
    """
    check(actor, Permission.CATALOGUE, village_id)
    held = book_of(session, village_id, book.id, year)
    if held is None:
        return ()
    rows, whole = rows_of(session, held.id), sees_all(session, actor, village_id, book)
    return [row for row in rows if whole or row.entered_by == actor.login]


def sees_all(session: Session, actor: Actor, village_id: str, book: Book) -> bool:
    """Whether records of this book's series open to the actor in this village."""
    version = outline_in_force(session)
    series = outline_of(version).series.get(book.series) if version else None
    if series is None:
        return True
    grants = scope_of(actor).grants
    return any(series.access in one.access and (one.villages is None or village_id in one.villages) for one in grants)


def ledger_evidence(
    session: Session, calendar: Calendar, village_ids: Iterable[str], year: int
) -> dict[str, list[Recognised]]:
    """What the ledgers of these villages settle of a year, by village. One query.

    A book of which one is expected each year counts whole, with how many rows it has; of others each period counts that
    a row falls into. What counts is within the villages that are asked for; whether one may ask is asked before.
    """
    kinds = {one.id: one for one in calendar.records}
    mine = {book.id: kinds[book.record] for book in BOOKS.values() if book.record in kinds}
    near = LedgerBook.year.between(year - 1, year + 1)
    counted = (
        select(LedgerBook.village_id, LedgerBook.book, LedgerBook.year, LedgerRow.who, LedgerRow.on, func.count())
        .join(LedgerRow, LedgerRow.book_id == LedgerBook.id)
        .where(LedgerBook.village_id.in_(list(village_ids)), LedgerBook.book.in_(mine), near)
        .group_by(LedgerBook.village_id, LedgerBook.book, LedgerBook.year, LedgerRow.who, LedgerRow.on)
    )
    rows: dict[tuple[str, str, int, str, Period], tuple[int, date]] = {}
    for home, book, of_year, who, on, number in session.execute(counted.order_by(LedgerRow.on)):
        period = _period(mine[book], on)
        before, first = rows.get((home, book, of_year, who, period), (0, on))
        rows[home, book, of_year, who, period] = before + number, first
    found: dict[str, list[Recognised]] = {}
    for (home, book, of_year, who, period), (number, first) in rows.items():
        found.setdefault(home, []).append(_settles(home, BOOKS[book], of_year, who, period, number, first))
    return found


def _period(kind: RecordKind, on: date) -> Period:
    every = kind.cadence.every
    if every is None or every in (Every.EVENT, Every.TERM):
        return Period(on, on, on.isoformat())
    year = on.isocalendar().year if every is Every.WEEK else on.year
    return next((one for one in periods(every, year) if one.holds(on, on)), Period(on, on, on.isoformat()))


def _settles(home: str, book: Book, year: int, who: str, period: Period, number: int, first: date) -> Recognised:
    address = f"{ADDRESS}{book.id}?village={home}&year={year}"
    paper = Paper(address, f"{book.name} {who}".strip(), "", book.series, year, first, first)
    return Recognised(paper, book.record or "", period, (f"{book.name}里有 {number} 行",))
