"""What a document says about itself in its properties: title, author, created, modified, application.

The keys are stable, the times ISO 8601 as found. Nothing here is believed: these become proposals elsewhere.
"""

from __future__ import annotations

from datetime import datetime

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
_OLE = {
    "title": "title",
    "author": "author",
    "create_time": "created",
    "last_saved_time": "modified",
    "creating_application": "application",
}


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
    """The summary information of an OLE document. Broken summaries are passed over."""
    found: dict[str, str] = {}
    try:
        summary = ole.get_metadata()
    except Exception:
        # olefile raises whatever its parsing stumbles over; properties are no reason to fail a file.
        return found
    charset = _charset(summary.codepage)
    for name, key in _OLE.items():
        value = getattr(summary, name, None)
        text = value.decode(charset, "replace") if isinstance(value, bytes) else value
        _put(found, key, text.isoformat() if isinstance(text, datetime) else text)
    return found


def _charset(codepage: object) -> str:
    """Code page of the summary; Chinese Office writes 936, LibreOffice 65001 (which reads as a negative number)."""
    number = codepage % 65536 if isinstance(codepage, int) else 936
    return {65001: "utf-8", 1200: "utf-16-le", 950: "big5hkscs"}.get(number, "gb18030")


def _put(found: dict[str, str], key: str | None, value: object) -> None:
    text = str(value).replace("\0", "").strip() if value else ""
    if key and text and key not in found:
        found[key] = text[:500]
