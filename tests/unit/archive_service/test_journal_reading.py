"""The journal is read by those who may, newest first, and tells nothing of what they may not see."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from archive_service.actions.journal_reading import Wanted, read
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.wiring import Archive
from storage.database import journal
from storage.database.base import new_id
from storage.database.organisations import Village
from storage.database.records import Record
from tests.conftest import NOON

COUNTY = Actor("1", "keeper", "县档案员", Role.ARCHIVIST)
NAMED = Actor("2", "named", "指定的人", Role.ARCHIVIST, None, frozenset({"personal"}))

EVERYTHING = Wanted()


@pytest.fixture
def session(archive: Archive) -> Iterator[Session]:
    with archive.sessions.begin() as opened:
        for name, fonds in (("石门槛村", "V012"), ("青石坳村", "V013")):
            opened.add(Village(id=fonds, name=name, fonds=fonds, township="望溪镇", aliases=[]))
        yield opened


def done(session: Session, actor: str, act: str, village: str, access: str = "public", state: str = "archived") -> str:
    """A record of that access class, and one act upon it."""
    made = Record(
        id=new_id(), village_id=village, state=state, kind="document", title=access, access=access,
        created_at=NOON, changed_at=NOON,
    )  # fmt: skip
    session.add(made)
    session.flush()
    journal.write(session, NOON, actor, act, "record", made.id, village)
    session.flush()
    return made.id


def acts(session: Session, actor: Actor, wanted: Wanted = EVERYTHING) -> list[str]:
    return [one.act for one in read(session, actor, wanted).entries]


def test_the_newest_comes_first_and_the_next_page_goes_on_where_this_one_ends(session: Session) -> None:
    for number in range(5):
        done(session, "clerk", f"act_{number}", "V012")
    first = read(session, COUNTY, Wanted(), size=2)
    assert [one.act for one in first.entries] == ["act_4", "act_3"]
    second = read(session, COUNTY, Wanted(), after=first.after, size=2)
    assert [one.act for one in second.entries] == ["act_2", "act_1"]
    last = read(session, COUNTY, Wanted(), after=second.after, size=2)
    assert ([one.act for one in last.entries], last.after) == (["act_0"], None)


def test_filters_by_person_act_record_and_day(session: Session) -> None:
    accepted = done(session, "clerk", "record_accepted", "V012")
    done(session, "keeper", "record_archived", "V012")
    journal.write(session, NOON + timedelta(days=1), "clerk", "logged_in", "account", "1")
    session.flush()
    assert acts(session, COUNTY, Wanted(actor="keeper")) == ["record_archived"]
    assert acts(session, COUNTY, Wanted(act="record_accepted")) == ["record_accepted"]
    assert acts(session, COUNTY, Wanted(object_id=accepted)) == ["record_accepted"]
    assert acts(session, COUNTY, Wanted(since=NOON + timedelta(hours=1))) == ["logged_in"]
    assert acts(session, COUNTY, Wanted(until=NOON + timedelta(hours=1))) == ["record_archived", "record_accepted"]


def test_what_was_done_to_a_personal_record_is_told_to_named_persons_only(session: Session) -> None:
    done(session, "clerk", "record_described", "V012", access="personal")
    done(session, "clerk", "record_withdrawn", "V012", access="personal", state="withdrawn")
    assert acts(session, COUNTY) == []
    assert acts(session, NAMED) == ["record_withdrawn", "record_described"]


def test_an_archivist_of_one_village_reads_of_that_village(session: Session) -> None:
    done(session, "clerk", "record_accepted", "V012")
    done(session, "clerk", "record_archived", "V013")
    here = Actor("3", "here", "本村档案员", Role.ARCHIVIST, "V013")
    assert acts(session, here) == ["record_archived"]


def test_a_withdrawn_record_is_still_in_the_journal(session: Session) -> None:
    done(session, "clerk", "record_withdrawn", "V012", state="withdrawn")
    assert acts(session, COUNTY) == ["record_withdrawn"]


@pytest.mark.parametrize("role", [Role.CLERK, Role.REVIEWER, Role.RESEARCHER, Role.VILLAGER])
def test_others_are_refused(session: Session, role: Role) -> None:
    with pytest.raises(Forbidden, match="不能查看操作日志"):
        read(session, Actor("4", "x", "x", role, "V012"), Wanted())


def test_the_operator_reads_everything(session: Session) -> None:
    done(session, "clerk", "record_described", "V012", access="party")
    assert acts(session, OPERATOR) == ["record_described"]
