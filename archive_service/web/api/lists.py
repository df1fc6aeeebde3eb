"""The list of records: out as a file, back when it was edited; first looked at, then carried out."""

from __future__ import annotations

import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, BinaryIO, Literal, cast

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse

from archive_service.actions.lists import Changed, is_exported
from archive_service.actions.record_lists import Wanted
from archive_service.permissions import Permission, check
from archive_service.tasks.listing import apply_list, exported_blocks, preview_list
from archive_service.web.api import schemas
from archive_service.web.api.errors import refusals
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from archive_service.web.uploads import Body
from classification.errors import RuleError

router = APIRouter(prefix="/lists/records", tags=["records"])
ListFormat = Literal["xlsx", "csv"]
MEDIA_TYPES: dict[ListFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}
RAW = {"requestBody": {"required": True, "content": {"application/octet-stream": {
    "schema": {"type": "string", "format": "binary"}, "example": "（改好的清单的字节）"}}}}  # fmt: skip


@router.get(
    "",
    summary="导出清单",
    responses={
        200: {
            "description": "XLSX 或 CSV",
            "content": {
                "text/csv": {"example": "编号（勿改）,题名\r\n…\r\n"},
                MEDIA_TYPES["xlsx"]: {"example": "（XLSX 的字节）"},
            },
        }
    },
    response_class=StreamingResponse,
)
def export(
    archive: ArchiveDep,
    actor: ActorDep,
    village: str | None = None,
    batch: str | None = None,
    state: Literal["proposed", "accepted", "archived"] | None = None,
    kind: str | None = None,
    class_id: str | None = None,
    series: str | None = None,
    first_year: Annotated[int | None, Query(ge=0, le=9999)] = None,
    last_year: Annotated[int | None, Query(ge=0, le=9999)] = None,
    format: ListFormat = "xlsx",
) -> StreamingResponse:
    """The chosen records of the asker's villages, a row each, with everything that can be described."""
    check(actor, Permission.CATALOGUE)
    wanted = Wanted(village, batch, state, kind, class_id, series, first_year, last_year)
    blocks = exported_blocks(archive, actor, wanted, f".{format}")
    headers = {"Content-Disposition": f'attachment; filename="list.{format}"'}
    return StreamingResponse(blocks, media_type=MEDIA_TYPES[format], headers=headers)


@router.post("", summary="导回改好的清单", responses=refusals(409, 413), openapi_extra=RAW)
def bring_back(
    request: Request, archive: ArchiveDep, actor: ActorDep, format: ListFormat = "xlsx", preview: bool = False
) -> schemas.ListChanges:
    """Send an edited list as the body: all of it is carried out or nothing. `preview` only says what would change."""
    check(actor, Permission.CATALOGUE)
    with TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"list.{format}"
        with path.open("wb") as target:
            shutil.copyfileobj(cast(BinaryIO, Body(request, archive.settings.max_upload_mb << 20)), target)
        if not is_exported(path):
            raise RuleError("这份清单里没有编号一列，不是从这里导出的；没有改动。新清单请用命令 list import 导入。")
        done = (preview_list if preview else apply_list)(archive, actor, path)
    if not preview:
        wake_worker(request)
    return _shown(done)


def _shown(done: Changed) -> schemas.ListChanges:
    rows = [
        schemas.ListRowChange(
            row=one.number,
            record=one.record.id,
            title=one.record.title,
            cells=[schemas.CellChange(column=name, before=before, after=after) for name, before, after in one.lines],
        )
        for one in done.shown
    ]
    return schemas.ListChanges(rows=done.rows, changed=done.number, new_versions=len(done.revised), changes=rows)
