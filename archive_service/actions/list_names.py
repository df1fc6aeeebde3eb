"""What a clerk writes in a cell, and what is meant: a series, an access class, a date, several values in one cell.

Look-ups only; each answers what is wrong in a sentence that follows the name of the column.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import lru_cache

from archive_service.exchange.list_files import plain
from classification.dates import DateReading, read_date
from classification.outline import Outline

HOW_TO_DATE = "可以写 2019年3月5日、一九五八年、1958.3，不知道就空着。"
_BARE_YEAR = re.compile(r"[12]\d{3}")


class Named:
    """The names that an outline gives to series and access classes."""

    def __init__(self, outline: Outline) -> None:
        self._outline = outline
        self._access = {plain(name): one.id for one in outline.access_classes.values() for name in (one.id, one.name)}
        self._series: dict[str, str | None] = {}
        for series in outline.series.values():
            name = plain(series.name)
            self._series[name] = None if name in self._series else series.id
        self._series |= {plain(series_id): series_id for series_id in outline.series}

    def series(self, text: str) -> str:
        """The id of the series with that id or name.

        Raises:
            ValueError: there is none, or several.
        """
        found = self._series.get(plain(text))
        if found is None:
            raise ValueError(f"大纲里没有条目“{text}”，或有几个同名的，请填条目编号。")
        return found

    def access(self, text: str) -> str:
        """The id of the access class with that id or name.

        Raises:
            ValueError: there is none.
        """
        found = self._access.get(plain(text))
        if found is None:
            names = "、".join(one.name for one in self._outline.access_classes.values())
            raise ValueError(f"没有“{text}”这种利用范围；可填：{names}。")
        return found


@lru_cache(maxsize=2000)
def date_of(wording: str, today: date) -> DateReading:
    """The date that a cell means. Remembered: the rows of a list repeat their dates.

    Raises:
        ValueError: it cannot be read, or lies ahead.
    """
    reading = read_date(f"{wording}年" if _BARE_YEAR.fullmatch(wording) else wording, today)
    if reading is None:
        raise ValueError(f"看不懂日期“{wording}”；{HOW_TO_DATE}")
    if reading.earliest > today:
        raise ValueError(f"日期“{wording}”在今天之后。")
    return reading


def several(text: str) -> list[str]:
    """One cell with several values: 、 ； ; or line ends between them."""
    parts: Sequence[str] = text.replace("；", "、").replace(";", "、").replace("\n", "、").split("、")
    return [part.strip() for part in parts if part.strip()]
