"""The register of use (利用登记): who looked at, took away or borrowed which filed record, when, and when it came back.

Looks, downloads, what was opened to a reader and certified copies are told by the journal, which has no looks at what
is public; loans by the register of loans. The
reader needs the right to the journal, and sees only what concerns records within the reader's scope.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from sqlalchemy import ColumnElement, and_, func, select, true
from sqlalchemy.orm import Session

from archive_service.actions.printing_rows import A_TIME
from archive_service.forms.printed.listing import Cell
from archive_service.permissions import WITHOUT_ACCOUNT
from storage.database.accounts import Account
from storage.database.journal import JournalEntry
from storage.database.physical import Loan
from storage.database.records import Record

USED = {
    "record_viewed": "查看", "file_viewed": "查看原件", "file_downloaded": "下载", "record_opened": "限时开放",
    "copy_issued": "出具复制件证明",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Year:
    """A year of the county's clock as two moments: the first is in it, the second is not."""

    number: int
    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, number: int, clock: tzinfo) -> Year:
        """The year of that number."""
        return cls(number, datetime(number, 1, 1, tzinfo=clock), datetime(number + 1, 1, 1, tzinfo=clock))


def looks(year: Year | None) -> ColumnElement[bool]:
    """Looks and downloads, as a condition on the journal."""
    used = JournalEntry.act.in_(USED)
    return and_(used, JournalEntry.at >= year.begins, JournalEntry.at < year.ends) if year else used


def lent(year: Year | None) -> ColumnElement[bool]:
    """Loans that began in the year, as a condition."""
    return and_(Loan.lent_on >= year.begins.date(), Loan.lent_on < year.ends.date()) if year else true()


def use_rows(
    session: Session, wanted: ColumnElement[bool], year: Year | None, clock: tzinfo
) -> Iterator[Sequence[Cell]]:
    """The cells of 利用登记, without their number, oldest first. `wanted`: which records."""
    return heapq.merge(_looks(session, wanted, year, clock), _loans(session, wanted, year), key=lambda row: row[0])


def _looks(
    session: Session, wanted: ColumnElement[bool], year: Year | None, clock: tzinfo
) -> Iterator[tuple[str, ...]]:
    columns = (JournalEntry.at, JournalEntry.actor, Account.name, Record.code, Record.title, JournalEntry.act,
               JournalEntry.details)  # fmt: skip
    query = select(*columns).join(Record, Record.id == JournalEntry.object_id)
    query = query.outerjoin(Account, Account.login == JournalEntry.actor).where(looks(year), wanted)
    rows = session.execute(query.order_by(JournalEntry.at, JournalEntry.id).execution_options(yield_per=A_TIME))
    for at, login, name, code, title, act, said in rows:
        # What was opened or certified was used by the reader, not by the officer who did it.
        who = said.get("receiver") or said.get("reader") or name or WITHOUT_ACCOUNT.get(login, login)
        how, purpose = USED[act], said.get("purpose", "")
        yield (
            f"{at.astimezone(clock):%Y-%m-%d %H:%M}",
            who,
            code or "待编",
            title,
            how,
            purpose,
            "",
            said.get("number", ""),
        )


def _loans(session: Session, wanted: ColumnElement[bool], year: Year | None) -> Iterator[tuple[str, ...]]:
    query = select(Loan.lent_on, Loan.borrower, Record.code, Record.title, Loan.purpose, Loan.returned_on)
    query = query.join(Record, Record.id == Loan.record_id).where(lent(year), wanted)
    rows = session.execute(query.order_by(Loan.lent_on, Loan.id).execution_options(yield_per=A_TIME))
    for day, borrower, code, title, purpose, returned in rows:
        yield day.isoformat(), borrower, code or "待编", title, "借阅", purpose, str(returned or "未还"), ""


def used(session: Session, wanted: ColumnElement[bool], year: Year) -> dict[str, int]:
    """How often the records under a condition were used in a year, by village."""
    village = Record.village_id
    found: dict[str, int] = {}
    for query in (
        select(village, func.count())
        .join(JournalEntry, JournalEntry.object_id == Record.id)
        .where(looks(year), wanted),
        select(village, func.count()).join(Loan, Loan.record_id == Record.id).where(lent(year), wanted),
    ):
        for village_id, number in session.execute(query.group_by(village)):
            found[village_id] = found.get(village_id, 0) + number
    return found
