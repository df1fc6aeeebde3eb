"""How recognised text is written down: full-width punctuation among Han characters, no blanks beside them."""

from __future__ import annotations

import re

_HAN = r"[\u3007\u3400-\u9fff\uf900-\ufaff]"
_BLANK_AFTER = re.compile(rf"(?<={_HAN})\s+(?={_HAN}|[0-9，。：；！？、（）])")
_BLANK_BEFORE = re.compile(rf"(?<=[0-9，。：；！？、（）])\s+(?={_HAN})")
_WIDE = {",": "，", ":": "：", ";": "；", "!": "！", "?": "？"}
_MARK = re.compile(rf"(?<={_HAN})[,:;!?]|(?<=[）》”])[,:;](?!\d)|[,;!?](?={_HAN})")
_BRACKETS = re.compile(r"\(([^()（）]*)\)|[(（]([^()（）]*)[)）]")
_LOST_ZERO = re.compile(r"(?<![〇○零一二三四五六七八九十百千第])二(?=[一二三四五六七八九][〇○零一二三四五六七八九]年)")
"""The 〇 of 二〇一八年 is a small ring that recognition may leave out; nobody here writes of the year 218."""
_ANY_HAN = re.compile(_HAN)


def tidy(text: str) -> str:
    """One recognised line as it would be typed: 单位:石 门 → 单位：石门; Latin words keep their blanks."""
    text = _MARK.sub(lambda mark: _WIDE[mark[0]], text.strip())
    if _ANY_HAN.search(text):
        text = _BRACKETS.sub(lambda inner: f"（{inner[1] or inner[2] or ''}）", text)
    return _LOST_ZERO.sub("二〇", _BLANK_BEFORE.sub("", _BLANK_AFTER.sub("", text)))
