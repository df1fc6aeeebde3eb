"""RTF: paragraphs, tables with tabs, notes, pages; Chinese from \\u and from bytes in the font's own encoding.

Pictures, styles and deleted text are left out. Written here because striprtf joins cells with bars, knows one encoding
for the whole file and loses page breaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from ingest.errors import Corrupt, TooLarge, Truncated
from ingest.extract.assembly import Pages
from ingest.extract.source import Source
from ingest.reading import Extraction

_TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|[\r\n\0]+|([^\\{}\r\n\0]+)"
)
_LEFT_OUT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "pict", "object", "themedata", "datastore", "latentstyles", "listtable",
    "listoverridetable", "revtbl", "rsidtbl", "generator", "fldinst", "xe", "tc", "bkmkstart", "bkmkend", "filetbl",
    "xmlnstbl", "pgptbl", "nonshppict", "template", "operator", "userprops", "docvar", "private", "annotation",
    "atnid", "atnauthor", "atndate", "atnref", "pnseclvl", "upr", "background",
})  # fmt: skip
"""Destinations whose content is no text of the document. Written list numbers (pntext, listtext) are."""
_STARRED_TEXT = frozenset({"shpinst", "shptxt", "fldrslt", "shp"})
_MARGINS = frozenset({"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"})
_PROPERTIES = {"title": "title", "author": "author", "creatim": "created", "revtim": "modified"}
_TEXT_OF = {
    "par": "\n", "sect": "\n", "line": " ", "tab": "\t", "emdash": "—", "endash": "–", "bullet": "•",
    "lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "emspace": "\u3000", "enspace": " ",
    "cell": "\t", "nestcell": "\t", "row": "\n", "nestrow": "\n", "page": "\f",
}  # fmt: skip
_SYMBOLS = {"~": " ", "_": "-", "\n": "\n", "\r": "\n", "\t": "\t", "{": "{", "}": "}", "\\": "\\"}
_CHARSETS = {0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "big5hkscs", 161: "cp1253",
             163: "cp1258", 204: "cp1251", 238: "cp1250"}  # fmt: skip
_CODEPAGES = {936: "gb18030", 950: "big5hkscs", 932: "cp932", 949: "cp949", 65001: "utf-8", 10008: "gb18030"}
_DEEPEST = 500


@dataclass(frozen=True, slots=True)
class _State:
    """What holds inside the group at hand."""

    place: str = "body"
    """body | margin | note | fonts | a property | "" (left out)."""
    charset: str = ""
    skip: int = 1
    """Characters that repeat a \\u for old programs."""
    font: int = -1
    deleted: bool = False
    in_table: bool = False


def extract(source: Source) -> Extraction:
    """The text of an RTF file, page by page."""
    if source.path.stat().st_size > source.limits.part_bytes:
        raise TooLarge
    content = source.path.read_bytes().decode("latin-1")
    if not content.startswith("{\\rtf"):
        raise Corrupt
    reader = _Reader()
    whole = reader.read(content)
    if not whole and not reader.body.strip():
        raise Truncated
    pages = Pages(source.limits)
    for number, page in enumerate(reader.body.split("\f")):
        if number:
            pages.turn()
        for line in page.split("\n"):
            pages.add(line)
    for line in dict.fromkeys(reader.margins.split("\n")):
        if not re.fullmatch(r"[\s\d第页共/\-—–·~]*", line):
            pages.add(line.strip())
    warnings = () if whole else ("文件不完整，只读到前面的部分。",)
    return pages.extraction(reader.metadata, warnings, "\\pict" in content)


class _Reader:
    """Follows groups and control words; bytes wait until it is clear in which encoding they are."""

    def __init__(self) -> None:
        self.metadata: dict[str, str] = {}
        self._texts: dict[str, list[str]] = {}
        self._state = _State()
        self._stack: list[_State] = []
        self._fonts: dict[int, str] = {}
        self._default = "cp1252"
        self._bytes = bytearray()
        self._to_skip = 0
        self._starred = False

    @property
    def body(self) -> str:
        """The text with pages parted by form feeds; footnotes at the end."""
        return f"{self._text('body')}\n{self._text('note')}"

    @property
    def margins(self) -> str:
        """Headers and footers."""
        return self._text("margin")

    def _text(self, place: str) -> str:
        """The pieces joined; halves of characters beyond the first plane meet here."""
        text = "".join(self._texts.get(place, ()))
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
        return text.replace("\t\n", "\n")

    def read(self, content: str) -> bool:
        """Reads the whole; False when the last group is never closed."""
        at, end = 0, len(content)
        while at < end:
            token = _TOKEN.match(content, at)
            if token is None:
                at += 1
                continue
            at = token.end()
            word, number, byte, symbol, brace, text = token.groups()
            if word == "bin":
                at += max(0, int(number or 0))
            elif word:
                self._flush()
                self._word(word, int(number) if number else None)
            elif byte:
                self._take_byte(int(byte, 16))
            elif symbol:
                self._symbol(symbol)
            elif brace:
                self._brace(brace)
                if brace == "}" and not self._stack:
                    break
            elif text:
                self._plain(text)
        self._flush()
        self._keep_properties()
        return not self._stack

    def _brace(self, brace: str) -> None:
        self._flush()
        self._to_skip = 0
        if brace == "{":
            if len(self._stack) > _DEEPEST:
                raise Corrupt
            self._stack.append(self._state)
        elif self._stack:
            if self._state.place == "note" and self._stack[-1].place != "note":
                self._put("\n")
            self._state = self._stack.pop()

    def _word(self, word: str, number: int | None) -> None:
        starred, self._starred = self._starred, False
        if word in _TEXT_OF:
            self._put(" " if word == "par" and self._state.in_table else _TEXT_OF[word])
        elif word in {"pard", "intbl"}:
            self._state = replace(self._state, in_table=word == "intbl")
        elif word == "u" and number is not None:
            self._put(chr(number % 65536))
            self._to_skip = self._state.skip
        elif word in {"uc", "f", "deff", "fcharset", "ansicpg", "deleted"}:
            self._set(word, 1 if number is None else number)
        elif word in _PROPERTIES and self._stack and self._stack[-1].place == "info":
            self._state = replace(self._state, place=word)
        elif self._state.place in _PROPERTIES and word in {"yr", "mo", "dy", "hr", "min"}:
            self._put(_moment(word, number or 0))
        else:
            self._destination(word, starred)

    def _destination(self, word: str, starred: bool) -> None:
        if word == "info":
            self._state = replace(self._state, place="info")
        elif word == "fonttbl":
            self._state = replace(self._state, place="fonts")
        elif word in _MARGINS:
            self._state = replace(self._state, place="margin")
        elif word == "footnote":
            self._state = replace(self._state, place="note" if self._state.place == "body" else "")
        elif word in _LEFT_OUT or (starred and word not in _STARRED_TEXT):
            self._state = replace(self._state, place="")
        elif word in {"shptxt", "shprslt"}:
            self._state = replace(self._state, place="body" if word == "shptxt" else "")

    def _set(self, word: str, number: int) -> None:
        match word:
            case "uc":
                self._state = replace(self._state, skip=number)
            case "f":
                self._state = replace(self._state, font=number, charset=self._fonts.get(number, ""))
            case "deff":
                self._state = replace(self._state, font=number)
            case "fcharset" if self._state.place == "fonts":
                self._fonts[self._state.font] = _CHARSETS.get(number, "")
            case "ansicpg":
                self._default = _CODEPAGES.get(number, f"cp{number}" if number in range(1250, 1259) else "gb18030")
            case "deleted":
                self._state = replace(self._state, deleted=bool(number))

    def _symbol(self, symbol: str) -> None:
        if symbol == "*":
            self._starred = True
            return
        self._flush()
        written = _SYMBOLS.get(symbol, "")
        if self._to_skip and written:
            self._to_skip -= 1
        else:
            self._put(written)

    def _take_byte(self, byte: int) -> None:
        if self._to_skip:
            self._to_skip -= 1
        else:
            self._bytes.append(byte)

    def _plain(self, text: str) -> None:
        if self._to_skip:
            skipped = min(self._to_skip, len(text))
            self._to_skip -= skipped
            text = text[skipped:]
        # Also unescaped: the second byte of a Chinese character may be a letter, and some programs write all bytes raw.
        self._bytes += text.encode("latin-1")

    def _flush(self) -> None:
        if self._bytes:
            raw, self._bytes = bytes(self._bytes), bytearray()
            self._put(self._decoded(raw))

    def _decoded(self, raw: bytes) -> str:
        if raw.isascii():
            return raw.decode("ascii")
        charset = self._state.charset or self._default
        if charset == "cp1252":
            # Programs that do not say are Chinese here, unless the bytes cannot be.
            try:
                return raw.decode("gb18030")
            except UnicodeDecodeError:
                return raw.decode("cp1252", "replace")
        return raw.decode(charset, "replace")

    def _put(self, text: str) -> None:
        if text and self._state.place and not self._state.deleted:
            self._texts.setdefault(self._state.place, []).append(text)

    def _keep_properties(self) -> None:
        for word, key in _PROPERTIES.items():
            text = self._text(word).strip(" -T:")
            if text:
                self.metadata[key] = text[:500]


def _moment(word: str, number: int) -> str:
    """One part of a time, so that the parts in their order give ISO 8601."""
    return {"yr": f"{number:04d}", "mo": f"-{number:02d}", "dy": f"-{number:02d}", "hr": f"T{number:02d}",
            "min": f":{number:02d}"}[word]  # fmt: skip
