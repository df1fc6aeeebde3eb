"""Transfer to an archives: which records go, what stops one, when a package is made, what the receipt says.

A record counts as transferred only by a receipt that agrees with the package. It stays here with its description and
its files; only a destruction register removes files. The package is made in `tasks.transferring`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import HIDDEN, inside, shut, within
from archive_service.actions.transfer_lines import REACHED, lines, seen
from archive_service.permissions import Actor, Forbidden, Permission, check, reach, scope_of
from classification.errors import RuleError
from classification.transfer import Disclosure, TransferState, check_move, mismatches
from storage.database import journal, transfers
from storage.database.base import new_id
from storage.database.openings import openings_of
from storage.database.organisations import village
from storage.database.records import Record, RecordState
from storage.database.transfers import Transfer, TransferredRecord
from storage.errors import Conflict, Missing

MOST_RECORDS = 20_000
LONGEST = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to go where. `disclosure` and `secrecy` count for all of them until they are said for single ones."""

    village: str
    receiver: str
    records: tuple[str, ...]
    purpose: str = ""
    disclosure: str = Disclosure.NONE
    secrecy: str = ""


def open_transfer(session: Session, actor: Actor, wish: Wish, at: datetime) -> Transfer:
    """Begin a transfer of archived records of one village. What stops one is shown, and refused before the package.

    Raises:
        Forbidden: the actor does not transfer there.
        Missing: a record is not there for this actor, or lies in another village.
        RuleError: no receiver, no records, too many, or no such disclosure state.
        Conflict: a record is in another transfer.
    """
    check(actor, Permission.TRANSFER, wish.village)
    _sensible(wish.disclosure, wish.secrecy)
    if not 0 < len(wish.receiver.strip()) <= 120 or len(wish.purpose) > 300:
        raise RuleError("请写明接收单位，没有登记。")
    home = village(session, wish.village)
    made = Transfer(
        id=new_id(), number=transfers.next_number(session, home.id, home.fonds), village_id=home.id,
        receiver=wish.receiver.strip(), purpose=wish.purpose.strip(), state=TransferState.DRAFT, opened_by=actor.login,
        opened_at=at, done=0, total=0, problem="", checks=[], received_by="", ended_by="", end_reason="", kept=False,
    )  # fmt: skip
    session.add(made)
    session.flush()
    _take_in(session, actor, made, wish.records, wish.disclosure, wish.secrecy)
    _note(session, actor, made, "transfer_opened", at, {"receiver": made.receiver, "records": len(set(wish.records))})
    return made


def add(
    session: Session, actor: Actor, transfer_id: str, record_ids: Sequence[str], disclosure: str, secrecy: str,
    at: datetime,
) -> Transfer:  # fmt: skip
    """Put more records into a transfer that is being prepared.

    Raises:
        Missing, RuleError, Conflict: as above, or it is no longer being prepared.
    """
    found = _draft(session, actor, transfer_id)
    _sensible(disclosure, secrecy)
    _take_in(session, actor, found, record_ids, disclosure, secrecy)
    _note(session, actor, found, "transfer_changed", at, {"added": len(set(record_ids))})
    return found


def _take_in(
    session: Session, actor: Actor, into: Transfer, record_ids: Sequence[str], disclosure: str, secrecy: str
) -> None:
    wanted = list(dict.fromkeys(record_ids))
    if not wanted or len(wanted) > MOST_RECORDS:
        raise RuleError(f"一次移交 1 至 {MOST_RECORDS} 件，没有登记；请重新选。")
    for start in range(0, len(wanted), REACHED):
        some = wanted[start : start + REACHED]
        here = and_(Record.id.in_(some), Record.village_id == into.village_id, Record.state == RecordState.ARCHIVED)
        mine = and_(inside(scope_of(actor)), within(Record.village_id, reach(actor, Permission.TRANSFER)))
        if len(session.scalars(select(Record.id).where(here, mine)).all()) < len(some):
            raise Missing(HIDDEN)
        taken = transfers.transfers_of(session, some)
        if taken:
            number = next(iter(taken.values())).number
            raise Conflict(f"有 {len(taken)} 件已在移交 {number} 里，没有登记；一件档案同时只能在一次移交里。")
        transfers.bind(session, into.id, some, disclosure, secrecy)
    into.kept = False


