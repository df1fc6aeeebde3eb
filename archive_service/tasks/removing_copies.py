"""The copies of one record: finding every one, taking them away, and looking for each again.

Nothing here decides that a record may go: a copy in the archive is only ever removed with a proof made of a signed row
(see `storage.objects.removal`), and `removing` asks for holds before. A copy is `{what, where, found, left}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.wiring import Archive
from storage.database.outbox import IndexJob
from storage.database.records import File, OcrState
from storage.database.registers import RegisterRow
from storage.database.removals import Removal, rows_left, signatures
from storage.index import sync
from storage.objects.areas import ARCHIVE, DERIVATIVES, derivatives_of, staging_key
from storage.objects.layout import OBJECT_DECLARATION, object_path
from storage.objects.ocfl import record_urn
from storage.objects.opening import open_store
from storage.objects.removal import Destroyed, SignedRow
from storage.objects.store import ObjectStore

Copy = dict[str, Any]

OBJECT, DERIVED, STAGED, SECOND = "object", "derivative", "staging", "second_copy"
ROWS, INDEX, QUEUE = "rows", "index", "queue"
WORDS = {
    OBJECT: "档案库对象（含各版本）",
    DERIVED: "缩略图和页面文字",
    STAGED: "暂存区",
    SECOND: "第二副本",
    ROWS: "数据库里的文件、页面文字、家谱人物",
    INDEX: "检索库里的全文",
    QUEUE: "排队等做的事",
}
"""What each kind of copy is called on pages and in the proof."""


def folder_of(record_id: str) -> str:
    """Where the object of a record lies, without a slash at its end."""
    return f"{ARCHIVE}{object_path(record_urn(record_id))}"


@dataclass(frozen=True)
class Places:
    """The stores that copies may lie in. `astray`: derivatives that lie under another record, by file id."""

    archive: Archive
    astray: Mapping[str, Sequence[str]]

    @cached_property
    def second(self) -> ObjectStore | None:
        """The second copy, where one is configured."""
        url = self.archive.settings.second_copy_url
        return open_store(url) if url else None


def astray_of(archive: Archive, register_id: str) -> dict[str, list[str]]:
    """Pictures of a register's files that were drawn when the file belonged to another record: one look at them all."""
    listed = select(RegisterRow.record_id).where(RegisterRow.register_id == register_id)
    with archive.sessions.read() as session:
        wanted = select(File.id, File.record_id).where(File.record_id.in_(listed))
        homes = {file_id: record_id for file_id, record_id in session.execute(wanted)}
    found: dict[str, list[str]] = {}
    for key in archive.objects.everything(DERIVATIVES) if homes else ():
        file_id = key.rpartition("/")[2].partition(".")[0]
        home = homes.get(file_id)
        if home and not key.startswith(derivatives_of(home)):
            found.setdefault(file_id, []).append(key)
    return found


def find(places: Places, session: Session, record_id: str, files: Sequence[File]) -> list[Copy]:
    """Every copy of a record that there is; a place where there is none is said too."""
    copies = [_copy(what, where, found) for what, where, found in _in_stores(places, record_id, [f.id for f in files])]
    rows = rows_left(session, record_id, [file.id for file in files])
    copies += [_copy(ROWS, name, number) for name, number in rows.items()]
    copies.append(_copy(INDEX, record_id, len(places.archive.index.marks([record_id]))))
    waiting = sum(file.ocr_state == OcrState.PENDING for file in files)
    jobs = session.scalar(select(func.count()).where(IndexJob.record_id == record_id)) or 0
    return [*copies, _copy(QUEUE, record_id, waiting + jobs)]


def _copy(what: str, where: str, found: int) -> Copy:
    return {"what": what, "where": where, "found": found, "left": None}


def _in_stores(places: Places, record_id: str, file_ids: Sequence[str]) -> Iterator[tuple[str, str, int]]:
    objects, folder = places.archive.objects, f"{folder_of(record_id)}/"
    yield from _below(objects, OBJECT, folder)
    yield from _below(objects, DERIVED, derivatives_of(record_id))
    for file_id in file_ids:
        for key in places.astray.get(file_id, ()):
            yield DERIVED, key, objects.versions_left(key)
        yield STAGED, staging_key(file_id), objects.versions_left(staging_key(file_id))
    if places.second is not None:
        yield from _below(places.second, SECOND, folder)
        yield from _below(places.second, SECOND, derivatives_of(record_id))


