"""What the county has to say, as a page shows it: a value in words, how it is typed, what may be chosen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from classification.calendar.adjusting import WEEKDAYS, text_of
from classification.calendar.comparison import EVERY, cadence_in_words
from classification.calendar.model import Cadence, Setting
from classification.calendar.periods import Every

YES_NO = (("是", "是"), ("否", "否"))
HINTS = {
    "fraction": "写成 2/3 或 30%",
    "list of dates": "一行一个日期，如 2026-10-01",
    "list": "一行一项",
    "MM-DD": "写成 月-日，如 06-30",
}
"""How a value of a type is typed, by how the name of the type begins; the longer before the shorter."""
_FREQUENCIES = {str(one): word for one, word in EVERY.items()}


def choices(one: Setting) -> tuple[tuple[str, str], ...]:
    """What may be chosen, as it is stored and in words; empty where something is typed."""
    if one.type == "boolean":
        return YES_NO
    if one.type == "weekday":
        return tuple((f"周{day}", f"周{day}") for day in WEEKDAYS)
    if one.type == "cadence":
        return tuple(_FREQUENCIES.items())
    parts = [part.strip() for part in one.type.split("|")]
    return tuple((part, _FREQUENCIES.get(part, part)) for part in parts) if len(parts) > 1 else ()


def hint(one: Setting) -> str:
    """How the value is typed; empty where any words will do, or it is chosen."""
    if one.length and one.type.startswith("list"):
        return "一行一项，共 {n} 项"
    return next((said for kind, said in HINTS.items() if one.type.startswith(kind)), "")


def in_words(one: Setting, lang: str) -> str:
    """The value as it is read; empty where the county has not said."""
    typed = text_of(one.value)
    if one.type.startswith("MM-DD") and (day := re.fullmatch(r"(\d\d)-(\d\d)", typed)):
        return f"{typed} of the next year" if lang == "en" else f"次年{int(day[1])}月{int(day[2])}日"
    return dict(choices(one)).get(typed, typed).replace("\n", "、")


EVERY_EN = {
    Every.DAY: "every day",
    Every.WORKDAY: "every working day",
    Every.WEEK: "every week",
    Every.MONTH: "every month",
    Every.QUARTER: "every quarter",
    Every.HALF_YEAR: "every half-year",
    Every.YEAR: "every year",
    Every.EVENT: "each time",
    Every.TERM: "every term",
}
UNIT_EN = {
    "cadre": "cadre", "matter": "matter", "topic": "topic", "session": "session", "disclosure": "disclosure",
    "revision": "revision", "batch": "batch",
}  # fmt: skip


def frequency(cadence: Cadence, lang: str) -> str:
    """How often, how many, for whom, until when."""
    if lang != "en":
        return cadence_in_words(cadence)
    if cadence.every is None:
        return "the county has not said yet"
    whom = f" for each {UNIT_EN[cadence.per]}" if cadence.per in UNIT_EN else ""
    return ", ".join([f"{cadence.least} {EVERY_EN[cadence.every]}{whom}", *_limits(cadence)])


def _limits(cadence: Cadence) -> Iterator[str]:
    if cadence.window:
        following = " of the next year" if cadence.window_next_year else ""
        yield f"formed in months {cadence.window[0]} to {cadence.window[1]}{following}"
    if cadence.due_by:
        yield f"by {cadence.due_by[0]:02}-{cadence.due_by[1]:02} of the next year"
    elif cadence.due_days is not None:
        yield f"within {cadence.due_days} days after it"
    if cadence.volume:
        yield "may be one book"
    if cadence.level != "village":
        yield f"formed by the {cadence.level}"
