"""What a file is, from its bytes first and its name last.

Own signatures, a look into zip and OLE containers, then text by trying to decode it. The PRONOM id comes from
`ingest.pronom`. Does not judge whether the file is sound: a cut-off DOCX is still a DOCX.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import olefile

from ingest import decoding, pronom
from ingest.errors import ZIP_FAULTS, Charset, Empty
from ingest.kinds import BRANDS, CLAIMS, HEADS, KINDS, LOCKED_OFFICE, ODF, OLE, OOXML, TEXTS, UNKNOWN, ZIP
from ingest.reading import FileFormat

_HEAD = 8192
_OLE_STREAMS = (
    ("encryptedpackage", LOCKED_OFFICE),
    ("worddocument", "application/msword"),
    ("workbook", "application/vnd.ms-excel"),
    ("book", "application/vnd.ms-excel"),
    ("powerpoint document", "application/vnd.ms-powerpoint"),
    ("pp97_dualstorage", "application/vnd.ms-powerpoint"),
    ("__properties_version1.0", "application/vnd.ms-outlook"),
    ("visiodocument", "application/vnd.visio"),
    ("matost", "application/vnd.ms-works"),
    ("wpsdocument", "application/vnd.ms-works"),
)
_ZIP_PARTS = (
    ("ofd.xml", "application/ofd"),
    ("word/", OOXML + "wordprocessingml.document"),
    ("xl/", OOXML + "spreadsheetml.sheet"),
    ("ppt/", OOXML + "presentationml.presentation"),
    ("gedcom.ged", "application/vnd.familysearch.gedcom+zip"),
)
_OFFICE_PARTS = (b"[Content_Types].xml", b"_rels/.rels", b"docProps/app.xml", b"docProps/core.xml")
_OOXML_MARKS = (
    (b"wordprocessingml", OOXML + "wordprocessingml.document"),
    (b"spreadsheetml", OOXML + "spreadsheetml.sheet"),
    (b"presentationml", OOXML + "presentationml.presentation"),
)
_MAIL_HEADER = re.compile(
    rb"(?im)^(from|to|subject|date|received|return-path|mime-version|message-id|x-mailer|delivered-to|content-type):"
)
_HTML = re.compile(rb"(?i)<(!doctype\s+html|html|head|body|table|meta\s)")
_XML = re.compile(rb"^\s*<(\?xml|!DOCTYPE|!--|[A-Za-z_][\w.:-]*[\s/>])")
_GEDCOM = re.compile(r"^\s*0\s+@?HEAD\b")


def identify(path: Path, name: str) -> FileFormat:
    """The format of the file at `path` that people call `name`. Raises Empty for zero bytes and OSError as it comes."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    if not head:
        raise Empty
    ending = extension_of(name)
    mime = _from_head(path, head, ending)
    kind = KINDS[mime]
    extension = ending if mime in CLAIMS.get(ending, ()) else kind.extension
    return FileFormat(mime, kind.label, extension, pronom.puid_of(path, head, mime, ending), mismatched(ending, mime))


def extension_of(name: str) -> str:
    """The ending of a name, lower case, without the dot; empty when there is none."""
    stem, dot, ending = name.rpartition(".")
    return ending.lower() if dot and stem and len(ending) <= 10 else ""


def mismatched(ending: str, mime: str) -> bool:
    """True when the ending is known and stands for something else than what the bytes are."""
    if mime in TEXTS and CLAIMS.get(ending, frozenset()) & TEXTS:
        return False
    return ending in CLAIMS and mime not in CLAIMS[ending]


def _from_head(path: Path, head: bytes, ending: str) -> str:
    if head.startswith(olefile.MAGIC):
        return _inside_ole(path, ending)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _inside_zip(path, head)
    if b"%PDF-" in head[:1024]:
        return "application/pdf"
    if head[4:8] == b"ftyp":
        return BRANDS.get(head[8:12], "video/mp4")
    for offset, mark, mime in HEADS:
        if head.startswith(mark, offset) and _is_honest(head, mark, offset):
            return mime
    return _by_structure(head, ending) or _text(path, head, ending)


def _is_honest(head: bytes, mark: bytes, offset: int) -> bool:
    """Marks behind the first bytes count only in the container they belong to."""
    return mark not in {b"WEBP", b"WAVE", b"AVI ", b"AIFF"} or offset != 8 or head[:4] in {b"RIFF", b"FORM", b"RF64"}


def _by_structure(head: bytes, ending: str) -> str | None:
    """Formats whose marks are too short to trust alone."""
    if (
        head.startswith(b"BM")
        and head[6:10] == b"\0\0\0\0"
        and head[14:18] in {b"\x28\0\0\0", b"\x6c\0\0\0", b"\x7c\0\0\0"}
    ):
        return "image/bmp"
    if head.startswith(b"MZ") and b"\0" in head[:64]:
        return "application/x-dosexec"
    if head[0] == 0xFF and head[1:2] in {b"\xfb", b"\xf3", b"\xf2", b"\xfa"} and ending in {"mp3", "mp2", "mpga", ""}:
        return "audio/mpeg"
    if head[0] == 0xFF and head[1:2] in {b"\xf1", b"\xf9"} and ending in {"aac", ""}:
        return "audio/aac"
    if head[0] == 0x47 and head[188:189] == b"\x47" and head[376:377] == b"\x47":
        return "video/mp2t"
    if ending == "dbf" and head[0] in {0x03, 0x30, 0x83, 0xF5}:
        return "application/x-dbf"
    return None


