"""The numbers that Word puts before paragraphs (一、 （二） 3. A) but does not store as text.

Reads numbering.xml and the numbered styles, then counts as paragraphs go by. Unknown number formats count as 1, 2, 3.
"""

from __future__ import annotations

from dataclasses import dataclass

from ingest.extract.markup import Element, attribute, find, local
from ingest.extract.packed import Package

_DIGITS = "〇一二三四五六七八九"
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
          (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
_CHINESE = frozenset({"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCountingThousand",
                      "taiwaneseCounting", "ideographDigital", "koreanCounting"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """Counts the numbered paragraphs of one document."""

    def __init__(self, package: Package, folder: str) -> None:
        self._levels: dict[tuple[str, int], _Level] = {}
        self._abstract: dict[str, str] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counts: dict[tuple[str, int], int] = {}
        self._read(package.maybe_root(f"{folder}/numbering.xml"))
        self._read_styles(package.maybe_root(f"{folder}/styles.xml"))

    def _read(self, root: Element | None) -> None:
        for one in root if root is not None else ():
            if local(one) == "abstractNum":
                for level in one:
                    if local(level) == "lvl":
                        self._levels[attribute(one, "abstractNumId"), _int(attribute(level, "ilvl"))] = _level(level)
            elif local(one) == "num":
                self._abstract[attribute(one, "numId")] = _value(one, "abstractNumId")

    def _read_styles(self, root: Element | None) -> None:
        for style in root if root is not None else ():
            number = find(style, "pPr", "numPr")
            if local(style) == "style" and number is not None and _value(number, "numId"):
                place = _value(number, "numId"), _int(_value(number, "ilvl"))
                self._styles[attribute(style, "styleId")] = place

    def label(self, paragraph: Element) -> str:
        """What Word shows before this paragraph; counts it."""
        place = self._place(paragraph)
        if place is None:
            return ""
        abstract, depth = self._abstract.get(place[0], ""), place[1]
        level = self._levels.get((abstract, depth))
        if level is None or level.form in {"bullet", "none"}:
            return ""
        self._counts[abstract, depth] = self._counts.get((abstract, depth), level.start - 1) + 1
        for deeper in range(depth + 1, 9):
            self._counts.pop((abstract, deeper), None)
        return self._fill(level.text, abstract, depth)

    def _place(self, paragraph: Element) -> tuple[str, int] | None:
        properties = find(paragraph, "pPr")
        if properties is None:
            return None
        own = find(properties, "numPr")
        if own is None:
            return self._styles.get(_value(properties, "pStyle"))
        number = _value(own, "numId")
        return None if number == "0" else (number, _int(_value(own, "ilvl")))

    def _fill(self, text: str, abstract: str, depth: int) -> str:
        for at in range(depth + 1):
            level = self._levels.get((abstract, at))
            if level is not None:
                number = self._counts.get((abstract, at), level.start)
                text = text.replace(f"%{at + 1}", written(number, level.form))
        return text


def _level(level: Element) -> _Level:
    return _Level(_int(_value(level, "start"), 1), _value(level, "numFmt"), _value(level, "lvlText"))


def _value(element: Element, name: str) -> str:
    found = find(element, name)
    return attribute(found, "val") if found is not None else ""


def _int(text: str, otherwise: int = 0) -> int:
    return int(text) if text.lstrip("-").isdigit() else otherwise


def written(number: int, form: str) -> str:
    """A number in a form of Word's: chineseCounting 3 → 三, upperRoman 4 → IV."""
    if form in _CHINESE:
        return chinese(number)
    if form == "ideographTraditional" and 0 < number <= 10:
        return _STEMS[number - 1]
    if form == "ideographZodiac" and 0 < number <= 12:
        return _BRANCHES[number - 1]
    if form in {"lowerLetter", "upperLetter"} and number > 0:
        letter = "abcdefghijklmnopqrstuvwxyz"[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letter.upper() if form == "upperLetter" else letter
    if form in {"lowerRoman", "upperRoman"} and 0 < number < 4000:
        return _roman(number).upper() if form == "upperRoman" else _roman(number)
    if form == "decimalEnclosedCircle" and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    return f"{number:02d}" if form == "decimalZero" else str(number)


def chinese(number: int) -> str:
    """12 → 十二, 105 → 一百〇五; for numbers that lists reach."""
    if not 0 < number < 1000:
        return "".join(_DIGITS[int(digit)] for digit in str(max(number, 0)))
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    text = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        text += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        text += "〇"
    return text + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text
