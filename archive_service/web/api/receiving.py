"""Files on their way in: streamed from the connection into the staging area, never held and never spooled twice."""

from __future__ import annotations

import hashlib
from typing import BinaryIO, cast

from fastapi import APIRouter, Request

from archive_service.actions import sheets
from archive_service.actions.duplicates import duplicate, held_at
from archive_service.permissions import Permission, check
from archive_service.tasks.receiving import keep_another, receive_stream
from archive_service.web.api import schemas
from archive_service.web.api.errors import refusals
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from archive_service.web.uploads import BLOCK, Body, Form, clean_path
from archive_service.wiring import Archive
from storage.database.batches import Batch, Item
from storage.errors import Conflict

router = APIRouter()
RAW = {"requestBody": {"required": True, "content": {"application/octet-stream": {
    "schema": {"type": "string", "format": "binary"}, "example": "（文件的字节）"}}}}  # fmt: skip
FORM = {"requestBody": {"required": True, "content": {"multipart/form-data": {
    "schema": {"type": "object", "properties": {
        "path": {"type": "string", "description": "其后那个文件在文件夹里的位置；不写就用文件名"},
        "files": {"type": "array", "items": {"type": "string", "format": "binary"}}}},
    "example": {"path": "会议/村民代表会议记录.docx", "files": ["（文件的字节）"]}}}}}  # fmt: skip


@router.put(
    "/batches/{batch_id}/files/{path:path}",
    summary="传一个文件",
    tags=["batches"],
    responses=refusals(404, 409, 413),
    openapi_extra=RAW,
)
def put_file(request: Request, archive: ArchiveDep, actor: ActorDep, batch_id: str, path: str) -> schemas.Taken:
    """Send one file as the body; its path in the folder is in the address. Sending it again changes nothing."""
    with archive.sessions.read() as session:
        batch = sheets.batch_of(session, actor, batch_id)
    body = cast(BinaryIO, Body(request, archive.settings.max_upload_mb << 20))
    taken = _receive(archive, batch, path, body)
    wake_worker(request)
    return schemas.Taken(items=taken)


@router.post(
    "/batches/{batch_id}/files",
    summary="用表单传几个文件",
    tags=["batches"],
    responses=refusals(404, 409, 413),
    openapi_extra=FORM,
)
def post_files(request: Request, archive: ArchiveDep, actor: ActorDep, batch_id: str) -> schemas.Taken:
    """Send files as a multipart form, as many as you like; each is received as it comes."""
    with archive.sessions.read() as session:
        batch = sheets.batch_of(session, actor, batch_id)
    form = Form(Body(request, archive.settings.max_upload_mb << 20), request.headers.get("content-type", ""))
    taken: list[schemas.TakenOut] = []
    for path, stream in form.files():
        taken += _receive(archive, batch, path, stream)
    wake_worker(request)
    return schemas.Taken(items=taken)


def _receive(archive: Archive, batch: Batch, path: str, stream: BinaryIO) -> list[schemas.TakenOut]:
    path = clean_path(path)
    with archive.sessions.read() as session:
        held = held_at(session, batch.id, path[-1000:])
    if held is not None:
        return [_again(held, stream)]
    taken = receive_stream(archive, batch, path, stream)
    return [schemas.TakenOut(item=one.item_id, state=one.state, path=one.path) for one in taken]


def _again(held: Item, stream: BinaryIO) -> schemas.TakenOut:
    """The answer to a first try may have been lost on its way: the same bytes under the same path are no new file."""
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
    if held.sha256 not in (None, digest.hexdigest()):
        raise Conflict(f"这一批里已经有“{held.path}”，内容不同，这一份没有收。请改个文件名再传。")
    return schemas.TakenOut(item=held.id, state=held.state, path=held.path)


@router.post(
    "/items/{item_id}/another-copy", summary="另一份，另立一件", tags=["batches"], responses=refusals(404, 409)
)
def another_copy(request: Request, archive: ArchiveDep, actor: ActorDep, item_id: str) -> schemas.TakenOut:
    """Take a duplicate in all the same: another copy, another record."""
    check(actor, Permission.HAND_IN)
    with archive.sessions.read() as session:
        item, key = duplicate(session, actor, item_id)
    keep_another(archive, actor, item, key, item.path)
    wake_worker(request)
    with archive.sessions.read() as session:
        kept = session.get_one(Item, item_id)
        return schemas.TakenOut(item=kept.id, state=kept.state, path=kept.path)
