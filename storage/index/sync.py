"""The index follows the database: take outbox rows, look at each record as it is now, put it in or take it out.

Comparing with the present row instead of replaying changes makes every step repeatable: twice is as good as once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, load_only

from classification.retention import parse_retention
from storage.database import outbox
from storage.database.engine import Sessions
from storage.database.organisations import Township, Village, townships_named, villages_by_id
from storage.database.outbox import IndexJob
from storage.database.readers import readers_of
from storage.database.records import Record, RecordState, file_ids_of, records, texts_of
from storage.index.documents import IndexDocument
from storage.index.door import Begun, Fillable, SearchIndex

_T = TypeVar("_T")
A_TIME = 500
"""Records looked at together: bounds memory, and commits of the index are dear."""
_LOOKED_AT = load_only(
    Record.village_id, Record.batch_id, Record.state, Record.kind, Record.title, Record.code, Record.class_id,
    Record.series_id, Record.retention, Record.year, Record.earliest, Record.latest, Record.doc_number,
    Record.responsible, Record.people, Record.places, Record.access, Record.fields, Record.created_at,
    Record.archived_at, raiseload=True,
)  # fmt: skip
"""Not the proposals with their reasons, which are longer than all the rest."""


@dataclass(frozen=True, slots=True)
class _Load:
    """Records as they were when they were looked at, and the outbox rows that asked for it.

    `removed` are those that belong out of the index, `standing` counts those that belong in; `more`: other loads follow
    at once.
    """

    record_ids: Sequence[str]
    documents: Sequence[IndexDocument]
    removed: Sequence[str] = ()
    jobs: Sequence[IndexJob] = ()
    standing: int = 0
    more: bool = True

    def may_go_beside(self, other: _Load) -> bool:
        """Not with the same record in both, or the older might come last. The last goes alone: with it all are seen."""
        return self.more and set(self.record_ids).isdisjoint(other.record_ids)


def drain(
    sessions: Sessions, index: SearchIndex, limit: int = A_TIME, step: Callable[[str], None] = lambda _: None
) -> Iterator[int]:
    """Carry outbox rows over to the index until none waits; yields after each `limit` of them how many were done.

    The next rows are looked at meanwhile. Whoever stops between two loads leaves the rest in the outbox.
    """
    waiting = True
    while waiting:
        # A row may be committed after a later one was seen: so again from the front, until nothing is there.
        waiting = False
        for load, refused in _applied(index, _made_ahead(_loads(sessions, limit))):
            waiting = True
            with sessions.begin() as session:
                _settle(session, load.jobs, refused)
            for record_id in load.record_ids:
                step(record_id)
            yield len(load.jobs)


def _loads(sessions: Sessions, limit: int) -> Iterator[_Load]:
    after, more = 0, True
    while more:
        with sessions.read() as session:
            jobs = outbox.pending(session, limit + 1, after)
            more, jobs = len(jobs) > limit, jobs[:limit]
            wanted = list(dict.fromkeys(job.record_id for job in jobs))
            documents = list(documents_for(session, wanted))
        if jobs:
            there = {document.id for document in documents}
            removed = [record_id for record_id in wanted if record_id not in there]
            yield _Load(wanted, documents, removed, jobs, len(documents), more)
            after = jobs[-1].id


def _applied(index: Fillable, loads: Iterable[_Load]) -> Iterator[tuple[_Load, Mapping[str, str]]]:
    """Each load once it is in the index, with what was refused of it; some are under way at once."""
    under_way: dict[Future[Mapping[str, str]], _Load] = {}

    def those_that_are_done() -> Iterator[tuple[_Load, Mapping[str, str]]]:
        for applied in wait(under_way, return_when=FIRST_COMPLETED).done:
            yield under_way.pop(applied), applied.result()

    with ThreadPoolExecutor(index.abreast) as lanes:
        for load in loads:
            while len(under_way) == index.abreast or not all(map(load.may_go_beside, under_way.values())):
                yield from those_that_are_done()
            under_way[lanes.submit(index.apply, load.documents, load.removed, load.more)] = load
        while under_way:
            yield from those_that_are_done()


def _settle(session: Session, jobs: Sequence[IndexJob], refused: Mapping[str, str]) -> None:
    """What went in is done; what the engine refused is tried again with the next, and parked in the end."""
    taken = [job for job in jobs if job.record_id not in refused]
    outbox.done(session, [job.id for job in taken])
    outbox.forget_parked(session, {job.record_id for job in taken})
    for record_id, reason in refused.items():
        outbox.refuse(session, [job.id for job in jobs if job.record_id == record_id], reason)


def documents_for(session: Session, record_ids: Sequence[str]) -> Iterator[IndexDocument]:
    """The documents of these records as they are now; withdrawn ones have none. The number of queries is fixed."""
    found = records(session, record_ids, _LOOKED_AT)
    by_record = file_ids_of(session, found)
    pages = texts_of(session, [file_id for file_ids in by_record.values() for file_id in file_ids])
    homes = villages_by_id(session, (record.village_id for record in found.values()))
    towns = townships_named(session, _townships_of(homes.values()))
    readers = readers_of(session, found.values())
    for record_id in record_ids:
        record = found.get(record_id)
        if record is not None and record.state != RecordState.WITHDRAWN:
            home = homes[record.village_id]
            names = former_names(home, towns, record)
            yield document_of(record, home, names, by_record[record_id], pages, readers.get(record_id, ()))


def _townships_of(homes: Iterable[Village]) -> set[str]:
    """Every township that these villages belong or belonged to."""
    return {name for home in homes for name in (home.township, *(str(one["name"]) for one in home.former_townships))}


def document_of(
    record: Record,
    home: Village,
    names: Sequence[str],
    file_ids: Sequence[str],
    pages: dict[str, list[tuple[int, str]]],
    readers: Sequence[str] = (),
) -> IndexDocument:
    """What the index holds of one record; `home` is its village, `names` what that and its township were called."""
    destroyed = record.state in (RecordState.DESTROYING, RecordState.DESTROYED)
    # What is being destroyed is found by its description alone, from the first moment.
    text = "" if destroyed else "\f".join(text for file_id in file_ids for _, text in pages[file_id])
    said = " ".join(str(value) for value in record.fields.values() if isinstance(value, str | int))
    return IndexDocument(
        id=record.id,
        title=record.title,
        text=f"{text}\f{said}" if said else text,
        code=record.code or "",
        doc_number=record.doc_number,
        responsible=record.responsible,
        people=tuple(record.people),
        places=(*record.places, *names),
        village=record.village_id,
        fonds=home.fonds,
        year_from=record.earliest.year if record.earliest else record.year,
        year_to=record.latest.year if record.latest else record.year,
        date_from=record.earliest,
        date_to=record.latest,
        class_path=class_path(record.class_id),
        series=record.series_id or "",
        kind=record.kind,
        retention=retention_id(record),
        access=record.access,
        archived=destroyed or record.state in (RecordState.ARCHIVED, RecordState.ARCHIVING),
        state=record.state,
        batch=record.batch_id or "",
        added=int((record.archived_at or record.created_at).timestamp()) // 60,
        readers=tuple(readers),
    )


def former_names(home: Village, towns: Mapping[str, Township], record: Record) -> list[str]:
    """What the village and its township were called at the time of the record: 红旗大队 finds what 王家村 kept in 1975.

    A township's own earlier names count for the years in which the village belonged to it.
    """
    first, last = (day.year if day else record.year for day in (record.earliest, record.latest))
    if first is None or last is None:
        return []
    names = [_at(first, last, one) for one in (*home.aliases, *home.former_townships)]
    here = [one for one in home.former_townships if _at(first, last, one)]
    since = max((one["to"] for one in home.former_townships if one.get("to")), default=None)
    here.append({"name": home.township, "from": since, "to": None})
    for one in here:
        town = towns.get(str(one["name"]))
        if town is not None and _at(first, last, one):
            names += [_at(first, last, alias) for alias in town.aliases]
    return list(dict.fromkeys(filter(None, names)))


def _at(first: int, last: int, named: Mapping[str, Any]) -> str:
    """The name, where it was in use within these years; else nothing."""
    in_use = first <= (named.get("to") or last) and last >= (named.get("from") or first)
    return str(named["name"]) if in_use else ""


def class_path(class_id: str | None) -> tuple[str, ...]:
    """WS-MZ → (WS, WS-MZ): a class is found under every class above it."""
    parts = (class_id or "").split("-") if class_id else []
    return tuple("-".join(parts[: number + 1]) for number in range(len(parts)))


def retention_id(record: Record) -> str:
    """One word for the period: permanent, 30, 10, event, split, open."""
    period = parse_retention(record.retention)
    return str(period.years) if period.kind == "years" else period.kind


def unequal(sessions: Sessions, index: SearchIndex) -> Iterator[str]:
    """The records that the index holds otherwise than the database has them now, or not at all."""
    for ids in _all_records(sessions):
        with sessions.read() as session:
            wanted = {document.id: document.mark() for document in documents_for(session, ids)}
        held = index.marks(list(wanted))
        yield from (record_id for record_id, mark in wanted.items() if held.get(record_id) != mark)


def _all_records(sessions: Sessions) -> Iterator[list[str]]:
    after = ""
    while True:
        with sessions.read() as session:
            ids = list(session.scalars(select(Record.id).where(Record.id > after).order_by(Record.id).limit(A_TIME)))
        if not ids:
            return
        yield ids
        after = ids[-1]


class _HoldsMore(Exception):
    """The index that was gone on with has documents of which the database knows nothing."""


def rebuild(sessions: Sessions, index: SearchIndex, step: Callable[[str], None] = lambda _: None) -> int:
    """Make the index again from the database; returns the number of records in it.

    One that was cut off is gone on with: what it has as it should be is not written again. What changes meanwhile stays
    in the outbox, for nobody else can write until the new index has taken its place.
    """
    try:
        return _rebuilt(sessions, index, step, go_on=True)
    except _HoldsMore:
        return _rebuilt(sessions, index, step, go_on=False)


def _rebuilt(sessions: Sessions, index: SearchIndex, step: Callable[[str], None], go_on: bool) -> int:
    with index.anew(go_on) as fresh:
        begun = fresh.count() > 0
        number = _fill(sessions, fresh, step, begun)
        if begun and fresh.count() != number:
            raise _HoldsMore
    return number


def _fill(sessions: Sessions, index: Begun, step: Callable[[str], None], begun: bool) -> int:
    number = 0
    loads = _made_ahead(_all_documents(sessions))
    for load, refused in _applied(index, (_lacking(index, load) for load in loads) if begun else loads):
        if refused:
            # The next drain tries them one more time, and parks them with the reason.
            with sessions.begin() as session:
                outbox.mark(session, refused)
        number += load.standing - len(refused)
        for record_id in load.record_ids:
            step(record_id)
    return number


def _all_documents(sessions: Sessions) -> Iterator[_Load]:
    for ids in _all_records(sessions):
        with sessions.read() as session:
            documents = list(documents_for(session, ids))
        yield _Load(ids, documents, standing=len(documents))


def _lacking(index: Begun, load: _Load) -> _Load:
    """What of it the index has not yet, or otherwise."""
    there = index.marks(load.record_ids)
    wanted = {document.id for document in load.documents}
    return replace(
        load,
        documents=[document for document in load.documents if there.get(document.id) != document.mark()],
        removed=[record_id for record_id in there if record_id not in wanted],
    )


def _made_ahead(items: Iterator[_T]) -> Iterator[_T]:
    """The same items; the next one is being made in a thread while the present one is worked on."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = beside.submit(next, items, None)
            yield item
