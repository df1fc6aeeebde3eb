"""A number of a spreadsheet as the sheet shows it: dates, percentages, decimals, by its number format.

Covers what village sheets use; fractions and exotic formats fall back to the plain number. No locale is asked: built-in
formats mean what they mean in a Chinese Excel.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

BUILT_IN: dict[int, str] = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 5: "¥#,##0", 6: "¥#,##0", 7: "¥#,##0.00",
    8: "¥#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"',
    29: 'm"月"d"日"', 30: "m/d/yy", 31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"',
    34: '上午/下午h"时"mm"分"', 35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0", 38: "#,##0",
    39: "#,##0.00", 40: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"',
    52: 'yyyy"年"m"月"', 53: 'm"月"d"日"', 54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"',
    56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"', 58: 'm"月"d"日"',
}  # fmt: skip
_TOKEN = re.compile(
    r'"([^"]*)"|\\(.)|_.|\*.|\[([hms]+)\]|\[[^\]]*\]|(AM/PM|A/P|上午/下午)|(y+|m+|d+|h+|s+|a{3,4})(?![a-z])'
    r"|(\.0+)|([#0?][#0?,]*(?:\.[#0?]+)?)|(%)|(.)",
    re.IGNORECASE | re.DOTALL,
)
_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_WEEKDAYS = "一二三四五六日"
_HAN = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class _Part:
    """One piece of a format. `kind`: text | time | elapsed | noon | fraction | digits | percent."""

    kind: str
    text: str


@lru_cache(maxsize=512)
def _parts(section: str) -> tuple[_Part, ...]:
    found: list[_Part] = []
    for match in _TOKEN.finditer(section):
        kinds = ("text", "text", "elapsed", "noon", "time", "fraction", "digits", "percent", "text")
        for kind, text in zip(kinds, match.groups(), strict=True):
            if text is not None:
                found.append(_Part(kind, text))
    return tuple(found)


def is_date(code: str) -> bool:
    """Whether a format shows a date or time."""
    return any(part.kind in {"time", "elapsed"} for part in _parts(_section(code, 1.0)))


def shown(value: float, code: str, from_1904: bool = False) -> str:
    """The number as its format shows it; `from_1904` is the old Macintosh calendar."""
    if not code or code.lower() == "general" or code == "@":
        return plain(value)
    section = _section(code, value)
    parts = _parts(section)
    if any(part.kind in {"time", "elapsed"} for part in parts):
        return _date(value, parts, from_1904, "DBNum1" in section) or plain(value)
    if "general" in section.lower():
        return re.sub(r'(?i)general|"', lambda word: plain(value) if len(word[0]) > 1 else "", section)
    if "e+" in section.lower() or "/" in section:
        return plain(value)
    return _number(abs(value) if ";" in code and value < 0 else value, parts)


def plain(value: float) -> str:
    """Without a format: whole numbers whole, others to 15 digits, never in powers of ten."""
    if value != value or value in (float("inf"), float("-inf")):
        return str(value)
    if value == int(value) and abs(value) < 1e21:
        return str(int(value))
    return format(Decimal(format(value, ".15g")), "f")


def _section(code: str, value: float) -> str:
    """The section of a format that is for this value: positive;negative;zero."""
    sections = re.split(r';(?=(?:[^"]*"[^"]*")*[^"]*$)', code)
    if value < 0 and len(sections) > 1:
        return sections[1]
    if value == 0 and len(sections) > 2:
        return sections[2]
    return sections[0]


def _number(value: float, parts: tuple[_Part, ...]) -> str:
    percents = sum(1 for part in parts if part.kind == "percent")
    amount = Decimal(format(value, ".15g")) * 100**percents
    text, written = "", False
    for part in parts:
        if part.kind == "digits":
            text, written = text + ("" if written else _digits(amount, part.text)), True
        else:
            text += "%" if part.kind == "percent" else part.text
    return ("-" + text.replace("-", "", 1) if amount < 0 and "-" in text else text).strip()


def _digits(amount: Decimal, pattern: str) -> str:
    whole, _, fraction = pattern.partition(".")
    scale = len(whole) - len(whole.rstrip(","))
    amount = amount / 1000**scale
    rounded = amount.quantize(Decimal(1).scaleb(-len(fraction)), ROUND_HALF_UP)
    text = f"{rounded:,f}" if "," in whole.rstrip(",") else f"{rounded:f}"
    optional = len(fraction) - len(fraction.rstrip("#?"))
    while optional and text.endswith("0"):
        text, optional = text[:-1], optional - 1
    if not rounded and "0" not in pattern:
        return ""
    return _padded(text.rstrip(".") if fraction else text, whole.count("0"))


def _padded(text: str, width: int) -> str:
    """Leading zeros, as a format 0000 asks for them: serial numbers are kept so."""
    sign, bare = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, dot, fraction = bare.partition(".")
    return sign + whole.rjust(width, "0") + dot + fraction


def _date(value: float, parts: tuple[_Part, ...], from_1904: bool, in_han: bool) -> str:
    moment = moment_of(value, from_1904)
    if moment is None:
        return ""
    text = ""
    has_noon = any(part.kind == "noon" for part in parts)
    for number, part in enumerate(parts):
        if part.kind == "time":
            piece = _time(moment, part.text.lower(), _means_minutes(parts, number), has_noon)
            text += _in_han(piece, part.text.lower()) if in_han else piece
        elif part.kind == "elapsed":
            text += str(int(value * {"h": 24, "m": 1440, "s": 86400}[part.text[0].lower()]))
        elif part.kind == "noon":
            text += "上午" if moment.hour < 12 else "下午"
        else:
            text += part.text if part.kind in {"text", "digits"} else ""
    return text.strip()


def moment_of(value: float, from_1904: bool = False) -> datetime | None:
    """The moment a serial number stands for, to the second; None outside the calendar (before 1900, after 9999)."""
    if not 0 <= value < 2958466:
        return None
    start = datetime(1904, 1, 1) if from_1904 else datetime(1899, 12, 31 if value < 60 else 30)  # noqa: DTZ001  sheets know no zones
    return start + timedelta(seconds=round(value * 86400))


def _means_minutes(parts: tuple[_Part, ...], number: int) -> bool:
    """An m right after an hour or right before seconds stands for minutes."""
    times = [(at, part) for at, part in enumerate(parts) if part.kind in {"time", "elapsed"}]
    place = next(at for at, (index, _) in enumerate(times) if index == number)
    before = times[place - 1][1].text[0].lower() if place else ""
    after = times[place + 1][1].text[0].lower() if place + 1 < len(times) else ""
    return before == "h" or after == "s"


def _time(moment: datetime, word: str, minutes: bool, has_noon: bool) -> str:
    hour = (moment.hour - 1) % 12 + 1 if has_noon else moment.hour
    match word[0], len(word):
        case "y", length:
            return f"{moment.year % 100:02d}" if length <= 2 else f"{moment.year:04d}"
        case "m", length if minutes:
            return f"{moment.minute:0{min(length, 2)}d}"
        case "m", length if length >= 3:
            return _MONTHS[moment.month - 1]
        case "d", length if length >= 3:
            return f"星期{_WEEKDAYS[moment.weekday()]}"
        case "a", length:
            return ("星期" if length == 4 else "") + _WEEKDAYS[moment.weekday()]
        case letter, length:
            number = {"m": moment.month, "d": moment.day, "h": hour, "s": moment.second}[letter]
            return f"{number:0{min(length, 2)}d}"


def _in_han(digits: str, word: str) -> str:
    """二〇一九 for years, 十二 for the rest."""
    if not digits.isdigit():
        return digits
    number = int(digits)
    if word.startswith("y") or number < 10:
        return "".join(_HAN[int(digit)] for digit in (digits if word.startswith("y") else str(number)))
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else _HAN[tens]) + "十" + (_HAN[ones] if ones else "")
