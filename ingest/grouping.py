"""Which files of a hand-in are one thing 件: a main text with its attachments, or one paper in two formats.

It looks at names and folders only, and proposes; whether they are joined is for a person. A file stands in one group.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

_MARK = r"附(?:[件表图][一二三四五六七八九十\d]*|[一二三四五六七八九十\d]+|(?=[\s：:]))"
ATTACHMENT = re.compile(rf"^{_MARK}|[\s_（(-]{_MARK}|[通知告案法书定]{_MARK}")
NUMBER = re.compile(r"附(?:件|表|图)?([一二三四五六七八九十]|\d+)")
HAN_NUMBERS = "一二三四五六七八九十"
PAPERS = (".pdf", ".ofd", ".docx", ".doc", ".wps", ".odt", ".rtf")
"""Formats of one paper, the one that is signed and sealed first."""
PAPERS_ORDER = {suffix: number for number, suffix in enumerate(PAPERS)}
ATTACHABLE = (*PAPERS, ".xlsx", ".xls", ".et", ".ods", ".pptx", ".ppt", ".dps", ".csv", ".txt")
SHORTEST_NAME = 4
"""A name of fewer characters (通知, 名单) does not say which text an attachment belongs to."""


@dataclass(frozen=True, slots=True)
class Group:
    """Files that seem to be one thing. `reason` is Chinese; `attachments` are in the order of their numbers."""

    main: str
    attachments: tuple[str, ...]
    reason: str


def group(paths: Iterable[str]) -> tuple[Group, ...]:
    """The groups among these paths, in the order of their main texts; files that stand alone are in none."""
    folders: dict[str, list[PurePosixPath]] = {}
    for path in paths:
        one = PurePosixPath(path)
        if one.suffix.lower() in ATTACHABLE:
            folders.setdefault(str(one.parent), []).append(one)
    return tuple(found for files in folders.values() for found in _groups(sorted(files)))


def _groups(files: Sequence[PurePosixPath]) -> Iterator[Group]:
    attachments = [file for file in files if ATTACHMENT.search(file.stem)]
    formats = _by_stem(file for file in files if file not in attachments)
    owners = {file: _owner(file, list(formats), len(attachments)) for file in attachments}
    for stem, (main, *others) in formats.items():
        own = sorted((file for file in attachments if owners[file] == stem), key=_order)
        if own:
            yield Group(str(main), tuple(map(str, [*others, *own])), "同一文件夹里的正文和附件")
        elif others:
            yield Group(str(main), tuple(map(str, others)), "同一个名称的几种格式")


def _by_stem(files: Iterable[PurePosixPath]) -> dict[str, list[PurePosixPath]]:
    """Papers of one name together, the sealed form first; what is no paper stands alone under its full name."""
    found: dict[str, list[PurePosixPath]] = {}
    for file in files:
        found.setdefault(file.stem if file.suffix.lower() in PAPERS else file.name, []).append(file)
    return {
        stem: sorted(same, key=lambda file: PAPERS_ORDER.get(file.suffix.lower(), 0)) for stem, same in found.items()
    }


def _owner(attachment: PurePosixPath, stems: Sequence[str], count: int) -> str | None:
    """The main text of an attachment: the one whose name it carries, else the only text beside the attachments."""
    named = [stem for stem in stems if len(stem) >= SHORTEST_NAME and stem in attachment.stem]
    if named:
        return max(named, key=len)
    return stems[0] if len(stems) == 1 and count else None


def _order(file: PurePosixPath) -> tuple[int, str]:
    found = NUMBER.search(file.stem)
    if found is None:
        return 0, file.stem
    return HAN_NUMBERS.index(found[1]) + 1 if found[1] in HAN_NUMBERS else int(found[1]), file.stem
