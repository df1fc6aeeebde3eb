"""What a parser may do at its worst, as functions that a child process can be asked to run."""

from __future__ import annotations

import os
import time
from datetime import date
from pathlib import Path

from ingest.errors import Protected
from ingest.reading import Extraction, FileFormat, Page, Reading

PLAIN = FileFormat("text/plain", "纯文本", "txt")


def read(path: Path, name: str, shown_path: str, *, villages: tuple[str, ...], home: str, received: date) -> Reading:
    """Does what the file says."""
    order = path.read_text(encoding="utf-8")
    if order == "hang":
        time.sleep(600)
    if order == "die":
        os.abort()
    if order == "leave":
        os._exit(0)
    if order == "eat":
        bytearray(4 << 30)
    if order == "lock":
        raise Protected
    if order == "stumble":
        raise KeyError(name)
    return Reading(PLAIN, Extraction((Page(1, f"{order} {shown_path} {villages} {received}"),)))


def recognise(path: Path, mime: str, number: int) -> Page:
    """Dies at the second page, always."""
    if number == 2:
        os.abort()
    return Page(number, f"第{number}页", 0.9)


def hang_recognising(path: Path, mime: str, number: int) -> Page:
    """Never returns."""
    time.sleep(600)
    return Page(number, "")


class Intruder:
    """An answer that would run a command in whoever unpacks it."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, ("true",)


def intrude(path: Path, name: str, shown_path: str, *, villages: tuple[str, ...], home: str, received: date) -> object:
    """Sends something that is no reading."""
    return Intruder()


def fill_disk(folder: Path) -> None:
    """Writes more than one temporary file may hold."""
    with (folder / "big").open("wb") as out:
        out.truncate(2 << 30)


def core_size() -> int:
    """The largest core file this process would leave."""
    import resource

    return resource.getrlimit(resource.RLIMIT_CORE)[0]
