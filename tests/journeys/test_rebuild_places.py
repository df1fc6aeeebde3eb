"""What townships and villages were called, and what belonged where, survives the database; who changes it is named."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

from archive_service.actions import searching
from archive_service.actions.townships import merge_township, move, rename_township
from archive_service.actions.villages import add_village, merge, rename
from archive_service.permissions import OPERATOR
from archive_service.tasks.fixity import check_all
from archive_service.tasks.keeping import VILLAGES, VILLAGES_NAME
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.rebuilding import rebuild_database, rebuild_index
from archive_service.tasks.upkeep import seal_journal
from archive_service.tasks.verifying import verify
from archive_service.tasks.verifying_places import faults as faults_of_places
from archive_service.wiring import Archive
from storage.database.organisations import Township, Village, village_document, village_named, villages
from storage.index.query import SearchRequest
from storage.objects.layout import object_id_at
from storage.objects.ocfl import dump
from tests.journeys.test_fixity import later, spoil
from tests.journeys.test_rebuild import (
    archival,
    lose,
    outline,  # noqa: F401  a fixture of the neighbouring journey
    rows,
    settle,
    stocked,  # noqa: F401  a fixture of the neighbouring journey
)

TOWNSHIP, VILLAGE = "urn:village-archive:township:", "urn:village-archive:village:"
DAY = date(2026, 1, 1)
OLD_NAMES = ("红旗大队", "石门槛村", "望溪镇", "望溪街道", "岩口镇")


@pytest.fixture
def changed(stocked: Archive) -> Archive:  # noqa: F811  the fixture, not the import
    """Since its last filing the village has another name, its township too, it changed over, and its new one grew."""
    now = stocked.now()
    with stocked.sessions.begin() as session:
        home = village_named(session, "石门槛村").id
        add_village(session, OPERATOR, now, "青石坳村", "V013", "岩口镇")
        far = add_village(session, OPERATOR, now, "远山村", "V031", "云顶乡").id
        add_village(session, OPERATOR, now, "岩脚村", "V032", "云顶乡")
    changes: list[Callable[[Session], object]] = [
        lambda session: rename(session, OPERATOR, now, home, "石门新村", 2020),
        lambda session: rename_township(session, OPERATOR, now, "望溪镇", "望溪街道", 2021),
        lambda session: move(session, OPERATOR, now, home, "岩口镇", 2022),
        lambda session: merge_township(session, OPERATOR, now, "云顶乡", "岩口镇", date(2024, 7, 1)),
        lambda session: rename_township(session, OPERATOR, now, "岩口镇", "岩口街道", 2025),
        lambda session: merge(session, OPERATOR, now, far, home, date(2025, 1, 1)),
    ]
    for change in changes:
        # Each is kept before the next, so that one that forgets to say so is missed.
        keep_documents(stocked)
        with stocked.sessions.begin() as session:
            change(session)
    settle(stocked)
    return stocked


def places(archive: Archive) -> dict[str, list[dict[str, object]]]:
    with archive.sessions.read() as session:
        return {"townships": rows(session, Township), "villages": rows(session, Village)}


def answers(archive: Archive) -> dict[str, list[tuple[str, int]]]:
    """For each old name the archived records it finds, and how well."""
    found = {}
    with archive.sessions.read() as session:
        for name in OLD_NAMES:
            hits = searching.find(session, archive.index, OPERATOR, SearchRequest(text=name)).hits
            found[name] = [(hit.record.id, hit.rung) for hit in hits if hit.record.code]
    return found


def objects_named(archive: Archive, start: str) -> list[Path]:
    found = [one for one in archive.root.objects() if (object_id_at(one) or "").startswith(start)]
    return [archive.settings.data / "store" / one for one in found]


def test_names_mergers_and_memberships_come_back_and_the_old_names_find_as_before(changed: Archive) -> None:
    before, found = places(changed), answers(changed)
    assert [len(of) for of in before.values()] == [3, 4]
    # The township it changed over to after 2019, when the records were made, does not find them.
    assert {name: len(of) for name, of in found.items() if of} == dict.fromkeys(OLD_NAMES[:-1], 2)
    everything = archival(changed)
    again = lose(changed)
    rebuilt = rebuild_database(again)
    assert rebuilt.faults == []
    assert places(again) == before
    assert archival(again) == everything
    rebuild_index(again)
    assert answers(again) == found
    seal_journal(again)
    assert verify(again).faults == []


def test_what_is_kept_is_not_written_again_and_a_change_is_a_version(changed: Archive) -> None:
    assert keep_documents(changed) == 0
    with changed.sessions.begin() as session:
        home = village_named(session, "青石坳村")
        rename(session, OPERATOR, changed.now(), home.id, "青石村", 2026)
    assert keep_documents(changed) == 1
    held = changed.root.read(f"{VILLAGE}{home.id}")
    assert held.version == 3
    assert '"青石坳村"' in changed.root.content(held, "village.json", 2).decode()


CHANGES: dict[str, Callable[[Session, datetime], object]] = {
    "a village renamed": lambda session, now: rename(
        session, OPERATOR, now, village_named(session, "青石坳村").id, "青石村", 2026
    ),
    "a village merged": lambda session, now: merge(
        session, OPERATOR, now, village_named(session, "青石坳村").id, village_named(session, "远山村").id, DAY
    ),
    "a village moved": lambda session, now: move(
        session, OPERATOR, now, village_named(session, "青石坳村").id, "云顶乡", 2026
    ),
    "a township renamed": lambda session, now: rename_township(session, OPERATOR, now, "岩口街道", "岩口新区", 2026),
    "a township merged": lambda session, now: merge_township(session, OPERATOR, now, "岩口街道", "柳林镇", DAY),
    "a village registered": lambda session, now: add_village(session, OPERATOR, now, "柳坪村", "V052", "柳林镇"),
}


@pytest.mark.parametrize("what", CHANGES)
def test_every_change_is_kept_anew(changed: Archive, what: str) -> None:
    with changed.sessions.begin() as session:
        add_village(session, OPERATOR, changed.now(), "柳林村", "V051", "柳林镇")
    keep_documents(changed)
    with changed.sessions.begin() as session:
        CHANGES[what](session, changed.now())
    assert keep_documents(changed) > 0
    assert faults_of_places(changed) == []


def test_a_change_cut_off_before_the_store_had_it_is_kept_by_the_background(changed: Archive) -> None:
    with changed.sessions.begin() as session:
        rename_township(session, OPERATOR, changed.now(), "岩口街道", "岩口新区", 2026)
    assert faults_of_places(changed) == []
    seal_journal(changed)
    before = places(changed)
    again = lose(changed)
    rebuild_database(again)
    assert places(again) == before


def test_a_store_from_before_places_had_documents_is_rebuilt(changed: Archive) -> None:
    with changed.sessions.read() as session:
        listed = dump([village_document(one) for one in villages(session)])
    changed.root.put_document(VILLAGES, VILLAGES_NAME, listed, changed.now())
    for path in (*objects_named(changed, TOWNSHIP), *objects_named(changed, VILLAGE)):
        shutil.rmtree(path)
    before = places(changed)["villages"]
    again = lose(changed)
    assert rebuild_database(again).faults == []
    assert places(again)["villages"] == [one | {"kept": False} for one in before]
    keep_documents(again)
    assert places(again)["villages"] == before


def test_two_villages_by_one_name_in_the_store_both_come_back(changed: Archive) -> None:
    """It was cut off when one had taken the name of the other, and only the one was kept yet."""
    with changed.sessions.read() as session:
        said = village_document(village_named(session, "青石坳村")) | {"name": "远山村"}
    changed.root.put_document(f"{VILLAGE}{said['id']}", "village.json", dump(said), changed.now())
    again = lose(changed)
    assert rebuild_database(again).faults == []
    with again.sessions.read() as session:
        assert sorted(one.name.partition("（")[0] for one in villages(session)) == [
            "岩脚村",
            "石门新村",
            "远山村",
            "远山村",
        ]
    assert any("青石坳村" in one or "V013" in one or "V031" in one for one in verify(again, fixity=False).faults)


NAME = "望溪街道"
BY_HAND: dict[str, tuple[Any, str]] = {
    "a township by another name": (
        update(Township).where(Township.name == NAME).values(name="望溪新区"), "乡镇“望溪新区”的 name"
    ),
    "a name that the journal never gave": (
        update(Township).where(Township.name == NAME).values(name="望溪新区", kept=False), "乡镇“望溪新区”：日志里没有"
    ),
    "a merger on another day": (
        update(Township).where(Township.name == "云顶乡").values(merged_on=date(2023, 7, 1)), "乡镇“云顶乡”的 merged_on"
    ),
    "an alias less": (update(Village).where(Village.fonds == "V012").values(aliases=[]), "村“石门新村”的 aliases"),
    "another township": (
        update(Village).where(Village.fonds == "V031").values(township=NAME), "村“远山村”的 township"
    ),
    "a township deleted": (delete(Township).where(Township.name == NAME), "是一个乡镇，在数据库里没有"),
    "a village deleted": (delete(Village).where(Village.fonds == "V031"), "是一个村，在数据库里没有"),
    "a township added": (
        insert(Township).values(id="a" * 32, name="假乡", aliases=[], kept=True), "乡镇“假乡”在数据库里，档案库里却没有"
    ),
    "a village added": (
        insert(Village).values(id="a" * 32, name="假村", fonds="V099", kept=False), "村“假村”：日志里没有"
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", BY_HAND)
def test_what_was_changed_past_the_program_is_named(changed: Archive, what: str) -> None:
    assert verify(changed, fixity=False).faults == []
    statement, said = BY_HAND[what]
    with changed.sessions.begin() as session:
        assert session.execute(statement).rowcount == 1  # type: ignore[attr-defined]  # a statement that changes rows
    assert any(said in one for one in verify(changed, fixity=False).faults)


def test_a_changed_document_of_a_township_is_named_by_fixity_and_verify(changed: Archive) -> None:
    check_all(changed)
    (path, *_) = objects_named(changed, TOWNSHIP)
    (content,) = (path / "v1" / "content").iterdir()
    spoil(content)
    assert [one["key"] for one in check_all(later(changed, 1)).faults] == [
        content.relative_to(changed.settings.data / "store").as_posix()
    ]
    assert any("township.json" in one and "与归档时不同" in one for one in verify(changed).faults)


def test_a_document_that_cannot_be_read_is_named_and_the_rest_comes_back(changed: Archive) -> None:
    with changed.sessions.read() as session:
        township = session.scalars(select(Township).where(Township.name == NAME)).one()
    changed.root.put_document(f"{TOWNSHIP}{township.id}", "township.json", b"{}", changed.now())
    again = lose(changed)
    (fault,) = rebuild_database(again).faults
    assert "没有重建这一份" in fault
    assert len(places(again)["townships"]) == 2
