"""A date as written, taken apart. Plain values and the two shapes that all its readers share; nothing is read here."""

from __future__ import annotations

import re
from dataclasses import dataclass

from classification.dates.characters import NUMBER

SPACE = r"[ \t\u3000]*"
TO = rf"{SPACE}(?:至|到|[—–―\-－~～]{{1,2}}){SPACE}"
"""What stands between a first and a last date."""
MONTH = re.compile(rf"{SPACE}(?P<leap>闰)?(?P<month>{NUMBER}|元|正|冬|腊)(?:{TO}(?P<until>{NUMBER}))?{SPACE}月(?:份)?")
YEAR_PART = re.compile(
    rf"{SPACE}(?P<part>上半年|下半年|第?[一二三四1234]季度|全年|[年]?(?:[初底末]|终(?!决算|总结|分配|考核|评|结算|奖))|"
    rf"[春夏秋冬](?![节耕播灌晚运游令营奥收种粮防])(?:季|天)?)"
)


@dataclass(frozen=True, slots=True)
class Part:
    """One date as written. `years` holds every year that it may mean; empty when it names none."""

    start: int
    end: int
    years: tuple[int, ...] = ()
    until_year: int | None = None
    lunar: bool = False
    lunar_years: bool = False
    month: int | None = None
    until_month: int | None = None
    leap: bool = False
    day: int | None = None
    until_day: int | None = None
    named: str = ""
    """A part of the year or month: 春, 上半年, 一季度, 上旬, 底."""
    about: bool = False
    era: bool = False
    guessed: bool = False
    """The year was not written in full."""
