"""Print a form into a file and write into the journal that it was printed."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from archive_service.actions import printing
from archive_service.actions.printing_rows import Asked
from archive_service.forms.printed.writing import write
from archive_service.permissions import Actor
from archive_service.wiring import COUNTY_TIME, Archive


def print_form(archive: Archive, actor: Actor, asked: Asked, format: str, target: Path | BinaryIO) -> int:
    """Write the form; returns how many rows, stamps or boxes are in it.

    Raises:
        Missing: there is no such form, village, period or outline.
        Forbidden: the actor may not have this form.
        FontMissing: the Chinese font is not there.
    """
    at = archive.now()
    with archive.sessions.read() as session:
        found = printing.printed(session, actor, asked, archive.settings.county, at, COUNTY_TIME)
        rows = write(found, format, target, at)
    with archive.sessions.begin() as session:
        printing.note(session, actor, asked, format, rows, at)
    return rows
