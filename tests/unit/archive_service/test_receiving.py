"""Receiving: every leaf becomes one item, whatever goes wrong in between, and nothing is half-kept."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest
from sqlalchemy import select

from archive_service.actions import intake
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.tasks.reading import make_readers, read_received
from archive_service.tasks.receiving import close_upload, open_upload, receive_folder, receive_stream
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from storage.database.batches import Batch, Item, ItemState, counts_by_state, sum_of
from storage.database.journal import JournalEntry
from storage.database.records import File
from storage.errors import CutOff, Missing, NotReady
from storage.objects.areas import STAGING
from storage.objects.store import ObjectStore, Stored

VILLAGE = "石门槛村"


class Troubled:
    """A real store where something happens before each `put`."""

    def __init__(self, store: ObjectStore, before: Callable[[int], None]) -> None:
        self._store, self._before, self._puts = store, before, 0

    def put(self, key: str, stream: BinaryIO) -> Stored:
        self._puts += 1
        self._before(self._puts)
        return self._store.put(key, stream)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


def _trouble(archive: Archive, before: Callable[[int], None]) -> ObjectStore:
    sound = archive.objects
    vars(archive)["objects"] = Troubled(sound, before)
    return sound


@pytest.fixture(autouse=True)
def village_id(archive: Archive) -> str:
    with archive.sessions.begin() as session:
        return add_village(session, OPERATOR, archive.now(), VILLAGE, "001").id


def _folder(root: Path, **files: bytes) -> Path:
    root.mkdir(exist_ok=True)
    for name, content in files.items():
        (root / f"{name}.txt").write_bytes(content)
    return root


def _zip(path: Path, *members: tuple[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members:
            archive.writestr(zipfile.ZipInfo(name), content)
    return path


def _items(archive: Archive) -> dict[str, tuple[str, str]]:
    with archive.sessions.read() as session:
        return {item.path: (item.state, item.reason_code) for item in session.scalars(select(Item).order_by(Item.id))}


def _staged(archive: Archive) -> int:
    return len(list(archive.objects.list(STAGING)))


def test_every_leaf_is_one_item_and_the_sum_holds(archive: Archive, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "村", 甲="一".encode(), 乙="二".encode(), 丙="一".encode(), 空=b"")
    (folder / "Thumbs.db").write_bytes(b"x")
    batch = receive_folder(archive, OPERATOR, VILLAGE, folder)
    with archive.sessions.read() as session:
        counts = counts_by_state(session, [batch])
    assert sum_of(counts) == {"found": 5, "archived": 0, "waiting": 2, "rejected": 2, "duplicate": 1}
    assert _staged(archive) == 2


def test_an_unknown_village_writes_nothing(archive: Archive, tmp_path: Path) -> None:
    with pytest.raises(Missing):
        receive_folder(archive, OPERATOR, "没有这个村", _folder(tmp_path / "村", 甲=b"a"))
    assert _items(archive) == {}


def test_handing_the_same_folder_in_again_finds_only_duplicates(archive: Archive, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "村", 甲="一".encode(), 乙="二".encode())
    receive_folder(archive, OPERATOR, VILLAGE, folder)
    second = receive_folder(archive, OPERATOR, VILLAGE, folder)
    with archive.sessions.read() as session:
        assert counts_by_state(session, [second]) == {ItemState.DUPLICATE: 2}
    assert _staged(archive) == 2


def test_two_members_of_one_name_are_both_kept(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "村"
    folder.mkdir()
    with pytest.warns(UserWarning, match="Duplicate name"):
        _zip(folder / "包.zip", ("a.txt", b"1"), ("a.txt", b"2"), ("a.txt", b"3"))
    receive_folder(archive, OPERATOR, VILLAGE, folder)
    assert list(_items(archive)) == ["包.zip/a.txt", "包.zip/a (2).txt", "包.zip/a (3).txt"]


def test_names_that_differ_only_in_their_unicode_form_are_both_kept(archive: Archive, tmp_path: Path) -> None:
    _folder(tmp_path / "村", **{"caf\u00e9": b"1", "cafe\u0301": b"2"})
    receive_folder(archive, OPERATOR, VILLAGE, tmp_path / "村")
    assert sorted(_items(archive)) == ["caf\u00e9 (2).txt", "caf\u00e9.txt"]


def test_a_file_that_is_written_to_meanwhile_is_refused_and_not_half_kept(archive: Archive, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "村", 甲=b"first")

    def write_on(_: int) -> None:
        with (folder / "甲.txt").open("ab") as more:
            more.write(b" second")

    _trouble(archive, write_on)
    receive_folder(archive, OPERATOR, VILLAGE, folder)
    assert _items(archive) == {"甲.txt": ("rejected", "changed")}
    assert _staged(archive) == 0


def test_a_full_disk_stops_the_walk_and_the_next_call_goes_on(archive: Archive, tmp_path: Path) -> None:
    folder = _folder(tmp_path / "村", a=b"1", b=b"2", c=b"3", d=b"4")

    def full(put: int) -> None:
        if put == 3:
            raise NotReady("磁盘满了。")

    sound = _trouble(archive, full)
    with pytest.raises(NotReady):
        receive_folder(archive, OPERATOR, VILLAGE, folder)
    # The four are kept side by side: whichever was the third to be put is not there, and the others are.
    assert len(_items(archive)) == _staged(archive) == 3
    vars(archive)["objects"] = sound
    receive_folder(archive, OPERATOR, VILLAGE, folder)
    assert [state for state, _ in _items(archive).values()] == ["received"] * 4
    with archive.sessions.read() as session:
        [batch] = session.scalars(select(Batch))
        assert batch.walked_at is not None
    assert _staged(archive) == 4


@pytest.mark.parametrize(("trouble", "staged"), [(NotReady("磁盘满了。"), 0), (CutOff("连接断了。"), 1)])
def test_bytes_are_taken_back_unless_their_row_may_have_been_kept(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: NotReady, staged: int
) -> None:
    def fail(*_: object) -> list[Item]:
        raise trouble

    monkeypatch.setattr(intake, "receive_all", fail)
    with pytest.raises(type(trouble)):
        receive_folder(archive, OPERATOR, VILLAGE, _folder(tmp_path / "村", a=b"1"))
    assert _staged(archive) == staged


def test_a_walk_that_goes_on_gives_colliding_names_the_same_numbers(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "村"
    folder.mkdir()
    with pytest.warns(UserWarning, match="Duplicate name"):
        _zip(folder / "包.zip", ("a.txt", b"1"), ("a.txt", b"2"), ("a.txt", b"3"))

    def full(put: int) -> None:
        if put == 2:
            raise NotReady("磁盘满了。")

    sound = _trouble(archive, full)
    with pytest.raises(NotReady):
        receive_folder(archive, OPERATOR, VILLAGE, folder)
    vars(archive)["objects"] = sound
    receive_folder(archive, OPERATOR, VILLAGE, folder)
    assert list(_items(archive)) == ["包.zip/a.txt", "包.zip/a (2).txt", "包.zip/a (3).txt"]
    assert _staged(archive) == 3


def test_hostile_members_are_refused_one_by_one(archive: Archive, tmp_path: Path) -> None:
    folder = tmp_path / "村"
    folder.mkdir()
    _zip(
        folder / "包.zip",
        ("../../跑出去.txt", b"x"),
        ("/etc/passwd", b"x"),
        ("机密★10年/文件.txt", b"x"),
        ("好.txt", b"ok"),
    )
    (folder / "链接.txt").symlink_to("/etc/passwd")
    receive_folder(archive, OPERATOR, VILLAGE, folder)
    codes = {path: code for path, (_, code) in _items(archive).items()}
    assert sorted(codes.values()) == ["", "secret", "symlink", "traversal", "traversal"]
    assert codes["包.zip/好.txt"] == ""
    assert _staged(archive) == 1


def _upload(archive: Archive, village_id: str, *files: tuple[str, bytes]) -> list[str]:
    batch_id = open_upload(archive, OPERATOR, village_id, "上传")
    with archive.sessions.read() as session:
        batch = session.get_one(Batch, batch_id)
    states = [
        taken.state for path, content in files for taken in receive_stream(archive, batch, path, io.BytesIO(content))
    ]
    close_upload(archive, batch_id)
    return states


def test_an_uploaded_zip_is_walked_under_the_name_it_was_sent_with(
    archive: Archive, tmp_path: Path, village_id: str
) -> None:
    package = _zip(tmp_path / "x.zip", ("会议/记录.txt", b"1"), ("空.txt", b"")).read_bytes()
    assert _upload(archive, village_id, ("资料/2024.zip", package)) == ["received", "rejected"]
    assert list(_items(archive)) == ["资料/2024.zip/会议/记录.txt", "资料/2024.zip/空.txt"]


def test_uploads_of_one_name_are_both_kept_and_rubbish_is_set_aside(archive: Archive, village_id: str) -> None:
    files = (("a/b.txt", b"1"), ("a\\b.txt", b"2"), ("a/空.txt", b""), ("a/~$b.docx", b"x"), ("装.exe", b"MZ"))
    assert _upload(archive, village_id, *files) == ["received", "received", "rejected", "rejected", "rejected"]
    codes = {path: code for path, (_, code) in _items(archive).items()}
    assert codes == {
        "a/b.txt": "",
        "a/b (2).txt": "",
        "a/空.txt": "empty",
        "a/~$b.docx": "lock_file",
        "装.exe": "forbidden",
    }
    assert _staged(archive) == 2


def test_what_turns_out_to_be_secret_leaves_no_bytes_and_a_line_in_the_journal(
    archive: Archive, tmp_path: Path
) -> None:
    secret = "机密★10年\n关于某事的通知\n各村委员会：请注意保管。\n".encode()
    set_up(archive)
    receive_folder(archive, OPERATOR, VILLAGE, _folder(tmp_path / "村", 转发=secret))
    assert _staged(archive) == 1
    with make_readers(archive) as readers:
        assert read_received(archive, readers, "test") == 1
    assert _items(archive) == {"转发.txt": ("rejected", "secret")}
    assert _staged(archive) == 0
    with archive.sessions.read() as session:
        assert session.scalars(select(File)).all() == []
        assert "bytes_removed" in {entry.act for entry in session.scalars(select(JournalEntry))}
