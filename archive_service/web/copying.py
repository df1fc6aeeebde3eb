"""A certified copy as an answer: written whole into a nameless file, then sent."""

from __future__ import annotations

import tempfile
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import StreamingResponse

from archive_service.permissions import Actor
from archive_service.tasks.certifying import write_copy
from archive_service.web.printouts import blocks
from archive_service.wiring import Archive


def copy_pdf(request: Request, archive: Archive, actor: Actor, number: str) -> StreamingResponse:
    """The PDF.

    Raises:
        Missing: there is no such copy for this actor, or it counts no longer.
    """
    base = archive.settings.public_url or str(request.base_url)
    address = f"{base.rstrip('/')}/verify/{quote(number)}"
    made = tempfile.TemporaryFile()  # noqa: SIM115  closed when it has been sent
    try:
        copy = write_copy(archive, request.app.state.painter, actor, number, address, made)
    except BaseException:
        made.close()
        raise
    name = quote(f"复制件证明 {copy.number}.pdf")
    headers = {
        "Content-Disposition": f"inline; filename=\"{copy.number}.pdf\"; filename*=UTF-8''{name}",
        "Content-Length": str(made.seek(0, 2)),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(blocks(made), media_type="application/pdf", headers=headers)
