"""A sheet in front of a form: what it is of, who has signed or is to sign, and what ties the paper to the system."""

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
    """The sheet. `code` is what the QR says, empty where there is none; `words` stand beside it for people."""

    title: str
    rows: Sequence[tuple[str, str]]
    signed: Sequence[Signed]
    words: Sequence[str]
    code: str = ""


def listed(cover: Cover) -> Listing:
    """The sheet as a list of its lines, for a workbook."""
    signed = [(one.seat, "　".join(filter(None, (one.name, one.day)))) for one in cover.signed]
    words = [("校验码" if cover.code else "说明", one) for one in cover.words]
    rows = [Row(pair) for pair in (*cover.rows, *signed, *words)]
    return Listing("封面", (Column("项目", 50), Column("内容", 160)), rows, (cover.title,), landscape=False)
