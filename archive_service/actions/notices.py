"""What waits for this person today: computed from the rows each time it is asked, so nothing is told late or twice.

Each notice is a number, a few words and a place to go to. Who may not do a thing is told nothing of it, not even a
nought. Nothing is sent anywhere, and nothing happens because somebody did not look.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from archive_service.actions import desk, notices_registers, opening_lists, requests, transfer_lines
from archive_service.actions.holdings import inside, within
from archive_service.actions.opening_lists import Show
from archive_service.permissions import Actor, Permission, can, reach, scope_of
from storage.database.appraisal import AppraisalBatch, AppraisedRecord, BatchState, GroupMember, Opinion, OpinionRecord
from storage.database.holds import HeldRecord, Hold
from storage.database.physical import Loan
from storage.database.records import Record


@dataclass(frozen=True, slots=True)
class Notice:
    """One line: `key` for programs, so many, of what, and where it is done. `urgent`: a person has to act."""

    key: str
    number: int
    title: str
    address: str
    urgent: bool = True


def notices(session: Session, actor: Actor, now: datetime, today: date, most: int | None = None) -> list[Notice]:
    """Everything that is this person's work, noughts too, in the order of a day: intake first, the end last.

    What has run out, which may be very many, is counted up to `most`: one more stands for more.
    """
    waiting = desk.waiting(session, actor, today, most)
    found = [
        ("to_catalogue", waiting.to_catalogue, "件等着整理", "/inbox?state=proposed"),
        ("to_archive", waiting.to_archive, "件已采用，等着归档", "/inbox?state=accepted"),
        ("requests", requests.waiting(session, actor), "份利用申请等着答复", "/requests?show=waiting"),
        ("loans_overdue", _loans_overdue(session, actor, today), "件原件过期未还", "/loans"),
        ("due", waiting.due, "件期满，等着鉴定", "/due"),
        ("opinions", _opinions(session, actor), "件在鉴定，等着您的意见", "/appraisals"),
        *notices_registers.waiting(session, actor, now),
        ("holds_to_review", _holds_to_review(session, actor, today), "项停止处置到了复核日", "/holds"),
        (
            "openings_second",
            _openings(session, actor, today, Show.WAITING),
            "件开放审核等着复核",
            "/openings?show=waiting",
        ),
        ("openings_again", _openings(session, actor, today, Show.AGAIN), "件到了开放复审日", "/openings?show=again"),
        ("to_transfer", _to_transfer(session, actor), "件鉴定为移交，等着办理", "/transfers"),
        ("receipts", transfer_lines.number_awaited(session, actor), "次移交等着接收凭证", "/transfers"),
        ("damaged", waiting.damaged, "个文件损坏或丢失", "/system"),
    ]
    return [Notice(key, number, title, address) for key, number, title, address in found if number is not None]


def _openings(session: Session, actor: Actor, today: date, show: Literal[Show.WAITING, Show.AGAIN]) -> int | None:
    return opening_lists.number_for(session, actor, today, show)


def _loans_overdue(session: Session, actor: Actor, today: date) -> int | None:
    if not can(actor, Permission.CATALOGUE):
        return None
    mine = and_(inside(scope_of(actor)), within(Record.village_id, reach(actor, Permission.CATALOGUE)))
    wanted = select(func.count()).select_from(Loan).join(Record, Record.id == Loan.record_id)
    return session.scalar(wanted.where(mine, Loan.returned_on.is_(None), Loan.due_on < today)) or 0


def _holds_to_review(session: Session, actor: Actor, today: date) -> int | None:
    if not can(actor, Permission.HOLD):
        return None
    mine = and_(inside(scope_of(actor)), within(Record.village_id, reach(actor, Permission.HOLD)))
    wanted = select(func.count(func.distinct(Hold.id))).join(HeldRecord, HeldRecord.hold_id == Hold.id)
    wanted = wanted.join(Record, Record.id == HeldRecord.record_id)
    return session.scalar(wanted.where(mine, Hold.released_at.is_(None), Hold.review_on <= today)) or 0


def _opinions(session: Session, actor: Actor) -> int | None:
    """Records of open batches in whose group this person sits, and of which the person has said nothing yet."""
    if not can(actor, Permission.APPRAISE):
        return None
    sits = exists().where(GroupMember.batch_id == AppraisedRecord.batch_id, GroupMember.account_id == actor.id)
    said = exists().where(
        OpinionRecord.record_id == AppraisedRecord.record_id,
        Opinion.id == OpinionRecord.opinion_id,
        Opinion.batch_id == AppraisedRecord.batch_id,
        Opinion.account_id == actor.id,
    )
    wanted = (
        select(func.count())
        .select_from(AppraisedRecord)
        .join(AppraisalBatch, AppraisalBatch.id == AppraisedRecord.batch_id)
        .where(AppraisalBatch.state == BatchState.OPEN, AppraisedRecord.open.is_(True), sits, ~said)
    )
    return session.scalar(wanted) or 0


def _to_transfer(session: Session, actor: Actor) -> int | None:
    if not can(actor, Permission.TRANSFER):
        return None
    return transfer_lines.number_appraised(session, actor)
