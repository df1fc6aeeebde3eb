"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

Data = Annotated[Path | None, typer.Option("--data", help="内置存储所在的文件夹（默认 ./data）。")]
Json = Annotated[bool, typer.Option("--json", help="用 JSON 输出，给程序读。")]
VillageName = Annotated[str, typer.Option("--village", "-v", help="村名或全宗号，例如 石门槛村 或 V012。")]
MaybeVillage = Annotated[str | None, typer.Option("--village", "-v", help="只看这个村（村名或全宗号）。")]
As = Annotated[str | None, typer.Option("--as", help="以这个账号的权限操作（默认是本机操作员，权限最大）。")]


def in_words(words: Mapping[Any, str]) -> str:
    """What may be written, each with what it means: due（期满）、running（未期满）."""
    return "、".join(f"{value}（{said}）" for value, said in words.items())


def known(value: str, words: Mapping[Any, str], option: str) -> str:
    """What was written, if it is one of these.

    Raises:
        typer.BadParameter: it is not; says which there are.
    """
    if value not in words:
        raise typer.BadParameter(f"没有“{value}”，可以写 {in_words(words)}。", param_hint=option)
    return value
