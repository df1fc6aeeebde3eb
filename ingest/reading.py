"""What reading one file yields: plain values that cross process borders and can be stored as JSON.

Nothing here opens a file. Page numbers start at 1; confidences lie between 0 and 1; boxes are pixels of the page image.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Line:
    """One recognised line of a page image, in reading order. `box` is (left, top, right, bottom)."""

    text: str
    confidence: float
    box: tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page. `confidence` is None for text that was read and not recognised."""

    number: int
    text: str
    confidence: float | None = None
    lines: tuple[Line, ...] = ()
    vertical: bool = False
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a file could not be read: a stable code, a sentence for the clerk, and what to do next (both Chinese)."""

    code: str
    reason: str
    remedy: str


@dataclass(frozen=True, slots=True)
class FileFormat:
    """What the bytes are. `puid` is the PRONOM id, or None; `mismatch` says the name's ending claims something else."""

    mime: str
    label: str
    extension: str
    puid: str | None = None
    mismatch: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A proposed value and where it was found, in words for the archivist (取自第 1 页标题)."""

    value: str
    source: str


@dataclass(frozen=True, slots=True)
class ProposedDate:
    """A proposed date interval with the wording of the source."""

    wording: str
    earliest: date
    latest: date
    certainty: str
    source: str


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may cost its reader. Bytes are counted while unpacking, not as declared."""

    characters: int = 20_000_000
    pages: int = 20_000
    part_bytes: int = 256 * 1024 * 1024
    """One part of a packed document (document.xml, one sheet …), unpacked."""
    total_bytes: int = 1024 * 1024 * 1024
    """All parts of a packed document, unpacked."""
    mail_depth: int = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What a file seems to say about itself. Every value is a proposal."""

    title: Fact | None = None
    doc_number: Fact | None = None
    date: ProposedDate | None = None
    responsible: Fact | None = None
    village: Fact | None = None
    people: tuple[Fact, ...] = ()
    places: tuple[Fact, ...] = ()
    secrecy: Fact | None = None
    """A secrecy marking found on the file (机密★10年 …): such a file is refused at the door."""


@dataclass(frozen=True, slots=True)
class Kinsman:
    """One person of a genealogy as read: names by kind (name, 字, 号, 谱名 …), kin by the ids of the same file."""

    id: str
    name: str
    names: dict[str, str] = field(default_factory=dict)
    sex: str = ""
    generation: str = ""
    birth: str = ""
    death: str = ""
    burial: str = ""
    parents: tuple[str, ...] = ()
    spouses: tuple[str, ...] = ()
    children: tuple[str, ...] = ()
    restricted: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Extraction:
    """What one extractor got out of one file."""

    pages: tuple[Page, ...] = ()
    metadata: dict[str, str] = field(default_factory=dict)
    page_count: int = 0
    needs_ocr: bool = False
    """True when the pages are images: recognition comes later, in its own queue."""
    warnings: tuple[str, ...] = ()
    people: tuple[Kinsman, ...] = ()
    kind: str = "document"
    """document | photo | audio | video | genealogy | mail | table | data"""
    thumbnail: bytes | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """The whole answer for one file: what it is, what it says, what it proposes, or why it could not be read."""

    format: FileFormat
    extraction: Extraction = Extraction()
    facts: Facts = Facts()
    failure: Failure | None = None
    similarity: str = ""
    """A fingerprint of `ingest.near`, or nothing."""
