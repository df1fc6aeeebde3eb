"""Whoever changes a decision past the program, with the database's own password, is named by `verify`."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from archive_service.actions import holds, transferring
from archive_service.actions.holds import Wish as HoldWish
from archive_service.actions.transferring import Wish
from archive_service.tasks import transferring as packing
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.tasks.verifying import verify
from archive_service.tasks.verifying_decisions import differences
from archive_service.wiring import Archive
from storage.database.holds import HoldKind
from storage.database.organisations import village_named
from storage.database.transfers import transfer
from tests.conftest import NOON
from tests.unit.archive_service.removal_village import begun, make_stocked, settle
from tests.unit.archive_service.transfer_county import ONE, TODAY, TWO, filed_county, keeper


def tampered(archive: Archive, statement: str) -> list[str]:
    """What `verify` says after somebody took the triggers away and ran that statement."""
    assert verify(archive).faults == []
    with archive.sessions.engine.begin() as connection:
        triggers = connection.scalars(text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all()
        for one in triggers:
            connection.execute(text(f"DROP TRIGGER {one}"))
        for one in statement.split("; "):
            assert connection.execute(text(one)).rowcount
    return verify(archive).faults


@pytest.fixture
def judged(archive: Archive) -> Archive:
    """Three records that a group judged, on a register whose removal may begin."""
    begun(make_stocked(archive), 1, 2, 3)
    settle(archive)
    return archive


@pytest.fixture
def moved(archive: Archive) -> Archive:
    """A hold, two opening reviews, and a transfer with its package."""
    filed_county(archive)
    with archive.sessions.begin() as session:
        home = village_named(session, "石门槛村").id
        wish = HoldWish(HoldKind.RECORDS, "case", "法院要用", records=(TWO,))
        holds.place(session, archive.index, keeper(archive), wish, NOON, TODAY)
        opened = transferring.open_transfer(
            session, keeper(archive), Wish(home, "云岭县档案馆", (ONE,), "满二十五年移交"), NOON
        )
        transfer_id = opened.id
    with archive.sessions.begin() as session:
        transferring.ask_package(session, keeper(archive), transfer_id, NOON)
    assert packing.make_packages(archive) == 1
    with archive.sessions.read() as session:
        assert transfer(session, transfer_id).package
    sync_index(archive)
    seal_journal(archive)
    return archive


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE appraisal_opinions SET verdict = 'permanent'", "的 verdict 与档案库里的不同"),
        ("UPDATE appraisal_opinions SET reason = '换过的理由'", "鉴定意见"),
        ("DELETE FROM appraisal_opinion_records", "鉴定意见"),
        ("DELETE FROM appraisal_opinion_records; DELETE FROM appraisal_opinions", "鉴定意见，在数据库里没有"),
        ("UPDATE appraisal_members SET name = '别人'", "的 group 与档案库里的不同"),
        ("DELETE FROM appraisal_members WHERE seat = 'leader'", "的 group 与档案库里的不同"),
        ("UPDATE appraisal_batches SET purpose = '换过的目的'", "鉴定批次"),
        ("UPDATE appraised_records SET outcome = 'permanent'", "的 records 与档案库里的不同"),
    ],
)
def test_of_an_appraisal_every_change_is_named(judged: Archive, statement: str, named: str) -> None:
    found = tampered(judged, statement)
    assert any(named in one for one in found), found


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        ("UPDATE holds SET reason = '换过的理由'", "停止处置"),
        ("UPDATE holds SET released_at = placed_at, released_by = 'li'", "的 released_at 与档案库里的不同"),
        ("DELETE FROM held_records", "的 records 与档案库里的不同"),
        ("UPDATE opening_reviews SET outcome = 'controlled'", "的 outcome 与档案库里的不同"),
        ("UPDATE reviewed_records SET second_by = '别人'", "开放审核意见"),
        ("DELETE FROM reviewed_records", "开放审核意见"),
        ("UPDATE transfers SET package = '{}'", "的 package 与档案库里的不同"),
        ("UPDATE transfers SET receiver = '别的档案馆'", "的 receiver 与档案库里的不同"),
        ('UPDATE transfers SET receipt = \'{"signed_by": "别人"}\'', "的 receipt 与档案库里的不同"),
        ("DELETE FROM transferred_records", "移交"),
    ],
)
def test_of_holds_reviews_and_transfers_every_change_is_named(moved: Archive, statement: str, named: str) -> None:
    found = tampered(moved, statement)
    assert any(named in one for one in found), found


def test_a_decision_that_was_never_made_is_named(judged: Archive) -> None:
    with judged.sessions.read() as session:
        columns = session.execute(text("SELECT * FROM appraisal_opinions LIMIT 1")).keys()
    put = ", ".join("'" + "e" * 32 + "'" if one == "id" else one for one in columns)
    statement = f"INSERT INTO appraisal_opinions SELECT {put} FROM appraisal_opinions LIMIT 1"
    found = tampered(judged, statement)
    assert any("鉴定意见" in one and "档案库里却没有" in one for one in found), found


def test_a_field_of_a_later_version_of_the_program_is_no_difference() -> None:
    assert differences({"said": "是", "fresh": 1}, {"said": "是"}) == []
    assert differences({"said": {}}, {"said": {"lost": 1}}) == ["said"]
    assert differences({"rows": [{"a": 1, "fresh": 2}]}, {"rows": [{"a": 1}]}) == []
    assert differences({"rows": [{"a": 1}]}, {"rows": [{"a": 1}, {"a": 2}]}) == ["rows"]
    assert differences({"rows": [{"a": 1}]}, {"rows": [{"a": 2}]}) == ["rows"]
