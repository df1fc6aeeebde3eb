"""Use: requests for access and their decision, certified copies and their check, saved searches, suggestions."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import parse_qsl, urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from archive_service.actions import requests as acts
from archive_service.actions import saved_searches, using_copies
from archive_service.actions.requests import Decision, RequestLine
from archive_service.actions.suggesting import Suggestion, suggest
from archive_service.permissions import Actor
from archive_service.web.api import schemas
from archive_service.web.api.errors import Responses, refusals
from archive_service.web.api.schemas import using as shown
from archive_service.web.asked import Asked, read
from archive_service.web.context import ActorDep, ArchiveDep, address_of
from archive_service.web.copying import copy_pdf
from archive_service.wiring import Archive
from storage.database.using import Wish

router = APIRouter(tags=["use"])
PDF: Responses = {
    200: {"description": "PDF", "content": {"application/pdf": {"example": "（PDF 的字节）"}}},
    **refusals(404),
}
ADDRESSES = {"person": "person", "place": "place", "village": "village", "series": "series"}


@router.get("/requests", summary="利用申请")
def listed(
    archive: ArchiveDep, actor: ActorDep, show: Literal["mine", "waiting", "open", "all"] = "mine", after: str = ""
) -> shown.Requests:
    """One's own, or of the villages one decides for those that wait, are open now, or were ever asked."""
    with archive.sessions.read() as session:
        lines, more = acts.listed(session, actor, archive.today(), show, after)
    return shown.Requests(requests=[_request(archive, one) for one in lines], after=more)


@router.post("/requests", summary="申请查阅", status_code=201, responses=refusals(404))
def ask(archive: ArchiveDep, actor: ActorDep, sent: shown.NewRequest) -> shown.RequestOut:
    """Ask a village's archive for something, in one's own words."""
    with archive.sessions.begin() as session:
        made = acts.ask(session, actor, sent.village, sent.wanted, sent.purpose, Wish(sent.wish), archive.now())
        session.flush()
        return _request(archive, acts.lines(session, actor, [made])[0])


@router.get("/requests/{request_id}", summary="一份申请", responses=refusals(404))
def one(archive: ArchiveDep, actor: ActorDep, request_id: str) -> shown.RequestOut:
    """One's own, or one that one decides on."""
    with archive.sessions.read() as session:
        return _seen(archive, session, actor, request_id)


@router.post("/requests/{request_id}/decide", summary="答复申请", responses=refusals(404, 409))
def decide(archive: ArchiveDep, actor: ActorDep, request_id: str, sent: shown.NewDecision) -> shown.RequestOut:
    """Open records until a day, or refuse with a reason. Nobody decides on his own request."""
    decision = Decision(sent.grant, sent.reason, tuple(sent.records), sent.until, sent.original)
    with archive.sessions.begin() as session:
        acts.decide(session, actor, request_id, decision, archive.now(), archive.today())
        session.flush()
        return _seen(archive, session, actor, request_id)


@router.post("/requests/{request_id}/withdraw", summary="撤回申请", responses=refusals(404, 409))
def withdraw(archive: ArchiveDep, actor: ActorDep, request_id: str) -> shown.RequestOut:
    """The reader takes an undecided request back."""
    with archive.sessions.begin() as session:
        acts.withdraw(session, actor, request_id, archive.now())
        return _seen(archive, session, actor, request_id)


@router.post("/requests/{request_id}/end", summary="归还或提前收回", responses=refusals(404, 409))
def end(archive: ArchiveDep, actor: ActorDep, request_id: str, sent: shown.Ending) -> shown.RequestOut:
    """The reader gives back what was opened, or it is shut before its day."""
    with archive.sessions.begin() as session:
        acts.end(session, actor, request_id, sent.reason, archive.now())
        return _seen(archive, session, actor, request_id)


def _seen(archive: Archive, session: Session, actor: Actor, request_id: str) -> shown.RequestOut:
    return _request(archive, acts.lines(session, actor, [acts.seen(session, actor, request_id)])[0])


def _request(archive: Archive, line: RequestLine) -> shown.RequestOut:
    same = set(shown.RequestOut.model_fields) - {"standing", "reader", "records"}
    return shown.RequestOut(
        **{name: getattr(line.request, name) for name in same},
        standing=line.standing(archive.today()),
        reader=line.reader,
        records=[one.id for one in line.records],
    )


