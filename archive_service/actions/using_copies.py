"""Certified copies (复制件证明): issued of a filed record, with a number anybody may check, withdrawn with a reason.

What a check shows proves the copy and tells nothing of its content. The copy itself is printed by `tasks.certifying`.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.actions import holdings
from archive_service.actions.holdings import FILED
from archive_service.actions.requests_reading import shut_by_its_donor
from archive_service.permissions import Actor, Permission, check
from classification.errors import RuleError
from storage.database import journal
from storage.database.accounts import Account
from storage.database.base import new_id
from storage.database.records import File, Record, files_of
from storage.database.using import CertifiedCopy, OpenedRecord, UseRequest, copy_numbered
from storage.errors import Conflict, Missing

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Of the check sign: no 0 and O, no 1 and I."""
_SIGN = 8
LONGEST = {"receiver": 120, "purpose": 300, "reason": 500}
HIDDEN = "没有这份复制件证明，或者您不能查看它。"


@dataclass(frozen=True, slots=True)
class Checked:
    """What anybody learns who has the number: when it was issued, over which bytes, and whether it still counts."""

    number: str
    issued_at: datetime
    digest: str
    withdrawn_at: datetime | None


def digest_of(files: Sequence[File]) -> str:
    """SHA-256 of the only file, or of the SHA-256 of all files, a line each."""
    if len(files) == 1:
        return files[0].sha256
    return hashlib.sha256("".join(f"{one.sha256}\n" for one in files).encode()).hexdigest()


def issue(
    session: Session, actor: Actor, record_id: str, receiver: str, purpose: str, at: datetime, today: date,
    request_id: str = "",
) -> CertifiedCopy:  # fmt: skip
    """Issue a certified copy of a filed record. `request_id`: the request of the reader who gets it, if there was one.

    Raises:
        Missing: there is no such record for this actor, or the request did not open it.
        Forbidden: the actor does not decide on use here.
        RuleError: it is not filed, has no file, or it is not said for whom and what for.
    """
    record = holdings.seen(session, actor, record_id)
    check(actor, Permission.DECIDE_USE, record.village_id)
    said = {"receiver": receiver.strip(), "purpose": purpose.strip()}
    if not all(0 < len(text) <= LONGEST[name] for name, text in said.items()):
        raise RuleError("给谁、用来做什么都要写上，没有出具。")
    files = files_of(session, [record.id])[record.id]
    if record.state not in FILED or not files:
        raise RuleError("只有已归档、有文件的档案才能出具复制件证明，没有出具。")
    if request_id and not _opened_to_its_reader(session, request_id, record):
        raise Missing("这份申请没有开放这一件，没有出具。")
    copy = CertifiedCopy(
        id=new_id(), number=_number(session, today.year), record_id=record.id, request_id=request_id or None,
        village_id=record.village_id, digest=digest_of(files), issued_by=actor.login, issued_at=at, withdrawn_by="",
        withdraw_reason="", kept=False, **said,
    )  # fmt: skip
    session.add(copy)
    _note(session, actor, at, "copy_issued", record, {"number": copy.number, **said})
    return copy


def _number(session: Session, year: int) -> str:
    """2026-0007-K7QM2XPD: which of the year, and a sign by chance, so that nobody tries one after the other."""
    given = select(func.count()).select_from(CertifiedCopy).where(CertifiedCopy.number.startswith(f"{year}-"))
    sign = "".join(secrets.choice(LETTERS) for _ in range(_SIGN))
    return f"{year}-{(session.scalar(given) or 0) + 1:04}-{sign}"


def withdraw(session: Session, actor: Actor, number: str, reason: str, at: datetime) -> CertifiedCopy:
    """Say that a copy counts no longer. It stays, and whoever checks it learns that.

    Raises:
        Missing: there is no such copy of a record that the actor sees.
        Forbidden: the actor does not decide on use here.
        Conflict: it was withdrawn before.
        RuleError: no reason.
    """
    copy, record = of_number(session, actor, number)
    check(actor, Permission.DECIDE_USE, copy.village_id)
    if not 0 < len(reason.strip()) <= LONGEST["reason"]:
        raise RuleError("作废要写明理由，500 字以内；没有改动。")
    if copy.withdrawn_at is not None:
        raise Conflict("这份复制件证明早已作废，没有改动。")
    copy.withdrawn_at, copy.withdrawn_by, copy.withdraw_reason = at, actor.login, reason.strip()
    copy.kept = False
    _note(session, actor, at, "copy_withdrawn", record, {"number": number, "reason": copy.withdraw_reason})
    return copy


def _opened_to_its_reader(session: Session, request_id: str, record: Record) -> bool:
    if session.get(OpenedRecord, (request_id, record.id)) is None:
        return False
    reader = session.get_one(Account, session.get_one(UseRequest, request_id).account_id)
    return not shut_by_its_donor(record, reader.login)


def _note(session: Session, actor: Actor, at: datetime, act: str, record: Record, said: dict[str, object]) -> None:
    journal.write(session, at, actor.login, act, "record", record.id, record.village_id, said)


def of_number(session: Session, actor: Actor, number: str) -> tuple[CertifiedCopy, Record]:
    """A copy with its record, for whoever may see the record.

    Raises:
        Missing: there is none for this actor.
    """
    copy = copy_numbered(session, number)
    return copy, holdings.seen(session, actor, copy.record_id)


def for_reader(session: Session, actor: Actor, number: str) -> tuple[CertifiedCopy, Record]:
    """The same, also for the reader to whose request it was issued, unless the donor shut the record since.

    Raises:
        Missing: there is none for this actor.
    """
    copy = copy_numbered(session, number)
    request = session.get(UseRequest, copy.request_id) if copy.request_id else None
    if request is not None and request.account_id == actor.id and copy.withdrawn_at is None:
        record = session.get_one(Record, copy.record_id)
        if not shut_by_its_donor(record, actor.login):
            return copy, record
    return of_number(session, actor, number)


def of_request(session: Session, request_id: str) -> Sequence[CertifiedCopy]:
    """The copies that were issued to a request. Whether its reader may know is asked before."""
    wanted = select(CertifiedCopy).where(CertifiedCopy.request_id == request_id)
    return session.scalars(wanted.order_by(CertifiedCopy.id)).all()


def checked(session: Session, number: str) -> Checked:
    """What a check of this number shows, to anybody.

    Raises:
        Missing: there is no such number.
    """
    copy = copy_numbered(session, number.strip().upper())
    return Checked(copy.number, copy.issued_at, copy.digest, copy.withdrawn_at)
