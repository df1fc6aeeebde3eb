"""Text folded as Chinese is set: between any two characters, never inside a code, never a comma at the left edge."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, JustifyMethod, OverflowMethod
from rich.containers import Lines
from rich.measure import Measurement
from rich.text import Text

NOT_FIRST = "、，。；：！？”’）》】〕〉…—·%,;:!?)"
NOT_LAST = "“‘（《【〔〈("
NARROWEST = 8
"""Cells that a column of sentences keeps when the others are wide."""
PIECE = re.compile(rf"[{re.escape(NOT_LAST)}]*(?:[!-~·]+|[^!-~·\s])[{re.escape(NOT_FIRST)}]*\s*|\s+")
"""What stays together: a word, code or number in Latin letters, or one character, with the signs beside it."""


def folds(line: str, width: int) -> Iterator[int]:
    """Where to break one line so that no part is wider."""
    used = 0
    for found in PIECE.finditer(line):
        piece = found.group()
        if cell_len(piece.rstrip()) > width:
            for at, sign in enumerate(piece, found.start()):
                if used + cell_len(sign) > width:
                    yield at
                    used = 0
                used += cell_len(sign)
            continue
        if used and used + cell_len(piece.rstrip()) > width:
            yield found.start()
            used = 0
        used += cell_len(piece)


class Folded(Text):
    """A text that folds by these rules, and in a table leaves room to its neighbours."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """Lines of at most `width` cells."""
        if no_wrap or justify == "right":
            return super().wrap(console, width, justify=justify, overflow=overflow, tab_size=tab_size, no_wrap=no_wrap)
        lines = Lines()
        for line in self.split(allow_blank=True):
            lines.extend(line.divide(list(folds(line.plain, width))))
        for one in lines:
            one.rstrip()
        return lines

    def __rich_measure__(self, console: Console, options: ConsoleOptions) -> Measurement:
        widest = max((cell_len(line) for line in self.plain.splitlines()), default=0)
        return Measurement(min(widest, NARROWEST), widest)
