"""Requests for access (利用申请): asked by a reader, decided by who keeps that village's archive, open until a day.

A request says in the reader's own words what is looked for, because what the reader may not see is not named to him.
The decision opens single records that the decider may see; it changes nothing of what the reader sees elsewhere.
Everything is journaled; nobody decides on a request of his own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from archive_service.actions import physical
from archive_service.actions.holdings import FILED, inside, within
from archive_service.actions.requests_reading import HIDDEN, shut_by_its_donor
from archive_service.permissions import Actor, Forbidden, Permission, can, check, reach, scope_of
from classification.errors import RuleError
from storage.database import journal
from storage.database.accounts import Account
from storage.database.base import new_id
from storage.database.organisations import Village, village
from storage.database.records import Record
from storage.database.using import RequestState, UseRequest, Wish, open_records, opened_by
from storage.errors import Conflict, Missing

LONGEST = {"wanted": 1000, "purpose": 300, "reason": 500}
LONGEST_OPEN = 366
"""Days that a record may stay open to one reader: our own proposal, no law."""
MOST_RECORDS = 100
MOST_WAITING = 20
"""Requests of one person that wait at once: a desk with few people is easily flooded."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. `records`: codes or ids. `original`: the files as they are, not only marked pictures."""

    grant: bool
    reason: str = ""
    records: tuple[str, ...] = ()
    until: date | None = None
    original: bool = False


@dataclass(frozen=True, slots=True)
class RequestLine:
    """One request in a list, with its reader, its village, and the records it opened that the looker may know of."""

    request: UseRequest
    reader: str
    village: str
    records: tuple[Record, ...] = ()

    def standing(self, today: date) -> str:
        """Its state, or `expired` for a granted one whose last day has gone."""
        over = self.request.until is not None and self.request.until < today
        return "expired" if self.request.state == RequestState.GRANTED and over else self.request.state


def ask(
    session: Session, actor: Actor, village_id: str, wanted: str, purpose: str, wish: Wish, at: datetime
) -> UseRequest:
    """Ask a village's archive for something.

    Raises:
        Missing: there is no such village.
        RuleError: it is not said what is wanted or what for, or too many of the reader's requests wait.
    """
    home = village(session, village_id)
    said = {"wanted": wanted.strip(), "purpose": purpose.strip()}
    if not all(0 < len(text) <= LONGEST[name] for name, text in said.items()):
        raise RuleError("想查什么、用来做什么都要写上，分别在 1000 字和 300 字以内；没有提交。")
    mine = select(UseRequest.id).where(UseRequest.account_id == actor.id, UseRequest.state == RequestState.OPEN)
    if len(session.scalars(mine.limit(MOST_WAITING)).all()) >= MOST_WAITING:
        raise RuleError(f"您已经有 {MOST_WAITING} 份申请等着答复，没有提交；请等有了答复再申请。")
    request = UseRequest(
        id=new_id(), account_id=actor.id, village_id=home.id, wish=wish, state=RequestState.OPEN, asked_at=at,
        decided_by="", reason="", original=False, ended_by="", **said,
    )  # fmt: skip
    session.add(request)
    _note(session, actor, at, "access_asked", request, {**said, "wish": wish.value})
    return request


def seen(session: Session, actor: Actor, request_id: str) -> UseRequest:
    """A request of the actor's own, or one that the actor may decide on.

    Raises:
        Missing: there is none for this actor.
    """
    found = session.get(UseRequest, request_id)
    if found is None or not (found.account_id == actor.id or may_decide(actor, found)):
        raise Missing(HIDDEN)
    return found


def may_decide(actor: Actor, request: UseRequest) -> bool:
    """Whether the actor decides on requests to this village, and not on his own."""
    return can(actor, Permission.DECIDE_USE, request.village_id) and request.account_id != actor.id


