"""When nothing was found: how the question was read, and what to leave out so that something is found."""

from __future__ import annotations

from archive_service.actions.ways_out import WayOut, understood
from archive_service.web.asked import FILTERS, Asked
from archive_service.web.context import Visitor
from archive_service.web.pages.names import FACETS
from archive_service.web.pages.spoken import say

PARAMETERS = {field: name for name, field in FILTERS.items()}


def read_as(question: str, visitor: Visitor) -> list[str]:
    """What was understood, a line each."""
    read = understood(question)
    lines = []
    if read.words:
        lines.append(say(visitor, "按这些词查：{words}", words="、".join(read.words)))
    if read.exact:
        lines.append(say(visitor, "要有这样的原文：{words}", words="、".join(f"“{one}”" for one in read.exact)))
    for wording, first, last in read.dates:
        between = _day(first) if first == last else f"{_day(first)} — {_day(last)}"
        lines.append(say(visitor, "“{date}”当作日期：{between}", date=wording, between=between))
    if read.excluded:
        lines.append(say(visitor, "不要有：{words}", words="、".join(read.excluded)))
    return lines


def _day(number: int) -> str:
    return f"{number // 10_000}-{number // 100 % 100:02}-{number % 100:02}"


def attempts(asked: Asked, ways: list[WayOut], visitor: Visitor) -> list[dict[str, object]]:
    """What to try, each with its address and how many it finds."""
    return [{"text": _text(way, visitor), "address": _address(asked, way), "number": way.number} for way in ways]


def _text(way: WayOut, visitor: Visitor) -> str:
    match way.name:
        case "all":
            return say(visitor, "去掉所有条件，只留字词")
        case "excluded":
            return say(visitor, "不排除“{word}”", word=way.value)
        case "quotes":
            return say(visitor, "不要求一字不差")
        case "years":
            return say(visitor, "不限年份")
        case "added_after":
            return say(visitor, "不限新到的")
    name = FACETS.get(PARAMETERS.get(way.name, ""), "其他条件")
    return say(visitor, "不限{name}", name=say(visitor, name))


def _address(asked: Asked, way: WayOut) -> str:
    match way.name:
        case "all":
            return asked.without(*FILTERS, "from", "to", "since")
        case "excluded" | "quotes":
            return asked.with_("q", way.words)
        case "years":
            return asked.without("from", "to")
        case "added_after":
            return asked.without("since")
    return asked.without(PARAMETERS.get(way.name, ""))
