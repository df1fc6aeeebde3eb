"""A date as written, taken apart: the years it may mean, month, day, the words around it. No interval is made here.

`part_at` reads one date at one place; what it reads is not checked against any calendar.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from classification.dates.characters import DIGIT, NUMBER, number
from classification.dates.eras import BY_NAME, ERAS
from classification.dates.lunar import BRANCHES, STEMS, years_named

_SPACE = r"[ \t\u3000]*"
_CYCLE = f"[{STEMS}][{BRANCHES}]"
_ERA = "|".join(era.name for era in ERAS)
_TO = rf"{_SPACE}(?:至|到|[—–―\-－~～]{{1,2}}){_SPACE}"

_ERA_YEAR = re.compile(
    rf"(?:大?清|中华|前?明)?(?P<era>{_ERA}){_SPACE}"
    rf"(?:(?P<count>元|{NUMBER}){_SPACE}年(?:{_SPACE}(?:岁次|岁在)?{_SPACE}{_CYCLE}年?)?|(?P<cycle>{_CYCLE})年?)"
)
_REIGN = re.compile(rf"(?P<era>{_ERA})(?:年间|时期|末年|初年|中叶|朝)")
_CYCLE_YEAR = re.compile(rf"(?:岁次|岁在){_SPACE}(?P<cycle>{_CYCLE})年?|(?P<cycle2>{_CYCLE})年")
_DECADE = re.compile(
    rf"(?:(?P<century>上个?世纪|(?:20|二十)世纪)|(?P<hundred>\d\d|{DIGIT}{{2}}))?"
    r"(?P<decade>[1-9]0|[一二三四五六七八九](?:十|〇))年代(?P<third>初|中期|末|后期|前期)?"
)
_YEARS = re.compile(
    rf"(?<!\d)(?P<first>[12]\d{{3}}|[一二]{DIGIT}{{3}}){_SPACE}年?{_TO}(?P<last>[12]\d{{3}}|"
    rf"[一二]{DIGIT}{{3}})(?!\d)(?:{_SPACE}年度?)?"
)
_FULL_YEAR = re.compile(
    rf"(?:公元|西元|公历)?{_SPACE}(?<!\d)(?P<year>[12]\d{{3}}|[一二]{DIGIT}{{3}}){_SPACE}年(?!代|龄|轻|"
    rf"级|薪|货|纪)(?:度|份)?"
)
_SHORT_YEAR = re.compile(
    rf"(?<![\d.])(?<!{DIGIT})(?P<year>\d\d|{DIGIT}{{2}}){_SPACE}年(?!代|龄|轻|级|薪|货|纪)(?:度|份)?"
)
_NUMERIC = re.compile(
    r"(?<![\d.])(?P<year>1[6-9]\d\d|20\d\d)(?P<mark>[-./:])[ ]?(?P<month>1[0-2]|0?[1-9])"
    r"(?:(?P=mark)[ ]?(?P<day>3[01]|[12]\d|0?[1-9]))?(?![\d%]|\.\d|[-/]\d{1,2}(?!\d))(?!万|元|"
    r"亩|公|斤|千|吨|米|户)"
)
_COMPACT = re.compile(
    r"(?<!\d)(?P<year>19\d\d|20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|"
    r"3[01])(?:[012]\d[0-5]\d[0-5]\d)?(?!\d)"
)
_LUNAR_WORD = re.compile(rf"{_SPACE}[（(]?(?:农历|阴历|旧历|夏历|古历)")
_MONTH = re.compile(
    rf"{_SPACE}(?P<leap>闰)?(?P<month>{NUMBER}|元|正|冬|腊)(?:{_TO}(?P<until>{NUMBER}))?{_SPACE}月(?:份)?"
)
_DAY = re.compile(
    rf"{_SPACE}(?P<day>初{NUMBER}|{NUMBER}){_SPACE}日?(?:{_TO}(?P<until>{NUMBER}))?{_SPACE}(?P<unit>日|号)"
)
_BARE_DAY = re.compile(rf"{_SPACE}(?P<day>初[一二三四五六七八九十]|{NUMBER})(?!\d|[月年组个户])")
_NUMBERED_THINGS = tuple("楼院桌车房文")
_FESTIVALS = {"除夕": (12, 30), "春节": (1, 1), "元宵": (1, 15), "端午": (5, 5), "中秋": (8, 15), "重阳": (9, 9)}
_FESTIVAL = re.compile(
    rf"{_SPACE}(?P<name>除夕|(?:春节|元宵|端午|中秋|重阳)节?(?!期间|前|后|假|慰问|联欢|活动|放假|值班|走访))"
)
_YEAR_PART = re.compile(
    rf"{_SPACE}(?P<part>上半年|下半年|第?[一二三四1234]季度|全年|[年]?[初底末终]|"
    rf"[春夏秋冬](?![节耕播灌晚运游令营奥收种粮防])(?:季|天)?)"
)
_MONTH_PART = re.compile(rf"{_SPACE}(?P<part>[上中下]旬|[月]?[初底末])")
_ABOUT_BEFORE = re.compile(r"(?:大约|约|大概)(?:在|于|是)?")
_ABOUT_AFTER = re.compile(rf"{_SPACE}(?:前后|左右|上下)")
_OPEN_END = re.compile(r"[以之](?:前|后|来)")
_DURATION_AFTER = re.compile(r"(?:来|内|期|间|以上|以后|之前|前|后|多|了|不变|以下|合同|时间|有余|的)")
_DURATION_BEFORE = frozenset("第共满期长近达延为余逾限超各每至计租")


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


def part_at(text: str, at: int, this_year: int, year: int | None = None) -> Part | None:
    """The date that begins at this place of a folded text. A date without a year is one only when `year` is given."""
    about = _ABOUT_BEFORE.match(text, at)
    part = _numeric(text, about.end() if about else at) or _worded(text, about.end() if about else at, this_year, year)
    if part is None or (part.month is None and _OPEN_END.match(text, part.end)):
        return None
    after = _ABOUT_AFTER.match(text, part.end)
    return replace(part, start=at, end=after.end() if after else part.end, about=bool(about or after))


def second_part(text: str, first: Part) -> Part | None:
    """What stands after 至 when it leaves out what the first date said: 2019年1月至3月, 3月5日至7日."""
    to = re.compile(_TO).match(text, first.end)
    if to is None:
        return None
    blank = replace(first, until_month=None, until_day=None, day=None, named="")
    if first.month is not None and _MONTH.match(text, to.end()):
        return _with_month(text, replace(blank, end=to.end(), month=None))
    if first.day is not None:
        day = _DAY.match(text, to.end())
        return replace(blank, end=day.end(), day=_day_number(day["day"])) if day else None
    return None


def after_to(text: str, end: int) -> int | None:
    """Where a second date would begin, or None where no 至 follows."""
    to = re.compile(_TO).match(text, end)
    return to.end() if to else None


def _numeric(text: str, at: int) -> Part | None:
    found = _COMPACT.match(text, at) or _NUMERIC.match(text, at)
    if found is None:
        return None
    day = int(found["day"]) if found["day"] else None
    return Part(at, found.end(), (int(found["year"]),), month=int(found["month"]), day=day)


def _worded(text: str, at: int, this_year: int, year: int | None) -> Part | None:
    lead = _LUNAR_WORD.match(text, at)
    begin = lead.end() if lead else at
    part = _year(text, begin, this_year)
    if part is None:
        if year is None:
            return None
        part = Part(at, begin, (year,), guessed=True)
    elif part.until_year is not None or part.era:
        return part
    word = _LUNAR_WORD.match(text, part.end)
    part = replace(part, lunar=part.lunar or bool(lead or word), end=word.end() if word else part.end)
    inner = _with_month(text, part) or _with_festival(text, part) or _with_year_part(text, part)
    return inner or (None if part.guessed or word else part)


def _year(text: str, at: int, this_year: int) -> Part | None:
    """The year at this place: of an era, of the cycle, a decade, a range, in full, or in two digits."""
    readers = (_era_year, _reign, _decade, _year_range, _full_year)
    found = next((part for reader in readers if (part := reader(text, at))), None)
    return found or _cycle_year(text, at, this_year) or _short_year(text, at, this_year)


def _era_year(text: str, at: int) -> Part | None:
    found = _ERA_YEAR.match(text, at)
    if found is None:
        return None
    era = BY_NAME[found["era"]]
    if found["cycle"]:
        years = years_named(found["cycle"], era.first, era.last)
        return Part(at, found.end(), years, lunar=True, lunar_years=True) if years else None
    year = era.first + number(found["count"]) - 1
    # A reign of fifty years is not counted to sixty; a little over is a copying slip, or loyalty to a dead emperor.
    return Part(at, found.end(), (year,), lunar=era.lunar, lunar_years=era.lunar) if year <= era.last + 2 else None


def _reign(text: str, at: int) -> Part | None:
    found = _REIGN.match(text, at)
    if found is None:
        return None
    era = BY_NAME[found["era"]]
    return Part(at, found.end(), (era.first,), until_year=era.last, era=True)


def _decade(text: str, at: int) -> Part | None:
    found = _DECADE.match(text, at)
    if found is None:
        return None
    written = found["decade"]
    tens = int(written) if written.isascii() else number(written[0]) * 10
    first = tens + (number(found["hundred"]) * 100 if found["hundred"] else 1900)
    low, high = {"初": (0, 3), "前期": (0, 4), "中期": (4, 6), "末": (7, 9), "后期": (5, 9)}.get(found["third"], (0, 9))
    return Part(at, found.end(), (first + low,), until_year=first + high, era=True)


def _year_range(text: str, at: int) -> Part | None:
    found = _YEARS.match(text, at)
    if found is None:
        return None
    first, last = number(found["first"]), number(found["last"])
    # 2019年1月 after 至 is a date of its own, and 1958-1203 is no range.
    if last <= first or last > first + 400 or _MONTH.match(text, found.end()):
        return None
    return Part(at, found.end(), (first,), until_year=last)


def _full_year(text: str, at: int) -> Part | None:
    found = _FULL_YEAR.match(text, at)
    return Part(at, found.end(), (number(found["year"]),)) if found else None


def _cycle_year(text: str, at: int, this_year: int) -> Part | None:
    found = _CYCLE_YEAR.match(text, at)
    if found is None:
        return None
    years = years_named(found["cycle"] or found["cycle2"], 1600, this_year)
    return Part(at, found.end(), years, lunar=True, lunar_years=True) if years else None


def _short_year(text: str, at: int, this_year: int) -> Part | None:
    """Two digits: the latest year that ends so and is not in the future. 30年 may be a term, so a month must follow."""
    found = _SHORT_YEAR.match(text, at)
    if found is None:
        return None
    ending = number(found["year"])
    whole = found["year"].isascii() and ending % 10 == 0
    dated = _MONTH.match(text, found.end()) or _YEAR_PART.match(text, found.end())
    term = whole or ending < 20 or text[max(at - 1, 0) : at] in _DURATION_BEFORE
    if not dated and ((at > 0 and term) or _duration_follows(text, found)):
        return None
    year = this_year - (this_year - ending) % 100
    return Part(at, found.end(), (year,))


def _duration_follows(text: str, found: re.Match[str]) -> bool:
    after = _DURATION_AFTER.match(text, found.end())
    return after is not None and not (after.group() == "的" or (after.group() == "合同" and found.start() == 0))


def _with_month(text: str, part: Part) -> Part | None:
    found = _MONTH.match(text, part.end)
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
    found = _DAY.match(text, part.end)
    if found and not (found["unit"] == "号" and text[found.end() : found.end() + 1] in _NUMBERED_THINGS):
        until = number(found["until"]) if found["until"] else None
        lunar = part.lunar or found["day"].startswith("初")
        return replace(part, end=found.end(), day=_day_number(found["day"]), until_day=until, lunar=lunar)
    bare = _BARE_DAY.match(text, part.end)
    if bare and (part.lunar or bare["day"][0] in "初廿"):
        return replace(part, end=bare.end(), day=_day_number(bare["day"]), lunar=True)
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
    found = _YEAR_PART.match(text, part.end)
    return replace(part, end=found.end(), named=found["part"].lstrip("年第")) if found else None


def _day_number(written: str) -> int:
    return number(written.removeprefix("初"))
