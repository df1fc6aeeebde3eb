"""The text layer of a PDF page: is it the page's text at all, and are its characters those that people type?

Knows nothing of pictures; whether a page is recognised instead is decided by `pdf`.
"""

from __future__ import annotations

import unicodedata

from ingest.characters import COMMON

_MOST_GARBLED = 0.3
_LEAST_HAN = 0.2
"""Share of Han characters among the letters of a page written in Chinese; its names and figures may be Latin."""
_LEAST_COMMON = 0.5
"""Share of common characters among the Han of a real text; rubbish decoded as Chinese has few."""
_SUPPLEMENT = str.maketrans(
    "⺎⺟⺠⻄⻅⻆⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻤⻥⻦⻧⻨⻩⻬⻮⻰⻳",
    "兀母民西见角贝车长门青韦页风飞食马鬼鱼鸟卤麦黄齐齿龙龟",
)
"""Radicals that have no compatibility mapping, as the characters that look the same."""


def is_garbled(letters: str) -> bool:
    """Whether much of it is no writing: lost or private characters, or bytes of GBK taken for accented Latin."""
    return sum(map(_is_lost, letters)) > _MOST_GARBLED * len(letters)


def is_chinese(letters: str) -> bool:
    """Whether it reads like Chinese: enough Han characters, and common ones."""
    han = [one for one in letters if "\u3400" <= one <= "\u9fff"]
    if len(han) < max(1.0, _LEAST_HAN * sum(one.isalpha() for one in letters)):
        return False
    return sum(one in COMMON for one in han) >= _LEAST_COMMON * len(han)


def with_characters(text: str) -> str:
    """Radicals that a font's table gives for characters (⽂ for 文) become the characters."""
    folded = "".join(unicodedata.normalize("NFKC", one) if "\u2f00" <= one <= "\u2fd5" else one for one in text)
    return folded.translate(_SUPPLEMENT)


def _is_lost(one: str) -> bool:
    return one == "\ufffd" or "\ue000" <= one <= "\uf8ff" or "\u00a1" <= one <= "\u024f"
