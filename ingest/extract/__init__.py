"""One module per kind of file, each with `extract(source: Source) -> Extraction`, raising `ingest.errors.Unreadable`.

EXTRACTORS says which module reads which MIME type; a module is imported when the first file of its kind comes, so that
a reading process starts fast and small. Which type a file has is `ingest.identify`'s answer.
"""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import cast

from ingest.errors import Unsupported
from ingest.extract.source import Source
from ingest.reading import Extraction

Extract = Callable[[Source], Extraction]

EXTRACTORS: dict[str, str] = {
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "application/vnd.oasis.opendocument.text": "odf",
    "application/vnd.oasis.opendocument.spreadsheet": "odf",
    "application/vnd.oasis.opendocument.presentation": "odf",
    "application/ofd": "ofd",
    "application/msword": "doc",
    "application/vnd.ms-excel": "xls",
    "application/vnd.ms-powerpoint": "ppt",
    "application/vnd.ms-works": "legacy",
    "application/rtf": "rtf",
    "text/html": "html",
    "multipart/related": "mail",
    "message/rfc822": "mail",
    "application/vnd.ms-outlook": "msg",
    "text/plain": "plain",
    "text/csv": "plain",
    "text/markdown": "plain",
    "application/json": "data",
    "application/xml": "xml",
    "text/vnd.familysearch.gedcom": "gedcom",
    "image/jpeg": "photo",
    "image/png": "photo",
    "image/tiff": "photo",
    "image/bmp": "photo",
    "image/gif": "photo",
    "image/webp": "photo",
    "image/heic": "photo",
    "image/jp2": "photo",
    "image/avif": "photo",
    "image/vnd.adobe.photoshop": "photo",
}
FAMILIES: dict[str, str] = {"audio": "media", "video": "media"}
"""Whole families of types, asked when the type itself is not in EXTRACTORS."""

PACKAGES = frozenset(
    {
        "application/x-7z-compressed",
        "application/vnd.rar",
        "application/x-tar",
        "application/gzip",
        "application/x-bzip2",
        "application/x-xz",
    }
)
"""Files in a file that nobody here opens; a zip is opened by the walk."""


def choose(mime: str) -> Extract:
    """The reader of this type, imported now. Raises Unsupported when there is none."""
    name = EXTRACTORS.get(mime) or FAMILIES.get(mime.partition("/")[0])
    if mime in PACKAGES:
        raise Unsupported(
            "这是一个没有打开的压缩包，里面的文件没有逐个登记。", "请先解压，再移交里面的文件；压缩包本身可以不归档。"
        )
    if name is None or find_spec(f"{__name__}.{name}") is None:
        raise Unsupported
    return cast(Extract, import_module(f"{__name__}.{name}").extract)
