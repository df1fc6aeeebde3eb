"""What follows the year of a date: month and day, a festival, or a part of the year."""

from __future__ import annotations

import re
from dataclasses import replace

from classification.dates.characters import NUMBER, number
from classification.dates.part import MONTH, SPACE, TO, YEAR_PART, Part

DAY = re.compile(rf"{SPACE}(?P<day>初{NUMBER}|{NUMBER}){SPACE}日?(?:{TO}(?P<until>{NUMBER}))?{SPACE}(?P<unit>日|号)")
_BARE_DAY = re.compile(rf"{SPACE}(?P<day>初[一二三四五六七八九十]|{NUMBER})(?!\d|[月年组个户])")
_NUMBERED_THINGS = tuple("楼院桌车房文")
_FESTIVALS = {"除夕": (12, 30), "春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "中秋": (8, 15), "重阳": (9, 9)}
_FESTIVAL = re.compile(
    rf"{SPACE}(?P<name>除夕|(?:春节|元宵|端午|中秋|重阳)节?(?!期间|前|后|假|慰问|联欢|活动|放假|值班|走访|文艺|文化|晚会|演出|汇演|敬老|物资|送温暖|运动会|返乡|走亲))"
)
_MONTH_PART = re.compile(rf"{SPACE}(?P<part>[上中下]旬|[月]?[初底末])")


def completed(text: str, year: Part) -> Part | None:
    """The date whose year was read, with what follows it; None where nothing of a date does."""
    return with_month(text, year) or _with_festival(text, year) or _with_year_part(text, year)


def with_month(text: str, part: Part) -> Part | None:
    """The date with the month that stands at its end, and with the day if one follows."""
    found = MONTH.match(text, part.end)
    if found is None:
        return None
    name = found["month"]
    lunar = part.lunar or bool(found["leap"]) or name in "正冬腊"
    month = {"正": 1, "元": 1, "冬": 11, "腊": 12}.get(name) or number(name)
    until = number(found["until"]) if found["until"] else None
    if not 1 <= month <= 12 or not 1 <= (until or 1) <= 12:
        return None
    dated = replace(part, end=found.end(), month=month, until_month=until, leap=bool(found["leap"]), lunar=lunar)
    return _with_day(text, dated) if until is None else dated


def _with_day(text: str, part: Part) -> Part:
    found = DAY.match(text, part.end)
    if found and not (found["unit"] == "号" and text[found.end() : found.end() + 1] in _NUMBERED_THINGS):
        until = number(found["until"]) if found["until"] else None
        lunar = part.lunar or found["day"].startswith("初")
        return replace(part, end=found.end(), day=day_number(found["day"]), until_day=until, lunar=lunar)
    bare = _BARE_DAY.match(text, part.end)
    if bare and (part.lunar or bare["day"][0] in "初廿"):
        return replace(part, end=bare.end(), day=day_number(bare["day"]), lunar=True)
    named = _FESTIVAL.match(text, part.end) if part.month == 12 and part.lunar else None
    if named and named["name"] == "除夕":
        return replace(part, end=named.end(), day=30, named="除夕")
    named = _MONTH_PART.match(text, part.end)
    return replace(part, end=named.end(), named=named["part"].lstrip("月")) if named else part


def _with_festival(text: str, part: Part) -> Part | None:
    found = _FESTIVAL.match(text, part.end)
    if found is None:
        return None
    month, day = _FESTIVALS[found["name"][:2]]
    named = "除夕" if found["name"] == "除夕" else ""
    return replace(part, end=found.end(), month=month, day=day, lunar=True, named=named)


def _with_year_part(text: str, part: Part) -> Part | None:
    found = YEAR_PART.match(text, part.end)
    return replace(part, end=found.end(), named=found["part"].lstrip("年第")) if found else None


def day_number(written: str) -> int:
    """初五 and 五 are both the fifth."""
    return number(written.removeprefix("初"))