def _sensible(disclosure: str, secrecy: str) -> None:
    if disclosure not in list(Disclosure):
        raise RuleError("请从列出的几种里选公开属性，没有登记。")
    if len(secrecy) > 200:
        raise RuleError("密级变更情况最多 200 字，没有登记。")


def describe(
    session: Session, actor: Actor, transfer_id: str, record_ids: Sequence[str], disclosure: str, secrecy: str,
    at: datetime,
) -> int:  # fmt: skip
    """Say the disclosure state and the changes of secrecy of some records of a transfer; returns of how many.

    Raises:
        Missing, Conflict: there is no such transfer, or it is no longer being prepared.
        RuleError: there is no such disclosure state.
    """
    found = _draft(session, actor, transfer_id)
    _sensible(disclosure, secrecy)
    rows = [row for row in transfers.rows_of(session, found.id) if row.record_id in set(record_ids)]
    for row in rows:
        row.disclosure, row.secrecy = disclosure, secrecy.strip()
    found.kept = False
    said = {"described": len(rows), "disclosure": disclosure, "secrecy": secrecy.strip()}
    _note(session, actor, found, "transfer_changed", at, said)
    return len(rows)


def leave_out(session: Session, actor: Actor, transfer_id: str, record_ids: Sequence[str], at: datetime) -> int:
    """Take records out of a transfer that is being prepared; none named: all that something stops. Returns how many.

    Raises:
        Missing, Conflict: as above.
    """
    found = _draft(session, actor, transfer_id)
    wanted = set(record_ids) or {line.record_id for line in lines(session, actor, found) if line.stops}
    rows = [row for row in transfers.rows_of(session, found.id) if row.record_id in wanted]
    for row in rows:
        session.delete(row)
    found.kept = False
    _note(session, actor, found, "transfer_changed", at, {"left_out": len(rows)})
    return len(rows)


def ask_package(session: Session, actor: Actor, transfer_id: str, at: datetime) -> Transfer:
    """Have the package made, or made again. The opening opinions that go with it are fixed now.

    Raises:
        Missing: there is no such transfer for this actor.
        RuleError: it is over, nothing is in it, or something in it is stopped.
    """
    found = seen(session, actor, transfer_id)
    check_move(found.state, TransferState.WAITING)
    _none_stopped(session, actor, found)
    rows = transfers.rows_of(session, found.id)
    _fix_openings(session, rows)
    found.state, found.lease_until, found.problem = TransferState.WAITING, None, ""
    found.done, found.total, found.kept = 0, len(rows), False
    _note(session, actor, found, "transfer_package_asked", at, {"records": len(rows)})
    return found


def _none_stopped(session: Session, actor: Actor, found: Transfer) -> None:
    _none_shut(session, actor, found)
    shown = lines(session, actor, found)
    if not shown:
        raise RuleError("这一次移交里没有档案，没有做移交包；请先加入档案。")
    stopped = [line for line in shown if line.stops]
    if stopped:
        first = f"{stopped[0].name}：{stopped[0].stops[0]}"
        raise RuleError(f"有 {len(stopped)} 件现在不能移交（如{first}），没有做移交包；请先处理，或移出这几件。")


def _none_shut(session: Session, actor: Actor, found: Transfer) -> None:
    """A package holds its records whole: what a donor restricted goes by the hands of those he named alone.

    Raises:
        Forbidden: a record is restricted, and the actor is not named.
    """
    among = select(TransferredRecord.record_id).where(TransferredRecord.transfer_id == found.id)
    if session.scalar(select(Record.id).where(Record.id.in_(among), shut(scope_of(actor))).limit(1)):
        raise Forbidden("这一次移交里有您不能查看的捐赠人限制的档案，移交包要由限制里写明的人来做、来取；没有改动。")


