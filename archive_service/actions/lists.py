"""A clerk's list becomes proposed records without files: a directory, or one kind of village history. All or nothing.

A list that was exported here and edited changes the records it names; that is all or nothing too.

The workbook is a way to type records in, not a paper to be kept: it is no item and is not counted. Who wants to archive
it hands it in like any other file. Its digest is kept with the batch, so that the same list again adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import catalogue, revising
from archive_service.actions.holdings import inside
from archive_service.actions.list_changes import ChangeReader, RowChange
from archive_service.actions.list_columns import columns_of, kind_of
from archive_service.actions.list_rows import RecordMaker
from archive_service.actions.record_lists import KEY, all_columns
from archive_service.exchange import list_files
from archive_service.exchange.list_files import ListInvalid, ListRow, whole
from archive_service.forms.field_sets import field_sets
from archive_service.permissions import Actor, Permission, check, scope_of
from archive_service.rulebook import RuleBook
from classification.errors import Problem, RuleError
from storage.database import journal
from storage.database.base import new_id
from storage.database.batches import Batch
from storage.database.records import Record

MOST_SHOWN = 200
MOST_PROBLEMS = 500
TOGETHER = 500
"""Records written with one flush, then forgotten, so that memory does not grow with the list."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list. `before` says that this very file had been imported already."""

    batch_id: str
    records: int
    before: bool = False


@dataclass
class Changed:
    """What an edited list changed, or would change: rows read, the changes (the first ones in full), new versions."""

    rows: int = 0
    number: int = 0
    shown: list[RowChange] = field(default_factory=list)
    revised: list[str] = field(default_factory=list)


def is_exported(path: Path) -> bool:
    """Whether a list was exported here: it has the column by which its records are known.

    Raises:
        ListInvalid: it is no workbook or CSV.
    """
    with list_files.opened(path) as (_, found):
        top = [cell for row in islice(found, list_files.HEADER_WITHIN) for cell in row.cells]
    return any(whole(cell) == whole(KEY.name) for cell in top)


def change_by_list(
    session: Session, actor: Actor, path: Path, rules: RuleBook, at: datetime, apply: bool = True
) -> Changed:
    """Change the records that an edited list names; without `apply` only say what it would change.

    The caller's transaction takes everything back on an error. Records named in `revised` must then be stored.

    Raises:
        Forbidden: the actor does not catalogue.
        ListInvalid: with every row and column that is wrong, or changed by others meanwhile.
    """
    check(actor, Permission.CATALOGUE)
    columns = all_columns(list(field_sets()))
    reader = ChangeReader(session, actor, rules, {one.id: one for one in columns}, at)
    done = Changed()
    with list_files.opened(path) as (_, found):
        rows = list_files.rows(found, columns, blanks=True)
        while some := list(islice(rows, TOGETHER)):
            _change_some(reader, some, done, apply)
    if reader.problems:
        raise ListInvalid(tuple(reader.problems[:MOST_PROBLEMS]))
    return done


def _change_some(reader: ChangeReader, some: list[ListRow], done: Changed, apply: bool) -> None:
    """Judge rows, and carry them out while nothing is wrong."""
    session, actor = reader.session, reader.actor
    ids = [row.cells.get(KEY.id, "").partition("-")[0] for row in some]
    seen = select(Record).where(Record.id.in_(ids), inside(scope_of(actor)))
    records = {one.id: one for one in session.scalars(seen)}
    for row in some:
        id = reader.id_of(row)
        change = reader.change(row, records.get(id)) if id else None
        done.rows += 1
        if change is None:
            continue
        done.number += 1
        done.shown += [change] if len(done.shown) < MOST_SHOWN else []
        if change.revises:
            done.revised.append(id)
        if apply and not reader.problems:
            _carry_out(reader, change)
    session.flush()
    session.expunge_all()


def _carry_out(reader: ChangeReader, change: RowChange) -> None:
    session, found = reader.session, change.record
    try:
        if change.revises:
            revising.revise(session, reader.actor, found.id, change.changes, change.reason, reader.at)
        else:
            catalogue.describe(session, reader.actor, found.id, change.changes, reader.rules, reader.at)
    except RuleError as refused:
        reader.problems.append(Problem(f"第 {change.number} 行", "", str(refused)))


def import_list(
    session: Session, actor: Actor, village_id: str, path: Path, kind: str | None, rules: RuleBook, at: datetime
) -> Imported:
    """Make a proposed record of every row; the caller's transaction takes everything back on an error.

    `kind` None = as the sheet is called. Everything the session held is written and forgotten on the way.

    Raises:
        Forbidden: the actor may not hand in for this village.
        ListInvalid: with every row and column that is wrong.
    """
    check(actor, Permission.HAND_IN, village_id)
    digest = list_files.digest(path)
    held = session.scalars(
        select(Batch).where(Batch.village_id == village_id, Batch.source_path == f"sha256:{digest}")
    ).first()
    if held is not None:
        return Imported(held.id, 0, before=True)
    batch = Batch(
        id=new_id(), village_id=village_id, source=path.name[-500:], source_path=f"sha256:{digest}",
        opened_by=actor.login, opened_at=at, walked_at=at,
    )  # fmt: skip
    session.add(batch)
    with list_files.opened(path) as (sheet_name, found):
        kind = kind or kind_of(sheet_name)
        maker = RecordMaker(kind, batch, rules, at)
        records = _write(session, maker, rules, list_files.rows(found, columns_of(kind)))
    if maker.problems:
        raise ListInvalid(tuple(maker.problems[:MOST_PROBLEMS]))
    if not records:
        raise ListInvalid((Problem(path.name, "", "列名下面一行也没有。"),))
    details = {"file": path.name, "sha256": digest, "kind": kind, "records": records}
    journal.write(session, at, actor.login, "list_imported", "batch", batch.id, village_id, details)
    return Imported(batch.id, records)


def _write(session: Session, maker: RecordMaker, rules: RuleBook, rows: Iterator[ListRow]) -> int:
    """Writes the records of all rows; after the first problem rows are only looked at."""
    session.flush()
    written = 0
    while some := list(islice(rows, TOGETHER)):
        suggester = rules.suggester(session, map(maker.title, some))
        records = [maker.record(row, suggester) for row in some]
        if not maker.problems:
            session.add_all(records)
            session.flush()
            session.expunge_all()
            written += len(records)
    return written
