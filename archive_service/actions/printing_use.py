"""The register of use (利用登记) as the journal tells it: who looked at, or took away, which filed record, and when.

Looks at what is public are in no journal. The reader needs the right to the journal, and sees of it only what concerns
records within the reader's scope.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.printing_rows import A_TIME, Asked, chosen
from archive_service.forms.printed.listing import Cell
from archive_service.permissions import Actor, Permission, check
from storage.database.accounts import Account
from storage.database.journal import JournalEntry
from storage.database.records import Record

USED = {"record_viewed": "查看", "file_viewed": "查看原件", "file_downloaded": "下载"}
NO_ACCOUNT = {"operator": "系统操作员", "demonstration": "示范"}


def use_rows(
    session: Session, actor: Actor, asked: Asked, begins: datetime | None, ends: datetime | None, clock: tzinfo
) -> Iterator[Sequence[Cell]]:
    """The cells of 利用登记, without their number, oldest first; a year asked for is that of the use.

    Raises:
        Forbidden: the actor may not read the journal.
    """
    check(actor, Permission.SEE_JOURNAL, asked.village_id)
    narrowed = Asked(asked.form, asked.village_id, None, asked.class_id)
    query = (
        select(JournalEntry.at, JournalEntry.actor, Account.name, Record.code, Record.title, JournalEntry.act)
        .join(Record, Record.id == JournalEntry.object_id)
        .outerjoin(Account, Account.login == JournalEntry.actor)
        .where(JournalEntry.act.in_(USED), chosen(actor, narrowed))
    )
    if begins and ends:
        query = query.where(JournalEntry.at >= begins, JournalEntry.at < ends)
    for at, login, name, code, title, act in session.execute(
        query.order_by(JournalEntry.id).execution_options(yield_per=A_TIME)
    ):
        who = name or NO_ACCOUNT.get(login, login)
        yield f"{at.astimezone(clock):%Y-%m-%d %H:%M}", who, code or "待编", title, USED[act], "", "", ""
