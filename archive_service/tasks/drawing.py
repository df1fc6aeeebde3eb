"""Pictures of pages for the screen: drawn once in a limited child process, then kept among the derivatives."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from threading import Lock
from typing import cast

from archive_service.wiring import Archive
from ingest.errors import Unreadable
from ingest.sandbox.line import Job
from ingest.sandbox.process import ChildProcess
from storage.database.records import File
from storage.errors import Missing
from storage.objects.areas import derivative_key

MEMORY = 2 << 30
SECONDS = 30.0
DRAW = "archive_service.tasks.page_pictures:draw"


class Painter:
    """One child process that draws; started when first needed, one page at a time."""

    def __init__(self) -> None:
        self._turn = Lock()
        self._child = ChildProcess(MEMORY)

    def draw(self, archive: Archive, file: File, number: int, longest: int) -> bytes:
        """The page as JPEG.

        Raises:
            Unreadable: it cannot be drawn, hangs, or needs too much memory.
        """
        with archive.objects.as_file(file.storage_key) as path, self._turn:
            return cast(bytes, self._child.run(Job(DRAW, (path.resolve(), file.mime, number, longest), {}, SECONDS)))

    def close(self) -> None:
        """End the child process."""
        self._child.close()


def page_picture(archive: Archive, painter: Painter, file: File, number: int, longest: int) -> bytes:
    """A page of a file of a record as JPEG, from the derivatives where it was drawn before.

    Raises:
        Missing: there is no such page, or it cannot be drawn.
    """
    if file.record_id is None or not 1 <= number <= max(1, file.page_count):
        raise Missing("没有这一页。")
    key = derivative_key(file.record_id, file.id, f"page-{number}-{longest}.jpg")
    try:
        with closing(archive.objects.open(key)) as kept:
            return kept.read()
    except Missing:
        try:
            picture = painter.draw(archive, file, number, longest)
        except Unreadable as bad:
            raise Missing(f"这一页画不出来（{bad.failure.reason}），原件还在，可以下载后查看。") from bad
        archive.objects.put(key, BytesIO(picture))
        return picture
