"""Appraisals and registers outlive the database: the store alone brings them back, chains and all."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import inspect, select

from archive_service.actions.appraisal import Chosen, Source
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.rebuilding import rebuild_database
from archive_service.tasks.upkeep import seal_journal
from archive_service.wiring import Archive, build
from classification.appraisal_seats import Seat
from storage.database.appraisal import AppraisalBatch, AppraisedRecord, GroupMember, Opinion, OpinionRecord
from storage.database.base import Base
from storage.database.register_chain import faults
from storage.database.registers import ForbiddenPair, Register, RegisterEntry, RegisterRow
from tests.unit.archive_service.appraisal_village import Place, make_place, number

TABLES: tuple[type[Base], ...] = (
    AppraisalBatch, AppraisedRecord, GroupMember, Opinion, OpinionRecord, ForbiddenPair, Register, RegisterEntry,
    RegisterRow,
)  # fmt: skip


@pytest.fixture
def place(archive: Archive) -> Place:
    return make_place(archive)


def everything(archive: Archive) -> dict[str, list[tuple[object, ...]]]:
    """Every row of these tables, but whether the store has it."""
    found = {}
    with archive.sessions.read() as session:
        for table in TABLES:
            columns = [one for one in inspect(table).columns if one.key != "kept"]
            rows = session.execute(select(*columns).order_by(*inspect(table).primary_key))
            found[table.__tablename__] = [tuple(row) for row in rows]
    return found


def test_a_rebuild_from_the_store_brings_back_every_batch_opinion_row_and_signature(
    place: Place, tmp_path: Path
) -> None:
    register = place.approved(1, 2)
    place.act(register, "jia", "miscount", [number(2)], "少一页")
    place.open(Chosen(Source.RECORDS, records=(number(3),)))
    seal_journal(place.archive)
    before = everything(place.archive)
    store = place.archive.settings.objects()
    again = build(place.archive.settings.model_copy(update={"data": tmp_path / "again", "objects_url": store}))
    done = rebuild_database(again)
    assert done.faults == []
    assert all(before[table.__tablename__] for table in TABLES)
    assert everything(again) == before
    with again.sessions.read() as session:
        assert faults(session) == []


def test_what_has_not_changed_is_not_written_again_and_an_act_is(place: Place) -> None:
    register = place.register()
    # The village, the batch, two opinions, one register.
    assert keep_documents(place.archive) == 5
    assert keep_documents(place.archive) == 0
    place.act(register, "zu", "sign", Seat.LEADER)
    assert keep_documents(place.archive) == 1
    held = place.archive.root.read(f"urn:village-archive:register:{register}")
    rows = place.archive.root.read(f"urn:village-archive:register-rows:{register}")
    assert (held.version, rows.version) == (2, 1)
