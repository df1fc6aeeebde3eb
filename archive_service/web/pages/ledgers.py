"""Ledgers: which books a village has for a year, one book with its rows; typed, brought in, handed in as one record."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from archive_service.actions import ledgers as acts
from archive_service.actions.ledgers import book_named
from archive_service.exchange import ledger_files
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import Permission, check
from archive_service.tasks.matters import archive_ledger, import_ledger, print_ledger
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep, wake_worker
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.hand_in import homes_of
from archive_service.web.pages.spoken import say
from archive_service.web.printouts import Format, sent
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.errors import Problem, RuleError
from classification.ledgers import Book

router = APIRouter(prefix="/ledgers")
Year = Annotated[str, Query(pattern=r"^$|^[1-9]\d{3}$")]
Id = Annotated[str, Query(max_length=40)]
A_PAGE = 200
SUFFIXES = (".xlsx", ".csv")


@router.get("")
def books(request: Request, archive: ArchiveDep, visitor: VisitorDep, village: Id = "", year: Year = "") -> Response:
    """Every kind of book with what the village wrote in that year."""
    check(visitor.actor, Permission.CATALOGUE)
    number = int(year or archive.today().year)
    with archive.sessions.read() as session:
        homes = homes_of(session, visitor.actor, Permission.CATALOGUE)
        home = village or (homes[0].id if homes else "")
        lines = acts.books_of_year(session, visitor.actor, home, number) if home else []
    return answer(
        request, "ledgers.html", lines=lines, villages=homes, village=home, year=number, today=archive.today()
    )


@router.get("/{book}")
def shown(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, book: str, village: Id, year: Year = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:  # fmt: skip
    """One book: its rows, the form for another, and where a file is brought in."""
    return _page(request, archive, visitor, book_named(book), village, int(year or archive.today().year), page)


def _page(
    request: Request, archive: Archive, visitor: Visitor, book: Book, village: str, year: int, page: int = 1,
    problems: Sequence[Problem] = (), wrong: str = "",
) -> Response:  # fmt: skip
    with archive.sessions.read() as session:
        rows = acts.rows_shown(session, visitor.actor, village, book, year)
        line = next(
            one for one in acts.books_of_year(session, visitor.actor, village, year) if one.book.id == book.id
        )  # fmt: skip
        home = next(one for one in homes_of(session, visitor.actor, Permission.CATALOGUE) if one.id == village)
    start = (page - 1) * A_PAGE
    return answer(
        request, "ledger.html", status=422 if wrong else 200, book=book, rows=rows[start : start + A_PAGE],
        total=line.rows, hidden=line.rows - len(rows), home=home, year=year, shut=line.shut, page=page,
        more=len(rows) > start + A_PAGE,
        problems=problems, wrong=wrong, today=archive.today(),
    )  # fmt: skip


@router.get("/{book}/template")
def template(visitor: VisitorDep, book: str) -> Response:
    """An empty workbook to fill in."""
    check(visitor.actor, Permission.CATALOGUE)
    kind = book_named(book)
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / "template.xlsx"
        ledger_files.template(kind, path)
        content = path.read_bytes()

    def write(target: BinaryIO) -> str:
        target.write(content)
        return kind.name

    return sent(write, kind.id, "xlsx")


@router.get("/{book}/file")
def file(
    archive: ArchiveDep, visitor: VisitorDep, book: str, village: Id, year: Year, format: Format = "pdf"
) -> Response:
    """The rows of a year on paper or as a workbook."""
    kind, number = book_named(book), int(year or archive.today().year)
    return sent(
        lambda target: print_ledger(archive, visitor.actor, village, kind, number, format, target).title + str(number),
        kind.id, format,
    )  # fmt: skip


@router.post("/{book}")
def change(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, book: str) -> Response:
    """Write a row, bring a file in, take a row out, or hand the year in."""
    kind, village, written = book_named(book), text(form, "village"), text(form, "year")
    check(visitor.actor, Permission.CATALOGUE, village)
    year = int(written) if written.isascii() and written.isdigit() and len(written) == 4 else archive.today().year
    try:
        said = _act(archive, visitor, kind, village, year, form)
    except ListInvalid as refused:
        return _page(request, archive, visitor, kind, village, year, 1, refused.problems, str(refused))
    wake_worker(request)
    return go(f"/ledgers/{kind.id}?village={village}&year={year}", said)


def _act(archive: Archive, visitor: Visitor, book: Book, village: str, year: int, form: FormData) -> str:
    actor, act = visitor.actor, text(form, "act")
    if act == "import":
        done = _imported(archive, visitor, book, village, form)
        return say(visitor, "写入 {n} 行，已经有的 {m} 行没有重复写。", n=done.fresh, m=done.same)
    if act == "archive":
        archive_ledger(archive, actor, village, book, year)
        return say(visitor, "这一年的台账已生成一件材料，在“待整理”里，采用后归档。")
    with archive.sessions.begin() as session:
        if act == "remove":
            acts.take_out(session, actor, text(form, "row"), text(form, "reason"), archive.now())
            return say(visitor, "已删去一行，原来写的留在日志里。")
        row = {one.id: text(form, one.id) for one in book.columns}
        done = acts.add_row(session, actor, village, book, row, archive.now())
    return say(visitor, "已写入。") if done.fresh else say(visitor, "这一行已经有了，没有重复写。")


def _imported(archive: Archive, visitor: Visitor, book: Book, village: str, form: FormData) -> acts.Added:
    sent_file = form.get("file")
    suffix = Path(sent_file.filename or "").suffix.lower() if isinstance(sent_file, UploadFile) else ""
    if not isinstance(sent_file, UploadFile) or suffix not in SUFFIXES:
        raise RuleError("请选一份填好的台账：XLSX 或 CSV；没有写入。")
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"ledger{suffix}"
        with path.open("wb") as target:
            shutil.copyfileobj(sent_file.file, target)
        return import_ledger(archive, visitor.actor, village, book, path)
