"""The files inside a zip, one at a time: names decoded, hostile entries refused, bombs stopped while they unpack.

A member lies in the caller's workspace until the next one is asked for. Zips inside zips are opened to a limit. Office
files are zips too, but leaves; telling them apart is part of this module. Rar and 7z are leaves here.
"""

from __future__ import annotations

import stat
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest import decoding
from ingest.errors import ZIP_FAULTS, Bomb, Corrupt, Empty, Protected, TooLarge, Truncated, Unreadable
from ingest.found import Candidate, SetAside, display
from ingest.refusals import NESTED_TOO_DEEP, SPECIAL, SYMLINK, TRAVERSAL, WALK_REMEDY, refusal_of_name

_BLOCK = 256 * 1024
_UTF8_FLAG = 0x800
_UNICODE_PATH = 0x7075


@dataclass(frozen=True, slots=True)
class ZipLimits:
    """What one outer zip may cost. Bytes are counted as they unpack."""

    depth: int = 5
    members: int = 200_000
    total_bytes: int = 64 * 1024**3
    ratio: int = 200
    """Unpacked to packed, judged only beyond `harmless_bytes`: blank scans do pack that well."""
    harmless_bytes: int = 256 * 1024**2


@dataclass(slots=True)
class _Budget:
    """Shared by a zip and all zips inside it: a bomb may be spread over levels."""

    limits: ZipLimits
    packed: int
    unpacked: int = 0
    members: int = 0

    def spend(self, count: int) -> None:
        self.unpacked += count
        self.check(self.unpacked)

    def check(self, unpacked: int) -> None:
        if unpacked > self.limits.total_bytes:
            raise Bomb
        if unpacked > self.limits.harmless_bytes and unpacked > self.limits.ratio * max(1, self.packed):
            raise Bomb

    def count_member(self) -> None:
        self.members += 1
        if self.members > self.limits.members:
            raise TooLarge(
                f"压缩包里的文件超过 {self.limits.members} 个，没有全部展开。", "请分成几个压缩包后重新移交。"
            )


@dataclass(frozen=True, slots=True)
class Zip:
    """One zip being walked: its place for reading, its name's bytes, and how deep it lies in others."""

    path: Path
    relative_path: str
    path_bytes: bytes
    workspace: Path
    budget: _Budget
    depth: int = 1


def is_container(path: Path, name: str) -> bool:
    """A zip to be opened: named so, beginning so, and not an Office, OFD or e-book file in disguise."""
    if not name.lower().endswith(".zip"):
        return False
    with path.open("rb") as stream:
        if stream.read(2) != b"PK":
            return False
    try:
        with zipfile.ZipFile(path) as archive:
            return not {"[Content_Types].xml", "mimetype", "OFD.xml"} & set(archive.namelist())
    except ZIP_FAULTS:
        return True


def walk_zip(
    path: Path, relative_path: str, path_bytes: bytes, workspace: Path, limits: ZipLimits
) -> Iterator[Candidate | SetAside]:
    """Every leaf of a zip, in the order of its directory. A zip that cannot be opened is one SetAside."""
    budget = _Budget(limits, path.stat().st_size)
    yield from _members(Zip(path, relative_path, path_bytes, workspace, budget))


def _members(box: Zip) -> Iterator[Candidate | SetAside]:
    try:
        with zipfile.ZipFile(box.path) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _judge(box, entries)
            expected = decoding.expected_charset(b"\n".join(map(raw_name, entries[:2000])) or b"a")
            for entry in entries:
                box.budget.count_member()
                yield from _member(box, archive, entry, expected)
    except Unreadable as bad:
        yield _aside(box, bad)
    except UnicodeDecodeError:
        yield _aside(box, Corrupt("压缩包里的文件名损坏，打不开。", "请重新压缩后再移交。"))
    except zipfile.BadZipFile:
        yield _aside(box, _why_bad(box.path))


def _judge(box: Zip, entries: list[zipfile.ZipInfo]) -> None:
    """What can be said before anything is unpacked. Declared sizes only ever refuse; they never let through."""
    if not entries:
        raise Empty("压缩包是空的，里面没有文件。")
    if all(entry.flag_bits & 1 for entry in entries):
        raise Protected("压缩包设有密码，打不开。", "请用密码解压，再移交里面的文件。")
    box.budget.check(box.budget.unpacked + sum(entry.file_size for entry in entries))


def _aside(box: Zip, bad: Unreadable) -> SetAside:
    return SetAside(
        box.relative_path, box.path_bytes, bad.code, bad.reason, bad.remedy,
        box.relative_path.rpartition("/")[0] if box.depth > 1 else "", box.path.stat().st_size,
    )  # fmt: skip


