"""What the commands that print share: the file that is written, its kind taken from its name."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_service.forms.printed.writing import FORMATS

Output = Annotated[Path, typer.Option("--output", "-o", help="写到哪个文件，以 .pdf 或 .xlsx 结尾。")]


def format_of(output: Path) -> str:
    """What kind of file its name asks for.

    Raises:
        BadParameter: for one that is not printed.
    """
    format = output.suffix.lower().removeprefix(".")
    if format not in FORMATS:
        raise typer.BadParameter("文件名要以 .pdf 或 .xlsx 结尾。", param_hint="--output")
    return format
