"""What lies in a folder, a zip or a bag: one answer for every leaf, and nothing hostile is followed."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import zipfile
from itertools import takewhile
from pathlib import Path
from tempfile import gettempdir

import bagit
import pytest

from ingest.errors import Changed
from ingest.found import open_steady
from ingest.walk import Candidate, SetAside, ZipLimits, sorted_names, walk


def _walk(path: Path, scratch: Path, limits: ZipLimits | None = None) -> dict[str, str]:
    """Shown path → the bytes of a file as text, or the code of what is set aside."""
    scratch.mkdir(exist_ok=True)
    found: dict[str, str] = {}
    for one in walk(path, scratch, limits):
        assert one.relative_path not in found
        found[one.relative_path] = one.code if isinstance(one, SetAside) else one.path.read_text(encoding="utf-8")
    return found


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "村"
    made.mkdir()
    return made


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    made = tmp_path / "scratch"
    made.mkdir()
    return made


def _zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def _old_zip(path: Path, charset: str, names: list[str]) -> Path:
    """A zip as old Windows software makes it: names in the local encoding, without saying so."""
    stand_ins = [f"{number:02}" + "x" * (len(name.encode(charset)) - 2) for number, name in enumerate(names)]
    _zip(path, {stand_in: b"text" for stand_in in stand_ins})
    data = path.read_bytes()
    for stand_in, name in zip(stand_ins, names, strict=True):
        data = data.replace(stand_in.encode(), name.encode(charset))
    path.write_bytes(data)
    return path


def test_leaves_come_in_order_with_folders_in_their_paths(folder: Path, scratch: Path) -> None:
    (folder / "b").mkdir()
    (folder / "b" / "会议.txt").write_text("二", encoding="utf-8")
    (folder / "a.txt").write_text("一", encoding="utf-8")
    assert list(_walk(folder, scratch).items()) == [("a.txt", "一"), ("b/会议.txt", "二")]


def test_what_no_archive_wants_is_set_aside_and_named(folder: Path, scratch: Path) -> None:
    for name in ("Thumbs.db", ".DS_Store", "~$合同.docx", "下载.crdownload"):
        (folder / name).write_bytes(b"x")
    (folder / "空.txt").touch()
    assert _walk(folder, scratch) == {
        "Thumbs.db": "system_file",
        ".DS_Store": "system_file",
        "~$合同.docx": "lock_file",
        "下载.crdownload": "lock_file",
        "空.txt": "empty",
    }


def test_links_and_pipes_are_not_followed(folder: Path, scratch: Path) -> None:
    (folder / "链接").symlink_to("/etc")
    (folder / "文件链接.txt").symlink_to("/etc/passwd")
    os.mkfifo(folder / "管道")
    assert _walk(folder, scratch) == {"文件链接.txt": "symlink", "管道": "special_file", "链接": "symlink"}


def test_a_file_without_permission_is_named(folder: Path) -> None:
    (folder / "不许看.txt").write_text("x", encoding="utf-8")
    (folder / "不许看.txt").chmod(0)
    for parent in (folder, *takewhile(lambda above: above != Path(gettempdir()), folder.parents)):
        parent.chmod(0o755)
    # The administrator may read everything, so the walk is made by somebody else where that is possible.
    program = (
        "import os, sys, pathlib; from ingest.walk import walk; os.getuid() or os.setuid(65534);"
        "print(*(one.code for one in walk(pathlib.Path(sys.argv[1]), pathlib.Path('/nowhere'))))"
    )
    said = subprocess.run([sys.executable, "-c", program, str(folder)], capture_output=True, text=True)
    assert (said.stdout.split(), said.stderr) == (["no_permission"], "")


@pytest.mark.parametrize("charset", ["gb18030", "big5", "utf-8"])
def test_names_of_an_old_zip_are_read_in_their_own_encoding(folder: Path, scratch: Path, charset: str) -> None:
    names = ["村民委員會會議紀錄.txt", "土地承包合同清冊.txt"]
    path = _old_zip(folder / "包.zip", charset, names)
    found = list(walk(path, scratch))
    assert sorted(one.relative_path for one in found) == sorted(f"包.zip/{name}" for name in names)
    assert {one.path_bytes for one in found} == {b"\xe5\x8c\x85.zip/" + name.encode(charset) for name in names}


def test_a_zip_in_a_zip_is_opened_to_a_depth(folder: Path, scratch: Path) -> None:
    inner = _zip(folder / "里.zip", {"信.txt": b"deep"}).read_bytes()
    (folder / "里.zip").unlink()
    outer = _zip(folder / "外.zip", {"里.zip": inner, "面上.txt": b"top"})
    assert _walk(outer, scratch) == {"外.zip/里.zip/信.txt": "deep", "外.zip/面上.txt": "top"}
    assert _walk(outer, scratch, ZipLimits(depth=1)) == {"外.zip/里.zip": "nesting", "外.zip/面上.txt": "top"}


def test_members_that_point_outside_are_refused_and_write_nothing(folder: Path, scratch: Path, tmp_path: Path) -> None:
    path = _zip(folder / "包.zip", {"../../out.txt": b"x", "/abs.txt": b"x", "C:\\x.txt": b"x", "ok.txt": b"ok"})
    codes = sorted(_walk(path, scratch).values())
    assert codes == ["ok", "traversal", "traversal", "traversal"]
    assert sorted(found.name for found in tmp_path.iterdir()) == ["scratch", "村"]


def test_a_link_inside_a_zip_is_refused(folder: Path, scratch: Path) -> None:
    link = zipfile.ZipInfo("链接")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(folder / "包.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert _walk(folder, scratch) == {"包.zip/链接": "symlink"}


def test_a_bomb_stops_while_it_unpacks_whatever_it_declares(folder: Path, scratch: Path) -> None:
    path = _zip(folder / "炸.zip", {"零.bin": bytes(4 << 20)})
    limits = ZipLimits(harmless_bytes=1 << 20, ratio=50)
    assert _walk(path, scratch, limits) == {"炸.zip": "bomb"}
    # The same with a size of 10 bytes declared: counted, not believed.
    data = path.read_bytes().replace((4 << 20).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    path.write_bytes(data)
    assert set(_walk(path, scratch, limits).values()) <= {"bomb", "corrupt"}
    assert list(scratch.iterdir()) == []


def test_a_cut_off_zip_is_told_from_a_damaged_and_an_empty_one(folder: Path, scratch: Path) -> None:
    whole = _zip(folder / "a.zip", {"x.txt": os.urandom(3000)}).read_bytes()
    (folder / "a.zip").write_bytes(whole[:1500])
    (folder / "b.zip").write_bytes(whole[:20] + bytes(len(whole) - 60) + whole[-40:])
    _zip(folder / "c.zip", {})
    assert _walk(folder, scratch) == {"a.zip": "truncated", "b.zip": "corrupt", "c.zip": "empty"}


def test_one_damaged_member_costs_only_itself(folder: Path, scratch: Path) -> None:
    content = os.urandom(3000)
    path = _zip(folder / "包.zip", {"a.bin": content, "b.txt": b"ok"})
    data = bytearray(path.read_bytes())
    data[1000] ^= 0xFF
    path.write_bytes(data)
    assert _walk(path, scratch) == {"包.zip/a.bin": "corrupt", "包.zip/b.txt": "ok"}


def test_a_member_packed_in_an_unknown_way_is_told_from_a_damaged_one(folder: Path, scratch: Path) -> None:
    package = _zip(folder / "村.zip", {"a.txt": b"one", "b.txt": b"two"})
    data = bytearray(package.read_bytes())
    deflated, unknown = (8).to_bytes(2, "little"), (98).to_bytes(2, "little")
    # The method stands at 8 in the head of a member and at 10 in its row of the directory.
    for mark, place in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = data.index(mark) + place
        assert data[at : at + 2] == deflated
        data[at : at + 2] = unknown
    package.write_bytes(data)
    assert _walk(folder, scratch) == {"村.zip/a.txt": "unsupported", "村.zip/b.txt": "two"}


def test_office_files_are_leaves_though_they_are_zips(folder: Path, scratch: Path) -> None:
    _zip(folder / "公文.zip", {"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>"})
    [found] = walk(folder, scratch)
    assert isinstance(found, Candidate)
    assert found.relative_path == "公文.zip"


def test_a_bag_is_checked_and_only_its_payload_taken(folder: Path, scratch: Path) -> None:
    for name in ("好.txt", "改.txt", "丢.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    bagit.make_bag(str(folder), checksums=["sha256"])
    assert _walk(folder, scratch) == {f"data/{name}": name for name in ("好.txt", "改.txt", "丢.txt")}
    (folder / "data" / "改.txt").write_text("改了", encoding="utf-8")
    (folder / "data" / "丢.txt").unlink()
    (folder / "data" / "多.txt").write_text("多", encoding="utf-8")
    codes = _walk(folder, scratch)
    assert (codes["data/改.txt"], codes["data/丢.txt"], codes["data/多.txt"]) == (
        "fixity",
        "missing",
        "not_in_manifest",
    )


def test_a_name_is_shown_composed_and_without_control_characters(folder: Path, scratch: Path) -> None:
    (folder / "cafe\u0301\x1b[31m.txt").write_text("x", encoding="utf-8")
    [found] = walk(folder, scratch)
    assert found.relative_path == "caf\u00e9\ufffd[31m.txt"
    assert found.path_bytes == "cafe\u0301\x1b[31m.txt".encode()


def test_marks_that_turn_the_order_of_signs_are_shown_as_what_they_are(folder: Path, scratch: Path) -> None:
    (folder / "报告\u202excod.txt").write_text("x", encoding="utf-8")
    [found] = walk(folder, scratch)
    assert found.relative_path == "报告\ufffdxcod.txt"


def test_a_large_folder_is_listed_in_runs_without_loss(folder: Path) -> None:
    names = sorted(f"{number}.txt".encode() for number in range(25))
    for name in names:
        (folder / name.decode()).touch()
    assert list(sorted_names(folder, run=10)) == names


def test_files_that_may_still_be_arriving_are_passed_over(folder: Path, scratch: Path) -> None:
    (folder / "到了.txt").write_text("x", encoding="utf-8")
    (folder / "还在传.txt").write_text("x", encoding="utf-8")
    (folder / "空的.txt").touch()
    before = (folder / "空的.txt").stat().st_ctime_ns + 1
    os.utime(folder / "还在传.txt", ns=(before, before + 1))
    os.utime(folder / "空的.txt", ns=(before, before + 1))
    arrived = [one.relative_path for one in walk(folder, scratch, settled_before_ns=before)]
    assert arrived == ["到了.txt"]
    assert len(list(walk(folder, scratch))) == 3


def test_a_time_of_a_wrong_clock_does_not_keep_a_file_waiting(folder: Path, scratch: Path) -> None:
    (folder / "到了.txt").write_text("x", encoding="utf-8")
    os.utime(folder / "到了.txt", (4_000_000_000, 4_000_000_000))
    before = (folder / "到了.txt").stat().st_ctime_ns + 1
    assert [one.relative_path for one in walk(folder, scratch, settled_before_ns=before)] == ["到了.txt"]


def test_what_is_known_is_passed_over_and_a_known_zip_not_opened(folder: Path, scratch: Path) -> None:
    _zip(folder / "旧.zip", {"a.txt": b"a"})
    _zip(folder / "新.zip", {"b.txt": b"b"})
    old = "旧.zip".encode()
    found = walk(folder, scratch, known=lambda raw, state: raw == old and state.st_size > 0)
    assert [one.relative_path for one in found] == ["新.zip/b.txt"]


def test_a_bag_in_a_watched_folder_waits_until_all_of_it_has_come(folder: Path, scratch: Path) -> None:
    (folder / "信.txt").write_text("x", encoding="utf-8")
    bagit.make_bag(str(folder), checksums=["sha256"])
    before = max(path.stat().st_ctime_ns for path in folder.rglob("*")) + 1
    assert [one.relative_path for one in walk(folder, scratch, settled_before_ns=before)] == ["data/信.txt"]
    os.utime(folder / "bagit.txt", ns=(before, before + 1))
    assert list(walk(folder, scratch, settled_before_ns=before)) == []


def test_a_file_that_grows_shrinks_or_is_rewritten_while_read_says_so(folder: Path) -> None:
    path = folder / "a.txt"
    path.write_bytes(b"12345")
    state = path.stat()
    for size, modified in ((4, state.st_mtime_ns), (6, state.st_mtime_ns), (5, 1)):
        with open_steady(path, size, modified) as stream, pytest.raises(Changed):
            stream.read()
    with open_steady(path, 5, state.st_mtime_ns) as stream:
        assert stream.read() == b"12345"
