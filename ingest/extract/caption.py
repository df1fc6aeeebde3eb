"""What is written inside a photograph about it: EXIF, IPTC and XMP, in Chinese as it was meant, as `photo.*` values.

XMP goes before IPTC, and IPTC before EXIF, as the first says its encoding and the last rarely does. Times are ISO 8601
without a zone, `photo.gps` is "latitude,longitude" in degrees. Whether the words are true is not asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import cast

from PIL import ExifTags, Image, ImageFile, IptcImagePlugin

from ingest import decoding
from ingest.errors import Unreadable
from ingest.extract import markup

_BASE, _IFD = ExifTags.Base, ExifTags.IFD
_TIME = re.compile(r"(\d{4})[:\-](\d\d)[:\-](\d\d)(?:[ T](\d\d:\d\d:\d\d))?")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CAMERA_WORDS = 30
"""A description without a Han character that is shorter than this is the camera's ("dav", "DIGITAL CAMERA")."""

_XMP = {
    "title": "title",
    "description": "photo.caption",
    "creator": "photo.maker",
    "Location": "photo.place",
    "City": "photo.place",
    "PersonInImage": "photo.people",
    "Headline": "photo.background",
    "DateCreated": "photo.time",
    "DateTimeOriginal": "photo.time",
    "subject": "keywords",
}
_IPTC = {
    (2, 5): "title",
    (2, 120): "photo.caption",
    (2, 80): "photo.maker",
    (2, 92): "photo.place",
    (2, 90): "photo.place",
    (2, 105): "photo.background",
    (2, 55): "photo.time",
    (2, 25): "keywords",
}
_EXIF = (
    (_BASE.ImageDescription, "photo.caption"),
    (_BASE.XPTitle, "title"),
    (_BASE.XPComment, "photo.caption"),
    (_BASE.XPSubject, "photo.caption"),
    (_BASE.Artist, "photo.maker"),
    (_BASE.XPAuthor, "photo.maker"),
    (_BASE.XPKeywords, "keywords"),
)
_WIDE = frozenset({_BASE.XPTitle, _BASE.XPComment, _BASE.XPAuthor, _BASE.XPKeywords, _BASE.XPSubject})
"""Windows writes these as UTF-16."""
_COMMENT_CHARSETS = {b"UNICODE\0": "utf-16", b"JIS\0\0\0\0\0": "shift_jis", b"ASCII\0\0\0": "", bytes(8): ""}


def read(image: Image.Image) -> dict[str, str]:
    """Everything the picture says, each value from the best place that has it. Never raises for bad metadata."""
    found: dict[str, str] = {}
    for values in (_xmp(image), _iptc(image), _exif(image)):
        for key, value in values:
            clean = " ".join(value.replace("\0", " ").split())
            if clean and not (key == "photo.caption" and _is_camera(clean)):
                found.setdefault(key, clean)
    if "photo.time" in found:
        found["photo.time"] = iso(found["photo.time"])
    return found


def iso(time: str) -> str:
    """2024:02:24 19:32:41 as 2024-02-24T19:32:41; what is no time stays as it is."""
    match = _TIME.match(time)
    if match is None:
        return f"{time[:4]}-{time[4:6]}-{time[6:]}" if re.fullmatch(r"\d{8}", time) else time
    year, month, day, clock = match.groups()
    return f"{year}-{month}-{day}" + (f"T{clock}" if clock else "")


def _is_camera(words: str) -> bool:
    return len(words) < _CAMERA_WORDS and not _HAN.search(words)


def text(raw: bytes) -> str:
    """Bytes of unsaid encoding: UTF-8 if they are, else what Chinese software writes."""
    return decoding.decode_name(raw.rstrip(b"\0"))[0] if raw else ""


def _xmp(image: Image.Image) -> Iterable[tuple[str, str]]:
    packet = image.info.get("xmp") or image.info.get("XML:com.adobe.xmp")
    if not packet:
        return
    try:
        root = markup.parse(packet.encode() if isinstance(packet, str) else bytes(packet).strip(b"\0 \r\n"))
    except Unreadable:
        return
    for element in root.iter():
        key = _XMP.get(markup.local(element))
        if key:
            items = [one for part in element.iter() if (one := (part.text or "").strip())]
            yield key, "、".join(dict.fromkeys(items))
        for name, value in element.attrib.items():
            short = _XMP.get(str(name).rpartition("}")[2])
            if short:
                yield short, str(value)


def _iptc(image: Image.Image) -> Iterable[tuple[str, str]]:
    if not isinstance(image, ImageFile.ImageFile):
        return
    try:
        fields = IptcImagePlugin.getiptcinfo(image) or {}
    except (OSError, SyntaxError, ValueError, TypeError, IndexError):
        return
    for place, key in _IPTC.items():
        values = fields.get(place, b"")
        parts = values if isinstance(values, list) else [values]
        yield key, "、".join(text(bytes(part)) for part in parts if part)


def _exif(image: Image.Image) -> Iterable[tuple[str, str]]:
    try:
        exif = image.getexif()
        details, place = exif.get_ifd(_IFD.Exif), exif.get_ifd(_IFD.GPSInfo)
    except Exception:
        # Damaged EXIF makes Pillow raise whatever its struct code hits; the picture itself may be sound.
        return
    yield "photo.time", str(details.get(_BASE.DateTimeOriginal) or details.get(_BASE.DateTimeDigitized) or "")
    yield "photo.caption", _comment(details.get(_BASE.UserComment))
    for tag, key in _EXIF:
        yield key, _tag(tag, exif.get(tag))
    yield "photo.device", " ".join(str(exif[tag]).strip("\0 ") for tag in (_BASE.Make, _BASE.Model) if tag in exif)
    yield "photo.gps", _position(place)


def _tag(tag: int, value: object) -> str:
    if tag in _WIDE:
        raw = bytes(cast(Iterable[int], value)) if isinstance(value, bytes | tuple) else b""
        return raw.decode("utf-16-le", "ignore")
    if isinstance(value, bytes):
        return text(value)
    # Pillow reads the bytes of a description as Latin-1, whatever they are.
    return text(value.encode("latin-1")) if isinstance(value, str) and _is_latin(value) else str(value or "")


def _is_latin(value: str) -> bool:
    return all(character <= "\xff" for character in value)


def _comment(value: object) -> str:
    """A user comment names its encoding in its first eight bytes."""
    if not isinstance(value, bytes) or len(value) <= 8:
        return ""
    charset, body = _COMMENT_CHARSETS.get(value[:8]), value[8:]
    if charset is None:
        return text(value)
    if charset != "utf-16":
        return text(body)
    if body[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return body.decode("utf-16", "ignore")
    return max(
        (body.decode(order, "ignore") for order in ("utf-16-le", "utf-16-be")), key=lambda one: len(_HAN.findall(one))
    )


def _position(place: Mapping[int, object]) -> str:
    try:
        latitude, longitude = (
            _degrees(cast(tuple[float, float, float], place[angle])) * (-1 if place.get(side) == away else 1)
            for side, angle, away in ((1, 2, "S"), (3, 4, "W"))
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError):
        return ""
    return f"{latitude:.5f},{longitude:.5f}" if (latitude, longitude) != (0, 0) else ""


def _degrees(angle: tuple[float, float, float]) -> float:
    degrees, minutes, seconds = (float(part) for part in angle)
    return degrees + minutes / 60 + seconds / 3600
