"""Where the original of a record lies, and lending it: who has it, since when, until when, and that it came back.

Lending does not change the record: a lent record is found and read here as before, and shown as lent.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from archive_service.actions import catalogue, holdings
from archive_service.actions.holdings import inside, within
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from classification.errors import RuleError
from storage.database import journal
from storage.database.filtering import filtering
from storage.database.physical import Loan, Whereabouts, out
from storage.database.records import Record
from storage.errors import Conflict, Missing

TEXTS = {"box": 40, "shelf": 80, "carrier": 40}
PLACES = (*TEXTS, "count")
MOST_PIECES = 1_000_000
LONGEST_LOAN = 366


def place(
    session: Session, actor: Actor, found: Record, said: Mapping[str, Any], at: datetime, held: Whereabouts | None
) -> dict[str, list[Any]]:
    """Say where a record lies; returns what changed, before and after. Keys: box, shelf, carrier, count.

    `held` is what is said already, so that many records need no query each.

    Raises:
        Forbidden: the actor does not catalogue here, or it opens by name only.
        RuleError: a count that is no number.
    """
    catalogue.may_open(actor, found)
    wanted = {name: _plain(name, said[name]) for name in PLACES if name in said}
    changed = {
        name: [before, value]
        for name, value in wanted.items()
        if (before := getattr(held, name, None) if held else _nothing(name)) != value
    }
    if not changed:
        return {}
    if held is None:
        empty = {name: _nothing(name) for name in PLACES}
        held = Whereabouts(record_id=found.id, **empty, changed_at=at, changed_by=actor.login)
        session.add(held)
    for name, (_, value) in changed.items():
        setattr(held, name, value)
    held.changed_at, held.changed_by = at, actor.login
    journal.write(session, at, actor.login, "record_placed", "record", found.id, found.village_id, dict(changed))
    return changed


def _nothing(name: str) -> str | None:
    return "" if name in TEXTS else None


def _plain(name: str, value: Any) -> str | int | None:
    text = "" if value is None else str(value).strip()
    if name in TEXTS:
        return text[: TEXTS[name]]
    if text and not (text.isascii() and text.isdigit() and int(text) <= MOST_PIECES):
        raise RuleError(f"“{text}”不是件数，请填数字；没有改动。")
    return int(text) if text else None


def lend(
    session: Session, actor: Actor, record_id: str, borrower: str, purpose: str, due_on: date, at: datetime, today: date
) -> Loan:
    """Write down that the original leaves the archive.

    Raises:
        Missing: there is no such record for this actor.
        Forbidden: the actor does not catalogue here, or it opens by name only.
        RuleError: nobody is named, or the day is past or too far.
        Conflict: it is out already.
    """
    found = holdings.seen(session, actor, record_id)
    catalogue.may_open(actor, found)
    if not borrower.strip():
        raise RuleError("借给谁要写上，没有改动。")
    if not 0 <= (due_on - today).days <= LONGEST_LOAN:
        raise RuleError("归还的日子要在今天以后、一年以内，没有改动。")
    if held := out(session, [found.id]).get(found.id):
        raise Conflict(f"这一件正由{held.borrower}借着，还没有归还；没有改动。")
    loan = Loan(
        record_id=found.id, borrower=borrower.strip()[:120], purpose=purpose.strip()[:300], lent_on=today,
        due_on=due_on, lent_by=actor.login,
    )  # fmt: skip
    session.add(loan)
    said = {"borrower": loan.borrower, "purpose": loan.purpose, "due_on": due_on.isoformat()}
    journal.write(session, at, actor.login, "record_lent", "record", found.id, found.village_id, said)
    return loan


def give_back(session: Session, actor: Actor, record_id: str, at: datetime, today: date) -> Loan:
    """Write down that the original is back.

    Raises:
        Missing: there is no such record for this actor.
        Forbidden: as `lend`.
        Conflict: it is not out.
    """
    found = holdings.seen(session, actor, record_id)
    catalogue.may_open(actor, found)
    loan = out(session, [found.id]).get(found.id)
    if loan is None:
        raise Conflict("这一件没有借出，或者已经还了；没有改动。")
    loan.returned_on, loan.taken_back_by = today, actor.login
    said = {"borrower": loan.borrower, "lent_on": loan.lent_on.isoformat()}
    journal.write(session, at, actor.login, "record_returned", "record", found.id, found.village_id, said)
    return loan


@dataclass(frozen=True, slots=True)
class LoanLine:
    """One loan in a list, with its record."""

    loan: Loan
    record: Record


def loans(
    session: Session, actor: Actor, today: date, only: str = "out", after: str = "", size: int = 100
) -> tuple[list[LoanLine], int]:
    """Loans within the actor's scope and how many there are: `out` still out, `overdue` late, `all` of them.

    The order is that of lending, so `after` is the id of the last loan of the page before.

    Raises:
        Forbidden: the actor does not catalogue.
    """
    check(actor, Permission.CATALOGUE)
    # What is lent are few: it is looked up from the loans, not among all records of a village.
    wanted = and_(inside(scope_of(actor)), within(filtering(Record.village_id), reach(actor, Permission.CATALOGUE)))
    if only != "all":
        wanted = and_(wanted, Loan.returned_on.is_(None))
    if only == "overdue":
        wanted = and_(wanted, Loan.due_on < today)
    joined = select(Loan, Record).join(Record, Record.id == Loan.record_id).where(wanted)
    total = session.scalar(select(func.count()).select_from(joined.subquery())) or 0
    rows = session.execute(joined.where(Loan.id > after).order_by(Loan.id).limit(size))
    return [LoanLine(loan, found) for loan, found in rows], total


def loans_of(session: Session, record_id: str, limit: int = 20) -> list[Loan]:
    """The last loans of one record, the newest first. Whether its reader may know is asked before."""
    wanted = select(Loan).where(Loan.record_id == record_id).order_by(Loan.id.desc()).limit(limit)
    return list(session.scalars(wanted))


def whereabouts(session: Session, record_id: str) -> Whereabouts:
    """Where one record lies; empty where nothing was said.

    Raises:
        Missing: there is no such record.
    """
    if session.get(Record, record_id) is None:
        raise Missing(holdings.HIDDEN)
    return session.get(Whereabouts, record_id) or Whereabouts(
        record_id=record_id, box="", shelf="", carrier="", count=None
    )