def decide(
    session: Session, actor: Actor, request_id: str, decision: Decision, at: datetime, today: date
) -> UseRequest:
    """Open records to the reader until a day, or refuse with a reason. To borrow is a loan of each original.

    Raises:
        Missing: there is no such request for this actor, or a record that the actor does not see.
        Forbidden: the actor does not decide here, or it is his own request.
        Conflict: it was decided or withdrawn already.
        RuleError: no reason, no record, or no day that fits.
    """
    request = seen(session, actor, request_id)
    if not may_decide(actor, request):
        check(actor, Permission.DECIDE_USE, request.village_id)
        raise Forbidden("自己的申请要由别的档案员答复，没有改动。")
    if request.state != RequestState.OPEN:
        raise Conflict("这份申请已经答复过或者撤回了，没有改动。")
    if len(decision.reason) > LONGEST["reason"] or not (decision.grant or decision.reason.strip()):
        raise RuleError("不同意要写明理由，500 字以内；没有改动。")
    if decision.grant:
        _grant(session, actor, request, decision, at, today)
    request.state = RequestState.GRANTED if decision.grant else RequestState.REFUSED
    request.decided_by, request.decided_at, request.reason = actor.login, at, decision.reason.strip()
    said: dict[str, object] = {"reason": request.reason, "purpose": request.purpose}
    said |= {"until": request.until.isoformat(), "original": request.original} if request.until else {}
    _note(session, actor, at, "access_granted" if decision.grant else "access_refused", request, said)
    return request


def _grant(session: Session, actor: Actor, request: UseRequest, decision: Decision, at: datetime, today: date) -> None:
    until = decision.until
    if until is None or not 0 <= (until - today).days <= LONGEST_OPEN:
        raise RuleError("看到哪一天要写上，从今天起、一年以内；没有改动。")
    reader = session.get_one(Account, request.account_id)
    records = _named(session, actor, request, decision.records)
    if any(shut_by_its_donor(one, reader.login) for one in records):
        raise RuleError("其中有捐赠人限制的档案，限制里没有写上这位利用人，没有改动。")
    request.until, request.original = until, decision.original
    open_records(session, request.id, [one.id for one in records])
    said = {
        "request": request.id,
        "reader": reader.name,
        "login": reader.login,
        "until": until.isoformat(),
        "purpose": request.purpose,
    }
    for record in records:
        if request.wish == Wish.BORROW:
            physical.lend(session, actor, record.id, reader.name, request.purpose, until, at, today)
        journal.write(session, at, actor.login, "record_opened", "record", record.id, record.village_id, dict(said))


def _named(session: Session, actor: Actor, request: UseRequest, named: Sequence[str]) -> list[Record]:
    """The filed records of that village that these codes or ids name, as far as the actor sees them."""
    wanted = list(dict.fromkeys(one.strip() for one in named if one.strip()))
    if not 0 < len(wanted) <= MOST_RECORDS:
        raise RuleError(f"写上给看的是哪几件：档号一行一个，最多 {MOST_RECORDS} 件；没有改动。")
    here = (Record.village_id == request.village_id, Record.state.in_(FILED), inside(scope_of(actor)))
    found = session.scalars(select(Record).where(or_(Record.code.in_(wanted), Record.id.in_(wanted)), *here)).all()
    known = {name for one in found for name in (one.id, one.code)}
    unknown = [one for one in wanted if one not in known]
    if unknown:
        raise Missing(f"本村已归档的档案里没有 {unknown[0]}，或者您不能查看它；没有改动。")
    return list(found)


def withdraw(session: Session, actor: Actor, request_id: str, at: datetime) -> UseRequest:
    """The reader takes an undecided request back.

    Raises:
        Missing: there is no such request of this actor.
        Conflict: it was decided already.
    """
    request = seen(session, actor, request_id)
    if request.account_id != actor.id:
        raise Missing(HIDDEN)
    if request.state != RequestState.OPEN:
        raise Conflict("这份申请已经答复过或者撤回了，没有改动。")
    request.state, request.ended_by, request.ended_at = RequestState.WITHDRAWN, actor.login, at
    _note(session, actor, at, "access_withdrawn", request, {})
    return request


