"""A printed form as an answer: written whole into a nameless file, then sent. A refusal comes before any byte."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Literal
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from archive_service.actions.printing_rows import Asked
from archive_service.forms.printed.layouts import FORMS
from archive_service.permissions import Actor
from archive_service.tasks.printing import print_form
from archive_service.wiring import Archive

Format = Literal["pdf", "xlsx"]
MEDIA_TYPES: dict[Format, str] = {
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
BLOCK = 1 << 18


def printout(archive: Archive, actor: Actor, asked: Asked, format: Format) -> StreamingResponse:
    """The form, to be shown (PDF) or kept (XLSX).

    Raises:
        Missing: there is no such form, village, period or outline.
        Forbidden: this person may not have this form.
    """
    made = tempfile.TemporaryFile()  # noqa: SIM115  closed when it has been sent
    try:
        print_form(archive, actor, asked, format, made)
    except BaseException:
        made.close()
        raise
    name = f"{FORMS[asked.form]}{asked.year or ''}.{format}"
    how = "inline" if format == "pdf" else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename=\"{asked.form}.{format}\"; filename*=UTF-8''{quote(name)}",
        "Content-Length": str(made.seek(0, 2)),
        "Cache-Control": "private, no-store",
    }
    return StreamingResponse(blocks(made), media_type=MEDIA_TYPES[format], headers=headers)


def blocks(made: BinaryIO) -> Iterator[bytes]:
    """A file that was written, piece by piece; closed in the end."""
    with made:
        made.seek(0)
        while block := made.read(BLOCK):
            yield block
