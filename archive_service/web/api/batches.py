"""Handing in: open a batch, see how far it is, close it, its sheet. What is sent is received in `receiving`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from archive_service.actions import sheets
from archive_service.actions.intake import recent_batches
from archive_service.permissions import Actor, Permission, can, check, reach
from archive_service.rulebook import period_label, rule_book
from archive_service.tasks.receiving import close_upload, open_upload
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import Batches, BatchOut, ItemOut, Items, NewBatch, Sum
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from archive_service.wiring import Archive
from storage.database.batches import Batch, ItemState, counts_by_batch, sum_of
from storage.database.organisations import Village, village_named
from storage.errors import Missing

router = APIRouter(prefix="/batches", tags=["batches"])
SheetFormat = Literal["xlsx", "csv", "jsonl"]
MEDIA_TYPES: dict[SheetFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl; charset=utf-8",
}
BLOCK = 1 << 18


@router.post("", summary="开一个移交批次", status_code=201, responses=refusals(404))
def open_batch(archive: ArchiveDep, actor: ActorDep, sent: NewBatch) -> BatchOut:
    """Open a batch for files that come one by one."""
    with archive.sessions.read() as session:
        home = _home(session, actor, sent.village)
    batch_id = open_upload(archive, actor, home.id, sent.source or "上传")
    with archive.sessions.read() as session:
        return _shown(session, [session.get_one(Batch, batch_id)])[0]


def _home(session: Session, actor: Actor, village: str) -> Village:
    home = session.get(Village, village) or village_named(session, village)
    if can(actor, Permission.HAND_IN) and not can(actor, Permission.HAND_IN, home.id):
        raise Missing("没有这个村，或者您不能为它移交，什么都没有写入。")
    return home


def _shown(session: Session, found: list[Batch]) -> list[BatchOut]:
    counts = counts_by_batch(session, [batch.id for batch in found])
    return [
        BatchOut(
            id=batch.id,
            village_id=batch.village_id,
            source=batch.source,
            opened_by=batch.opened_by,
            opened_at=batch.opened_at,
            walked_at=batch.walked_at,
            sum=Sum(**sum_of(counts[batch.id])),
            states=dict(counts[batch.id]),
            left=counts[batch.id].get(ItemState.RECEIVED, 0),
        )
        for batch in found
    ]


@router.get("", summary="最近的移交批次")
def newest(archive: ArchiveDep, actor: ActorDep, limit: Annotated[int, Query(ge=1, le=200)] = 50) -> Batches:
    """The newest batches of the asker's village, or of the county."""
    check(actor, Permission.HAND_IN)
    with archive.sessions.read() as session:
        return Batches(batches=_shown(session, list(recent_batches(session, reach(actor, Permission.HAND_IN), limit))))


@router.get("/{batch_id}", summary="一个批次：收了多少，读到哪里", responses=refusals(404))
def one_batch(archive: ArchiveDep, actor: ActorDep, batch_id: str) -> BatchOut:
    """One batch with its sum and what is left to read."""
    with archive.sessions.read() as session:
        return _shown(session, [sheets.batch_of(session, actor, batch_id)])[0]


@router.post("/{batch_id}/close", summary="文件都传完了", responses=refusals(404))
def close(request: Request, archive: ArchiveDep, actor: ActorDep, batch_id: str) -> BatchOut:
    """Every file of this batch has come. Again: nothing changes."""
    with archive.sessions.read() as session:
        sheets.batch_of(session, actor, batch_id)
    close_upload(archive, batch_id)
    wake_worker(request)
    return one_batch(archive, actor, batch_id)


@router.get("/{batch_id}/items", summary="批次里的每个文件", responses=refusals(404))
def items(
    archive: ArchiveDep,
    actor: ActorDep,
    batch_id: str,
    state: Annotated[list[ItemState], Query()] = [],  # noqa: B006  a declaration, read by the framework
    after: str | None = None,
    size: Annotated[int, Query(ge=1, le=500)] = 100,
    text: bool = False,
) -> Items:
    """What became of each file, page by page. `text` adds the text of each page."""
    with archive.sessions.read() as session:
        sheets.batch_of(session, actor, batch_id)
        rows = list(sheets.rows(session, actor, batch_id, text=text, states=state, after=after, limit=size + 1))
    shown = [ItemOut(**row) for row in rows[:size]]
    return Items(items=shown, after=shown[-1].item if len(rows) > size else None)


@router.get(
    "/{batch_id}/sheet",
    summary="移交对账单",
    responses={
        200: {
            "description": "XLSX、CSV 或每行一个 JSON",
            "content": {
                "text/csv": {"example": "文件,状态,原因,怎么办\r\n会议/空.docx,退回,这个文件是空的,…\r\n"},
                MEDIA_TYPES["xlsx"]: {"example": "（XLSX 的字节）"},
                "application/jsonl": {"example": '{"path": "会议/空.docx", "state": "rejected"}\n'},
            },
        },
        **refusals(404),
    },
    response_class=StreamingResponse,
)
def sheet(
    archive: ArchiveDep, actor: ActorDep, batch_id: str, format: SheetFormat = "xlsx", text: bool = False
) -> StreamingResponse:
    """The reconciliation sheet: every file with its state and reason. `text` (JSON lines) adds the text by page."""
    with archive.sessions.read() as session:
        sheets.batch_of(session, actor, batch_id)
    name = f"attachment; filename=\"sheet.{format}\"; filename*=UTF-8''%E5%AF%B9%E8%B4%A6%E5%8D%95.{format}"
    blocks = _sheet(archive, actor, batch_id, format, text)
    return StreamingResponse(blocks, media_type=MEDIA_TYPES[format], headers={"Content-Disposition": name})


def _sheet(archive: Archive, actor: Actor, batch_id: str, format: SheetFormat, text: bool) -> Iterator[bytes]:
    from archive_service.exchange import sheet_files

    with tempfile.TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"sheet.{format}"
        with archive.sessions.read() as session:
            rows = sheets.rows(session, actor, batch_id, text=text and format == "jsonl")
            if format == "xlsx":
                sheet_files.write_xlsx(rows, path, period_label, rule_book(session).outline.document.banner or "")
            else:
                write = sheet_files.write_csv if format == "csv" else sheet_files.write_jsonl
                with path.open("w", encoding="utf-8-sig" if format == "csv" else "utf-8", newline="") as target:
                    write(rows, target, period_label)
        with path.open("rb") as made:
            while block := made.read(BLOCK):
                yield block
