"""Dossiers: a matter is opened, its steps are noted, records are tied to them, objections are written down.

Nothing here judges a matter; how it stands is in `dossier_views`. Every act is journaled in its transaction.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import HIDDEN, inside
from archive_service.permissions import Actor, Permission, can, check, scope_of
from classification.dossiers import MEETINGS, Asked, DossierKind
from classification.errors import RuleError
from classification.ledgers import read_day
from storage.database import journal
from storage.database.base import new_id
from storage.database.dossiers import Dossier, DossierRecord
from storage.database.organisations import village
from storage.database.records import Record
from storage.errors import Conflict, Missing

LONGEST_NAME, LONGEST_FACT, MOST_OBJECTIONS = 120, 1000, 200
Kinds = Mapping[str, DossierKind]


@dataclass(frozen=True, slots=True)
class NewDossier:
    """What a dossier begins with."""

    village_id: str
    kind: str
    name: str
    opened_on: date
    head: Mapping[str, str] = field(default_factory=dict)


def open_dossier(session: Session, actor: Actor, kinds: Kinds, wish: NewDossier, at: datetime) -> Dossier:
    """Open a dossier.

    Raises:
        Forbidden: the actor does not catalogue in this village.
        RuleError: no such kind, or no name.
        Conflict: the village has one of that kind and name, opened that day.
    """
    check(actor, Permission.CATALOGUE, wish.village_id)
    home = village(session, wish.village_id)
    kind, name = _kind(kinds, wish.kind), _named(wish.name)
    same = select(Dossier.id).where(
        Dossier.village_id == home.id, Dossier.kind == kind.id, Dossier.name == name,
        Dossier.opened_on == wish.opened_on,
    )  # fmt: skip
    if session.scalar(same):
        raise Conflict(f"“{name}”这一卷已经有了，没有另立。")
    made = Dossier(
        id=new_id(), village_id=home.id, kind=kind.id, name=name, opened_on=wish.opened_on,
        head=_head(kind, wish.head), steps={}, objections=[], opened_by=actor.login, opened_at=at, changed_at=at,
        kept=False,
    )  # fmt: skip
    session.add(made)
    said = {"kind": kind.name, "name": name, "opened_on": wish.opened_on.isoformat()}
    journal.write(session, at, actor.login, "dossier_opened", "dossier", made.id, home.id, said)
    return made


def seen(session: Session, actor: Actor, dossier_id: str) -> Dossier:
    """A dossier of a village in which the actor catalogues.

    Raises:
        Missing: there is none for this actor.
    """
    found = session.get(Dossier, dossier_id)
    if found is None or not can(actor, Permission.CATALOGUE, found.village_id):
        raise Missing("没有这一卷事项，或者您不能查看它。")
    return found


def describe(
    session: Session, actor: Actor, kinds: Kinds, dossier_id: str, said: Mapping[str, str], at: datetime
) -> Dossier:
    """Change the head. Keys: name, opened_on, done_on, and the fields of the head by their names.

    Raises:
        Missing: there is none for this actor.
        RuleError: no name, or a day that is none.
    """
    found = seen(session, actor, dossier_id)
    before = _said(found)
    if "name" in said:
        found.name = _named(said["name"])
    if "opened_on" in said:
        found.opened_on = day(said["opened_on"], "立项日期") or found.opened_on
    if "done_on" in said:
        found.done_on = day(said["done_on"], "办结日期")
    found.head = {**found.head, **_head(_kind(kinds, found.kind), said)}
    after = _said(found)
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        _note(session, actor, "dossier_changed", found, changed, at)
    return found


def note_step(
    session: Session, actor: Actor, kinds: Kinds, dossier_id: str, step_id: str, said: Mapping[str, str], at: datetime
) -> Dossier:
    """Write down what a step says, in place of what was written before; an empty field is not said.

    Raises:
        Missing: there is none for this actor.
        RuleError: there is no such step, or a field is no day or number; nothing is written.
    """
    found = seen(session, actor, dossier_id)
    step = _kind(kinds, found.kind).step(step_id)
    facts = {one.id: value for one in step.asks if (value := _fact(one, said.get(one.id, "").strip())) is not None}
    before = found.steps.get(step_id, {})
    if facts != before:
        found.steps = {**found.steps, step_id: facts}
        _note(session, actor, "dossier_step_noted", found, {"step": step.name, "facts": [before, facts]}, at)
    return found


def _fact(asked: Asked, text: str) -> str | int | None:
    if not text:
        return None
    if asked.kind == "day":
        found = day(text, asked.name)
        return found.isoformat() if found else None
    if asked.kind == "number":
        if not (text.isascii() and text.isdigit() and len(text) < 8):
            raise RuleError(f"“{asked.name}”要写整数，没有改动。")
        return int(text)
    if asked.kind == "meeting" and text not in MEETINGS:
        raise RuleError("会议种类只有村民会议和村民代表会议，没有改动。")
    return text[:LONGEST_FACT]


def tie(
    session: Session, actor: Actor, kinds: Kinds, dossier_id: str, step_id: str, record_id: str, at: datetime
) -> Dossier:
    """Tie a record of the same village to a step. Tied already: nothing changes.

    Raises:
        Missing: there is no such dossier or record for this actor.
        RuleError: there is no such step, or the record is of another village.
    """
    found = seen(session, actor, dossier_id)
    step = _kind(kinds, found.kind).step(step_id)
    home = session.scalar(select(Record.village_id).where(Record.id == record_id, inside(scope_of(actor))))
    if home is None:
        raise Missing(HIDDEN)
    if home != found.village_id:
        raise RuleError("只能挂上同一个村的材料，没有改动。")
    if session.get(DossierRecord, (found.id, step.id, record_id)) is None:
        session.add(DossierRecord(dossier_id=found.id, step=step.id, record_id=record_id))
        _note(session, actor, "dossier_record_tied", found, {"step": step.name, "record": record_id}, at)
    return found


def untie(session: Session, actor: Actor, dossier_id: str, step_id: str, record_id: str, at: datetime) -> Dossier:
    """Take a record off a step. The record itself does not change.

    Raises:
        Missing: there is no such dossier for this actor, or the record is not tied to that step.
    """
    found = seen(session, actor, dossier_id)
    open_to_actor = select(Record.id).where(Record.id == record_id, inside(scope_of(actor)))
    tied = session.get(DossierRecord, (found.id, step_id, record_id))
    if tied is None or session.scalar(open_to_actor) is None:
        raise Missing("这一步没有挂这件材料，没有改动。")
    session.execute(
        delete(DossierRecord).where(
            DossierRecord.dossier_id == found.id, DossierRecord.step == step_id, DossierRecord.record_id == record_id
        )
    )
    _note(session, actor, "dossier_record_untied", found, {"step": step_id, "record": record_id}, at)
    return found


@dataclass(frozen=True, slots=True)
class Objection:
    """An objection, and its answer where there is one. Days as people write them."""

    raised_on: str
    by: str
    text: str
    answered_on: str = ""
    answer: str = ""


def object_to(session: Session, actor: Actor, dossier_id: str, said: Objection, at: datetime) -> Dossier:
    """Write an objection down, with its answer or without.

    Raises:
        Missing: there is no such dossier for this actor.
        RuleError: no day, nothing said, or an answer before the objection.
    """
    found = seen(session, actor, dossier_id)
    raised = day(said.raised_on, "提出日期")
    if raised is None or not said.text.strip():
        raise RuleError("异议要写明哪天提出、说了什么，没有改动。")
    if len(found.objections) >= MOST_OBJECTIONS:
        raise RuleError(f"一卷最多登记 {MOST_OBJECTIONS} 条异议，没有改动。")
    fresh = {
        "raised_on": raised.isoformat(), "by": said.by.strip()[:LONGEST_NAME], "text": said.text.strip()[:LONGEST_FACT],
        "answered_on": _answered(raised, said.answered_on, said.answer), "answer": said.answer.strip()[:LONGEST_FACT],
    }  # fmt: skip
    found.objections = [*found.objections, fresh]
    _note(session, actor, "objection_noted", found, fresh, at)
    return found


def answer_objection(
    session: Session, actor: Actor, dossier_id: str, number: int, answered_on: str, answer: str, at: datetime
) -> Dossier:
    """Write the answer to an objection down; `number` counts from 1.

    Raises:
        Missing: there is no such dossier for this actor, or no such objection.
        RuleError: no day, no answer, or a day before the objection.
    """
    found = seen(session, actor, dossier_id)
    if not 1 <= number <= len(found.objections):
        raise Missing("没有这一条异议，没有改动。")
    held = dict(found.objections[number - 1])
    if not answer.strip() or not answered_on.strip():
        raise RuleError("答复要写明哪天答复、怎么答复的，没有改动。")
    held["answered_on"] = _answered(date.fromisoformat(held["raised_on"]), answered_on, answer)
    held["answer"] = answer.strip()[:LONGEST_FACT]
    found.objections = [held if place == number - 1 else one for place, one in enumerate(found.objections)]
    _note(session, actor, "objection_answered", found, {"number": number, **held}, at)
    return found


def _answered(raised: date, answered_on: str, answer: str) -> str | None:
    answered = day(answered_on, "答复日期")
    if answered is not None and answered < raised:
        raise RuleError("答复的日子早于提出的日子，没有改动。")
    return answered.isoformat() if answered and answer.strip() else None


def day(text: str, name: str) -> date | None:
    """A day as it was typed; None where nothing was.

    Raises:
        RuleError: it is no day.
    """
    if not text.strip():
        return None
    found = read_day(text)
    if found is None:
        raise RuleError(f"“{name}”要写成 2026-03-05 这样的日期，没有改动。")
    return found


def _kind(kinds: Kinds, kind_id: str) -> DossierKind:
    if kind_id not in kinds:
        raise RuleError("没有这一种事项卷，没有改动。")
    return kinds[kind_id]


def _named(name: str) -> str:
    if not 0 < len(name.strip()) <= LONGEST_NAME:
        raise RuleError(f"事项要有名称，{LONGEST_NAME} 字以内；没有改动。")
    return name.strip()


def _head(kind: DossierKind, said: Mapping[str, str]) -> dict[str, str]:
    return {name: said[name].strip()[:LONGEST_FACT] for name in kind.head if name in said}


def _said(found: Dossier) -> dict[str, Any]:
    days = {name: (on := getattr(found, name)) and on.isoformat() for name in ("opened_on", "done_on")}
    return {"name": found.name, **days, "head": found.head}


def _note(session: Session, actor: Actor, act: str, found: Dossier, said: dict[str, Any], at: datetime) -> None:
    """In the journal; and the store does not have it any more as it is."""
    found.changed_at, found.kept = at, False
    journal.write(session, at, actor.login, act, "dossier", found.id, found.village_id, said)
