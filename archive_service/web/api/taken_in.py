"""An uploaded document lies in a folder of its own while it is read; its ending says how it is written."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from fastapi import UploadFile

from archive_service.web.security import TooMuch

LARGEST = 32 << 20


def upload_example(name: str) -> dict[str, Any]:
    """What the document says of an operation that takes one file."""
    return {"requestBody": {"content": {"multipart/form-data": {"example": {"file": f"{name}（文件的字节）"}}}}}


@contextmanager
def taken_in(file: UploadFile, what: str) -> Iterator[Path]:
    """The upload as a file, gone afterwards. `what`: its name in a sentence, such as 大纲文件.

    Raises:
        TooMuch: it is larger than such a document can be.
    """
    sent = file.file.read(LARGEST + 1)
    if len(sent) > LARGEST:
        raise TooMuch(f"{what}最大 {LARGEST >> 20} MB，没有导入。")
    with tempfile.TemporaryDirectory(prefix="village-archive-") as folder:
        path = Path(folder) / f"sent{Path(file.filename or '').suffix.lower()[:6]}"
        path.write_bytes(sent)
        yield path
