"""The year of a date: of an era, of the cycle of sixty, a decade, a range, in full, or in two digits."""

from __future__ import annotations

import re

from classification.dates.characters import DIGIT, NUMBER, number
from classification.dates.eras import BY_NAME, ERAS
from classification.dates.lunar import BRANCHES, STEMS, years_named
from classification.dates.part import MONTH, SPACE, TO, YEAR_PART, Part

_CYCLE = f"[{STEMS}][{BRANCHES}]"
_ERA = "|".join(era.name for era in ERAS)
_ERA_YEAR = re.compile(
    rf"(?:大?清|中华|前?明)?(?P<era>{_ERA}){SPACE}"
    rf"(?:(?P<count>元|{NUMBER}){SPACE}年(?:{SPACE}(?:岁次|岁在)?{SPACE}{_CYCLE}年?)?|(?P<cycle>{_CYCLE})年?)"
)
_REIGN = re.compile(rf"(?P<era>{_ERA})(?:年间|时期|末年|初年|中叶|朝)")
_CYCLE_YEAR = re.compile(rf"(?:岁次|岁在){SPACE}(?P<cycle>{_CYCLE})年?|(?P<cycle2>{_CYCLE})年")
_DECADE = re.compile(
    rf"(?:(?P<century>上个?世纪|(?:20|二十)世纪)|(?P<hundred>\d\d|{DIGIT}{{2}}))?"
    r"(?P<decade>[1-9]0|[一二三四五六七八九](?:十|〇))年代(?P<third>初|中期|末|后期|前期)?"
)
_YEARS = re.compile(
    rf"(?<!\d)(?P<first>[12]\d{{3}}|[一二]{DIGIT}{{3}}){SPACE}年?{TO}(?P<last>[12]\d{{3}}|"
    rf"[一二]{DIGIT}{{3}})(?!\d)(?:{SPACE}年度?)?"
)
_FULL_YEAR = re.compile(
    rf"(?:公元|西元|公历)?{SPACE}(?<!\d)(?P<year>[12]\d{{3}}|[一二]{DIGIT}{{3}}){SPACE}年(?!代|龄|轻|"
    rf"级|薪|货|纪)(?:度|份)?"
)
_SHORT_YEAR = re.compile(
    rf"(?<![\d.])(?<!{DIGIT})(?P<year>\d\d|{DIGIT}{{2}}){SPACE}年(?!代|龄|轻|级|薪|货|纪)(?:度|份)?"
)
_DURATION_AFTER = re.compile(r"(?:来|内|期|间|以上|以后|之前|前|后|多|了|不变|以下|合同|时间|有余|的)")
_DURATION_BEFORE = frozenset("第共满期长近达延为余逾限超各每至计租")


def year_at(text: str, at: int, this_year: int) -> Part | None:
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
    if last <= first or last > first + 400 or MONTH.match(text, found.end()):
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
    dated = MONTH.match(text, found.end()) or YEAR_PART.match(text, found.end())
    term = whole or ending < 20 or text[max(at - 1, 0) : at] in _DURATION_BEFORE
    if not dated and ((at > 0 and term) or _duration_follows(text, found)):
        return None
    year = this_year - (this_year - ending) % 100
    return Part(at, found.end(), (year,))


def _duration_follows(text: str, found: re.Match[str]) -> bool:
    after = _DURATION_AFTER.match(text, found.end())
    return after is not None and not (after.group() == "的" or (after.group() == "合同" and found.start() == 0))