@router.post("/records/{record_id}/copies", summary="出具复制件证明", status_code=201, responses=refusals(404))
def issue(archive: ArchiveDep, actor: ActorDep, record_id: str, sent: shown.NewCopy) -> shown.CopyOut:
    """Certify a copy of a filed record. Whoever has the number can check it."""
    with archive.sessions.begin() as session:
        copy = using_copies.issue(
            session, actor, record_id, sent.receiver, sent.purpose, archive.now(), archive.today(), sent.request
        )
        return shown.CopyOut.model_validate(copy)


@router.get("/copies/{number}", summary="打印复制件证明", responses=PDF, response_class=Response)
def printed(request: Request, archive: ArchiveDep, actor: ActorDep, number: str) -> Response:
    """The copy as PDF: the sheet with seal and QR, then the pages."""
    return copy_pdf(request, archive, actor, number)


@router.post("/copies/{number}/withdraw", summary="作废复制件证明", responses=refusals(404, 409))
def withdraw_copy(archive: ArchiveDep, actor: ActorDep, number: str, sent: schemas.Reason) -> shown.CopyOut:
    """It counts no longer; whoever checks it learns that."""
    with archive.sessions.begin() as session:
        copy = using_copies.withdraw(session, actor, number, sent.reason, archive.now())
        return shown.CopyOut.model_validate(copy)


@router.get("/verify/{number}", summary="核对复制件证明", responses=refusals(404, 429))
def verify(request: Request, archive: ArchiveDep, number: str) -> shown.CheckedOut:
    """Open to everybody, throttled. Nothing of the content is told."""
    request.app.state.verifying.take(address_of(request), archive.now())
    with archive.sessions.read() as session:
        return shown.CheckedOut.model_validate(using_copies.checked(session, number))


@router.get("/saved-searches", summary="记住的查找")
def saved(archive: ArchiveDep, actor: ActorDep) -> list[shown.SavedOut]:
    """One's own, each with how many records came since the last look."""
    with archive.sessions.read() as session:
        return [_saved(line) for line in saved_searches.listed(session, archive.index, actor, read)]


@router.post("/saved-searches", summary="记住一次查找", status_code=201, responses=refusals(409))
def keep(archive: ArchiveDep, actor: ActorDep, sent: shown.NewSaved) -> shown.SavedOut:
    """Keep the parameters of a search under a name. What is there now is not new."""
    query = Asked(parse_qsl(sent.query)).kept()
    with archive.sessions.begin() as session:
        kept = saved_searches.keep(session, actor, sent.name, query, archive.now())
        session.flush()
        line = next(one for one in saved_searches.listed(session, archive.index, actor, read) if one.saved is kept)
        return _saved(line)


@router.post("/saved-searches/{saved_id}/seen", summary="都看过了", status_code=204, responses=refusals(404))
def looked(archive: ArchiveDep, actor: ActorDep, saved_id: str) -> None:
    """What is there now is new no longer."""
    with archive.sessions.begin() as session:
        saved_searches.looked(session, actor, saved_id, archive.now())


@router.delete("/saved-searches/{saved_id}", summary="不再记住", status_code=204, responses=refusals(404))
def forget(archive: ArchiveDep, actor: ActorDep, saved_id: str) -> None:
    """Keep it no longer."""
    with archive.sessions.begin() as session:
        saved_searches.forget(session, actor, saved_id, archive.now())


def _saved(line: saved_searches.SavedLine) -> shown.SavedOut:
    one = line.saved
    return shown.SavedOut(
        id=one.id, name=one.name, query=one.query, total=line.total, new=line.new, made_at=one.made_at
    )


@router.get("/suggest", summary="边打边提示")
def suggestions(
    archive: ArchiveDep, actor: ActorDep, q: Annotated[str, Query(max_length=200)] = ""
) -> list[shown.SuggestionOut]:
    """People, places, villages, series and titles that may be meant, within what the asker may see."""
    with archive.sessions.read() as session:
        found = suggest(session, archive.index, actor, q)
    return [shown.SuggestionOut(kind=one.kind, text=one.text, number=one.number, address=_page(one)) for one in found]


def _page(one: Suggestion) -> str:
    return f"/records/{one.id}" if one.kind == "record" else f"/search?{urlencode({ADDRESSES[one.kind]: one.id})}"
