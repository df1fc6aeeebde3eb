"""DOC and WPS files of Word's binary form: body, notes, text boxes, headers once; pages by the author's breaks.

Read here from the piece table, so that tables keep their cells; a file too damaged for that goes to antiword where it
is installed, and Word 6 and 95 are read as plain runs of GB18030, Big5 or two-byte characters.
"""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

from ingest import decoding
from ingest.errors import Corrupt, Unreadable, Unsupported
from ingest.extract import properties, wordbinary
from ingest.extract.assembly import Pages
from ingest.extract.ole import Compound, open_compound
from ingest.extract.source import Source
from ingest.reading import Extraction

_FIELD_CODE = re.compile("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x14\x15]*))?\x15")
"""begin, code, (separator, result), end: the result is what the page shows."""
_LEFT_OUT = re.compile("[\0\x01\x02\x03\x04\x05\x06\x08\x0e\x13-\x15\x1f]")
_CELL_END, _PARAGRAPH_END = "\x07", "\r"
_PIECE = re.compile("([^\r\f\x07\x1e]*)([\r\f\x07\x1e]|$)")
_SECONDS = 20
_WIDE = 0x10
"""In the second byte of the flags of Word 6 and 95: the Far East versions wrote two bytes a character."""
_MARKS = bytes(range(0x20))


def extract(source: Source) -> Extraction:
    """The text of a Word binary file."""
    pages = Pages(source.limits)
    with open_compound(source.path, source.limits) as compound:
        main = compound.read("WordDocument")
        wordbinary.check_header(main)
        metadata = properties.of_ole(compound.ole)
        pictures = compound.ole.exists("Data") or compound.ole.exists("ObjectPool")
        try:
            _read(compound, main, pages)
        except (Corrupt, struct.error, IndexError) as damage:
            pages = Pages(source.limits)
            pages.add(_by_antiword(source.path, damage))
    return pages.extraction(metadata, pictures=pictures)


def _read(compound: Compound, main: bytes, pages: Pages) -> None:
    if not wordbinary.is_word97(main):
        _word95(main, pages)
        return
    story = wordbinary.story(main, compound.read(wordbinary.table_name(main)))
    _add(story.body, pages)
    once = dict.fromkeys(_lines(story.margins))
    for text in (*_lines(story.footnotes), *_lines(story.endnotes), *_lines(story.boxes)):
        pages.add(text)
    for text in once:
        if not re.fullmatch(r"[\s\d第页共/\-—–·~]*", text):
            pages.add(text)


def _shown(text: str) -> str:
    """Fields replaced by their results (innermost first), marks without a meaning for the text removed."""
    while (fewer := _FIELD_CODE.sub(lambda field: field[1] or "", text)) != text:
        text = fewer
    return _LEFT_OUT.sub("", text.replace("\x1c", "-")).replace("\x0b", "\n").replace("\xa0", " ")


def _add(text: str, pages: Pages) -> None:
    """Body text with tables: paragraphs inside a cell stay in the line of its row."""
    if wordbinary.ROW_END not in text:
        # Without the paragraphs' formatting, an empty cell at the end of a row is still the usual sign.
        text = text.replace(_CELL_END * 2, _CELL_END + wordbinary.ROW_END)
    cells: list[str] = []
    held = ""
    for words, end in _PIECE.findall(_shown(text)):
        held += words
        if end == _CELL_END:
            cells, held = [*cells, held], ""
        elif end == _PARAGRAPH_END and cells:
            held += " "
        else:
            pages.add("\t".join([*_joined(cells), held]) if held else "\t".join(_joined(cells)))
            cells, held = [], ""
        if end == "\f":
            pages.turn()


def _joined(cells: list[str]) -> list[str]:
    return [cell.replace("\n", " ").strip() for cell in cells]


def _lines(text: str) -> Iterator[str]:
    lines = (line.strip() for line in re.split(f"[\r\f{_CELL_END}{wordbinary.ROW_END}]", _shown(text)))
    yield from filter(None, lines)


def _word95(main: bytes, pages: Pages) -> None:
    """Word 6 and 95 keep the text in one run of bytes (unless saved fast); its ends stand in the header."""
    start, end = int.from_bytes(main[0x18:0x1C], "little"), int.from_bytes(main[0x1C:0x20], "little")
    if not 0 < start < end <= len(main):
        raise Corrupt
    data = main[start:end]
    if main[0x0B] & _WIDE:
        text = data.decode("utf-16-le", "replace")
    else:
        charset, _ = decoding.best(data.translate(None, _MARKS)[: decoding.SAMPLE], ("gb18030", "big5hkscs"))
        text = data.decode(charset, "replace")
    if text.count("\ufffd") > len(text) // 50:
        raise Unsupported(
            "这是很早的 Word 版本，文字读不出来。", "请用 Word 或 WPS 打开，另存为 DOCX 后一并移交；原件照样保管。"
        )
    _add(text, pages)


def _by_antiword(path: Path, damage: Exception) -> str:
    """The text as antiword has it; the damage when antiword is missing or fails too."""
    program = shutil.which("antiword")
    if program is None:
        raise damage if isinstance(damage, Unreadable) else Corrupt() from damage
    command = [program, "-m", "UTF-8.txt", "-w", "0", str(path.resolve())]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise Corrupt from error
    return done.stdout.decode("utf-8", "replace").strip()
