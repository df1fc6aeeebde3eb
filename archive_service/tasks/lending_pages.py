"""A page that a request opened, as a picture with the reader's name on it."""

from __future__ import annotations

from archive_service.actions.requests_reading import Opened
from archive_service.forms.watermark import marked
from archive_service.permissions import Actor
from archive_service.tasks.drawing import Painter, page_picture
from archive_service.wiring import Archive
from storage.database.records import File

SHARP = 1600


def lent_page(archive: Archive, painter: Painter, actor: Actor, opened: Opened, file: File, number: int) -> bytes:
    """The page as JPEG, marked with who reads it, when, and under which request.

    Raises:
        Missing: there is no such page, or it cannot be drawn.
    """
    picture = page_picture(archive, painter, file, number, SHARP)
    return marked(picture, f"{actor.name} {archive.today().isoformat()} 仅供查阅 {opened.request.id[-6:]}")
