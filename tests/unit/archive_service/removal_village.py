"""The village of the appraisal tests with papers that really lie in the store: files, pages, people, pictures."""

from __future__ import annotations

import io
from collections.abc import Mapping

from sqlalchemy import select

from archive_service.actions import filing
from archive_service.tasks import removing
from archive_service.tasks.filing import store
from archive_service.tasks.removing import Removed
from archive_service.tasks.removing_copies import folder_of
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import Archive
from storage.database.batches import Batch, Item, ItemState
from storage.database.records import File, Kin, PageText, Record, RecordState
from storage.database.removals import Removal
from storage.index.query import SearchRequest
from storage.objects.areas import derivative_key, derivatives_of, staging_key
from storage.scope import Grant, Scope
from tests.conftest import NOON
from tests.unit.archive_service.appraisal_village import Place, make_place, number

ALL = Scope((Grant(frozenset({"internal"}), unarchived=True),))


def file_id(one: int) -> str:
    """The id of the file of the n-th record."""
    return f"{one + 0xF00:032x}"


def word_of(one: int) -> str:
    """A word that only the text of the n-th record has."""
    return "".join("子丑寅卯辰巳午未申酉"[int(digit)] for digit in f"{one:05d}")


def make_stocked(archive: Archive, records: int = 3) -> Place:
    """The village, and so many archived records that have run out, each with a file, its text and a picture."""
    place = make_place(archive, 0)
    with archive.sessions.begin() as session:
        session.add(Batch(id="b" * 32, village_id=place.village, source="U盘", opened_by="li", opened_at=NOON))
    for one in range(1, records + 1):
        put_whole(place, one)
    settle(archive)
    return place


def put_whole(place: Place, one: int) -> None:
    """One archived record as handing in, reading and archiving leave it."""
    archive, key = place.archive, staging_key(file_id(one))
    kept = archive.objects.put(key, io.BytesIO(f"灌溉渠维修账{word_of(one)}".encode()))
    place.put(one, state=RecordState.ARCHIVING, version=0, batch_id="b" * 32, archived_at=NOON, described_by="li")
    with archive.sessions.begin() as session:
        session.add(
            File(
                id=file_id(one), record_id=number(one), village_id=place.village, name=f"{one}.txt",
                path=f"账/{one}.txt", size=kept.size, sha256=kept.sha256, sha512=kept.sha512, mime="text/plain",
                page_count=1, storage_key=key, received_at=NOON,
            )
        )  # fmt: skip
        session.flush()
        session.add(PageText(file_id=file_id(one), number=1, text=f"灌溉渠维修账{word_of(one)}"))
        session.add(Kin(record_id=number(one), file_id=file_id(one), number="1", name="石大山", details={"字": "子高"}))
        session.add(
            Item(
                batch_id="b" * 32, village_id=place.village, path=f"账/{one}.txt", path_bytes=b"x", size=kept.size,
                sha256=kept.sha256, state=ItemState.PROPOSED, file_id=file_id(one), record_id=number(one),
                received_at=NOON,
            )
        )  # fmt: skip
    with archive.sessions.read() as session:
        plan = filing.refiling(session, number(one), NOON)
    store(archive, plan)
    archive.objects.put(derivative_key(number(one), file_id(one), "page-1-320.jpg"), io.BytesIO(b"picture"))


def settle(archive: Archive) -> None:
    """Index and journal are up to date."""
    sync_index(archive)
    seal_journal(archive)


def begun(place: Place, *records: int) -> str:
    """A register that may be carried out: signed, approved, counted, begun; its id."""
    found = place.counted(*records)
    place.act(found, "ban", "begin")
    return found


def carry_out(place: Place, register: str, most: int | None = None) -> Removed:
    """The removal, as the operator of the register does it."""
    with place.archive.sessions.read() as session:
        actor = place.who(session, "ban")
    return removing.carry_out(place.archive, actor, register, most)


def copies(archive: Archive, one: int) -> dict[str, int]:
    """How much of a record there is, place by place, looked up without the code that removes."""
    record_id = number(one)
    with archive.sessions.read() as session:
        files = session.scalars(select(File).where(File.record_id == record_id)).all()
        pages = session.scalars(select(PageText).where(PageText.file_id == file_id(one))).all()
        kin = session.scalars(select(Kin).where(Kin.record_id == record_id)).all()
    found = archive.index.search(SearchRequest(text=word_of(one)), ALL)
    return {
        "object": len(list(archive.objects.everything(f"{folder_of(record_id)}/"))),
        "derivative": len(list(archive.objects.everything(derivatives_of(record_id)))),
        "staging": archive.objects.versions_left(staging_key(file_id(one))),
        "files": len(files), "pages": len(pages), "kin": len(kin),
        "index": sum(hit.id == record_id for hit in found.hits),
    }  # fmt: skip


def is_gone(archive: Archive, one: int) -> bool:
    """Wholly gone with its row: nothing is left, and the database says so."""
    with archive.sessions.read() as session:
        removal, record = session.get(Removal, number(one)), session.get_one(Record, number(one))
    said = removal is not None and removal.state == "proved" and record.state == RecordState.DESTROYED
    return said and set(copies(archive, one).values()) == {0}


def is_whole(archive: Archive, one: int) -> bool:
    """Wholly there, with no row that says otherwise: every place holds it, and its bytes are what they were."""
    with archive.sessions.read() as session:
        removal, record = session.get(Removal, number(one)), session.get_one(Record, number(one))
        files = session.scalars(select(File).where(File.record_id == number(one))).all()
    there: Mapping[str, int] = copies(archive, one)
    filled = all(count for name, count in there.items() if name != "staging")
    same = []
    for file in files:
        with archive.objects.open(file.storage_key) as stream:
            same.append(stream.read().decode())
    return (
        removal is None and record.state == RecordState.ARCHIVED and filled and same == [f"灌溉渠维修账{word_of(one)}"]
    )
