"""Everything is kept in a second place while work goes on, and comes back equal: rows, bytes, what a search finds."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import create_engine, text, update

from archive_service.actions import searching
from archive_service.permissions import OPERATOR
from archive_service.settings import Settings
from archive_service.tasks import backing_up
from archive_service.tasks.backing_up import back_up
from archive_service.tasks.backup_runs import faults_of_target, read_run, run_names
from archive_service.tasks.filing import file_records
from archive_service.tasks.fixity import check_all
from archive_service.tasks.restoring_backup import MARK, drill, restore
from archive_service.tasks.verifying import verify
from archive_service.wiring import Archive, build
from storage.database import dump
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing
from storage.index.query import SearchRequest
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore
from storage.objects.vault import vault_key
from tests.journeys.test_fixity import spoil, the_file
from tests.journeys.test_rebuild import ARCHIVIST, outline, stocked  # noqa: F401  fixtures of the neighbouring journey


@pytest.fixture
def kept(request: pytest.FixtureRequest) -> Archive:
    """Two archived records, one accepted and not archived, everything sealed and indexed."""
    found: Archive = request.getfixturevalue("stocked")
    return found


@pytest.fixture
def target(tmp_path: Path) -> ObjectStore:
    return open_store(f"file://{tmp_path}/backup")


@pytest.fixture
def empty(tmp_path: Path, archive: Archive) -> Archive:
    """A machine with nothing on it."""
    return build(Settings(data=tmp_path / "elsewhere", password_memory_kib=8, ocr=False), archive.clock)


def rows_of(archive: Archive) -> dict[str, list[bytes]]:
    with dump.snapshot(archive.sessions.engine) as connection:
        return {table.name: list(dump.lines(connection, table)) for table in dump.dumped_tables()}


def objects_of(archive: Archive) -> dict[str, bytes]:
    found = {}
    for key in archive.objects.list(""):
        with archive.objects.open(key) as stream:
            found[key] = stream.read()
    return found


def hits(archive: Archive, words: str) -> list[tuple[str, float]]:
    with archive.sessions.read() as session:
        return [
            (hit.record.id, hit.score)
            for hit in searching.find(session, archive.index, OPERATOR, SearchRequest(text=words)).hits
        ]


def assert_same(one: Archive, other: Archive) -> None:
    assert rows_of(one) == rows_of(other)
    assert objects_of(one) == objects_of(other)
    assert hits(one, "石门槛村") == hits(other, "石门槛村") != []
    assert verify(other).faults == []


def test_a_restored_archive_is_equal_by_row_byte_and_search(
    kept: Archive,
    empty: Archive,
    target: ObjectStore,
) -> None:
    sent = back_up(kept, target)
    assert sent.faults == []
    done = restore(empty, target)
    assert done.faults == []
    assert done.indexed == 3
    assert (done.rows, done.objects, done.bytes) == (sent.rows, sent.objects, sent.bytes)
    assert_same(kept, empty)


def test_null_in_a_document_and_no_value_stay_two_things(
    kept: Archive,
    empty: Archive,
    target: ObjectStore,
) -> None:
    with kept.sessions.engine.begin() as connection:
        ids = list(connection.execute(text("SELECT id FROM records ORDER BY id")).scalars())
        connection.execute(text("UPDATE records SET retention = NULL WHERE id = :id"), {"id": ids[0]})
        connection.execute(text("UPDATE records SET retention = 'null' WHERE id = :id"), {"id": ids[1]})
    back_up(kept, target)
    restore(empty, target)
    with empty.sessions.engine.connect() as connection:
        found = connection.execute(text("SELECT retention FROM records ORDER BY id")).scalars().all()
    assert found[:2] == [None, "null"]


def test_a_second_run_sends_only_what_is_new_and_names_the_first(
    kept: Archive,
    target: ObjectStore,
) -> None:
    first = back_up(kept, target)
    again = back_up(kept, target)
    assert first.new_objects > 0
    assert (again.new_objects, again.new_bytes) == (0, 0)
    assert (again.objects, again.bytes) == (first.objects, first.bytes)
    names = run_names(target)
    assert read_run(target, names[1]).said["previous"]["run"] == names[0]


def test_the_settings_are_kept_without_passwords(
    kept: Archive,
    target: ObjectStore,
) -> None:
    secretive = kept.settings.model_copy(update={"search_url": "http://elastic:geheim@127.0.0.1:9200"})
    changed = build(secretive, kept.clock)
    back_up(changed, target)
    said = read_run(target).said["settings"]
    assert said["search_url"] == "http://***@127.0.0.1:9200"
    assert "geheim" not in str(read_run(target).said)


def test_a_record_archived_while_the_backup_runs_comes_back_as_it_was_at_the_snapshot(
    kept: Archive,
    empty: Archive,
    target: ObjectStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = rows_of(kept)
    _, waiting = the_file(kept, RecordState.ACCEPTED)
    rows_first = backing_up._keep_rows

    def then_archive(archive: Archive, vault: Any) -> Any:
        rows = rows_first(archive, vault)
        assert [one.error for one in file_records(archive, ARCHIVIST, [waiting.id])] == [None]
        return rows

    monkeypatch.setattr(backing_up, "_keep_rows", then_archive)
    assert back_up(kept, target).faults == []
    assert restore(empty, target).faults == []
    assert rows_of(empty) == before
    assert verify(empty).faults == []
    assert [one.error for one in file_records(empty, ARCHIVIST, [waiting.id])] == [None]


def test_a_record_revised_after_the_snapshot_comes_back_in_the_version_of_its_row(
    kept: Archive,
    empty: Archive,
    target: ObjectStore,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, record = the_file(kept, RecordState.ARCHIVED)
    before = objects_of(kept)
    rows_first = backing_up._keep_rows

    def then_revise(archive: Archive, vault: Any) -> Any:
        rows = rows_first(archive, vault)
        archive.root.revise(record.id, {"title": "改过的题名"}, "题名有误", "wang", archive.now())
        return rows

    monkeypatch.setattr(backing_up, "_keep_rows", then_revise)
    assert back_up(kept, target).faults == []
    assert restore(empty, target).faults == []
    assert empty.root.read(f"urn:village-archive:record:{record.id}").version == 1
    assert objects_of(empty) == before
    assert verify(empty).faults == []


class _Killed(BaseException):
    """The process ends here."""


def dying(store: ObjectStore, puts: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the n-th put on, the process that puts is killed."""
    left, put = [puts], type(store).put

    def until(key: str, stream: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise _Killed
        return put(store, key, stream)

    monkeypatch.setattr(store, "put", until)


@pytest.mark.parametrize("puts", [0, 5, 30])
def test_a_backup_killed_in_the_middle_does_not_count_and_the_next_completes(
    kept: Archive,
    empty: Archive,
    target: ObjectStore,
    puts: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as patched:
        dying(target, puts, patched)
        with pytest.raises(_Killed):
            back_up(kept, target)
    with pytest.raises(Missing):
        restore(empty, target)
    back_up(kept, target)
    restore(empty, target)
    assert_same(kept, empty)


@pytest.mark.parametrize("puts", [1, 12])
def test_a_restore_killed_in_the_middle_goes_on(
    kept: Archive,
    empty: Archive,
    target: ObjectStore,
    puts: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    back_up(kept, target)
    empty.settings.data.mkdir()
    with monkeypatch.context() as patched:
        dying(empty.objects, puts, patched)
        with pytest.raises(_Killed):
            restore(empty, target)
    assert empty.objects.exists(MARK)
    assert restore(build(empty.settings, empty.clock), target).faults == []
    assert_same(kept, empty)


def test_nothing_is_restored_over_something(
    kept: Archive,
    empty: Archive,
    target: ObjectStore,
) -> None:
    back_up(kept, target)
    before = objects_of(kept)
    with pytest.raises(Conflict, match="不是空的"):
        restore(kept, target)
    assert objects_of(kept) == before
    restore(empty, target)
    with pytest.raises(Conflict, match="不是空的"):
        restore(empty, target)


def test_a_damaged_backup_is_found_by_reading_it_again(
    kept: Archive,
    target: ObjectStore,
    tmp_path: Path,
) -> None:
    back_up(kept, target)
    back_up(kept, target)
    assert list(faults_of_target(target)) == []
    file, _ = the_file(kept, RecordState.ARCHIVED)
    spoil(tmp_path / "backup" / vault_key(file.sha512))
    found = list(faults_of_target(target))
    assert len(found) == 1
    assert file.storage_key in found[0]
    spoil(tmp_path / "backup" / "runs" / f"{run_names(target)[0]}.json")
    said = list(faults_of_target(target))
    assert "被改动过" in said[0]
    assert "前一次" in said[1]


def test_a_drill_proves_the_backup_and_leaves_the_archive_alone(
    kept: Archive,
    target: ObjectStore,
    tmp_path: Path,
) -> None:
    back_up(kept, target)
    before = objects_of(kept)
    done = drill(target, tmp_path / "scratch", kept.settings)
    assert (done.faults, done.indexed) == ([], 3)
    assert objects_of(kept) == before
    file, _ = the_file(kept, RecordState.ARCHIVED)
    (tmp_path / "backup" / vault_key(file.sha512)).unlink()
    found = drill(target, tmp_path / "scratch2", kept.settings).faults
    assert file.storage_key in found[0]
    assert len(found) > 1


def test_damage_is_repaired_from_a_backup(
    kept: Archive,
    target: ObjectStore,
    tmp_path: Path,
) -> None:
    back_up(kept, target)
    file, _ = the_file(kept, RecordState.ARCHIVED)
    path = kept.settings.data / "store" / file.storage_key
    whole = path.read_bytes()
    spoil(path)
    second = kept.settings.model_copy(update={"second_copy_url": f"file://{tmp_path}/backup"})
    assert [one["key"] for one in check_all(build(second, kept.clock)).repaired] == [file.storage_key]
    assert path.read_bytes() == whole


@pytest.fixture
def servers(request: pytest.FixtureRequest, tmp_path: Path, archive: Archive) -> Iterator[Archive]:
    """An empty archive on PostgreSQL (where it is given) and in a bucket (in this process, where none is given)."""
    name, given = f"b{secrets.token_hex(8)}", request.config.getoption("--postgresql")
    bucket, moto = request.config.getoption("--s3"), None
    if not bucket:
        moto = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
        moto.start()
        host, port = moto.get_host_and_port()
        bucket = f"s3://key:secret@{host}:{port}"
    engine = create_engine(given, isolation_level="AUTOCOMMIT") if given else None
    if engine:
        with engine.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
    settings = Settings(
        data=tmp_path / "servers",
        database_url=urlsplit(given)._replace(path=f"/{name}").geturl() if given else None,
        objects_url=urlsplit(bucket)._replace(path=f"/{name}").geturl(),
        password_memory_kib=8,
        ocr=False,
    )
    made = build(settings, archive.clock)
    yield made
    made.sessions.engine.dispose()
    if engine:
        with engine.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        engine.dispose()
    if moto:
        moto.stop()


def test_from_folders_to_servers_and_back_everything_stays_equal(
    kept: Archive,
    servers: Archive,
    empty: Archive,
    target: ObjectStore,
    tmp_path: Path,
) -> None:
    back_up(kept, target)
    assert restore(servers, target).faults == []
    assert_same(kept, servers)
    with servers.sessions.begin() as session:
        session.execute(update(Record).values(note="在服务器上改过"))
    there = open_store(f"file://{tmp_path}/backup-of-servers")
    assert back_up(servers, there).faults == []
    assert restore(empty, there).faults == []
    assert rows_of(empty) == rows_of(servers)
    assert objects_of(empty) == objects_of(servers)
