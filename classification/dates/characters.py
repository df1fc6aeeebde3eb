"""Characters and numbers as people write them, folded without changing the length: offsets stay those of the source.

It knows nothing of dates.
"""

from __future__ import annotations

import re

_PLAIN = str.maketrans(
    "０１２３４５６７８９零壹贰叁肆伍陆柒捌玖拾貳參陸民國緒豐慶統熙農曆歷閏臘歲後約紀紅號陰舊節間間季",
    "0123456789〇一二三四五六七八九十二三六民国绪丰庆统熙农历历闰腊岁后约纪红号阴旧节间间季",
)
_ROUND = "0oOＯ○◯О"
_HAN = "一二三四五六七八九"
_HAN_YEAR = re.compile(rf"[{_HAN}][〇{_ROUND}{_HAN}]{{3}}(?=[\s　]*年)|(?<![\d{_HAN}])[○◯О][{_HAN}](?=年)")
_TENS = {"十": 10, "廿": 20, "卅": 30}

DIGIT = f"[〇{_HAN}]"
NUMBER = rf"(?:\d{{1,2}}|[{_HAN}]?十[{_HAN}]?|[廿卅][{_HAN}]?|[{_HAN}])"


def fold(text: str) -> str:
    """The text in one form of digits and in simplified characters, character for character."""
    plain = text.translate(_PLAIN)
    return _HAN_YEAR.sub(lambda found: re.sub(f"[{_ROUND}]", "〇", found.group()), plain)


def number(written: str) -> int:
    """十二, 廿三, 12, 元 as a number; a row of single digits (二〇一九) digit by digit."""
    if written == "元":
        return 1
    if written.isascii():
        return int(written)
    if not any(mark in written for mark in _TENS):
        return int("".join(str("〇一二三四五六七八九".index(one)) for one in written))
    ten = next(mark for mark in _TENS if mark in written)
    before, after = written.split(ten)
    return _TENS[ten] * (number(before) if before else 1) + (number(after) if after else 0)
