"""The county's outline and table: show, compare, import."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, File, UploadFile
from sqlalchemy.orm import Session

from archive_service.actions import outlines
from archive_service.permissions import Permission, check
from archive_service.web.api import schemas
from archive_service.web.api.errors import refusals
from archive_service.web.api.taken_in import taken_in, upload_example
from archive_service.web.context import ActorDep, ArchiveDep
from classification.comparison import compare, preview
from classification.outline import parse
from storage.database.outlines import outline_versions

router = APIRouter(prefix="/outline", tags=["outline"])
DOCUMENT = upload_example("本县大纲.xlsx")


@router.get("", summary="分类大纲和保管期限表", responses=refusals(404))
def show(archive: ArchiveDep, actor: ActorDep, version: str | None = None) -> schemas.OutlineOut:
    """The outline in force, or another version."""
    with archive.sessions.read() as session:
        return _shown(session, version)


def _shown(session: Session, version: str | None = None) -> schemas.OutlineOut:
    held, outline = outlines.outline_at(session, version)
    return schemas.OutlineOut(
        version=schemas.VersionOut.model_validate(held), banner=outline.document.banner, content=held.content
    )


@router.get("/versions", summary="各版大纲")
def versions(archive: ArchiveDep, actor: ActorDep) -> schemas.Versions:
    """Every version, newest first."""
    with archive.sessions.read() as session:
        return schemas.Versions(versions=[schemas.VersionOut.model_validate(v) for v in outline_versions(session)])


@router.post("", summary="导入并启用一版", status_code=201, responses=refusals(409, 413), openapi_extra=DOCUMENT)
def import_version(archive: ArchiveDep, actor: ActorDep, file: UploadFile = File()) -> schemas.OutlineOut:
    """Import YAML or XLSX and put it in force. One fault anywhere, and nothing is taken."""
    check(actor, Permission.MANAGE_OUTLINE)
    content = _content(file)
    with archive.sessions.begin() as session:
        outlines.import_outline(session, actor, content, archive.now())
        return _shown(session)


@router.post("/diff", summary="与启用的一版比较", responses=refusals(404, 413), openapi_extra=DOCUMENT)
def diff(archive: ArchiveDep, actor: ActorDep, file: UploadFile = File()) -> schemas.OutlineDiff:
    """What another version would change, in the outline and for which records. Nothing is written."""
    check(actor, Permission.MANAGE_OUTLINE)
    new = parse(_content(file))
    with archive.sessions.read() as session:
        _, old = outlines.outline_at(session)
        changes = list(preview(outlines.records_under(session, actor), old, new))
    return schemas.OutlineDiff(
        differences=[str(one) for one in compare(old, new)],
        records=[schemas.RecordChange.model_validate(one) for one in changes],
    )


def _content(file: UploadFile) -> dict[str, Any]:
    """The document in an uploaded file."""
    from archive_service.exchange import outline_files

    with taken_in(file, "大纲文件") as path:
        content: dict[str, Any] = outlines.plain_json(outline_files.read(path))
    return content
