"""Derives the folding table of the search index from OpenCC, Unicode and a short list kept here, and writes it as data.

Character by character, never by phrase: a query cut anywhere and the document it came from must fold alike.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from opencc import OpenCC

TARGET = Path(__file__).resolve().parent.parent / "storage" / "index" / "folding_table.py"
HAND_MADE = (
    "瞭了 覆复 藉借 彷仿 像象 座坐 伕夫 俱具 著着 峯峰 羣群 裡里 裏里 𠮷吉 㐂喜 祇只 陞升 塟葬 菴庵 畧略 囘回 囯国 "
    "閙闹 甯宁 邨村 塋茔 硃朱 椶棕 蔴麻 零〇 ○〇 ◯〇 〔( 〕) 【( 】) [( ]) ［( ］) 〖( 〗) ・· •· ‧· ∙· ⋅· ．·"
)
"""What OpenCC leaves apart: pairs it converts by phrase, variants of village names, zeros, brackets, dots of codes."""
_PER_LINE = 100


def folded(character: str, converters: list[OpenCC]) -> str:
    """One character for one: width and compatibility forms, accents of Latin letters, case, then simplified."""
    wide = unicodedata.normalize("NFKC", character)
    character = wide if len(wide) == 1 else character
    base = unicodedata.normalize("NFD", character)[0]
    character = (base if base.isascii() else character).lower()[:1]
    for converter in converters:
        simple = converter.convert(character)
        character = simple if len(simple) == 1 else character
    return character


def table() -> dict[str, str]:
    """Every character that folds to another."""
    converters = [OpenCC(name) for name in ("t2s", "tw2s", "hk2s")]
    by_hand = {pair[0]: pair[1] for pair in HAND_MADE.split()}
    found = {}
    for point in [*range(0x41, 0xD800), *range(0xF900, 0x10000), *range(0x20000, 0x32000)]:
        character = chr(point)
        target = by_hand.get(character) or folded(character, converters)
        target = by_hand.get(target, target)
        if target != character:
            found[character] = target
    return found


def main() -> None:
    found = table()
    sources, targets = "".join(found), "".join(found.values())
    lines = [
        '"""The folding table as data, written by bench/folding_table.py from OpenCC and Unicode; do not edit by hand.',
        "",
        "The character at one place of SOURCES folds to the character at the same place of TARGETS.",
        '"""',
        "",
    ]
    for name, text in (("SOURCES", sources), ("TARGETS", targets)):
        rows = [text[at : at + _PER_LINE] for at in range(0, len(text), _PER_LINE)]
        lines += [f"{name} = ("] + ["    " + ascii_safe(row) for row in rows] + [")"]
    TARGET.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{TARGET}: {len(found)} characters")


def ascii_safe(row: str) -> str:
    """A literal in which whatever cannot be seen alone is escaped."""
    shown = (c if unicodedata.category(c) in ("Lo", "Ll", "Lu") and c.isprintable() else escaped(c) for c in row)
    return '"' + "".join(shown) + '"'


def escaped(character: str) -> str:
    """The Python escape of a character."""
    point = ord(character)
    return f"\\u{point:04x}" if point < 0x10000 else f"\\U{point:08x}"


if __name__ == "__main__":
    main()
