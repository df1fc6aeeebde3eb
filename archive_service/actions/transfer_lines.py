"""Transfers as they are shown: the list, one with its records and what stops each, and what waits for a transfer.

Within the actor's scope and reach; no query per record. Nothing is changed here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside, number_among, within
from archive_service.permissions import Actor, Permission, can, check, reach, scope_of
from classification.opening import Opening
from classification.transfer import TransferState, stops
from storage.database import transfers
from storage.database.appraisal import AppraisalBatch, AppraisedRecord, BatchState, Verdict
from storage.database.holds import holds_on
from storage.database.openings import Decided, ReviewedRecord, openings_of
from storage.database.physical import out
from storage.database.records import Record, RecordState
from storage.database.registers import live_rows
from storage.database.transfers import Transfer, TransferredRecord
from storage.errors import Missing

REACHED = 500
"""Ids in one statement."""
A_PAGE = 50


@dataclass(frozen=True, slots=True)
class TransferLine:
    """One record of a transfer, as it stands now. `record` None: this actor may not see it, or it is gone."""

    row: TransferredRecord
    record: Record | None
    opening: Opening
    stops: Sequence[str]

    @property
    def record_id(self) -> str:
        """Its id."""
        return self.row.record_id

    @property
    def name(self) -> str:
        """Code and title, for a sentence."""
        return f"{self.record.code or '待编'}《{self.record.title}》" if self.record else "一件您不能查看的档案"


@dataclass(frozen=True, slots=True)
class TransferSum:
    """One transfer in a list, and how many records are in it."""

    transfer: Transfer
    records: int


def seen(session: Session, actor: Actor, transfer_id: str) -> Transfer:
    """A transfer of a village where the actor transfers.

    Raises:
        Missing: there is none for this actor.
    """
    found = session.get(Transfer, transfer_id)
    if found is None or not can(actor, Permission.TRANSFER, found.village_id):
        raise Missing("没有这一次移交，或者您不能查看它。")
    return found


def listed(
    session: Session, actor: Actor, village: str | None = None, before: str = "", size: int = A_PAGE
) -> tuple[list[TransferSum], str | None]:
    """The transfers of the actor's villages, the newest first, and the id to ask for the next page with.

    Raises:
        Forbidden: the actor does not transfer.
    """
    check(actor, Permission.TRANSFER, village)
    counted = func.count(TransferredRecord.record_id)
    wanted = select(Transfer, counted).outerjoin(TransferredRecord, TransferredRecord.transfer_id == Transfer.id)
    wanted = wanted.where(within(Transfer.village_id, reach(actor, Permission.TRANSFER)))
    if village:
        wanted = wanted.where(Transfer.village_id == village)
    if before:
        wanted = wanted.where(Transfer.id < before)
    rows = session.execute(wanted.group_by(Transfer.id).order_by(Transfer.id.desc()).limit(size + 1)).all()
    shown = [TransferSum(found, number) for found, number in rows[:size]]
    return shown, shown[-1].transfer.id if len(rows) > size else None


def number_awaited(session: Session, actor: Actor) -> int | None:
    """How many packages wait for their receipt; None: it is not this person's work."""
    if not can(actor, Permission.TRANSFER):
        return None
    mine = within(Transfer.village_id, reach(actor, Permission.TRANSFER))
    wanted = select(func.count()).select_from(Transfer).where(mine, Transfer.state == TransferState.MADE)
    return session.scalar(wanted) or 0


def lines(session: Session, actor: Actor, found: Transfer) -> list[TransferLine]:
    """The records of a transfer with what stops each, in the order of their ids."""
    rows = transfers.rows_of(session, found.id)
    shown: list[TransferLine] = []
    for start in range(0, len(rows), REACHED):
        shown += _lines(session, actor, rows[start : start + REACHED])
    return shown


def _lines(session: Session, actor: Actor, rows: Sequence[TransferredRecord]) -> list[TransferLine]:
    ids = [row.record_id for row in rows]
    wanted = select(Record).where(Record.id.in_(ids), inside(scope_of(actor)))
    known = {one.id: one for one in session.scalars(wanted)}
    said = stops_of(session, ids)
    decided = openings_of(session, ids)
    return [
        TransferLine(row, known.get(row.record_id), _opening(decided.get(row.record_id)), said[row.record_id])
        for row in rows
    ]