def _below(store: ObjectStore, what: str, prefix: str) -> Iterator[tuple[str, str, int]]:
    keys = list(store.everything(prefix))
    yield from ((what, key, store.versions_left(key)) for key in keys)
    if not keys:
        yield what, prefix, 0


def proof_of(session: Session, removal: Removal) -> Destroyed:
    """The proof that lets the object of this record go, from what the register's entries say now.

    Raises:
        Conflict: a signature is lacking. Missing: the record is not on that register.
    """
    return Destroyed(
        SignedRow(**signatures(session, removal.register_id, removal.record_id)), folder_of(removal.record_id)
    )


def remove(places: Places, removal: Removal, proof: Destroyed) -> None:
    """Take every copy out of the stores. Cut off anywhere, it is simply done again.

    Raises:
        Conflict: a lock that cannot be lifted. NotReady: a store is away.
    """
    objects, folder = places.archive.objects, f"{folder_of(removal.record_id)}/"
    for key in _object_keys(objects, folder):
        objects.delete(key, proof)
    for key in (*objects.everything(derivatives_of(removal.record_id)), *_written(removal, DERIVED, STAGED)):
        objects.delete(key)
    if places.second is not None:
        for key in _object_keys(places.second, folder):
            places.second.delete(key, proof)
        for key in list(places.second.everything(derivatives_of(removal.record_id))):
            places.second.delete(key)


def _object_keys(store: ObjectStore, folder: str) -> list[str]:
    """The declaration first: without it the folder is no object, so what is half removed is not taken for a whole."""
    return sorted(store.everything(folder), key=lambda key: key != f"{folder}{OBJECT_DECLARATION}")


def _written(removal: Removal, *kinds: str) -> list[str]:
    return [one["where"] for one in removal.copies if one["what"] in kinds and not one["where"].endswith("/")]


def look(places: Places, session: Session, removal: Removal, is_indexed_right: bool) -> list[Copy]:
    """The same list with what is left of each, and anything that lies beside it now; all 0 = proved absent.

    `is_indexed_right`: the index has the record without its text, or not at all (see `indexed_right`).
    """
    file_ids = [key.rpartition("/")[2] for key in _written(removal, STAGED)]
    now = {(what, where): left for what, where, left in _in_stores(places, removal.record_id, file_ids)}
    now |= {(ROWS, name): left for name, left in rows_left(session, removal.record_id, file_ids).items()}
    now[INDEX, removal.record_id] = 0 if is_indexed_right else 1
    waiting = session.scalar(select(func.count()).where(File.id.in_(file_ids), File.ocr_state == OcrState.PENDING))
    now[QUEUE, removal.record_id] = waiting or 0
    seen = [{**one, "left": _left(places, one, now)} for one in removal.copies]
    known = {(one["what"], one["where"]) for one in seen}
    fresh = [_copy(what, where, 0) | {"left": left} for (what, where), left in now.items() if left]
    return seen + [one for one in fresh if (one["what"], one["where"]) not in known]


def _left(places: Places, one: Copy, now: Mapping[tuple[str, str], int]) -> int:
    key = one["what"], one["where"]
    if key in now:
        return now[key]
    if one["where"].endswith("/"):
        # What lies below it now stands in the list by its own name.
        return 0
    store = places.second if one["what"] == SECOND else places.archive.objects
    return store.versions_left(one["where"]) if store is not None else 0


def indexed_right(archive: Archive, session: Session, record_ids: Sequence[str]) -> set[str]:
    """Those of these records that the index holds by their description alone, or not at all."""
    wanted = {one.id: one.mark() for one in sync.documents_for(session, record_ids)}
    held = archive.index.marks(record_ids)
    return {one for one in record_ids if one not in held or held[one] == wanted.get(one)}