def _inside_ole(path: Path, ending: str) -> str:
    try:
        with olefile.OleFileIO(path) as ole:
            names = {entry[0].lower() for entry in ole.listdir(streams=True, storages=False)}
    except Exception:
        # olefile raises many kinds on damaged files; the ending is then the best guess, and reading will say corrupt.
        names = set()
    for stream, mime in _OLE_STREAMS:
        if stream in names:
            return mime
    claimed = sorted(
        mime for mime in CLAIMS.get(ending, ()) if mime.startswith(("application/ms", "application/vnd.ms"))
    )
    return claimed[0] if claimed and not names else OLE


def _inside_zip(path: Path, head: bytes) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            if "mimetype" in names:
                return _declared(archive.open("mimetype").read(128))
            if "[Content_Types].xml" in names:
                return _by_content_types(archive.open("[Content_Types].xml").read(64 * 1024), names)
    except ZIP_FAULTS:
        return _by_first_entries(head)
    return _by_names(names)


def _declared(mimetype: bytes) -> str:
    """ODF and EPUB say what they are in their first part; templates count as their documents."""
    mime = mimetype.decode("ascii", "replace").strip().removesuffix("-template")
    return mime if mime in KINDS else ZIP


def _by_content_types(types: bytes, names: list[str]) -> str:
    """By the folders Office always uses, else by what the list of parts declares."""
    found = _by_names(names)
    return found if found != ZIP else next((mime for mark, mime in _OOXML_MARKS if mark in types), ZIP)


def _by_names(names: list[str]) -> str:
    is_office = "[Content_Types].xml" in names
    for part, mime in _ZIP_PARTS:
        own = mime.startswith(OOXML)
        if (is_office or not own) and any(name.lower().startswith(part) for name in names[:2000]):
            return mime
    return ZIP


def _by_first_entries(head: bytes) -> str:
    """A zip without its end: its first local headers still name their parts."""
    if b"mimetypeapplication/vnd.oasis" in head:
        declared = head[head.index(b"mimetypeapplication") + 8 :][:80]
        return next(
            (ODF + kind for kind in ("text", "spreadsheet", "presentation") if (ODF + kind).encode() in declared), ZIP
        )
    for part, mime in ((b"OFD.xml", "application/ofd"), *((p.encode(), m) for p, m in _ZIP_PARTS[1:4])):
        if part in head and (mime.endswith("ofd") or any(one in head for one in _OFFICE_PARTS)):
            return mime
    return ZIP


def _text(path: Path, head: bytes, ending: str) -> str:
    try:
        charset = decoding.detect(head)
    except Charset:
        is_html = "text/html" in CLAIMS.get(ending, ()) and _HTML.search(head[:2048])
        return "text/html" if is_html else _claimed_text(ending) or UNKNOWN
    text = head.decode(charset, "ignore").lstrip("\ufeff")
    plain = text.encode("utf-8", "ignore")
    if _GEDCOM.match(text):
        return "text/vnd.familysearch.gedcom"
    if _XML.match(plain) or _HTML.search(plain[:2048]):
        return _markup(plain, ending)
    if _is_mail(plain, ending):
        return "message/rfc822"
    return _claimed_text(ending) or ("application/json" if _is_json(text) else "text/plain")


def _claimed_text(ending: str) -> str | None:
    """The plain-text type this ending stands for. Undecodable bytes keep it too: reading will say what is wrong."""
    return next((mime for mime in sorted(CLAIMS.get(ending, ())) if mime in TEXTS), None)


def _markup(plain: bytes, ending: str) -> str:
    if _is_mail(plain, ending):
        return "message/rfc822"
    is_html = _HTML.search(plain[:4096]) and not (plain.lstrip().startswith(b"<?xml") and b"<html" not in plain.lower())
    if is_html and ending not in TEXT_ENDINGS_KEPT:
        return "text/html"
    return "application/xml" if _XML.match(plain) else (_claimed_text(ending) or "text/html")


TEXT_ENDINGS_KEPT = frozenset({"md", "markdown", "json", "csv"})
"""Endings whose text may quote HTML without being HTML."""


def _is_mail(plain: bytes, ending: str) -> bool:
    fields = {found.lower() for found in _MAIL_HEADER.findall(plain[:4096].split(b"\n\n")[0].split(b"\r\n\r\n")[0])}
    if ending in {"eml", "mht", "mhtml"}:
        return bool(fields)
    return len(fields) >= 3 and bool(_MAIL_HEADER.match(plain.lstrip()))


def _is_json(text: str) -> bool:
    stripped = text.strip()
    return (
        stripped[:1] in {"{", "["}
        and bool(re.match(r'^[{\[]\s*(["{\[\]}]|-?\d|true|false|null)', stripped))
        and ":" in stripped
    )
