"""Recognition of page images in one long-lived child process: its models are large and slow to load."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self, cast

from ingest.errors import Unreadable
from ingest.reading import Failure, Page
from ingest.sandbox.line import Job
from ingest.sandbox.process import ChildProcess

RECOGNISE = "ingest.ocr:recognise"
MEMORY = 6 << 30
"""Address space; the models and their threads reserve much more than they touch."""
GROWN = 1200 << 20
PAGE_SECONDS = 180.0
MOST_FAILURES = 2
"""Pages of one file that may fail before the rest of it is left."""


class Recogniser:
    """Recognises the pages of one file after the other. After `pages`, `failure` says what went wrong, or is None."""

    def __init__(self, seconds: float = PAGE_SECONDS, memory: int = MEMORY, recognise: str = RECOGNISE) -> None:
        self.failure: Failure | None = None
        self._seconds, self._recognise = seconds, recognise
        self._child = ChildProcess(memory, GROWN)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._child.close()

    def pages(self, path: Path, mime: str, numbers: Iterable[int]) -> Iterator[Page]:
        """The pages with these numbers, each as it is done; a page that cannot be recognised is left out."""
        self.failure, failures = None, 0
        for number in numbers:
            try:
                page = self._child.run(Job(self._recognise, (path.resolve(), mime, number), {}, self._seconds))
            except Unreadable as bad:
                self.failure, failures = bad.failure, failures + 1
                if failures == MOST_FAILURES:
                    return
            else:
                yield cast(Page, page)
