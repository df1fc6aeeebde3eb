"""What the commands show: tables, progress, JSON, complaints. Nothing here knows a store."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.cells import cell_len
from rich.console import Console, JustifyMethod
from rich.padding import Padding
from rich.progress import BarColumn, Progress, ProgressColumn, SpinnerColumn, Task, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from archive_service.cli.folding import Folded

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

SEAL = "bold red"
PROVED = "green"
WHOLE = frozenset(
    {"编号", "档号", "移交编号", "全宗号", "条目", "日期", "登记日", "到期日", "立项", "期限", "发生", "年度", "状态"}
)
"""Columns whose cells are never broken over lines: what is copied from the screen, days, and short words."""


NAME = 36
"""Cells beside a progress bar for the name of what is under way; of a long path its end is shown."""


def complain(sentence: str) -> None:
    """One sentence to the person, on standard error."""
    errors.print(Text(sentence, style="red"), soft_wrap=True)


def tell(sentence: str, style: str = "") -> None:
    """One sentence on standard output; the terminal folds it, so that a command in it can be copied."""
    console.print(Text(sentence, style=style), soft_wrap=True)


def show_json(value: Any) -> None:
    """One JSON document on standard output, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def show_json_lines(values: Iterable[Any]) -> None:
    """One JSON document a line."""
    for value in values:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def show_table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[str | Text]],
    numbers: Sequence[str] = (),
    *,
    none: str,
) -> None:
    """A table; columns named in `numbers` are set to the right. Without a row, the sentence `none` stands for it."""
    cells = [[Folded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows]
    if title:
        tell(title, "bold")
    if not cells:
        tell(none)
        return
    table = Table(header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for place, column in enumerate(columns):
        side: JustifyMethod = "right" if column in numbers else "left"
        if column in WHOLE or column in numbers:
            widest = max(cell_len(line) for row in cells for line in ["", *row[place].plain.splitlines()])
            table.add_column(column, justify=side, no_wrap=True, min_width=widest)
        else:
            table.add_column(Folded(column), justify=side)
    for row in cells:
        table.add_row(*row)
    console.print(table, crop=False)


def show_prose(text: Text) -> None:
    """A passage, two cells in, folded as Chinese is."""
    folded = Folded()
    folded.append_text(text)
    console.print(Padding(folded, (0, 0, 0, 2)))


class Steps:
    """A progress bar that learns its total on the way."""

    def __init__(self, bar: Progress, what: str, total: int | None, named: bool) -> None:
        self._bar, self._named = bar, named
        self._task = bar.add_task(what, total=total, name="")

    def step(self, name: str = "") -> None:
        """One more done: `name` is a path or a title, or a number that nobody reads and that is not shown."""
        name = name if self._named else ""
        while cell_len(name) > NAME:
            name = name[1:]
        self._bar.update(self._task, advance=1, name=name)

    def expect(self, total: int) -> None:
        """So many in all."""
        self._bar.update(self._task, total=total)


class Count(ProgressColumn):
    """How many are done, and of how many where that is known."""

    def render(self, task: Task) -> Text:
        """51/92, or 51; nothing for work that is not counted."""
        if task.total is None:
            return Text(f"{task.completed:.0f}" if task.completed else "", style="progress.download")
        return Text(f"{task.completed:.0f}/{task.total:.0f}", style="progress.download")


@contextmanager
def progress(what: str, total: int | None = None, quiet: bool = False, named: bool = True) -> Iterator[Steps]:
    """A bar on standard error while something goes on, so that standard output stays for results."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        Count(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", style="dim"),
    )
    with Progress(*columns, console=errors, disable=quiet) as bar:
        yield Steps(bar, what, total, named)


def size_in_words(size: int) -> str:
    """How much, as people say it: 3.8 MB."""
    for unit, of in (("GB", 10**9), ("MB", 10**6), ("KB", 10**3)):
        if size >= of:
            return f"{size / of:.1f} {unit}"
    return f"{size} 字节"


def marked(text: str, ranges: Sequence[tuple[int, int]]) -> Text:
    """Text with the found characters set off."""
    shown = Text(text)
    for start, end in ranges:
        shown.stylize("black on yellow", start, end)
    return shown
