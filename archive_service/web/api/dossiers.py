"""Dossiers: matters from proposal to result, their steps, records and objections, and what is to be looked at."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from archive_service.actions import dossier_views, dossiers
from archive_service.actions.dossier_views import DossierShown, StepShown
from archive_service.actions.dossiers import Kinds, NewDossier, Objection
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.dossier_files import county_dossiers
from archive_service.permissions import Actor
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import matters as shown
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.wiring import Archive

router = APIRouter(prefix="/dossiers", tags=["matters"])
Id = Annotated[str, Query(max_length=40)]
CHANGED = refusals(404, 409)


def _kinds(archive: Archive) -> Kinds:
    return county_dossiers(archive.settings.calendar)


@router.get("", summary="事项卷")
def listed(archive: ArchiveDep, actor: ActorDep, village: Id = "", kind: Id = "", after: Id = "") -> shown.Dossiers:
    """Matters of the villages that the asker catalogues for, the newest first."""
    with archive.sessions.read() as session:
        lines, more = dossier_views.listed(session, actor, _kinds(archive), archive.today(), village, kind, after)
    same = ("id", "kind", "name", "opened_on", "done_on")
    found = [
        shown.DossierLine(
            **{name: getattr(one.dossier, name) for name in same}, village=one.village.name,
            states=[state.value for state in one.states], to_look_at=one.gaps,
        )
        for one in lines
    ]  # fmt: skip
    return shown.Dossiers(dossiers=found, after=more)


@router.post("", summary="立一卷", status_code=201, responses=CHANGED)
def open_one(archive: ArchiveDep, actor: ActorDep, sent: shown.DossierSent) -> shown.DossierOut:
    """Open a matter."""
    wish = NewDossier(sent.village, sent.kind, sent.name, sent.opened_on, sent.head)
    with archive.sessions.begin() as session:
        made = dossiers.open_dossier(session, actor, _kinds(archive), wish, archive.now())
        session.flush()
        return _whole(session, actor, archive, made.id)


@router.get("/{dossier_id}", summary="一卷事项", responses=refusals(404))
def one(archive: ArchiveDep, actor: ActorDep, dossier_id: str) -> shown.DossierOut:
    """One matter whole: its steps with their records, what is proposed, what the checks found."""
    with archive.sessions.read() as session:
        return _whole(session, actor, archive, dossier_id)


@router.patch("/{dossier_id}", summary="改卷首", responses=CHANGED)
def describe(archive: ArchiveDep, actor: ActorDep, dossier_id: str, sent: shown.DossierChange) -> shown.DossierOut:
    """Change the name, the days or the fields of the head."""
    said = {name: str(value) for name, value in sent.model_dump(exclude={"head"}, exclude_none=True).items()}
    with archive.sessions.begin() as session:
        dossiers.describe(session, actor, _kinds(archive), dossier_id, {**sent.head, **said}, archive.now())
        return _whole(session, actor, archive, dossier_id)


@router.put("/{dossier_id}/steps/{step}", summary="填写一步", responses=CHANGED)
def note_step(
    archive: ArchiveDep, actor: ActorDep, dossier_id: str, step: str, sent: shown.StepSent
) -> shown.DossierOut:
    """Write down what a step says, in place of what was written before."""
    with archive.sessions.begin() as session:
        dossiers.note_step(session, actor, _kinds(archive), dossier_id, step, sent.facts, archive.now())
        return _whole(session, actor, archive, dossier_id)


@router.put("/{dossier_id}/steps/{step}/records/{record_id}", summary="挂上一件", responses=CHANGED)
def tie(archive: ArchiveDep, actor: ActorDep, dossier_id: str, step: str, record_id: str) -> shown.DossierOut:
    """Tie a record of the village to a step."""
    with archive.sessions.begin() as session:
        dossiers.tie(session, actor, _kinds(archive), dossier_id, step, record_id, archive.now())
        session.flush()
        return _whole(session, actor, archive, dossier_id)


@router.delete("/{dossier_id}/steps/{step}/records/{record_id}", summary="取下一件", responses=CHANGED)
def untie(archive: ArchiveDep, actor: ActorDep, dossier_id: str, step: str, record_id: str) -> shown.DossierOut:
    """Take a record off a step; the record stays as it is."""
    with archive.sessions.begin() as session:
        dossiers.untie(session, actor, dossier_id, step, record_id, archive.now())
        return _whole(session, actor, archive, dossier_id)


@router.post("/{dossier_id}/objections", summary="登记异议", status_code=201, responses=CHANGED)
def object_to(archive: ArchiveDep, actor: ActorDep, dossier_id: str, sent: shown.ObjectionSent) -> shown.DossierOut:
    """Write an objection down, with its answer where there is one."""
    answered_on = sent.answered_on.isoformat() if sent.answered_on else ""
    said = Objection(sent.raised_on.isoformat(), sent.by, sent.text, answered_on, sent.answer)
    with archive.sessions.begin() as session:
        dossiers.object_to(session, actor, dossier_id, said, archive.now())
        return _whole(session, actor, archive, dossier_id)


def _whole(session: Session, actor: Actor, archive: Archive, dossier_id: str) -> shown.DossierOut:
    calendar = county_calendar(archive.settings.calendar)
    found = dossier_views.shown(session, actor, _kinds(archive), calendar, dossier_id, archive.today())
    return _dossier(found)


def _dossier(found: DossierShown) -> shown.DossierOut:
    same = ("id", "kind", "name", "opened_on", "done_on", "head")
    return shown.DossierOut(
        **{name: getattr(found.dossier, name) for name in same},
        village=found.village.name,
        to_look_at=found.gaps,
        steps=[_step(one) for one in found.steps],
        objections=[shown.ObjectionOut.model_validate(one) for one in found.dossier.objections],
    )


def _step(one: StepShown) -> shown.StepOut:
    held = one.review
    return shown.StepOut(
        id=held.step.id, number=held.number, name=held.step.name, state=held.state.value, facts=dict(one.facts),
        records=[shown.TiedOut.model_validate(tied) for tied in one.records], hidden=one.hidden,
        proposed=[shown.TiedOut.model_validate(tied) for tied in one.proposed],
        findings=[shown.FindingOut.model_validate(found) for found in held.findings],
    )  # fmt: skip