def _why_bad(path: Path) -> Unreadable:
    """No directory at the end of the file means that the end is missing."""
    with path.open("rb") as stream:
        stream.seek(max(0, path.stat().st_size - 66_000))
        has_end = b"PK\x05\x06" in stream.read()
    remedy = "请从原处重新复制，或重新压缩后再移交。"
    return Corrupt("压缩包已损坏，打不开。", remedy) if has_end else Truncated("压缩包不完整，后半部分缺失。", remedy)


def raw_name(entry: zipfile.ZipInfo) -> bytes:
    """The bytes of the name as they stand in the zip: zipfile has decoded them as UTF-8 or as code page 437."""
    return entry.orig_filename.encode("utf-8" if entry.flag_bits & _UTF8_FLAG else "cp437", "surrogateescape")


def _name(entry: zipfile.ZipInfo, expected: str) -> tuple[str, str]:
    """Readable name and charset. A Unicode path field (as 7-Zip and WinZip write) goes before guessing."""
    raw = raw_name(entry)
    if entry.flag_bits & _UTF8_FLAG:
        return display(raw)
    return display(_unicode_path(entry.extra) or raw, expected)


def _unicode_path(extra: bytes) -> bytes | None:
    while len(extra) >= 4:
        tag, size = int.from_bytes(extra[:2], "little"), int.from_bytes(extra[2:4], "little")
        if tag == _UNICODE_PATH and size > 5:
            return extra[9 : 4 + size]
        extra = extra[4 + size :]
    return None


def _member(
    box: Zip, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, expected: str
) -> Iterator[Candidate | SetAside]:
    inner, charset = _name(entry, expected)
    inner = inner.replace("\\", "/")
    shown = f"{box.relative_path}/{inner.lstrip('/')}"
    raw = box.path_bytes + b"/" + raw_name(entry)
    refusal = _refusal(entry, inner)
    if refusal:
        yield SetAside(shown, raw, *refusal, box.relative_path, entry.file_size)
        return
    with tempfile.TemporaryDirectory(dir=box.workspace) as folder:
        target = Path(folder) / "member"
        try:
            _unpack(archive, entry, target, box.budget)
        except Bomb:
            raise
        except Unreadable as bad:
            yield SetAside(shown, raw, bad.code, bad.reason, bad.remedy, box.relative_path, entry.file_size)
            return
        yield from _leaf_or_zip(box, Candidate(shown, raw, target, 0, 0, box.relative_path, charset))


def _leaf_or_zip(box: Zip, member: Candidate) -> Iterator[Candidate | SetAside]:
    state = member.path.stat()
    if not is_container(member.path, member.name):
        yield Candidate(
            member.relative_path, member.path_bytes, member.path, state.st_size, state.st_mtime_ns,
            member.container, member.charset,
        )  # fmt: skip
    elif box.depth >= box.budget.limits.depth:
        yield SetAside(member.relative_path, member.path_bytes, *NESTED_TOO_DEEP, member.container, state.st_size)
    else:
        yield from _members(
            Zip(member.path, member.relative_path, member.path_bytes, box.workspace, box.budget, box.depth + 1)
        )


def _refusal(entry: zipfile.ZipInfo, inner: str) -> tuple[str, str, str] | None:
    mode = entry.external_attr >> 16
    if leaves_folder(inner):
        return TRAVERSAL
    if stat.S_ISLNK(mode):
        return SYMLINK
    if stat.S_IFMT(mode) not in {0, stat.S_IFREG}:
        return SPECIAL
    return refusal_of_name(inner, entry.file_size)


def leaves_folder(name: str) -> bool:
    """True for a path inside a zip that points outside: "..", absolute, or with a drive letter."""
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or name.startswith(("/", "\\")) or (len(parts[0]) == 2 and parts[0][1] == ":")


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path, budget: _Budget) -> None:
    """Copies one member. Raises Protected, Corrupt, Bomb; OSError of the workspace (a full disk) as it comes."""
    if entry.flag_bits & 1:
        raise Protected("压缩包里的这个文件设有密码，解不开。", "请用密码解压，再移交这个文件。")
    with target.open("wb") as out:
        for block in _blocks(archive, entry):
            budget.spend(len(block))
            out.write(block)


def _blocks(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Iterator[bytes]:
    try:
        with archive.open(entry) as member:
            while block := member.read(_BLOCK):
                yield block
    except NotImplementedError as error:
        # zipfile's word for a compression that it does not know. It is a RuntimeError, so it is asked for first.
        raise Unreadable(
            "unsupported", "压缩方式太新或太旧，这里解不开。", "请用常用软件解压，再移交这个文件。"
        ) from error
    except ZIP_FAULTS as error:
        raise Corrupt("压缩包里的这个文件已损坏，解不开。", WALK_REMEDY) from error
