"""Which destruction registers wait for this person: to sign, approve, count, remove, witness, or file.

Whoever sits in a seat that excludes the next is not told of it: what somebody may not do does not wait for them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import within
from archive_service.permissions import Actor, Permission, can, reach
from classification.appraisal import CLOSED, Act, RegisterState
from classification.appraisal_seats import Seat, clashes
from storage.database.registers import ForbiddenPair, Register, RegisterEntry

TITLES = {
    "sign": "本清册等着您签字",
    "approve": "本清册等着批准",
    "count": "本清册等着清点",
    "remove": "本清册等着销毁",
    "witness": "本清册等着您监销签字",
    "file": "本清册等着归档",
}
MAY = {
    "sign": Permission.APPRAISE,
    "approve": Permission.APPROVE_DESTRUCTION,
    "count": Permission.WITNESS_DESTRUCTION,
    "remove": Permission.REMOVE,
    "witness": Permission.WITNESS_DESTRUCTION,
    "file": Permission.PREPARE_DESTRUCTION,
}
MOST = 500


@dataclass
class _Open:
    """One register that is not closed, and what was done to it."""

    register: Register
    entries: list[RegisterEntry] = field(default_factory=list)
    pairs: list[tuple[Seat, Seat]] = field(default_factory=list)

    def done(self, act: Act, login: str | None = None) -> set[str]:
        """The seats that did this, or in which this person did it."""
        return {one.seat for one in self.entries if one.act == act and login in (None, one.login)}

    def free(self, seat: Seat, login: str) -> bool:
        """Whether this person sits in no seat that excludes this one."""
        taken = {Seat(one.seat) for one in self.entries if one.login == login and one.seat}
        return not clashes(seat, taken - {seat}, self.pairs)


def waiting(session: Session, actor: Actor, now: datetime) -> list[tuple[str, int | None, str, str]]:
    """How many registers wait for each act of this person; None where it is not this person's work."""
    may = {act for act, needed in MAY.items() if can(actor, needed)}
    counted = dict.fromkeys(TITLES, 0)
    for one in _open(session, actor) if may else ():
        for act in _acts(one, actor, now):
            counted[act] += 1
    return [
        (f"registers_{act}", counted[act] if act in may else None, title, "/registers") for act, title in TITLES.items()
    ]


def _open(session: Session, actor: Actor) -> Sequence[_Open]:
    wanted = select(Register).where(
        within(Register.village_id, reach(actor, Permission.SEE_REGISTERS)), Register.state.not_in(CLOSED)
    )
    found = {one.id: _Open(one) for one in session.scalars(wanted.order_by(Register.id).limit(MOST))}
    acts = (Act.PART, Act.SIGNED, Act.APPROVED, Act.COUNTED, Act.BEGUN, Act.WITNESSED)
    of_these = RegisterEntry.register_id.in_(found), RegisterEntry.act.in_(acts)
    for entry in session.scalars(select(RegisterEntry).where(*of_these)):
        found[entry.register_id].entries.append(entry)
    for pair in session.scalars(select(ForbiddenPair).where(ForbiddenPair.register_id.in_(found))):
        found[pair.register_id].pairs.append((Seat(pair.one), Seat(pair.other)))
    return list(found.values())


def _acts(one: _Open, actor: Actor, now: datetime) -> Iterator[str]:
    """What this person could do to this register now."""
    found, login = one.register, actor.login
    for act, permission in MAY.items():
        if can(actor, permission, found.village_id) and _wants(act, one, login, now):
            yield act


def _wants(act: str, one: _Open, login: str, now: datetime) -> bool:
    state = one.register.state
    match act:
        case "sign":
            return state == RegisterState.SUBMITTED and bool(_mine_to_sign(one, login))
        case "approve":
            unsigned = set(_signers(one.register)) - one.done(Act.SIGNED)
            return state == RegisterState.SUBMITTED and not unsigned and one.free(Seat.APPROVER, login)
        case "count":
            cooled = one.register.not_before is None or now >= one.register.not_before
            mine = one.done(Act.COUNTED, login)
            free = one.free(Seat.WITNESS_FIRST, login) and one.free(Seat.WITNESS_SECOND, login)
            return state == RegisterState.APPROVED and cooled and not mine and free
        case "remove":
            return state == RegisterState.COUNTED and one.free(Seat.OPERATOR, login)
        case "witness":
            signed = one.done(Act.WITNESSED, login)
            return state == RegisterState.REMOVED and bool(one.done(Act.COUNTED, login)) and not signed
    return state == RegisterState.WITNESSED


def _signers(found: Register) -> list[str]:
    signers: list[str] = found.cover["rules"]["accounting_signers" if found.accounting else "signers"]
    return signers


def _mine_to_sign(one: _Open, login: str) -> set[str]:
    seats = {str(member["seat"]) for member in one.register.cover["group"] if member["login"] == login}
    return (seats & set(_signers(one.register))) - one.done(Act.SIGNED, login)
