"""The registers of a village: cadres in post, elections, matters as they happen; and what they say to the calendar.

A line is never changed but for the end of a post; a wrong one is taken back with a reason and stays to be seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, can, check
from classification.calendar.expected import Facts, Happening, Post
from classification.calendar.model import Calendar
from classification.errors import RuleError
from storage.database import journal
from storage.database.base import new_id
from storage.database.cadres import CadrePost, VillageMatter, matters_of, posts_of
from storage.database.organisations import Village, village
from storage.errors import Conflict, Missing

LONGEST_NAME, LONGEST_MATTER, LONGEST_REASON = 80, 120, 300
EARLIEST = date(1900, 1, 1)
FOUNDED = "village_founded"
ELECTED = "committee_elected"
Line = TypeVar("Line", CadrePost, VillageMatter)
TABLES: dict[str, type[CadrePost] | type[VillageMatter]] = {"posts": CadrePost, "matters": VillageMatter}
HIDDEN = "没有这一行，或者您不能查看它。"


@dataclass(frozen=True, slots=True)
class NewPost:
    """A person in a post, from when to when; None = still."""

    village_id: str
    person: str
    post: str
    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class NewMatter:
    """What happened: an id of the calendar's triggers (or `village_founded`), when, and what people call it."""

    village_id: str
    trigger: str
    on: date
    name: str


def triggers_of(calendar: Calendar) -> dict[str, str]:
    """What can be entered as having happened, by id, with its Chinese name."""
    return {one.id: one.name for one in calendar.triggers.values()} | {FOUNDED: "本村设立"}


