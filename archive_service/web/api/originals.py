"""The originals: where one lies, lending it and taking it back, what is out and what is overdue."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter

from archive_service.actions import catalogue, holdings, physical
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import desk as shown
from archive_service.web.context import ActorDep, ArchiveDep
from storage.database.physical import Whereabouts

router = APIRouter(tags=["records"])
A_PAGE = 100


@router.get("/loans", summary="借出的原件")
def loans(
    archive: ArchiveDep, actor: ActorDep, only: Literal["out", "overdue", "all"] = "out", after: str = ""
) -> shown.Loans:
    """What is out, what is overdue, or every loan, in the order of lending."""
    with archive.sessions.read() as session:
        lines, total = physical.loans(session, actor, archive.today(), only, after, A_PAGE)
        more = lines[-1].loan.id if len(lines) == A_PAGE else None
        return shown.Loans(loans=[shown.LoanOut.model_validate(one.loan) for one in lines], total=total, after=more)


@router.get("/records/{record_id}/place", summary="原件在哪里", responses=refusals(404))
def place(archive: ArchiveDep, actor: ActorDep, record_id: str) -> shown.PlaceOut:
    """Box, shelf, carrier and count."""
    with archive.sessions.read() as session:
        found = holdings.seen(session, actor, record_id)
        catalogue.may_open(actor, found)
        return shown.PlaceOut.model_validate(physical.whereabouts(session, found.id))


@router.put("/records/{record_id}/place", summary="记下原件在哪里", responses=refusals(404))
def put_place(archive: ArchiveDep, actor: ActorDep, record_id: str, sent: shown.Place) -> shown.PlaceOut:
    """Say where the original lies; what is left out stays as it is."""
    with archive.sessions.begin() as session:
        found = holdings.seen(session, actor, record_id)
        held = session.get(Whereabouts, record_id)
        physical.place(session, actor, found, sent.model_dump(exclude_unset=True), archive.now(), held)
        session.flush()
        return shown.PlaceOut.model_validate(physical.whereabouts(session, found.id))


@router.post("/records/{record_id}/lend", summary="借出原件", status_code=201, responses=refusals(404, 409))
def lend(archive: ArchiveDep, actor: ActorDep, record_id: str, sent: shown.Lending) -> shown.LoanOut:
    """Write down that the original leaves the archive, and when it comes back."""
    with archive.sessions.begin() as session:
        loan = physical.lend(
            session, actor, record_id, sent.borrower, sent.purpose, sent.due_on, archive.now(), archive.today()
        )
        session.flush()
        return shown.LoanOut.model_validate(loan)


@router.post("/records/{record_id}/return", summary="收回原件", responses=refusals(404, 409))
def give_back(archive: ArchiveDep, actor: ActorDep, record_id: str) -> shown.LoanOut:
    """Write down that the original is back."""
    with archive.sessions.begin() as session:
        return shown.LoanOut.model_validate(
            physical.give_back(session, actor, record_id, archive.now(), archive.today())
        )
