"""The paper: fonts, margins, the foot of every page with n／m, and text put where it is wanted. Units: mm, points.

Body text is 宋体 (serif), labels are 黑体 (sans). Of each font only the characters that were used go into the file.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Literal

import pylopdf_fonts_zh_cn as fonts
from fpdf import FPDF

from archive_service.forms.printed import breaking
from storage.errors import NotReady

SERIF, SANS = "serif", "sans"
SEAL = (165, 53, 42)
"""The red of the seal."""
INK = (25, 23, 20)
HAIR, RULE = 0.12, 0.35
"""Lines: between cells, and around what belongs together."""
POINT = 25.4 / 72
UNKNOWN = "〓"
"""What printers put where they have no type."""
ALL_PAGES = "{pages}"
"""Stands for the number of all pages until it is known, and is wide enough for it."""
Align = Literal["left", "center", "right"]


class FontMissing(NotReady):
    """The Chinese font is not there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"打印用的中文字体 {path.name} 不在，没有生成文件，档案没有动过；请重新运行 make setup 安装。")


class _Widths(dict[str, float]):
    """How wide each character of a font is at one point, measured when it is first met."""

    def __init__(self, paper: Paper, family: str) -> None:
        super().__init__()
        self._paper, self._family = paper, family

    def __missing__(self, character: str) -> float:
        paper = self._paper
        paper.set_font(self._family, size=100)
        self[character] = paper.get_string_width(paper.printable(character, self._family)) / 100
        return self[character]


class Paper(FPDF):
    """A document whose pages are filled by the forms."""

    def __init__(self, made: datetime, landscape: bool = False, left: float = 20, top: float = 16) -> None:
        super().__init__("landscape" if landscape else "portrait", "mm", "A4")
        self.left, self.top, self.right, self.bottom = left, top, self.w - 15, self.h - 16
        self.foot = ""
        self.set_auto_page_break(False)
        self.alias_nb_pages(ALL_PAGES)
        self.set_creation_date(made)
        self.set_creator("village-archive")
        for family, path in ((SERIF, fonts.serif_path()), (SANS, fonts.sans_path())):
            if not path.is_file():
                raise FontMissing(path)
            self.add_font(family, fname=path)
        self._widths = {family: _Widths(self, family) for family in (SERIF, SANS)}
        self.set_text_color(*INK)
        self.set_draw_color(*INK)

    def footer(self) -> None:
        """What this is and who must not take it for law, and which page of how many."""
        self.set_text_color(*INK)
        self.put(self.foot, self.left, self.h - 9, self.fitted(self.foot, self.right - self.left - 15, 7.5, SANS), SANS)
        # Only a cell takes the number of all pages in afterwards; it is not known yet.
        self.set_font(SANS, size=8)
        self.set_xy(self.right - 13, self.h - 12)
        self.cell(13, 4, f"{self.page_no()}／{ALL_PAGES}")

    def width_of(self, text: str, size: float, family: str = SERIF) -> float:
        """How wide a line of text is."""
        return sum(map(self._widths[family].__getitem__, text)) * size

    def printable(self, text: str, family: str = SERIF) -> str:
        """The text with a sign in the place of every character that the font does not have."""
        known = self.fonts[family].cmap  # type: ignore[union-attr]  # both fonts are embedded, none is a core font
        if known.keys() >= set(map(ord, text)):
            return text
        return "".join(one if ord(one) in known else " " if one.isspace() else UNKNOWN for one in text)

    def lines(self, text: str, width: float, size: float, family: str = SERIF, most: int = 1000) -> list[str]:
        """The text in lines that fit."""
        return breaking.lines(text, width, lambda some: self.width_of(some, size, family), most)

    def put(
        self, text: str, x: float, y: float, size: float, family: str = SERIF, align: Align = "left", width: float = 0
    ) -> None:
        """One line of text with its foot at `y`; set into `width` from `x` if it is not to stand left."""
        if align != "left":
            spare = width - self.width_of(text, size, family)
            x += spare if align == "right" else spare / 2
        self.set_font(family, size=size)
        self.text(x, y, self.printable(text, family))

    def fitted(self, text: str, width: float, size: float, family: str = SERIF) -> float:
        """The size at which a line fits into `width`: `size`, or smaller."""
        wide = self.width_of(text, size, family)
        return size if wide <= width else size * width / wide


def nothing(paper: Paper) -> int:
    """A page that says that there is nothing to print, so that nobody thinks it was lost; returns 0."""
    paper.add_page()
    paper.put("没有符合条件的档案。", paper.left, paper.top + 10, 11)
    return 0
