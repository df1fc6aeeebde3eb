"""What the commands show: tables, progress, JSON, complaints. Nothing here knows a store."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

console = Console(highlight=False)
errors = Console(stderr=True, highlight=False)

SEAL = "bold red"
PROVED = "green"


def complain(sentence: str) -> None:
    """One sentence to the person, on standard error."""
    errors.print(Text(sentence, style="red"))


def tell(sentence: str, style: str = "") -> None:
    """One sentence on standard output."""
    console.print(Text(sentence, style=style))


def show_json(value: Any) -> None:
    """One JSON document on standard output, Chinese as it is."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, indent=2, default=str) + "\n")


def show_json_lines(values: Iterable[Any]) -> None:
    """One JSON document a line."""
    for value in values:
        sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def show_table(
    title: str, columns: Sequence[str], rows: Iterable[Sequence[str | Text]], numbers: Sequence[str] = ()
) -> None:
    """A table; columns named in `numbers` are set to the right."""
    table = Table(
        title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0)
    )
    for column in columns:
        table.add_column(column, justify="right" if column in numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(cell if isinstance(cell, Text) else Text(cell) for cell in row))
    console.print(table)


class Steps:
    """A progress bar that learns its total on the way."""

    def __init__(self, bar: Progress, what: str, total: int | None) -> None:
        self._bar = bar
        self._task = bar.add_task(what, total=total, name="")

    def step(self, name: str = "") -> None:
        """One more done."""
        self._bar.update(self._task, advance=1, name=name[-40:])

    def expect(self, total: int) -> None:
        """So many in all."""
        self._bar.update(self._task, total=total)


@contextmanager
def progress(what: str, total: int | None = None, quiet: bool = False) -> Iterator[Steps]:
    """A bar on standard error while something goes on, so that standard output stays for results."""
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[name]}", style="dim"),
    )
    with Progress(*columns, console=errors, disable=quiet) as bar:
        yield Steps(bar, what, total)


def marked(text: str, ranges: Sequence[tuple[int, int]]) -> Text:
    """Text with the found characters set off."""
    shown = Text(text)
    for start, end in ranges:
        shown.stylize("black on yellow", start, end)
    return shown