def _fix_openings(session: Session, rows: Sequence[TransferredRecord]) -> None:
    for start in range(0, len(rows), REACHED):
        some = rows[start : start + REACHED]
        decided = openings_of(session, [row.record_id for row in some])
        for row in some:
            review, of = decided[row.record_id]
            row.opening = {
                "outcome": review.outcome, "code": review.code, "said": review.said,
                "review_on": review.review_on.isoformat() if review.review_on else None, "first": review.first_by,
                "second": of.second_by, "decided_at": of.second_at.isoformat() if of.second_at else None,
            }  # fmt: skip


def receive(
    session: Session, actor: Actor, transfer_id: str, receipt: dict[str, Any], at: datetime, today: date
) -> list[str]:
    """Record the receipt. Returns where it does not agree with the package; then nothing counts as transferred.

    A receipt that does not agree is journaled all the same, so the caller must let the transaction end.

    Raises:
        Missing: there is no such transfer for this actor.
        RuleError: there is no package to be received, or who received and when is not said.
    """
    found = seen(session, actor, transfer_id)
    check_move(found.state, TransferState.RECEIVED)
    _whole(found, receipt, today)
    plain = {name: value.isoformat() if isinstance(value, date) else value for name, value in receipt.items()}
    wrong = mismatches(found.package or {}, plain)
    if wrong:
        _note(session, actor, found, "transfer_receipt_refused", at, {"receipt": plain, "wrong": wrong})
        return wrong
    found.state, found.receipt, found.kept = TransferState.RECEIVED, plain, False
    found.received_by, found.received_at = actor.login, at
    _note(session, actor, found, "transfer_received", at, {"receipt": plain})
    for row in transfers.rows_of(session, found.id):
        said = {"transfer": found.number, "receiver": found.receiver, "received_on": plain["received_on"]}
        journal.write(session, at, actor.login, "record_transferred", "record", row.record_id, found.village_id, said)
    return []


def _whole(found: Transfer, receipt: dict[str, Any], today: date) -> None:
    if receipt.get("number") not in (None, "", found.number):
        raise RuleError(f"这是移交 {receipt['number']} 的凭证，不是 {found.number} 的；没有登记。")
    day = receipt.get("received_on")
    if not str(receipt.get("signed_by") or "").strip() or not isinstance(day, date) or day > today:
        raise RuleError("接收凭证要写明接收人和接收日期（今天或以前），没有登记。")


def cancel(session: Session, actor: Actor, transfer_id: str, reason: str, at: datetime) -> Transfer:
    """Give a transfer up before it was received, with the reason. Its records may go into another.

    Raises:
        Missing: there is no such transfer for this actor.
        RuleError: no reason, or it was received, or its package is being made.
    """
    found = seen(session, actor, transfer_id)
    if not 0 < len(reason.strip()) <= LONGEST:
        raise RuleError(f"取消移交要写明理由，{LONGEST} 字以内；没有改动。")
    check_move(found.state, TransferState.CANCELLED)
    found.state, found.ended_by, found.ended_at, found.end_reason = (
        TransferState.CANCELLED, actor.login, at, reason.strip(),
    )  # fmt: skip
    found.kept = False
    transfers.release(session, found.id)
    _note(session, actor, found, "transfer_cancelled", at, {"reason": found.end_reason})
    return found


def note_download(session: Session, actor: Actor, transfer_id: str, at: datetime) -> Transfer:
    """Write down that the package was taken away.

    Raises:
        Missing: there is no such transfer for this actor, or no package.
    """
    found = seen(session, actor, transfer_id)
    if found.state != TransferState.MADE or not found.package:
        raise Missing("这一次移交现在没有移交包；做好以前没有，移交或取消以后也不再留。")
    _none_shut(session, actor, found)
    _note(session, actor, found, "transfer_package_taken", at, {"sha256": found.package["sha256"]})
    return found


def _draft(session: Session, actor: Actor, transfer_id: str) -> Transfer:
    found = seen(session, actor, transfer_id)
    if found.state != TransferState.DRAFT:
        raise Conflict(f"这一次移交“{TransferState(found.state).zh}”，不能再改里面的档案；没有改动。")
    return found


def _note(session: Session, actor: Actor, found: Transfer, act: str, at: datetime, said: dict[str, Any]) -> None:
    details = {"number": found.number, **said}
    journal.write(session, at, actor.login, act, "transfer", found.id, found.village_id, details)
