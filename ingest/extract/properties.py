"""What a document says about itself in its properties: title, author, created, modified, application.

The keys are stable, the times ISO 8601 as found. Nothing here is believed: these become proposals elsewhere.
"""

from __future__ import annotations

import struct
from datetime import datetime, timedelta

import olefile

from ingest.extract import markup
from ingest.extract.packed import Package

_OOXML = {"title": "title", "creator": "author", "created": "created", "modified": "modified"}
_ODF = {
    "title": "title",
    "initial-creator": "author",
    "creator": "author",
    "creation-date": "created",
    "date": "modified",
    "generator": "application",
}
_SUMMARY = "\x05SummaryInformation"
_OLE = {2: "title", 4: "author", 12: "created", 13: "modified", 18: "application"}
_CODEPAGE, _MOST_PROPERTIES = 1, 200
_BYTES, _WIDE, _TIME = 30, 31, 64
"""Property types: VT_LPSTR, VT_LPWSTR, VT_FILETIME."""
_CHARSETS = {65001: "utf-8", 1200: "utf-16-le", 950: "big5hkscs"}
_1601 = datetime(1601, 1, 1)  # noqa: DTZ001  the files say no zone; the time is given as it stands


def of_office(package: Package) -> dict[str, str]:
    """The core and application properties of an OOXML package."""
    found: dict[str, str] = {}
    core = package.maybe_root("docProps/core.xml")
    for element in core if core is not None else ():
        _put(found, _OOXML.get(markup.local(element)), element.text)
    app = package.maybe_root("docProps/app.xml")
    application = markup.find(app, "Application") if app is not None else None
    if application is not None:
        _put(found, "application", application.text)
    return found


def of_odf(package: Package) -> dict[str, str]:
    """The properties in meta.xml."""
    found: dict[str, str] = {}
    root = package.maybe_root("meta.xml")
    meta = markup.find(root, "meta") if root is not None else None
    for element in meta if meta is not None else ():
        _put(found, _ODF.get(markup.local(element)), element.text)
    return found


def of_ole(ole: olefile.OleFileIO) -> dict[str, str]:
    """The summary information of an OLE document. Broken summaries are passed over.

    Not by olefile's own parser: it believes a count of four thousand million and never comes back.
    """
    found: dict[str, str] = {}
    try:
        if ole.exists(_SUMMARY):
            with ole.openstream(_SUMMARY) as stream:
                values = _values(stream.read())
            for number, key in _OLE.items():
                _put(found, key, values.get(number))
    except (OSError, struct.error, LookupError, ValueError, OverflowError):
        return found
    return found


def _values(data: bytes) -> dict[int, str]:
    """The properties of the first section as text, by number."""
    (start,) = struct.unpack_from("<I", data, 44)
    (count,) = struct.unpack_from("<I", data, start + 4)
    pairs = [struct.unpack_from("<II", data, start + 8 + at * 8) for at in range(min(count, _MOST_PROPERTIES))]
    places = {number: start + offset for number, offset in pairs}
    charset = _charset(data, places.get(_CODEPAGE))
    return {number: _value(data, at, charset) for number, at in places.items() if number in _OLE}


def _charset(data: bytes, at: int | None) -> str:
    """The code page of the summary; Chinese Office writes 936, LibreOffice 65001."""
    return _CHARSETS.get(struct.unpack_from("<H", data, at + 4)[0], "gb18030") if at is not None else "gb18030"


def _value(data: bytes, at: int, charset: str) -> str:
    kind, size = struct.unpack_from("<II", data, at)
    if kind == _BYTES:
        return data[at + 8 : at + 8 + size].decode(charset, "replace")
    if kind == _WIDE:
        return data[at + 8 : at + 8 + size * 2].decode("utf-16-le", "replace")
    if kind == _TIME:
        (ticks,) = struct.unpack_from("<Q", data, at + 4)
        return (_1601 + timedelta(microseconds=ticks // 10)).isoformat() if ticks else ""
    return ""


def _put(found: dict[str, str], key: str | None, value: object) -> None:
    text = str(value).replace("\0", "").strip() if value else ""
    if key and text and key not in found:
        found[key] = text[:500]
