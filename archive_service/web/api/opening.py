"""Opening review: the lists, what one person says, and what a second person says to it. Nothing opens by itself."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from archive_service.actions import holdings, opening_lists, opening_review
from archive_service.actions.opening_lists import Asked, OpeningLine, Show
from archive_service.tasks.kept_documents import keep_documents
from archive_service.web.api.errors import refusals
from archive_service.web.api.printing import ANSWER
from archive_service.web.api.schemas import opening as shown
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.web.printouts import Format, opening_printout
from classification.opening import Opening, Opinion
from storage.database.openings import Decided

router = APIRouter(tags=["opening"])


@router.get("/openings", summary="开放审核清单")
def listed(
    archive: ArchiveDep, actor: ActorDep, show: Show = Show.AGED, village: str | None = None, after: str = "",
    size: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> shown.Openings:  # fmt: skip
    """Archived records that came of age, wait for a second person, were decided, or are to be looked at again."""
    with archive.sessions.read() as session:
        found = opening_lists.listed(
            session, actor, Asked(show, village, after, size), archive.today(), archive.settings.opening_years
        )
    return shown.Openings(records=[_line(one) for one in found.lines], total=found.total, after=found.after)


@router.get(
    "/openings/print",
    summary="打印开放审核表",
    responses={200: ANSWER, **refusals(404)},
    response_class=StreamingResponse,
)
def print_openings(
    archive: ArchiveDep, actor: ActorDep, show: Show = Show.ALL, village: str | None = None, format: Format = "pdf"
) -> StreamingResponse:
    """A list as the form that two people sign: both opinions on each record, the decisions, and their sums."""
    return opening_printout(archive, actor, Asked(show, village), format)


@router.post("/openings", summary="初审：提出开放意见", status_code=201, responses=refusals(404, 409))
def propose(archive: ArchiveDep, actor: ActorDep, sent: shown.NewOpinion) -> shown.Reviewed:
    """Say what one thinks of some records, with the code of the reason. It counts when another person agrees."""
    opinion = Opinion(Opening(sent.outcome), sent.code, sent.said, sent.review_on)
    with archive.sessions.begin() as session:
        number = opening_review.propose(session, actor, sent.records, opinion, archive.now(), archive.today())
    keep_documents(archive)
    return shown.Reviewed(records=number)


@router.post("/openings/second", summary="复核：同意或不同意", responses=refusals(404, 409))
def second(archive: ArchiveDep, actor: ActorDep, sent: shown.Second) -> shown.Reviewed:
    """Agree with what another person said of these records, or say why not."""
    with archive.sessions.begin() as session:
        number = opening_review.second(session, actor, sent.records, sent.agree, sent.said, archive.now())
    keep_documents(archive)
    return shown.Reviewed(records=number)


@router.post("/openings/take-back", summary="撤回自己的初审意见", responses=refusals(404, 409))
def take_back(archive: ArchiveDep, actor: ActorDep, sent: shown.TakenBack) -> shown.Reviewed:
    """Take back what one said oneself, while nobody has agreed."""
    with archive.sessions.begin() as session:
        number = opening_review.take_back(session, actor, sent.records, sent.reason, archive.now())
    keep_documents(archive)
    return shown.Reviewed(records=number)


@router.get("/records/{record_id}/openings", summary="一件档案的开放审核经过", responses=refusals(404))
def history(archive: ArchiveDep, actor: ActorDep, record_id: str) -> shown.OpeningHistory:
    """Every review of one record, the newest first."""
    with archive.sessions.read() as session:
        holdings.seen(session, actor, record_id)
        found = opening_lists.history(session, actor, record_id)
    return shown.OpeningHistory(reviews=[_review(one) for one in found])


def _line(one: OpeningLine) -> shown.OpeningOut:
    same = ("id", "village_id", "code", "title", "year", "access")
    return shown.OpeningOut(
        **{name: getattr(one.record, name) for name in same},
        opening=one.opening,
        decided=_review(one.decided) if one.decided else None,
        waiting=_review(one.waiting) if one.waiting else None,
        hints=list(one.hints),
    )


def _review(found: Decided) -> shown.ReviewOut:
    review, row = found
    same = ("outcome", "code", "said", "review_on", "first_by", "first_at")
    of_row = ("state", "second_by", "second_at", "second_said")
    said = {name: getattr(review, name) for name in same} | {name: getattr(row, name) for name in of_row}
    return shown.ReviewOut(**said)
