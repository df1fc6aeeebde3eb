"""The outbox to the index: what the engine refuses holds up nobody, is tried again, and is parked with the reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Barrier, BrokenBarrierError

import pytest
from sqlalchemy import event, select

from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import sync_index
from archive_service.wiring import Archive
from storage.database import outbox
from storage.database.records import Record, RecordState
from storage.index import sync
from storage.index.documents import IndexDocument
from storage.index.embedded import EmbeddedIndex
from tests.contracts.search_records import record


class Choosy(EmbeddedIndex):
    """The embedded index, which takes nothing whose text has a certain word, as a server may."""

    refuses = "水库"

    def apply(
        self, documents: Sequence[IndexDocument], removed_ids: Sequence[str], more: bool = False
    ) -> Mapping[str, str]:
        super().apply([one for one in documents if self.refuses not in one.text], removed_ids, more)
        return {one.id: "太长" for one in documents if self.refuses in one.text}

    @contextmanager
    def anew(self, go_on: bool = False) -> Iterator[EmbeddedIndex]:
        self.clear()
        yield self


class Abreast(Choosy):
    """Takes two loads at once; each stays under way until another comes, or none has come for a while."""

    abreast, refuses, patient_for = 2, "什么都收", 0.2

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.met = 0
        self._meeting = Barrier(2)

    def apply(
        self, documents: Sequence[IndexDocument], removed_ids: Sequence[str], more: bool = False
    ) -> Mapping[str, str]:
        with suppress(BrokenBarrierError):
            self._meeting.wait(self.patient_for)
            self.met += 1
        if self._meeting.broken:
            self._meeting.reset()
        return super().apply(documents, removed_ids, more)


@pytest.fixture
def two_records(archive: Archive, tmp_path: Path) -> dict[str, str]:
    """Two records that wait for the index: title → id."""
    set_up(archive, None, "admin")
    with archive.sessions.begin() as session:
        add_village(session, OPERATOR, archive.now(), "石门槛村", "V012")
    papers = tmp_path / "papers"
    papers.mkdir()
    for name in ("水库", "道路"):
        (papers / f"{name}.txt").write_text(f"关于维修{name}的请示\n{name}年久失修，请予维修。\n", encoding="utf-8")
    hand_in(archive, OPERATOR, "石门槛村", papers)
    with archive.sessions.begin() as session:
        found = {record.title: record.id for record in session.scalars(select(Record))}
        outbox.mark(session, found.values())
    return found


def test_what_the_engine_refuses_is_tried_three_times_and_parked_and_the_others_go_in(
    archive: Archive, two_records: dict[str, str], tmp_path: Path
) -> None:
    index = Choosy(tmp_path / "choosy")
    rounds = sum(1 for _ in sync.drain(archive.sessions, index))
    (refused,) = [record_id for title, record_id in two_records.items() if "水库" in title]
    with archive.sessions.read() as session:
        assert outbox.parked(session) == {refused: "太长"}
        assert outbox.backlog(session) == 0
    assert (rounds, index.count()) == (outbox.MOST_ATTEMPTS, 1)


def test_a_parked_record_that_changes_is_tried_again_and_then_no_longer_parked(
    archive: Archive, two_records: dict[str, str], tmp_path: Path
) -> None:
    index = Choosy(tmp_path / "choosy")
    list(sync.drain(archive.sessions, index))
    index.refuses = "什么都收"
    with archive.sessions.begin() as session:
        outbox.mark(session, two_records.values())
    list(sync.drain(archive.sessions, index))
    with archive.sessions.read() as session:
        assert outbox.parked(session) == {}
    assert index.count() == 2


def test_a_rebuild_hands_what_was_refused_to_the_outbox(
    archive: Archive, two_records: dict[str, str], tmp_path: Path
) -> None:
    sync_index(archive)
    index = Choosy(tmp_path / "choosy")
    assert sync.rebuild(archive.sessions, index) == 1
    with archive.sessions.read() as session:
        waiting = [job.record_id for job in outbox.pending(session, 10)]
    assert waiting == [record_id for title, record_id in two_records.items() if "水库" in title]


def test_while_nothing_waits_nothing_is_written(archive: Archive, two_records: dict[str, str]) -> None:
    assert sync_index(archive) == len(two_records)
    said: list[str] = []
    event.listen(archive.sessions.engine, "before_cursor_execute", lambda *told: said.append(told[2]))
    assert sync_index(archive) == 0
    assert said
    assert all(statement.startswith("SELECT") for statement in said if not statement.startswith("BEGIN"))


class Kept(EmbeddedIndex):
    """The embedded index, which remembers what was put into one made anew."""

    put: list[str]

    @contextmanager
    def anew(self, go_on: bool = False) -> Iterator[EmbeddedIndex]:
        with super().anew(go_on) as fresh:
            apply = fresh.apply

            def remembered(
                documents: Sequence[IndexDocument], removed_ids: Sequence[str], more: bool = False
            ) -> Mapping[str, str]:
                self.put += [one.title for one in documents]
                return apply(documents, removed_ids, more)

            fresh.apply = remembered  # type: ignore[method-assign]  # a witness beside the door
            yield fresh


@pytest.fixture
def cut_off(
    archive: Archive, two_records: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[Kept, list[str]]:
    """An index whose making was cut off after the first of two records; their titles in order."""
    monkeypatch.setattr(sync, "A_TIME", 1)
    index = Kept(tmp_path / "kept")
    index.put = []

    class Killed(Exception):
        pass

    def kill(_: str) -> None:
        raise Killed

    with pytest.raises(Killed):
        sync.rebuild(archive.sessions, index, kill)
    titles = sorted(two_records, key=lambda title: two_records[title])
    assert (index.put, index.count()) == (titles[:1], 0)
    index.put = []
    return index, titles


def test_a_rebuild_that_was_cut_off_goes_on_with_what_is_lacking(
    archive: Archive, cut_off: tuple[Kept, list[str]]
) -> None:
    index, titles = cut_off
    assert sync.rebuild(archive.sessions, index) == 2
    assert index.put == titles[1:]
    assert (index.count(), list(sync.unequal(archive.sessions, index))) == (2, [])


def test_what_changed_since_the_rebuild_was_cut_off_is_written_again(
    archive: Archive, two_records: dict[str, str], cut_off: tuple[Kept, list[str]]
) -> None:
    index, titles = cut_off
    with archive.sessions.begin() as session:
        session.get_one(Record, two_records[titles[0]]).title = "改过的题名"
    sync.rebuild(archive.sessions, index)
    assert index.put == ["改过的题名", titles[1]]
    assert list(sync.unequal(archive.sessions, index)) == []


def test_what_was_withdrawn_since_the_rebuild_was_cut_off_is_not_in_the_index(
    archive: Archive, two_records: dict[str, str], cut_off: tuple[Kept, list[str]]
) -> None:
    index, titles = cut_off
    with archive.sessions.begin() as session:
        session.get_one(Record, two_records[titles[0]]).state = RecordState.WITHDRAWN
    assert sync.rebuild(archive.sessions, index) == 1
    assert (index.put, index.count()) == (titles[1:], 1)


def test_a_half_made_index_with_records_that_nobody_knows_is_made_from_nothing(
    archive: Archive, cut_off: tuple[Kept, list[str]]
) -> None:
    index, titles = cut_off
    with suppress(KeyError), index.anew(go_on=True) as half:
        half.apply([record("unknown", "外来")], [])
        raise KeyError
    index.put = []
    assert sync.rebuild(archive.sessions, index) == 2
    assert (index.put[-2:], index.count()) == (titles, 2)


@pytest.mark.parametrize(("order", "met"), [("水路水", 2), ("水水路", 0)])
def test_loads_go_in_abreast_but_never_two_with_the_same_record_and_the_last_alone(
    archive: Archive, two_records: dict[str, str], tmp_path: Path, order: str, met: int
) -> None:
    sync_index(archive)
    for letter in order:
        with archive.sessions.begin() as session:
            outbox.mark(session, [record_id for title, record_id in two_records.items() if letter in title])
    index = Abreast(tmp_path / "abreast")
    assert sum(sync.drain(archive.sessions, index, limit=1)) == 3
    assert (index.met, index.count()) == (met, 2)
