"""What lies in a folder, a zip, a bag or a single file: one Candidate or SetAside for every leaf, in a fixed order.

Nothing is read here except zips and bags. Links are never followed, and a folder of any size costs the same memory:
its names are taken in sorted runs, not as one list.
"""

from __future__ import annotations

import heapq
import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from ingest import bags
from ingest.found import Candidate, SetAside, display
from ingest.refusals import MISSING, NO_PERMISSION, SPECIAL, SYMLINK, VANISHED, Refusal, refusal_of_name
from ingest.unzip import ZipLimits, is_container, walk_zip

__all__ = ["Candidate", "SetAside", "ZipLimits", "walk"]

_RUN = 10_000
"""Names of one folder held at a time. Each run costs one more look through the folder."""

Found = Candidate | SetAside
Known = Callable[[bytes, os.stat_result], bool]
"""Whether the file of this name (its own bytes, "/" between folders) was dealt with in this very state."""

_DAY_NS = 24 * 3600 * 10**9


@dataclass(frozen=True, slots=True)
class _Walk:
    """What stays the same all through one walk."""

    workspace: Path
    limits: ZipLimits
    settled_before_ns: int | None
    known: Known
    bag: dict[bytes, Refusal] = field(default_factory=dict)


def walk(
    path: Path,
    workspace: Path,
    limits: ZipLimits | None = None,
    settled_before_ns: int | None = None,
    shown_as: str | None = None,
    known: Known = lambda _raw, _state: False,
) -> Iterator[Found]:
    """Every leaf under `path`, which is a folder, a zip, a bag or one file.

    `workspace` is an existing folder for the members of zips; a member stays there until the next leaf is asked for.
    For a watched folder: files touched after `settled_before_ns` are passed over without a word, as they may still be
    arriving, and so are `known` ones, zips among them unopened; a bag waits until all of it is settled. `shown_as`:
    what to call a single file that lies here under another name.

    Raises OSError only when `path` itself cannot be listed, or the workspace is full.
    """
    plan = _Walk(workspace, limits or ZipLimits(), settled_before_ns, known)
    if path.is_dir():
        yield from _folder(path, "", b"", plan)
    else:
        raw = os.fsencode(shown_as or path.name)
        yield from _entry(path, shown_as or display(raw)[0], raw, plan)


def _folder(folder: Path, shown: str, raw: bytes, plan: _Walk) -> Iterator[Found]:
    if not bags.is_bag(folder):
        yield from _children(folder, shown, raw, plan)
    elif plan.settled_before_ns is None or _is_due(folder, raw, plan):
        yield from _bag(folder, shown, raw, plan)


def _is_due(bag: Path, raw: bytes, plan: _Walk) -> bool:
    """Whether a bag in a watched folder has arrived and holds something that is not known."""
    inside = [(os.fsencode(path.relative_to(bag)), path.lstat()) for path in bag.rglob("*")]
    if not all(_is_settled(state, plan) for _, state in inside):
        return False
    files = ((name, state) for name, state in inside if name.startswith(b"data/") and stat.S_ISREG(state.st_mode))
    return not all(plan.known(raw + b"/" + name if raw else name, state) for name, state in files)


def _is_settled(state: os.stat_result, plan: _Walk) -> bool:
    """Nobody has written to it of late. A time far in the future is that of a wrong clock, and says nothing."""
    if plan.settled_before_ns is None:
        return True
    of_content = state.st_mtime_ns < plan.settled_before_ns or state.st_mtime_ns > plan.settled_before_ns + _DAY_NS
    return of_content and state.st_ctime_ns < plan.settled_before_ns


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
    if stat.S_ISREG(state.st_mode) and (not _is_settled(state, plan) or plan.known(raw, state)):
        return
    refusal = _nature(state.st_mode) or refusal_of_name(shown, state.st_size) or plan.bag.get(raw)
    if refusal is None and not os.access(path, os.R_OK):
        refusal = NO_PERMISSION
    if refusal:
        yield SetAside(shown, raw, *refusal, "", state.st_size)
    else:
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
    inside = replace(plan, bag=refused)
    yield from _children(folder / "data", f"{shown}/data" if shown else "data", prefix + b"data", inside)
    for path in found.missing:
        yield SetAside(f"{shown}/{path}" if shown else path, prefix + os.fsencode(path), *MISSING)
