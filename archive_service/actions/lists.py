"""A clerk's list becomes proposed records without files: a directory, or one kind of village history. All or nothing.

The workbook is a way to type records in, not a paper to be kept: it is no item and is not counted. Who wants to archive
it hands it in like any other file. Its digest is kept with the batch, so that the same list again adds nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.list_columns import columns_of, kind_of
from archive_service.actions.list_rows import RecordMaker
from archive_service.exchange import list_files
from archive_service.exchange.list_files import ListInvalid, ListRow
from archive_service.permissions import Actor, Permission, check
from archive_service.rulebook import RuleBook
from classification.errors import Problem
from storage.database import journal
from storage.database.base import new_id
from storage.database.batches import Batch

MOST_PROBLEMS = 500
TOGETHER = 500
"""Records written with one flush, then forgotten, so that memory does not grow with the list."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a list. `before` says that this very file had been imported already."""

    batch_id: str
    records: int
    before: bool = False


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
