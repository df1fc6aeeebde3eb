"""Ledgers: the books of a village by year, their rows written and read, a year handed in as one record."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request

from archive_service.actions import ledgers as acts
from archive_service.actions.ledgers import book_named
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import Permission, check
from archive_service.tasks.matters import archive_ledger
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import matters as shown
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from classification.errors import Problem
from classification.ledgers import entry

router = APIRouter(prefix="/ledgers", tags=["matters"])
Village = Annotated[str, Query(max_length=40)]
Year = Annotated[int | None, Query(ge=1949, le=2200)]


@router.get("", summary="各本台账")
def books(archive: ArchiveDep, actor: ActorDep, village: Village, year: Year = None) -> shown.LedgerBooks:
    """Every kind of book with what the village wrote in that year."""
    number = year or archive.today().year
    with archive.sessions.read() as session:
        lines = acts.books_of_year(session, actor, village, number)
    found = [
        shown.LedgerBookOut(
            book=one.book.id, name=one.book.name, standing=one.book.standing, rows=one.rows, first=one.first,
            last=one.last, shut=one.shut, columns={column.id: column.name for column in one.book.columns},
        )
        for one in lines
    ]  # fmt: skip
    return shown.LedgerBooks(year=number, books=found)


@router.get("/{book}", summary="一本台账", responses=refusals(404))
def rows(archive: ArchiveDep, actor: ActorDep, book: str, village: Village, year: Year = None) -> shown.LedgerRows:
    """The rows of a village's book by their day."""
    kind, number = book_named(book), year or archive.today().year
    with archive.sessions.read() as session:
        held = acts.rows_shown(session, actor, village, kind, number)
    found = [shown.LedgerRowOut(id=one.id, on=one.on, cells=one.cells) for one in held]
    return shown.LedgerRows(book=kind.id, year=number, rows=found)


@router.post("/{book}", summary="写入台账", status_code=201, responses=refusals(404, 409))
def write(archive: ArchiveDep, actor: ActorDep, book: str, sent: shown.LedgerRowsSent) -> shown.LedgerAdded:
    """Write rows, all or none; each falls into the book of its year, and one that is there already stays once."""
    kind = book_named(book)
    check(actor, Permission.CATALOGUE, sent.village)
    read = [entry(kind, row) for row in sent.rows]
    faults = [
        Problem(f"第 {number} 行", name, said) for number, (_, wrong) in enumerate(read, 1) for name, said in wrong
    ]
    if faults:
        raise ListInvalid(tuple(faults))
    with archive.sessions.begin() as session:
        good = [one for one, _ in read if one is not None]
        done = acts.add_rows(session, actor, sent.village, kind, good, archive.now())
    return shown.LedgerAdded(fresh=done.fresh, same=done.same)


@router.post("/{book}/archive", summary="一年的台账交去归档", status_code=201, responses=refusals(404, 409))
def archive_year(
    request: Request, archive: ArchiveDep, actor: ActorDep, book: str, sent: shown.LedgerYear
) -> shown.MadeRecord:
    """The rows of a year that is over become one record, which waits for a person."""
    made = archive_ledger(archive, actor, sent.village, book_named(book), sent.year)
    wake_worker(request)
    return shown.MadeRecord(record=made)