def end(session: Session, actor: Actor, request_id: str, reason: str, at: datetime) -> UseRequest:
    """The reader gives back what was opened, or who decided shuts it again before its day, with the reason.

    Raises:
        Missing: there is no such request for this actor.
        Conflict: nothing is open.
        RuleError: it is shut by another than the reader, without a reason.
    """
    request = seen(session, actor, request_id)
    if request.state != RequestState.GRANTED:
        raise Conflict("这份申请没有正在查阅的档案，没有改动。")
    if request.account_id != actor.id and not 0 < len(reason.strip()) <= LONGEST["reason"]:
        raise RuleError("提前收回要写明理由，500 字以内；没有改动。")
    request.state, request.ended_by, request.ended_at = RequestState.ENDED, actor.login, at
    _note(session, actor, at, "access_ended", request, {"reason": reason.strip()})
    return request


def _note(session: Session, actor: Actor, at: datetime, act: str, request: UseRequest, said: dict[str, object]) -> None:
    journal.write(session, at, actor.login, act, "use_request", request.id, request.village_id, said)


SHOWN = ("mine", "waiting", "open", "all")


def listed(
    session: Session, actor: Actor, today: date, show: str = "mine", after: str = "", size: int = 50
) -> tuple[list[RequestLine], str | None]:
    """Requests, the newest first: `mine`, or of the villages one decides for those `waiting`, now `open`, or `all`.

    The second value is where the next page begins.

    Raises:
        Forbidden: the actor decides nowhere, and asks for more than his own.
    """
    if show == "mine":
        wanted: ColumnElement[bool] = UseRequest.account_id == actor.id
    else:
        check(actor, Permission.DECIDE_USE)
        wanted = within(UseRequest.village_id, reach(actor, Permission.DECIDE_USE))
    if show == "waiting":
        wanted = wanted & (UseRequest.state == RequestState.OPEN)
    if show == "open":
        wanted = wanted & (UseRequest.state == RequestState.GRANTED) & (UseRequest.until >= today)
    query = select(UseRequest).where(wanted, UseRequest.id < after if after else wanted)
    found = session.scalars(query.order_by(UseRequest.id.desc()).limit(size + 1)).all()
    return lines(session, actor, found[:size]), found[size - 1].id if len(found) > size else None


def waiting(session: Session, actor: Actor) -> int | None:
    """How many requests wait for a decision of the actor; None where the actor decides nowhere."""
    if not can(actor, Permission.DECIDE_USE):
        return None
    area = within(UseRequest.village_id, reach(actor, Permission.DECIDE_USE))
    query = select(UseRequest.id).where(area, UseRequest.state == RequestState.OPEN, UseRequest.account_id != actor.id)
    return len(session.scalars(query).all())


def lines(session: Session, actor: Actor, requests: Sequence[UseRequest]) -> list[RequestLine]:
    """These requests with the names of readers and villages and the records they opened, in a fixed number of queries.

    The reader is told what was opened to him, unless its donor shut it since; others only what they see anyway, for a
    record that was opened by an officer with a clearance stays hidden from one without.
    """
    readers = _names(session, Account, {one.account_id for one in requests})
    homes = _names(session, Village, {one.village_id for one in requests})
    opened = opened_by(session, [one.id for one in requests])
    ids = {record_id for some in opened.values() for record_id in some}
    records = {one.id: one for one in session.scalars(select(Record).where(Record.id.in_(ids)))}
    seen_ids = set(session.scalars(select(Record.id).where(Record.id.in_(ids), inside(scope_of(actor)))))
    open_ids = {one.id for one in records.values() if not shut_by_its_donor(one, actor.login)}

    def told(one: UseRequest) -> tuple[Record, ...]:
        shown = open_ids | seen_ids if one.account_id == actor.id else seen_ids
        return tuple(records[record_id] for record_id in opened[one.id] if record_id in shown)

    return [
        RequestLine(one, readers.get(one.account_id, ""), homes.get(one.village_id, ""), told(one)) for one in requests
    ]


def _names(session: Session, of: type[Account] | type[Village], ids: set[str]) -> dict[str, str]:
    return {id_: name for id_, name in session.execute(select(of.id, of.name).where(of.id.in_(ids)))}
