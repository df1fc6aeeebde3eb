"""Opening review (开放审核): which records came of age, what one person says of them, and what another says to that."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import opening_lists, opening_review
from archive_service.actions.holdings import MANY
from archive_service.actions.opening_lists import SHOW_WORDS, Asked, Show
from archive_service.tasks.kept_documents import keep_documents
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.form import FormDep, text, texts
from archive_service.web.pages.spoken import say
from archive_service.web.printouts import Format, opening_printout
from archive_service.web.rendering import answer, go
from classification.errors import RuleError
from classification.opening import OPENING_WORDS, REASONS, Opening, Opinion
from storage.database.organisations import villages

router = APIRouter()
OUTCOMES = {one: OPENING_WORDS[one] for one in (Opening.OPEN, Opening.CONTROLLED, Opening.POSTPONED)}


@router.get("/openings")
def openings(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, show: str = Show.AGED, village: str = "",
    after: str = "",
) -> Response:  # fmt: skip
    """One list, with the form for what is done to it."""
    actor, today, years = visitor.actor, archive.today(), archive.settings.opening_years
    with archive.sessions.read() as session:
        counts = opening_lists.numbers(session, actor, today, years, village or None, MANY)
        asked = Asked(show, village or None, after, known=counts.get(show))
        found = opening_lists.listed(session, actor, asked, today, years)
        homes = {one.id: one.name for one in villages(session)}
    kept = urlencode({name: value for name, value in (("show", show), ("village", village)) if value})
    return answer(
        request, "openings.html", found=found, counts=counts, tabs=SHOW_WORDS, show=show, village=village, homes=homes,
        kept=kept, years=years, reasons=REASONS, outcomes=OUTCOMES, opening_words=OPENING_WORDS, today=today,
    )  # fmt: skip


@router.get("/openings/print")
def print_openings(
    archive: ArchiveDep, visitor: VisitorDep, show: str = Show.ALL, village: str = "", format: Format = "pdf"
) -> Response:
    """A list as the form that two people sign."""
    return opening_printout(archive, visitor.actor, Asked(show, village or None), format)


@router.post("/openings")
def propose(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """A first opinion on the marked records."""
    opinion = Opinion(_outcome(form), text(form, "code"), text(form, "said"), _day(text(form, "review_on")))
    with archive.sessions.begin() as session:
        number = opening_review.propose(
            session, visitor.actor, texts(form, "record"), opinion, archive.now(), archive.today()
        )
    keep_documents(archive)
    return go(_back(form), say(visitor, "已提出 {n} 件的初审意见，等另一位复核。", n=number))


@router.post("/openings/second")
def second(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """What a second person says to the marked records; `act`: agree or refuse."""
    agree = text(form, "act") == "agree"
    with archive.sessions.begin() as session:
        number = opening_review.second(
            session, visitor.actor, texts(form, "record"), agree, text(form, "said"), archive.now()
        )
    keep_documents(archive)
    said = "已同意 {n} 件，审核意见从现在起算数。" if agree else "已退回 {n} 件，重新列为未审核。"
    return go(_back(form), say(visitor, said, n=number))


@router.post("/openings/take-back")
def take_back(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Take one's own first opinion on the marked records back."""
    with archive.sessions.begin() as session:
        number = opening_review.take_back(
            session, visitor.actor, texts(form, "record"), text(form, "said"), archive.now()
        )
    keep_documents(archive)
    return go(_back(form), say(visitor, "已撤回 {n} 件的初审意见。", n=number))


def _outcome(form: FormDep) -> Opening:
    try:
        return Opening(text(form, "outcome"))
    except ValueError as bad:
        raise RuleError("请选择审核意见，没有登记。") from bad


def _back(form: FormDep) -> str:
    return f"/openings?{urlencode({'show': text(form, 'show') or Show.AGED, 'village': text(form, 'village')})}"


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError as bad:
        raise RuleError("复审的日子没有填对，没有登记。") from bad