def _opening(decided: Decided | None) -> Opening:
    return Opening(decided[0].outcome) if decided else Opening.UNREVIEWED


def stops_of(session: Session, record_ids: Sequence[str]) -> dict[str, list[str]]:
    """What stops each of these records from being transferred, by record id, in four queries."""
    held, lent, decided = holds_on(session, record_ids), out(session, record_ids), openings_of(session, record_ids)
    listed = {row.record_id for row in live_rows(session, record_ids)}
    return {
        one: stops(len(held.get(one, ())), one in lent, _opening(decided.get(one)), one in listed) for one in record_ids
    }


def appraised_for_transfer(session: Session, actor: Actor, village: str, size: int = 1000) -> list[str]:
    """Records of a village whose appraisal ended with the opinion “transfer”, and that no transfer has taken yet.

    Raises:
        Forbidden: the actor does not transfer there.
    """
    check(actor, Permission.TRANSFER, village)
    return list(session.scalars(appraised(actor).where(Record.village_id == village).limit(size)))


def number_appraised(session: Session, actor: Actor) -> int:
    """How many they are in every village where the actor transfers."""
    return number_among(session, _to_transfer(), _transferable(actor))


def appraised(actor: Actor) -> Select[str]:
    """The same of every village where the actor transfers, as part of another query."""
    joined = _to_transfer().join(Record, Record.id == AppraisedRecord.record_id).where(_transferable(actor))
    return joined.order_by(AppraisedRecord.record_id)


def _to_transfer() -> Select[str]:
    taken = select(TransferredRecord.record_id).where(TransferredRecord.bound.is_(True))
    return (
        select(AppraisedRecord.record_id)
        .join(AppraisalBatch, AppraisalBatch.id == AppraisedRecord.batch_id)
        .where(AppraisalBatch.state == BatchState.CLOSED, AppraisedRecord.outcome == Verdict.TRANSFER)
        .where(not_(AppraisedRecord.record_id.in_(taken)))
        .distinct()
    )


def _transferable(actor: Actor) -> ColumnElement[bool]:
    area = within(Record.village_id, reach(actor, Permission.TRANSFER))
    return and_(inside(scope_of(actor)), area, Record.state == RecordState.ARCHIVED)


def reviewed_for_transfer(session: Session, actor: Actor, village: str, last_year: int, size: int = 1000) -> list[str]:
    """Archived records of a village formed in `last_year` or before, reviewed for opening, that no transfer has taken.

    Raises:
        Forbidden: the actor does not transfer there.
    """
    check(actor, Permission.TRANSFER, village)
    taken = select(TransferredRecord.record_id).where(TransferredRecord.bound.is_(True))
    decided = select(ReviewedRecord.record_id).where(ReviewedRecord.current.is_(True))
    here = and_(Record.village_id == village, Record.state == RecordState.ARCHIVED, inside(scope_of(actor)))
    aged = and_(Record.year <= last_year, Record.id.in_(decided), not_(Record.id.in_(taken)))
    return list(session.scalars(select(Record.id).where(here, aged).order_by(Record.id).limit(size)))


def ids_of(session: Session, actor: Actor, named: Sequence[str]) -> list[str]:
    """The ids behind codes or ids that people wrote, in their order.

    Raises:
        Missing: one of them is not there for this actor.
    """
    wanted = or_(Record.code.in_(named), Record.id.in_(named))
    found = session.execute(select(Record.id, Record.code).where(wanted, inside(scope_of(actor)))).all()
    known = {name: id for id, code in found for name in (id, code)}
    if unknown := [one for one in named if one not in known]:
        raise Missing(f"没有档号 {unknown[0]}，或者您不能查看它；没有登记。")
    return [known[one] for one in named]


def went_to(session: Session, record_id: str) -> Transfer | None:
    """The transfer by which a record went to an archives, or in which it is under way."""
    return transfers.transfers_of(session, [record_id]).get(record_id)
