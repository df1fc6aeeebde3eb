"""The person concerned: an account is tied to the records that are about the person, by an officer who sees them.

A personal record stays invisible to everybody else. Only what is filed is read by the person it concerns, and nothing
that a donor has restricted: there the restriction alone says who reads.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from archive_service.actions import holdings
from archive_service.actions.holdings import FILED, inside, within
from archive_service.actions.holds import names_person
from archive_service.permissions import Actor, Permission, check, reach, scope_of
from classification.errors import RuleError
from storage.database import journal
from storage.database.accounts import Account, account_named
from storage.database.outbox import mark
from storage.database.readers import Ground, RecordReader, opened_to
from storage.database.records import Record
from storage.errors import Missing

MOST = 500


def tie(session: Session, by: Actor, login: str, record_ids: Sequence[str], at: datetime) -> int:
    """Open filed records to the person they concern; returns how many were not open before.

    Raises:
        Missing: there is no such account, or a record is not there for the officer.
        Forbidden: the officer does not archive in the village.
        RuleError: it is the officer's own account, or nothing was chosen.
    """
    account = _of_another(session, by, login)
    if not 0 < len(record_ids) <= MOST:
        raise RuleError(f"请选要交给本人查看的档案，一次最多 {MOST} 件；没有改动。")
    fresh = 0
    for record_id in dict.fromkeys(record_ids):
        found = holdings.seen(session, by, record_id)
        check(by, Permission.ARCHIVE, found.village_id)
        if session.get(RecordReader, (account.login, found.id, Ground.CONCERNED)) is None:
            row = {"login": account.login, "record_id": found.id, "ground": Ground.CONCERNED}
            session.add(RecordReader(**row, opened_by=by.login, opened_at=at))
            _note(session, by, "person_tied", found, account.login, at)
            fresh += 1
    return fresh


def untie(session: Session, by: Actor, login: str, record_id: str, at: datetime) -> None:
    """Take a record from the person again; one that was not opened stays so.

    Raises:
        Missing: the record is not there for the officer.
        Forbidden: the officer does not archive in the village.
    """
    found = holdings.seen(session, by, record_id)
    check(by, Permission.ARCHIVE, found.village_id)
    row = session.get(RecordReader, (login, found.id, Ground.CONCERNED))
    if row is not None:
        session.delete(row)
        _note(session, by, "person_untied", found, login, at)


def _of_another(session: Session, by: Actor, login: str) -> Account:
    account = account_named(session, login)
    if account is None or not account.active:
        raise Missing(f"没有账号 {login}，没有改动；请写登录名。")
    if account.id == by.id:
        raise RuleError("不能把档案交给自己查看，没有改动；请另一位档案员办理。")
    return account


def _note(session: Session, by: Actor, act: str, found: Record, login: str, at: datetime) -> None:
    mark(session, [found.id])
    journal.write(session, at, by.login, act, "record", found.id, found.village_id, {"login": login})


def naming(session: Session, by: Actor, name: str, limit: int = MOST) -> Sequence[Record]:
    """Filed records that name this person, within what the officer sees and archives: a proposal to choose from.

    Two people may have one name; who is who is for the officer to say.

    Raises:
        Forbidden: the officer archives nowhere.
    """
    check(by, Permission.ARCHIVE)
    if not name.strip():
        return ()
    here = and_(inside(scope_of(by)), within(Record.village_id, reach(by, Permission.ARCHIVE)))
    wanted = select(Record).where(here, Record.state.in_(FILED), names_person(name.strip()))
    return session.scalars(wanted.order_by(Record.id).limit(limit)).all()


def ties_of(session: Session, by: Actor, login: str) -> Sequence[Record]:
    """The records tied to an account, those that the officer sees and archives.

    Raises:
        Forbidden: the officer archives nowhere.
    """
    check(by, Permission.ARCHIVE)
    tied = select(RecordReader.record_id).where(RecordReader.login == login, RecordReader.ground == Ground.CONCERNED)
    here = and_(inside(scope_of(by)), within(Record.village_id, reach(by, Permission.ARCHIVE)))
    return session.scalars(select(Record).where(here, Record.id.in_(tied)).order_by(Record.id).limit(MOST)).all()


def mine(session: Session, actor: Actor, limit: int = MOST) -> Sequence[Record]:
    """What is opened to the actor by name now."""
    if scope_of(actor).person is None:
        return ()
    return session.scalars(select(Record).where(opened_to(actor.login)).order_by(Record.id).limit(limit)).all()
