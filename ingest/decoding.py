"""Bytes to text: which encoding a Chinese file or file name is in, judged by how common its characters are.

Order: byte order mark, strict UTF-8, then the best of GB18030, Big5-HKSCS and UTF-16 by the share of common characters.
Does not parse markup; HTML and e-mail state their charset themselves and only ask here when they do not.
"""

from __future__ import annotations

import codecs
import unicodedata
from dataclasses import dataclass

from ingest.characters import COMMON
from ingest.errors import Charset

SAMPLE = 64 * 1024
CANDIDATES = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_PUNCTUATION = frozenset(
    "，。、；：？！“”‘’（）《》〈〉【】〔〕「」『』—…·　％￥～－／＋＝０１２３４５６７８９○〇□■★√×"
)
_LEAST_SCORE = 0.35
"""Below this a decoding is taken for rubbish. Real pages lie above 0.8, short names above 0.5."""
_MOST_CONTROLS = 0.02


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, the Python name of its encoding, and how many characters had to be replaced (U+FFFD)."""

    text: str
    charset: str
    replaced: int = 0


def decode(data: bytes) -> Decoded:
    """The text of a whole file. Raises Charset when no encoding gives plausible text."""
    charset = detect(data)
    text = data.decode(charset, errors="replace")
    return Decoded(text, charset, text.count("\ufffd") - _own_replacements(data, charset))


def detect(data: bytes) -> str:
    """The Python codec name of these bytes. Raises Charset for what is no text."""
    for mark, charset in _MARKS:
        if data.startswith(mark):
            return charset
    sample = data[:SAMPLE]
    if b"\0" not in sample and _is_utf8(sample, whole=len(data) <= SAMPLE):
        if _controls(sample.decode("utf-8", "ignore")) > _MOST_CONTROLS:
            raise Charset
        return "utf-8"
    charset, score = best(sample)
    if score < _LEAST_SCORE:
        raise Charset
    return charset


def best(sample: bytes, candidates: tuple[str, ...] = CANDIDATES) -> tuple[str, float]:
    """The most plausible of these encodings and its score (0..1). Earlier candidates win a tie."""
    scores = [(plausibility(sample, charset), charset) for charset in candidates]
    score, charset = max(scores, key=lambda pair: pair[0])
    return charset, score


def plausibility(sample: bytes, charset: str) -> float:
    """Share of common characters among those that are not plain ASCII; 0 when the bytes do not decode at all."""
    text = _tolerant(sample, charset)
    if text is None:
        return 0.0
    foreign = [character for character in text if character > "\x7f"]
    if _controls(text) > _MOST_CONTROLS:
        return 0.0
    if not foreign:
        # Latin text as 16-bit units: every second byte is zero, and nothing else explains that.
        return 0.9 if charset.startswith("utf-16") else 0.5
    return sum(map(_worth, foreign)) / len(foreign)


def _worth(character: str) -> float:
    if character in COMMON or character in _PUNCTUATION:
        return 1.0
    if "\u4e00" <= character <= "\u9fff":
        return 0.35 if _in_first_level(character) else 0.1
    return -0.5 if unicodedata.category(character) in {"Co", "Cn", "Cs", "Cc"} else 0.0


def _in_first_level(character: str) -> bool:
    """GB2312 level 1: the 3 755 characters chosen in 1980 for being in daily use (rows 16 to 55)."""
    try:
        return 0xB0 <= character.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        return False


def _tolerant(sample: bytes, charset: str) -> str | None:
    """The text, forgiving a cut last character and one bad place in a thousand; None otherwise."""
    if charset.startswith("utf-16"):
        sample = sample[: len(sample) // 2 * 2]
    text = sample.decode(charset, errors="replace")
    bad = text.rstrip("\ufffd").count("\ufffd")
    return None if bad > len(text) // 1000 else text


def _is_utf8(sample: bytes, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _controls(text: str) -> float:
    """Share of control characters that no text editor writes."""
    if not text:
        return 0.0
    strange = sum(1 for c in text if c < " " and c not in "\t\n\r\f\v\x1a")
    return strange / len(text)


def _own_replacements(data: bytes, charset: str) -> int:
    return data.count("\ufffd".encode()) if charset.startswith("utf-8") else 0


def decode_name(raw: bytes, expected: str = "gb18030") -> tuple[str, str]:
    """A file name and its encoding. `expected` is what the other names beside it are in, and decides close cases."""
    if _is_utf8(raw, whole=True):
        return raw.decode("utf-8"), "utf-8"
    scores = {charset: plausibility(raw, charset) for charset in ("gb18030", "big5hkscs")}
    scores[expected] = scores.get(expected, 0.0) + 0.15
    charset = max(scores, key=lambda name: scores[name])
    return raw.decode(charset, errors="replace"), charset


def expected_charset(names: bytes) -> str:
    """The likely encoding of many names joined (as of one zip), for `decode_name`."""
    return best(names, ("gb18030", "big5hkscs"))[0]
