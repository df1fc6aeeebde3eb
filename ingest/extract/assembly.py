"""Text as it comes becomes pages: one place that counts characters, drops empty tails and says what was left out.

Used by every extractor that reads text (not by recognition). Page numbers start at 1.
"""

from __future__ import annotations

from ingest.errors import Empty
from ingest.reading import Extraction, Limits, Page


class Pages:
    """Collects lines into pages. Text beyond the limit is left out with a warning; the original keeps it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._done: list[str] = []
        self._lines: list[str] = []
        self._characters = 0
        self.full = False
        """No more text is taken: callers that loop may stop."""

    def add(self, text: str) -> None:
        """One paragraph or table row; blanks at its end are dropped, empty ones are not kept."""
        text = text.rstrip().replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        if not text or self.full:
            return
        self._characters += len(text) + 1
        if self._characters > self._limits.characters:
            self.full = True
            text = text[: max(0, self._limits.characters - self._characters + len(text) + 1)]
        self._lines.append(text)

    def turn(self) -> None:
        """The page ends here."""
        self._done.append("\n".join(self._lines))
        self._lines = []
        if len(self._done) >= self._limits.pages:
            self.full = True

    def turn_if_written(self) -> None:
        """The page ends here unless nothing stands on it: for marks that only repeat a break."""
        if self._lines:
            self.turn()

    def texts(self) -> list[str]:
        """The text of every page so far; empty pages at the end are not counted."""
        texts = [*self._done, "\n".join(self._lines)]
        while len(texts) > 1 and not texts[-1]:
            texts.pop()
        return texts

    def extraction(
        self, metadata: dict[str, str] | None = None, warnings: tuple[str, ...] = (), pictures: bool = False
    ) -> Extraction:
        """The whole as an answer. `pictures` says that the file holds images, so that no text is no fault.

        Raises:
            Empty: there is no text and no image.
        """
        texts = self.texts()
        if not any(texts):
            if not pictures:
                raise Empty
            warnings = (*warnings, "文件里只有图片，没有文字；图片中的字没有识别。")
        if self.full:
            warnings = (*warnings, "文字太多，超出上限的部分没有收进检索，原件完整保存。")
        pages = tuple(Page(number, text) for number, text in enumerate(texts, 1))
        return Extraction(pages=pages, metadata=metadata or {}, page_count=len(pages), warnings=warnings)
