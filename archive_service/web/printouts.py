"""A printed form as an answer: written whole into a nameless file, then sent. A refusal comes before any byte."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from typing import BinaryIO, Literal
from urllib.parse import quote

from fastapi.responses import StreamingResponse

from archive_service.actions.opening_lists import Asked as OpeningAsked
from archive_service.actions.printing_rows import Asked
from archive_service.forms.printed.layouts import FORMS
from archive_service.permissions import Actor
from archive_service.tasks.printing import BatchForm, print_batch, print_form, print_opening, print_register
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

    def write(target: BinaryIO) -> str:
        print_form(archive, actor, asked, format, target)
        return f"{FORMS[asked.form]}{asked.year or ''}"

    return sent(write, asked.form, format)


def register_printout(archive: Archive, actor: Actor, register_id: str, format: Format) -> StreamingResponse:
    """A register of destruction, in the same way.

    Raises:
        Missing: it is not there for this person.
    """
    return sent(lambda target: print_register(archive, actor, register_id, format, target), "register", format)


def batch_printout(archive: Archive, actor: Actor, batch_id: str, form: BatchForm, format: Format) -> StreamingResponse:
    """The report of an appraisal or the opinions on its records, in the same way.

    Raises:
        Missing: it is not there for this person.
    """
    return sent(lambda target: print_batch(archive, actor, batch_id, form, format, target), form, format)


def opening_printout(archive: Archive, actor: Actor, asked: OpeningAsked, format: Format) -> StreamingResponse:
    """A list of the opening review, in the same way.

    Raises:
        Forbidden: this person does not review. Missing: there is no such village. RuleError: there is no such list.
    """
    return sent(lambda target: print_opening(archive, actor, asked, format, target), "opening", format)


def sent(write: Callable[[BinaryIO], str], plain: str, format: Format) -> StreamingResponse:
    """What `write` writes, under the name that it returns; `plain` is for who can read no Chinese name."""
    made = tempfile.TemporaryFile()  # noqa: SIM115  closed when it has been sent
    try:
        name = f"{write(made)}.{format}"
    except BaseException:
        made.close()
        raise
    how = "inline" if format == "pdf" else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename=\"{plain}.{format}\"; filename*=UTF-8''{quote(name)}",
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
