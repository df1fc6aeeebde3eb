"""The package of a transfer as an answer, block by block."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from archive_service.permissions import Actor
from archive_service.tasks.transferring import open_package
from archive_service.wiring import Archive

BLOCK = 1 << 18


def package_answer(archive: Archive, actor: Actor, transfer_id: str) -> StreamingResponse:
    """The zip, to be kept; that it was taken is journaled before its first byte.

    Raises:
        Missing: there is no such transfer for this actor, or no package.
    """
    found, stream = open_package(archive, actor, transfer_id)
    package = found.package or {}
    headers = {
        "Content-Disposition": f"attachment; filename=\"transfer.zip\"; filename*=UTF-8''{quote(package['name'])}",
        "Content-Length": str(package["package_bytes"]),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(_blocks(stream), media_type="application/zip", headers=headers)


def _blocks(stream: BinaryIO) -> Iterator[bytes]:
    with stream:
        while block := stream.read(BLOCK):
            yield block