def add_post(session: Session, actor: Actor, wish: NewPost, at: datetime) -> CadrePost:
    """Enter that a person holds a post.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        RuleError: a name, post or day is missing or makes no sense.
        Conflict: the same person is entered in the same post on one of these days.
    """
    home = village(session, wish.village_id)
    check(actor, Permission.CATALOGUE, home.id)
    person, post = _named(wish.person, LONGEST_NAME, "姓名"), _named(wish.post, LONGEST_NAME, "职务")
    _sensible(wish.since, wish.until)
    same = (CadrePost.village_id == home.id, CadrePost.person == person, CadrePost.post == post)
    held = session.scalars(select(CadrePost).where(*same, CadrePost.withdrawn_at.is_(None)))
    if any(_overlap(one, wish) for one in held):
        raise Conflict(f"{person} 这段时间任{post}已经登记过了，没有改动。")
    made = CadrePost(
        id=new_id(), village_id=home.id, person=person, post=post, since=wish.since, until=wish.until,
        entered_by=actor.login, entered_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    said = {"person": person, "post": post, "from": str(wish.since), "to": str(wish.until or "")}
    journal.write(session, at, actor.login, "post_entered", "cadre_post", made.id, home.id, said)
    return made


def _overlap(held: CadrePost, wish: NewPost) -> bool:
    return held.since <= (wish.until or date.max) and wish.since <= (held.until or date.max)


def end_post(session: Session, actor: Actor, post_id: str, until: date, at: datetime) -> CadrePost:
    """Enter the last day of a post.

    Raises:
        Missing: there is no such line for this actor.
        RuleError: the day lies before the first.
        Conflict: the line was taken back.
    """
    held = _line(session, actor, CadrePost, post_id)
    _sensible(held.since, until)
    held.until, held.kept = until, False
    said = {"person": held.person, "post": held.post, "to": str(until)}
    journal.write(session, at, actor.login, "post_ended", "cadre_post", held.id, held.village_id, said)
    return held


def add_matter(session: Session, actor: Actor, calendar: Calendar, wish: NewMatter, at: datetime) -> VillageMatter:
    """Enter what happened; the records that it asks for are expected from then on.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        RuleError: no such trigger, no name, or no day that can be.
        Conflict: it is entered already.
    """
    home = village(session, wish.village_id)
    check(actor, Permission.CATALOGUE, home.id)
    names = triggers_of(calendar)
    if wish.trigger not in names:
        raise RuleError(f"台账日历里没有“{wish.trigger}”这种事项，没有改动。")
    name = _named(wish.name, LONGEST_MATTER, "名称")
    _sensible(wish.on, None)
    same = (VillageMatter.village_id == home.id, VillageMatter.trigger == wish.trigger, VillageMatter.on == wish.on)
    held = session.scalars(select(VillageMatter).where(*same, VillageMatter.withdrawn_at.is_(None)))
    if any(one.name == name for one in held):
        raise Conflict(f"“{name}”这一天已经登记过了，没有改动。")
    made = VillageMatter(
        id=new_id(), village_id=home.id, trigger=wish.trigger, on=wish.on, name=name, entered_by=actor.login,
        entered_at=at,
    )  # fmt: skip
    session.add(made)
    session.flush()
    said = {"trigger": wish.trigger, "what": names[wish.trigger], "on": str(wish.on), "name": name}
    journal.write(session, at, actor.login, "matter_entered", "village_matter", made.id, home.id, said)
    return made


def take_back(
    session: Session, actor: Actor, register: str, line_id: str, reason: str, at: datetime
) -> CadrePost | VillageMatter:
    """Take a wrong line back; it stays in the register and counts no more.

    Raises:
        Missing: there is no such line for this actor.
        RuleError: no reason.
        Conflict: it was taken back before.
    """
    if register not in TABLES:
        raise Missing(HIDDEN)
    posts = register == "posts"
    held = _line(session, actor, CadrePost, line_id) if posts else _line(session, actor, VillageMatter, line_id)
    held.withdraw_reason, held.withdrawn_by = _named(reason, LONGEST_REASON, "理由"), actor.login
    held.withdrawn_at, held.kept = at, False
    said = {"reason": held.withdraw_reason}
    kind = "cadre_post" if posts else "village_matter"
    journal.write(session, at, actor.login, "line_taken_back", kind, held.id, held.village_id, said)
    return held


def _line(session: Session, actor: Actor, table: type[Line], line_id: str) -> Line:
    held = session.get(table, line_id)
    if held is None or not can(actor, Permission.CATALOGUE, held.village_id):
        raise Missing(HIDDEN)
    if held.withdrawn_at is not None:
        raise Conflict("这一行已经撤回，没有改动。")
    return held


def _named(text: str, longest: int, what: str) -> str:
    said = text.strip()
    if not 0 < len(said) <= longest:
        raise RuleError(f"{what}要填写，{longest} 字以内；没有改动。")
    return said


def _sensible(first: date, last: date | None) -> None:
    if first < EARLIEST:
        raise RuleError("日期早得不可能，没有改动。")
    if last is not None and last < first:
        raise RuleError("止的日期早于起的日期，没有改动。")


@dataclass(frozen=True, slots=True)
class Registers:
    """What is entered of one village, with what was taken back."""

    village: Village
    posts: Sequence[CadrePost]
    matters: Sequence[VillageMatter]


def registers(session: Session, actor: Actor, village_id: str) -> Registers:
    """The registers of a village.

    Raises:
        Forbidden: the actor does not catalogue in this village.
    """
    home = village(session, village_id)
    check(actor, Permission.CATALOGUE, home.id)
    return Registers(home, posts_of(session, [home.id], True), matters_of(session, [home.id], True))


def facts(session: Session, homes: Iterable[Village]) -> dict[str, Facts]:
    """What the registers of these villages say to the calendar, by village. Two queries.

    A village with no post entered has said nothing of its cadres.
    """
    wanted = list(homes)
    ids = [one.id for one in wanted]
    posts: dict[str, list[Post]] = {}
    for post in posts_of(session, ids):
        posts.setdefault(post.village_id, []).append(Post(post.person, post.since, post.until))
    happened: dict[str, list[Happening]] = {}
    for matter in matters_of(session, ids):
        happened.setdefault(matter.village_id, []).append(Happening(matter.trigger, matter.on, matter.name))
    return {one.id: _facts(one, posts.get(one.id), happened.get(one.id, [])) for one in wanted}


def _facts(home: Village, posts: list[Post] | None, happened: list[Happening]) -> Facts:
    once = tuple(dict.fromkeys(happened))
    return Facts(
        founded=min((one.on for one in once if one.trigger == FOUNDED), default=None),
        merged=home.merged_on,
        posts=tuple(posts) if posts is not None else None,
        happenings=tuple(one for one in once if one.trigger != FOUNDED),
        terms=tuple(one.on for one in once if one.trigger == ELECTED),
    )
