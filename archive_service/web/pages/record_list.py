"""The list of records out and back: choose and export, upload what was edited, look at what would change, say yes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from fastapi import APIRouter, Request
from fastapi.responses import Response, StreamingResponse
from starlette.datastructures import FormData, UploadFile

from archive_service.actions.lists import MOST_SHOWN, Changed, is_exported
from archive_service.actions.outlines import outline_at
from archive_service.actions.record_lists import STATES, Wanted
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import Permission, check
from archive_service.tasks.listing import apply_list, exported_blocks, preview_list, put_aside, taken_up
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep, wake_worker
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.hand_in import homes_of
from archive_service.web.pages.spoken import banner, named, say
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification.errors import Problem, RuleError

router = APIRouter()
SUFFIXES = (".xlsx", ".csv")
MEDIA_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@router.get("/list")
def choose(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """What to export, and where to bring it back."""
    return _page(request, archive, visitor)


def _page(
    request: Request,
    archive: Archive,
    visitor: Visitor,
    problems: tuple[Problem, ...] = (),
    wrong: str = "",
) -> Response:
    check(visitor.actor, Permission.CATALOGUE)
    with archive.sessions.read() as session:
        homes = homes_of(session, visitor.actor, Permission.CATALOGUE)
        _, outline = outline_at(session)
    return answer(
        request,
        "list.html",
        status=422 if wrong else 200,
        villages=homes,
        states=STATES,
        classes=[(one.id, named(one, visitor.lang)) for one in outline.classes.values()],
        problems=problems,
        wrong=wrong,
        banner=banner(outline, visitor.lang),
    )


@router.get("/list/export")
def export(
    archive: ArchiveDep,
    visitor: VisitorDep,
    village: str = "",
    state: str = "",
    class_id: str = "",
    first: str = "",
    last: str = "",
    format: str = "xlsx",
) -> Response:
    """The chosen records as a file."""
    check(visitor.actor, Permission.CATALOGUE)
    kind = "csv" if format == "csv" else "xlsx"
    known = state if state in STATES else None
    wanted = Wanted(village or None, None, known, None, class_id or None, None, _year(first), _year(last))
    blocks = exported_blocks(archive, visitor.actor, wanted, f".{kind}")
    name = f"attachment; filename=\"list.{kind}\"; filename*=UTF-8''%E6%A1%A3%E6%A1%88%E6%B8%85%E5%8D%95.{kind}"
    return StreamingResponse(blocks, media_type=MEDIA_TYPES[kind], headers={"Content-Disposition": name})


def _year(typed: str) -> int | None:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 5 else None


@router.post("/list")
def preview(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """What the uploaded list would change, or what is wrong with it. Nothing is changed."""
    try:
        with _uploaded(form) as path:
            if not is_exported(path):
                raise RuleError("这份清单里没有编号一列，不是从这里导出的；没有改动。新清单请用命令 list import 导入。")
            done = preview_list(archive, visitor.actor, path)
            digest = put_aside(archive, visitor.actor, path) if done.number else ""
    except ListInvalid as refused:
        return _page(request, archive, visitor, refused.problems, str(refused))
    except RuleError as refused:
        return _page(request, archive, visitor, wrong=str(refused))
    return _seen(request, done, digest)


@contextmanager
def _uploaded(form: FormData) -> Iterator[Path]:
    """The file of the form, on the disk.

    Raises:
        RuleError: there is none, or it is of another kind.
    """
    sent = form.get("file")
    suffix = Path(sent.filename or "").suffix.lower() if isinstance(sent, UploadFile) else ""
    if not isinstance(sent, UploadFile) or suffix not in SUFFIXES:
        raise RuleError("请选一份改好的清单：XLSX 或 CSV；没有改动。")
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"list{suffix}"
        with path.open("wb") as target:
            shutil.copyfileobj(sent.file, target)
        yield path


def _seen(request: Request, done: Changed, digest: str) -> Response:
    return answer(request, "list_preview.html", done=done, digest=digest, most=MOST_SHOWN)


@router.post("/list/apply")
def apply(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Carry out the list that was looked at."""
    check(visitor.actor, Permission.CATALOGUE)
    try:
        with taken_up(archive, visitor.actor, text(form, "digest")) as path:
            done = apply_list(archive, visitor.actor, path)
    except ListInvalid as refused:
        return _page(request, archive, visitor, refused.problems, str(refused))
    wake_worker(request)
    return go("/list", say(visitor, "已改动 {n} 件，其中另存新版本的 {m} 件。", n=done.number, m=len(done.revised)))
