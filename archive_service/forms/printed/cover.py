"""A sheet in front of a form: what it is of, who has signed or is to sign, and the code that ties paper to register."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from archive_service.forms.printed.listing import Column, Listing, Row


@dataclass(frozen=True, slots=True)
class Signed:
    """A place to sign: in what capacity, and who has in the system, when; empty where nobody has yet."""

    seat: str
    name: str = ""
    day: str = ""


@dataclass(frozen=True, slots=True)
class Cover:
    """The sheet. `code` is what the QR says, `code_words` stand beside it for people."""

    title: str
    rows: Sequence[tuple[str, str]]
    signed: Sequence[Signed]
    code: str
    code_words: Sequence[str]


def listed(cover: Cover) -> Listing:
    """The sheet as a list of its lines, for a workbook."""
    signed = [(one.seat, "　".join(filter(None, (one.name, one.day)))) for one in cover.signed]
    code = [("校验码", "　".join(cover.code_words))]
    rows = [Row(pair) for pair in (*cover.rows, *signed, *code)]
    return Listing("封面", (Column("项目", 50), Column("内容", 160)), rows, (cover.title,), landscape=False)
