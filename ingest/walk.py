"""What lies in a folder, a zip, a bag or a single file: one Candidate or SetAside for every leaf, in a fixed order.

Nothing is read here except zips and bags. Links are never followed, and a folder of any size costs the same memory:
its names are taken in sorted runs, not as one list.
"""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from ingest import bags
from ingest.found import Candidate, SetAside, display
from ingest.refusals import MISSING, NO_PERMISSION, SPECIAL, SYMLINK, VANISHED, Refusal, refusal_of_name
from ingest.unzip import ZipLimits, is_container, walk_zip

__all__ = ["Candidate", "SetAside", "ZipLimits", "walk"]

_RUN = 10_000
"""Names of one folder held at a time. Each run costs one more look through the folder."""

Found = Candidate | SetAside


@dataclass(frozen=True, slots=True)
class _Walk:
    """What stays the same all through one walk."""

    workspace: Path
    limits: ZipLimits
    settled_before_ns: int | None
    bag: dict[bytes, Refusal] = field(default_factory=dict)


def walk(
    path: Path,
    workspace: Path,
    limits: ZipLimits | None = None,
    settled_before_ns: int | None = None,
    shown_as: str | None = None,
) -> Iterator[Found]:
    """Every leaf under `path`, which is a folder, a zip, a bag or one file.

    `workspace` is an existing folder for the members of zips; a member stays there until the next leaf is asked for.
    `settled_before_ns`: for a watched folder, files written to after this moment are passed over without a word, as
    they may still be arriving. `shown_as`: what to call a single file that lies here under another
    name. Raises OSError only when `path` itself cannot be listed, or the workspace is full.
    """
    plan = _Walk(workspace, limits or ZipLimits(), settled_before_ns)
    if path.is_dir():
        yield from _folder(path, "", b"", plan)
    else:
        raw = os.fsencode(shown_as or path.name)
        yield from _entry(path, shown_as or display(raw)[0], raw, plan)


def _folder(folder: Path, shown: str, raw: bytes, plan: _Walk) -> Iterator[Found]:
    if bags.is_bag(folder):
        yield from _bag(folder, shown, raw, plan)
        return
    yield from _children(folder, shown, raw, plan)


def _children(folder: Path, shown: str, raw: bytes, plan: _Walk) -> Iterator[Found]:
    for name in sorted_names(folder):
        text, _ = display(name)
        below = f"{shown}/{text}" if shown else text
        below_raw = raw + b"/" + name if raw else name
        yield from _entry(folder / os.fsdecode(name), below, below_raw, plan)


def sorted_names(folder: Path, run: int = _RUN) -> Iterator[bytes]:
    """The names in a folder in byte order, holding at most `run` of them."""
    last = b""
    while True:
        with os.scandir(os.fsencode(folder)) as entries:
            names = heapq.nsmallest(run, (entry.name for entry in entries if entry.name > last))
        yield from names
        if len(names) < run:
            return
        last = names[-1]


def _entry(path: Path, shown: str, raw: bytes, plan: _Walk) -> Iterator[Found]:
    try:
        state = path.lstat()
    except OSError:
        yield SetAside(shown, raw, *VANISHED)
        return
    if stat.S_ISDIR(state.st_mode):
        yield from _subfolder(path, shown, raw, plan)
        return
    refusal = _nature(state.st_mode) or refusal_of_name(shown, state.st_size) or plan.bag.get(raw)
    if refusal is None and not os.access(path, os.R_OK):
        refusal = NO_PERMISSION
    if refusal:
        yield SetAside(shown, raw, *refusal, "", state.st_size)
    elif plan.settled_before_ns is None or state.st_mtime_ns < plan.settled_before_ns:
        yield from _file(path, shown, raw, state, plan)


def _nature(mode: int) -> Refusal | None:
    if stat.S_ISLNK(mode):
        return SYMLINK
    return None if stat.S_ISREG(mode) else SPECIAL


def _subfolder(path: Path, shown: str, raw: bytes, plan: _Walk) -> Iterator[Found]:
    if not os.access(path, os.R_OK | os.X_OK):
        yield SetAside(shown, raw, *NO_PERMISSION)
        return
    yield from _folder(path, shown, raw, plan)


def _file(path: Path, shown: str, raw: bytes, state: os.stat_result, plan: _Walk) -> Iterator[Found]:
    if is_container(path, shown):
        yield from walk_zip(path, shown, raw, plan.workspace, plan.limits)
    else:
        charset = display(raw.rpartition(b"/")[2])[1]
        yield Candidate(shown, raw, path, state.st_size, state.st_mtime_ns, "", charset)


def _bag(folder: Path, shown: str, raw: bytes, plan: _Walk) -> Iterator[Found]:
    found = bags.check(folder)
    if found.whole:
        yield SetAside(shown or display(os.fsencode(folder.name))[0], raw, *found.whole)
        return
    prefix = raw + b"/" if raw else b""
    refused = {prefix + os.fsencode(path): why for path, why in found.files.items()}
    inside = _Walk(plan.workspace, plan.limits, plan.settled_before_ns, refused)
    yield from _children(folder / "data", f"{shown}/data" if shown else "data", prefix + b"data", inside)
    for path in found.missing:
        yield SetAside(f"{shown}/{path}" if shown else path, prefix + os.fsencode(path), *MISSING)
