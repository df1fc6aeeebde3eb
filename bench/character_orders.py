"""Derives the two orders of Han characters, by sound and by strokes, from the Unicode collation tables that Perl brings.

They are the orders of CLDR (zh-pinyin, zh-stroke), which is how office programs sort Chinese. Written as data, a hundred
characters a line; needs Perl's sources on the machine, the service does not.
"""

from __future__ import annotations

from pathlib import Path

TABLES = Path("/usr/share/perl/5.36/Unicode/Collate/CJK")
TARGET = Path(__file__).resolve().parent.parent / "storage" / "index" / "orders"
WANTED = {"Pinyin": "pinyin.txt", "Stroke": "strokes.txt"}
_PER_LINE = 100


def order(source: str) -> str:
    """The unified ideographs of a table in its order. Signs of groups, radicals and rare planes are left out."""
    data = source.split("__DATA__")[1].split("__END__")[0]
    found = (chr(int(code, 16)) for code in data.split() if "-" not in code)
    return "".join(dict.fromkeys(one for one in found if "\u4e00" <= one <= "\u9fff" or one == "〇"))


def main() -> None:
    """Write both files."""
    TARGET.mkdir(exist_ok=True)
    for table, name in WANTED.items():
        characters = order((TABLES / f"{table}.pm").read_text(encoding="utf-8"))
        lines = (characters[at : at + _PER_LINE] for at in range(0, len(characters), _PER_LINE))
        (TARGET / name).write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
