"""A village whose papers have run out, and who judges, approves, witnesses and removes: for tests of appraisal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from archive_service.actions import (
    appraisal,
    appraisal_closing,
    appraisal_opinions,
    appraisal_report,
    holds,
    registers,
)
from archive_service.actions import register_acts as acts
from archive_service.actions.accounts import actor_named, add_account
from archive_service.actions.appraisal import BatchWish, Chosen, Source
from archive_service.actions.appraisal_opinions import OpinionWish
from archive_service.actions.holds import Wish
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from classification.appraisal_rules import AppraisalRules
from classification.appraisal_seats import Seat
from storage.database.appraisal import Round, Verdict
from storage.database.holds import HoldKind
from storage.database.outlines import outline_in_force
from storage.database.records import Record, RecordState
from storage.database.registers import Register
from tests.conftest import NOON

TODAY = date(2026, 3, 1)
PEOPLE = {
    "wang": Role.ARCHIVIST, "liu": Role.ARCHIVIST, "zu": Role.APPRAISAL_LEADER, "yuan": Role.REVIEWER,
    "zhang": Role.REVIEWER, "pi": Role.APPROVER, "jia": Role.WITNESS, "yi": Role.WITNESS, "ban": Role.OPERATOR,
}  # fmt: skip
GROUP = ((Seat.LEADER, "zu"), (Seat.ARCHIVIST, "wang"), (Seat.MEMBER, "yuan"))
PASSWORD = "足够长的口令一二三"


def number(one: int) -> str:
    """The id of the n-th record."""
    return f"{one:032x}"


@dataclass
class Place:
    """One archive with that village; every step is a transaction of its own."""

    archive: Archive
    village: str
    rules: AppraisalRules = field(default_factory=lambda: AppraisalRules("试", "1", "试行规则"))
    now: datetime = NOON
    today: date = TODAY

    def who(self, session: Session, login: str) -> Actor:
        """One of the people, with the roles of today."""
        return actor_named(session, login, self.today)

    def open(self, chosen: Chosen | None = None, group: Sequence[tuple[Seat, str]] = GROUP, login: str = "wang") -> str:
        """A batch of all that has run out, or of these; its id."""
        wish = BatchWish(self.village, "2026 年到期档案鉴定", tuple(group), chosen or Chosen(Source.DUE))
        with self.archive.sessions.begin() as session:
            actor = self.who(session, login)
            return appraisal.open_batch(
                session, self.archive.index, actor, wish, self.rules, self.now, self.today
            ).id  # fmt: skip

    def say(
        self, batch: str, login: str, verdict: Verdict, records: Sequence[int] = (), turn: Round = Round.FIRST,
        reason: str = "无继续保存价值", years: int | None = None, ground: str = "", review_on: date | None = None,
    ) -> str:  # fmt: skip
        """An opinion on these records, or on all that have none of this round; its id."""
        ids = tuple(map(number, records))
        wish = OpinionWish(verdict, reason, ids, not ids, turn, years, ground, review_on)
        with self.archive.sessions.begin() as session:
            return appraisal_opinions.give(
                session, self.who(session, login), batch, wish, self.rules, self.now, self.today
            ).id

    def close(self, batch: str, login: str = "zu") -> dict[str, int]:
        """Carry the opinions out; how many of each outcome."""
        with self.archive.sessions.begin() as session:
            actor = self.who(session, login)
            done = appraisal_closing.close(
                session, self.archive.index, actor, batch, self.rules, self.now, self.today
            )  # fmt: skip
            return dict(done.outcomes)

    def submit(self, batch: str, login: str = "wang") -> list[str]:
        """Write the report as drafted and submit; the ids of the registers."""
        with self.archive.sessions.begin() as session:
            actor = self.who(session, login)
            text = appraisal_report.draft(session, actor, batch, self.rules)
            appraisal_report.save(session, actor, batch, text, self.now)
            return [one.id for one in registers.submit(session, actor, batch, self.rules, self.now, self.today)]

    def register(self, *records: int) -> str:
        """A submitted register over these records, proposed by two people; its id."""
        chosen = Chosen(Source.RECORDS, records=tuple(map(number, records))) if records else None
        batch = self.open(chosen)
        self.say(batch, "yuan", Verdict.DESTROY)
        self.say(batch, "wang", Verdict.DESTROY, turn=Round.SECOND)
        self.close(batch)
        (only,) = self.submit(batch)
        return only

    def act(self, register: str, login: str, name: str, *said: object) -> None:
        """One act of `register_acts` by one of the people, at the present moment."""
        with self.archive.sessions.begin() as session:
            getattr(acts, name)(session, self.who(session, login), register, *said, self.now)

    def approved(self, *records: int) -> str:
        """A register that is signed and approved."""
        found = self.register(*records)
        self.act(found, "zu", "sign", Seat.LEADER)
        self.act(found, "pi", "approve")
        return found

    def counted(self, *records: int) -> str:
        """A register that both witnesses have counted."""
        found = self.approved(*records)
        self.act(found, "jia", "count")
        self.act(found, "yi", "count")
        return found

    def state(self, register: str) -> str:
        """Where a register stands."""
        with self.archive.sessions.read() as session:
            return session.get_one(Register, register).state

    def later(self, days: int) -> None:
        """Some days go by."""
        self.now, self.today = self.now + timedelta(days=days), self.today + timedelta(days=days)

    def put(self, one: int, retention: object = 10, due: date | None = date(2020, 12, 31), **more: object) -> str:
        """An archived record; by default one that ran out at the end of 2020."""
        starts = date(due.year - 9, 1, 1) if due else None
        columns: dict[str, object] = {
            "title": f"灌溉渠维修账 {one}", "class_id": "WS-CW", "series_id": "WS-CW-02", "year": 2010,
            "access": "internal", "state": RecordState.ARCHIVED, "version": 1, "code": f"V012-WS·2010-D10-{one:04d}",
        }  # fmt: skip
        with self.archive.sessions.begin() as session:
            outline = outline_in_force(session)
            session.add(
                Record(
                    id=number(one), village_id=self.village, outline_id=outline.id if outline else None,
                    retention=retention, starts_on=starts, due_on=due,
                    created_at=NOON, changed_at=NOON, **(columns | more),
                )
            )  # fmt: skip
        return number(one)


def make_place(archive: Archive, records: int = 3) -> Place:
    """The village, its people, and so many records that have run out."""
    set_up(archive)
    with archive.sessions.begin() as session:
        home = add_village(session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇").id
        for login, role in PEOPLE.items():
            add_account(session, OPERATOR, archive.hasher, NOON, login, f"{login}某", role, password=PASSWORD)
    place = Place(archive, home)
    for one in range(1, records + 1):
        place.put(one)
    return place


def hold(place: Place, *records: int) -> None:
    """A county archivist who takes no part holds these records."""
    wish = Wish(HoldKind.RECORDS, "case", "法院要用", records=tuple(map(number, records)))
    with place.archive.sessions.begin() as session:
        holds.place(session, place.archive.index, place.who(session, "liu"), wish, place.now, place.today)
