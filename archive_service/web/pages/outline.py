"""The outline: which rules are in force, and what another version would change."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.datastructures import FormData, UploadFile

from archive_service.actions import outlines
from archive_service.exchange import outline_files
from archive_service.permissions import Permission, check
from archive_service.web.context import ArchiveDep, Visitor, VisitorDep
from archive_service.web.pages.form import FormDep, text
from archive_service.web.pages.spoken import banner, called, named, path_of, say
from archive_service.web.rendering import answer, go
from archive_service.web.rendering import period as in_words
from archive_service.wiring import Archive
from classification.comparison import compare, preview
from classification.errors import OutlineInvalid, Problem
from classification.outline import Outline, parse
from storage.database.outlines import outline_versions

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/outline")
def outline(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The outline in force."""
    return _show(request, archive, visitor)


def _show(
    request: Request,
    archive: Archive,
    visitor: Visitor,
    problems: tuple[Problem, ...] = (),
    differences: list[Any] | None = None,
    changes: tuple[Any, ...] = (),
) -> Response:
    with archive.sessions.read() as session:
        held, found = outlines.outline_at(session)
        versions = outline_versions(session)
        called_by = called(session, (one.imported_by for one in versions))
    shown = {"held": held, "outline": found, "versions": versions, "branches": _branches(found, visitor.lang)}
    shown |= {"problems": problems, "differences": differences, "changes": changes, "called_by": called_by}
    status = 422 if problems else 200
    return answer(request, "outline.html", status, banner=banner(found, visitor.lang), **shown)


def _branches(found: Outline, lang: str) -> list[dict[str, Any]]:
    branches = []
    for one in found.classes.values():
        series = [
            {
                "id": row.id,
                "name": named(row, lang),
                "period": in_words(row.retention, lang),
                "mark": found.mark(row),
                "access": row.access,
                "examples": row.examples,
            }
            for row in found.series.values()
            if row.class_id == one.id
        ]
        if series:
            branches.append({"id": one.id, "path": path_of(found, one.id, lang), "series": series})
    return branches


@router.post("/outline")
def change(request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Compare another version, or import it and put it in force."""
    check(visitor.actor, Permission.MANAGE_OUTLINE)
    try:
        with _uploaded(form) as path:
            content = outlines.plain_json(outline_files.read(path))
        if text(form, "act") == "import":
            return _import(archive, visitor, content)
        return _compare(request, archive, visitor, parse(content))
    except OutlineInvalid as invalid:
        return _show(request, archive, visitor, problems=invalid.problems)


@contextmanager
def _uploaded(form: FormData) -> Iterator[Path]:
    upload = form.get("file")
    name = upload.filename or "" if isinstance(upload, UploadFile) else ""
    with tempfile.TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"outline{Path(name).suffix.lower()}"
        path.write_bytes(upload.file.read() if isinstance(upload, UploadFile) else b"")
        yield path


def _import(archive: Archive, visitor: Visitor, content: dict[str, Any]) -> Response:
    with archive.sessions.begin() as session:
        held = outlines.import_outline(session, visitor.actor, content, archive.now())
    return go("/outline", say(visitor, "已导入并启用 {title} {version}。", title=held.title, version=held.version))


def _compare(request: Request, archive: Archive, visitor: Visitor, new: Outline) -> Response:
    with archive.sessions.read() as session:
        _, old = outlines.outline_at(session)
        changes = tuple(preview(outlines.records_under(session, visitor.actor), old, new))
    return _show(request, archive, visitor, differences=list(compare(old, new)), changes=changes)


@router.get("/outline/template.xlsx")
def template(archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The workbook that a county clerk can fill in, made from the outline in force."""
    check(visitor.actor, Permission.MANAGE_OUTLINE)
    with archive.sessions.read() as session:
        held, _ = outlines.outline_at(session)
    with tempfile.TemporaryDirectory(prefix="village-archive-") as folder:
        target = Path(folder) / "outline.xlsx"
        outline_files.write_workbook(held.content, target)
        content = target.read_bytes()
    return Response(content, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="outline.xlsx"'})
