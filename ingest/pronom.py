"""PRONOM ids: a few from their own marks (nearly all files), the rest from fido's signatures, loaded when first needed.

fido takes about a quarter of a second to load and 5 to 10 ms a file; the marks below take none. Its signatures are
PRONOM v109. A format that PRONOM does not know (OFD) has no id.
"""

from __future__ import annotations

import re
import warnings
import zipfile
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from ingest.errors import ZIP_FAULTS
from ingest.kinds import LOCKED_OFFICE, ODF, OOXML, UNKNOWN

FIXED: dict[str, str] = {
    OOXML + "wordprocessingml.document": "fmt/412",
    OOXML + "spreadsheetml.sheet": "fmt/214",
    OOXML + "presentationml.presentation": "fmt/215",
    "application/vnd.ms-outlook": "x-fmt/430",
    "image/tiff": "fmt/353",
    "text/plain": "x-fmt/111",
    "text/csv": "x-fmt/18",
    "text/markdown": "fmt/1149",
    "application/json": "fmt/817",
    "message/rfc822": "fmt/278",
    "application/zip": "x-fmt/263",
}
"""Types with one id, whatever the version."""
NONE: frozenset[str] = frozenset({"application/ofd", LOCKED_OFFICE, UNKNOWN})
"""Types without an id in PRONOM v109, and bytes that nothing would recognise."""

_PDF = {b"1.0": "fmt/14", b"1.1": "fmt/15", b"1.2": "fmt/16", b"1.3": "fmt/17", b"1.4": "fmt/18", b"1.5": "fmt/19",
        b"1.6": "fmt/20", b"1.7": "fmt/276"}  # fmt: skip
_JFIF = {b"\x01\x00": "fmt/42", b"\x01\x01": "fmt/43", b"\x01\x02": "fmt/44"}
_ODF = {
    ODF + "text": {"1.0": "fmt/136", "1.1": "fmt/290", "1.2": "fmt/291"},
    ODF + "spreadsheet": {"1.0": "fmt/137", "1.1": "fmt/294", "1.2": "fmt/295"},
    ODF + "presentation": {"1.0": "fmt/138", "1.1": "fmt/292", "1.2": "fmt/293"},
}
_ODF_VERSION = re.compile(rb'office:version="(\d\.\d)"')


def puid_of(path: Path, head: bytes, mime: str, ending: str) -> str | None:
    """The PRONOM id of a file of this type; None when PRONOM has none or several fit. Never raises for a bad file."""
    if mime in FIXED and not _needs_signature(mime, ending):
        return FIXED[mime]
    if mime in NONE:
        return None
    return _by_mark(path, head, mime) or by_signature(path)


def _needs_signature(mime: str, ending: str) -> bool:
    """Macro and template variants have ids of their own."""
    return mime.startswith(OOXML) and ending not in {"docx", "xlsx", "pptx", "wps", "et", "dps", ""}


def _by_mark(path: Path, head: bytes, mime: str) -> str | None:
    if mime == "application/pdf" and b"%PDF-" in head:
        return None if _may_be_archival(path) else _PDF.get(head.partition(b"%PDF-")[2][:3])
    if mime == "image/jpeg" and head[6:11] == b"JFIF\0" and b"Exif\0" not in head[:64]:
        return _JFIF.get(head[11:13])
    if mime in _ODF:
        return _ODF[mime].get(_odf_version(path))
    return None


def _may_be_archival(path: Path) -> bool:
    """PDF/A says so in its XMP packet, which is not compressed; looked for where writers put it."""
    with path.open("rb") as stream:
        start = stream.read(256 * 1024)
        stream.seek(max(0, path.stat().st_size - 256 * 1024))
        return b"pdfaid" in start or b"pdfaid" in stream.read()


def _odf_version(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive, archive.open("content.xml") as part:
            found = _ODF_VERSION.search(part.read(8192))
    except (KeyError, *ZIP_FAULTS):
        return ""
    return found.group(1).decode() if found else ""


class _Signatures(Protocol):
    containersignature_file: str

    def identify_file(self, filename: str, extension: bool = True) -> None: ...


class _Fido:
    """fido called for its answer: it hands matches to a callback instead of returning them."""

    def __init__(self) -> None:
        from fido import fido  # a quarter of a second and 40 MB: only when a file needs it

        folder = Path(fido.__file__).parent / "conf"
        formats = sorted(folder.glob("formats-v*.xml"))[-1].name
        self.matches: list[str] = []
        # The names are given because fido's own defaults point at an older signature file than the one it ships.
        self.fido: _Signatures = fido.Fido(
            quiet=True, handle_matches=self._take, format_files=[formats, "format_extensions.xml"]
        )
        # An attribute, because fido ignores the argument of this name.
        self.fido.containersignature_file = sorted(folder.glob("container-signature-*.xml"))[-1].name

    def _take(self, _name: str, matches: list[tuple[Any, str]], _seconds: float, _how: str = "") -> None:
        self.matches = [form.find("puid").text for form, _ in matches]

    def puids(self, path: Path) -> list[str]:
        self.matches = []
        with warnings.catch_warnings():
            # fido leaves files to the garbage collector.
            warnings.simplefilter("ignore", ResourceWarning)
            self.fido.identify_file(str(path), extension=False)
        return self.matches


@cache
def _signatures() -> _Fido:
    return _Fido()


def by_signature(path: Path) -> str | None:
    """What fido says, when it says one thing. None also when its container reader stumbles over a damaged file."""
    try:
        found = dict.fromkeys(_signatures().puids(path))
    except Exception:
        # fido lets through whatever zipfile and olefile raise; an id is a hint and never a reason to fail a file.
        return None
    return next(iter(found)) if len(found) == 1 else None
