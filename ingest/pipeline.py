"""One file from bytes to a reading: what it is, its text, and what it seems to say about itself.

Runs in a child process of `ingest.sandbox`. A bad document is an answer here, never an exception. Pages that are
images are not recognised here: the reading says that they wait for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from io import BytesIO
from pathlib import Path

from ingest.errors import (
    Corrupt,
    Crashed,
    NoPermission,
    OutOfMemory,
    Protected,
    ReaderAway,
    ReaderDied,
    Secret,
    Timeout,
    Unreadable,
    Unsupported,
)
from ingest.extract import EXTRACTORS, choose
from ingest.extract.source import Server, Source
from ingest.facts import propose
from ingest.identify import extension_of, identify
from ingest.kinds import CLAIMS, KINDS, LOCKED_OFFICE, OLE, UNKNOWN, ZIP
from ingest.near import image_fingerprint, text_fingerprint
from ingest.reading import Extraction, FileFormat, Limits, Reading

UNTOLD = frozenset({UNKNOWN, ZIP, OLE})
"""Types that say nothing about the content: a file called .pdf that is one of these is damaged."""

GENEALOGY_WORDS = re.compile(r"[族家宗世房支]谱|族譜|家譜|宗譜|谱[书牒稿]|世系|吊线图|五世图|字辈")

GENEALOGY_TITLE = re.compile(
    r"(?:[族家宗世房支]谱|族譜|家譜|宗譜|谱序|世系[图表录]?|字辈)(?:[（(第卷上中下序稿\d][^/]*)?\.\w+$"
)
"""At the end of a name: 王氏族谱.docx, 石门王氏宗谱（卷一）.docx."""


def read(
    path: Path,
    name: str,
    shown_path: str,
    *,
    villages: Sequence[str] = (),
    home: str = "",
    received: date,
    limits: Limits | None = None,
    server: Server | None = None,
) -> Reading:
    """Read the file at `path`, which people call `name` and which was handed in as `shown_path`.

    `villages` are the names of the county's villages, `home` the one that hands it in, `received` the day of receipt.
    `server` is asked for what the readers of this process cannot read. Never raises for a bad file.
    """
    form = FileFormat(UNKNOWN, KINDS[UNKNOWN].label, extension_of(name))
    try:
        form = identify(path, name)
        part = partial(read_part, server=server)
        source = Source(path, name, form, limits or Limits(), read_part=part, shown_path=shown_path, server=server)
        extraction = extract(source)
        extraction = _as_genealogy(extraction, shown_path)
        facts = propose(
            name, shown_path, extraction.metadata, extraction.pages, villages=villages, home=home, received=received
        )
        similarity = _similarity(extraction)
    except Unreadable as bad:
        return Reading(form, failure=bad.failure)
    except PermissionError:
        return Reading(form, failure=NoPermission().failure)
    except (MemoryError, RecursionError):
        return Reading(form, failure=OutOfMemory().failure)
    except Exception as error:
        # A fault of a reader, not of the file: kept, tried again, and named so that it can be mended.
        return Reading(form, failure=Crashed(f"读取程序出错（{type(error).__name__}），没有读出内容。").failure)
    if facts.secrecy:
        # What is marked secret leaves no text behind either.
        return Reading(form, failure=Secret.marked(facts.secrecy.value).failure)
    return Reading(form, extraction, facts, similarity=similarity)


def _similarity(extraction: Extraction) -> str:
    """By its text; by its picture when it has next to none."""
    by_text = text_fingerprint("\n".join(page.text for page in extraction.pages))
    if by_text or not extraction.thumbnail:
        return by_text or ""
    # The readers of pictures have loaded it; those of text start without it.
    from PIL import Image

    with Image.open(BytesIO(extraction.thumbnail)) as image:
        return image_fingerprint(image)


def extract(source: Source) -> Extraction:
    """The text of a file; a sound file of a format without a reader has none, and a warning. Raises Unreadable."""
    if source.format.mime == LOCKED_OFFICE:
        raise Protected
    try:
        _check_sound(source)
        return choose(source.format.mime)(source)
    except Exception as fault:
        second = _by_server(source, fault)
        if second is not None:
            return second
        if not isinstance(fault, Unsupported):
            raise
        return Extraction(kind="data", warnings=(f"{fault.reason}{fault.remedy}",))


def _by_server(source: Source, fault: Exception) -> Extraction | None:
    """What the server reads where our own reader has no way in, or fails; None when it has no text either.

    Raises:
        ReaderAway, ReaderDied, Timeout: it could not tell.
    """
    ours_to_tell = isinstance(fault, Unreadable) and not isinstance(fault, Corrupt | Unsupported)
    if source.server is None or ours_to_tell or isinstance(fault, OSError):
        return None
    # Only where a server is set: the client takes a while to load.
    from ingest.extract import tika

    try:
        return tika.extract(source)
    except (ReaderAway, ReaderDied, Timeout):
        raise
    except Unreadable:
        return None


def _as_genealogy(extraction: Extraction, shown_path: str) -> Extraction:
    """Scanned pages among genealogies are one, and so is a text called one; the minutes of its makers are not."""
    words = GENEALOGY_WORDS if extraction.needs_ocr else GENEALOGY_TITLE
    if extraction.kind == "document" and words.search(shown_path):
        return replace(extraction, kind="genealogy")
    return extraction


def _check_sound(source: Source) -> None:
    """Raises Corrupt for what is not at all what its name says."""
    claimed = CLAIMS.get(extension_of(source.name), frozenset())
    if source.format.mime in UNTOLD and source.format.mime not in claimed and claimed & EXTRACTORS.keys():
        label = KINDS[sorted(claimed & EXTRACTORS.keys())[0]].label
        raise Corrupt(f"名为{label}，内容却不是，文件可能已损坏。")


def read_part(path: Path, name: str, depth: int, server: Server | None = None) -> Extraction | None:
    """The text of an attachment that lies in `depth` mails; None when there is none to be had.

    Raises:
        ReaderAway, ReaderDied: the letter has to be read again.
    """
    part = partial(read_part, server=server)
    try:
        return extract(Source(path, name, identify(path, name), depth=depth, read_part=part, server=server))
    except (ReaderAway, ReaderDied):
        raise
    except Unreadable:
        return None
