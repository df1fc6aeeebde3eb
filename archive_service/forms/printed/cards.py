"""What goes on a stamp, a box and a note: values made of what is filed. How they look is in the `*_pdf` modules."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from archive_service.forms.printed.listing import Column, Listing, Row

SPINES = (20, 30, 40, 50)
"""Thicknesses of the boxes of the trade, in mm."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """归档章 of one record: 全宗号 年度 件号 / 机构或问题 保管期限 页数."""

    fonds: str
    year: str
    number: str
    topic: str
    period: str
    pages: str
    title: str
    code: str

    def cells(self) -> tuple[tuple[str, str, str], tuple[str, str, str]]:
        """The two lines of the stamp."""
        return (self.fonds, self.year, self.number), (self.topic, self.period, self.pages)


@dataclass(frozen=True, slots=True)
class Box:
    """One box: what lies in it. `number` is what it is called; `volume`: the box is one volume 案卷."""

    number: str
    fonds: str
    village: str
    year: str
    topic: str
    period: str
    first: str
    last: str
    records: int
    pages: int
    volume: bool = False
    remarks: tuple[str, ...] = ()
    """What the note has to say: numbers that are not there, records without pages or dates."""

    def codes(self) -> str:
        """The first and the last code."""
        return self.first if self.first == self.last else f"{self.first} — {self.last}"

    def told(self) -> str:
        """What the QR says, in words, so that any telephone can read it without a network."""
        return "\n".join(
            filter(None, (f"{self.fonds} {self.village}", self.topic, f"{self.year} {self.period}", self.codes()))
        )


STAMP_COLUMNS = (
    Column("档号", 46, whole=True),
    Column("全宗号", 16, "center"),
    Column("年度", 14, "center"),
    Column("件号", 14, "center"),
    Column("机构（问题）", 40),
    Column("保管期限", 22, "center"),
    Column("页数", 12, "right", summed=True),
    Column("题名", 90),
)
BOX_COLUMNS = (
    Column("盒号", 12, "center"),
    Column("全宗号", 16, "center"),
    Column("全宗名称", 28),
    Column("年度", 14, "center"),
    Column("机构（问题）", 36),
    Column("保管期限", 22, "center"),
    Column("起始档号", 46, whole=True),
    Column("终止档号", 46, whole=True),
    Column("件数", 12, "right", summed=True),
    Column("页数", 12, "right", summed=True),
    Column("情况说明", 50),
)


def stamps_listed(stamps: Iterable[Stamp]) -> Listing:
    """The stamps as rows, for a sheet."""
    rows = (
        Row((one.code, one.fonds, one.year, one.number, one.topic, one.period, _number(one.pages), one.title))
        for one in stamps
    )
    return Listing("归档章", STAMP_COLUMNS, rows, counted="题名")


def boxes_listed(title: str, boxes: Iterable[Box]) -> Listing:
    """The boxes as rows, for a sheet."""
    return Listing(title, BOX_COLUMNS, _box_rows(boxes), counted="全宗名称", unit="盒")


def _box_rows(boxes: Iterable[Box]) -> Iterator[Row]:
    for one in boxes:
        yield Row(
            (
                one.number, one.fonds, one.village, one.year, one.topic, one.period, one.first, one.last,
                one.records, one.pages, "；".join(one.remarks),
            )
        )  # fmt: skip


def _number(text: str) -> int | str:
    return int(text) if text.isdigit() else text
