"""A byte flips or a file goes: found in the next round, named, journaled, shown, repaired from a second copy."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from archive_service.actions.upkeep import overview
from archive_service.tasks.fixity import check_all, check_next, look_around
from archive_service.wiring import Archive, build
from storage.database.fixity import FixityCheck, faults
from storage.database.journal import JournalEntry
from storage.database.records import File, Record, RecordState
from tests.journeys.test_rebuild import outline, stocked  # noqa: F401  fixtures of the neighbouring journey


@pytest.fixture
def kept(stocked: Archive) -> Archive:  # noqa: F811  the fixture, not the import
    """Two archived records and one in staging, all read once and well."""
    first = check_all(stocked)
    assert (first.faults, first.repaired) == ([], [])
    return stocked


def the_file(archive: Archive, state: RecordState) -> tuple[File, Record]:
    with archive.sessions.read() as session:
        file, record = session.execute(
            select(File, Record).join(Record, File.record_id == Record.id).where(Record.state == state).limit(1)
        ).one()
    return file, record


def path_of(archive: Archive, key: str) -> Path:
    return archive.settings.data / "store" / key


def spoil(path: Path) -> str:
    """Flip one bit; returns the digest of what is there now."""
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.chmod(0o644)
    path.write_bytes(content)
    return hashlib.sha512(content).hexdigest()


def later(archive: Archive, days: int) -> Archive:
    """The same archive so many days on."""
    return build(archive.settings, lambda: archive.now() + timedelta(days=days))


def acts(archive: Archive) -> list[tuple[str, str, Mapping[str, Any]]]:
    with archive.sessions.read() as session:
        found = session.scalars(
            select(JournalEntry).where(JournalEntry.act.startswith("fixity")).order_by(JournalEntry.id)
        )
        return [(one.act, one.object_id, one.details) for one in found]


def test_a_flipped_byte_of_an_archived_file_is_named_with_both_digests(kept: Archive) -> None:
    file, record = the_file(kept, RecordState.ARCHIVED)
    seen = spoil(path_of(kept, file.storage_key))
    found = check_all(later(kept, 1)).faults
    assert [(one["key"], one["kind"], one["expected"], one["seen"]) for one in found] == [
        (file.storage_key, "changed", file.sha512, seen)
    ]
    assert record.code is not None
    assert record.code in found[0]["name"]
    assert acts(kept) == [("fixity_fault", record.id, found[0])]


def test_it_is_journaled_once_and_stays_on_the_list_until_it_is_well(kept: Archive) -> None:
    file, _ = the_file(kept, RecordState.ARCHIVED)
    path = path_of(kept, file.storage_key)
    whole = path.read_bytes()
    spoil(path)
    check_all(later(kept, 1))
    check_all(later(kept, 2))
    with kept.sessions.read() as session:
        assert [one.key for one in faults(session)] == [file.storage_key]
        assert overview(session)["fixity_faults"] == 1
    path.write_bytes(whole)
    check_all(later(kept, 3))
    assert [act for act, _, _ in acts(kept)] == ["fixity_fault", "fixity_well"]
    with kept.sessions.read() as session:
        assert overview(session)["fixity_faults"] == 0


def test_a_lost_staged_file_is_missing(kept: Archive) -> None:
    file, _ = the_file(kept, RecordState.ACCEPTED)
    path_of(kept, file.storage_key).unlink()
    found = check_all(later(kept, 1)).faults
    assert [(one["key"], one["kind"], one["seen"]) for one in found] == [(file.storage_key, "missing", "")]
    assert file.path in found[0]["name"]


@pytest.mark.parametrize("name", ["inventory.json", "v1/inventory.json", "v1/content/description.json"])
def test_a_changed_inventory_or_description_is_named(kept: Archive, name: str) -> None:
    file, _ = the_file(kept, RecordState.ARCHIVED)
    key = f"{file.storage_key.partition('/v1/')[0]}/{name}"
    spoil(path_of(kept, key))
    found = check_all(later(kept, 1)).faults
    assert [(one["key"], one["kind"]) for one in found] == [(key, "changed")]


def test_a_damaged_stretch_of_the_journal_is_named(kept: Archive) -> None:
    key = next(key for key in kept.objects.list("archive/") if key.endswith("/stretch.json"))
    spoil(path_of(kept, key))
    found = check_all(later(kept, 1)).faults
    assert [one["key"] for one in found] == [key]
    assert "journal" in found[0]["name"]


def test_a_damaged_file_is_repaired_from_a_mirror_and_a_wrong_mirror_is_never_taken(
    kept: Archive, tmp_path: Path
) -> None:
    archived, _ = the_file(kept, RecordState.ARCHIVED)
    staged, _ = the_file(kept, RecordState.ACCEPTED)
    shutil.copytree(kept.settings.data / "store", tmp_path / "mirror")
    whole = path_of(kept, archived.storage_key).read_bytes()
    spoil(path_of(kept, archived.storage_key))
    path_of(kept, staged.storage_key).unlink()
    spoil(tmp_path / "mirror" / staged.storage_key)
    second = kept.settings.model_copy(update={"second_copy_url": f"file://{tmp_path}/mirror"})
    done = check_all(build(second, lambda: kept.now() + timedelta(days=1)))
    assert [one["key"] for one in done.repaired] == [archived.storage_key]
    assert [one["key"] for one in done.faults] == [staged.storage_key]
    assert path_of(kept, archived.storage_key).read_bytes() == whole
    assert not path_of(kept, staged.storage_key).exists()
    assert sorted(act for act, _, _ in acts(kept)) == ["fixity_fault", "fixity_fault", "fixity_repaired"]


def test_slices_go_through_everything_oldest_first(kept: Archive) -> None:
    with kept.sessions.read() as session:
        total = len(session.scalars(select(FixityCheck.unit)).all()) - 1
    read: list[str] = []
    for day in range(1, total + 1):
        assert check_next(later(kept, day), 1, read.append).units == 1
    assert len(set(read)) == total
    again: list[str] = []
    check_next(later(kept, total + 1), 2, again.append)
    assert again == read[:2]


def test_what_was_read_lately_waits_for_its_day(kept: Archive) -> None:
    assert look_around(later(kept, 29)) == 0
    assert look_around(later(kept, 31)) > 0


def test_a_store_that_is_away_is_no_damage(kept: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    from storage.errors import NotReady

    def away(key: str, start: int = 0, length: int | None = None) -> None:
        raise NotReady("away")

    monkeypatch.setattr(kept.objects, "open", away)
    with pytest.raises(NotReady):
        check_next(kept_later(kept), 5)
    assert acts(kept) == []


def kept_later(archive: Archive) -> Archive:
    moved = later(archive, 1)
    moved.__dict__["objects"] = archive.objects
    return moved
