"""Records: what waits, one record whole, accept, correct, archive, join, part, take back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from sqlalchemy.orm import Session

from archive_service.actions import catalogue, holdings
from archive_service.permissions import Actor, Permission, check
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.viewing import note_view
from archive_service.web.api import schemas, shapes
from archive_service.web.api.errors import refusals
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from storage.database.records import files_of

router = APIRouter(tags=["records"])


def _all_seen(session: Session, actor: Actor, record_ids: Iterable[str]) -> None:
    """A record of somebody else answers like one that is not there, before anything else is said about it."""
    for record_id in record_ids:
        holdings.seen(session, actor, record_id)


@router.get("/records", summary="待整理、待归档的材料")
def inbox(
    archive: ArchiveDep,
    actor: ActorDep,
    village: str | None = None,
    batch: str | None = None,
    state: Literal["proposed", "accepted"] | None = None,
    after: str | None = None,
    size: Annotated[int, Query(ge=1, le=500)] = 50,
) -> schemas.Records:
    """What waits to be catalogued or archived, oldest first. For what is archived, search."""
    with archive.sessions.read() as session:
        return shapes.listed(holdings.inbox(session, actor, village, batch, state, after, size))


@router.get("/records/{record_id}", summary="一件档案", responses=refusals(404))
def one_record(archive: ArchiveDep, actor: ActorDep, record_id: str) -> schemas.RecordOut:
    """A record whole: proposals with their reasons, files, why its period, history."""
    with archive.sessions.read() as session:
        view = holdings.view(session, actor, record_id)
    note_view(archive, actor, view.record, "record_viewed")
    return shapes.whole(view)


@router.get("/records/{record_id}/pages", summary="全文，一页一页", responses=refusals(404))
def pages(archive: ArchiveDep, actor: ActorDep, record_id: str) -> schemas.Pages:
    """The text of every page of every file."""
    with archive.sessions.read() as session:
        found = holdings.seen(session, actor, record_id)
        files = files_of(session, [record_id])[record_id]
        texts = holdings.page_texts(session, files)
    note_view(archive, actor, found, "record_viewed")
    return schemas.Pages(
        files=[
            schemas.FilePages(file=file.id, pages=[schemas.PageOut.model_validate(one) for one in texts[file.id]])
            for file in files
        ]
    )


@router.patch("/records/{record_id}", summary="更正建议", responses=refusals(404, 409))
def describe(archive: ArchiveDep, actor: ActorDep, record_id: str, sent: schemas.Description) -> schemas.RecordOut:
    """Correct what was proposed. All of it or nothing."""
    with archive.sessions.begin() as session:
        _all_seen(session, actor, [record_id])
        changes = sent.model_dump(exclude_unset=True, exclude_none=True)
        catalogue.describe(session, actor, record_id, changes, rule_book(session), archive.now())
        session.flush()
        return shapes.whole(holdings.view(session, actor, record_id))


@router.post("/records/accept", summary="采用建议", responses=refusals(404, 409))
def accept(request: Request, archive: ArchiveDep, actor: ActorDep, sent: schemas.Chosen) -> schemas.Accepted:
    """Make proposals facts: all of them or none."""
    with archive.sessions.begin() as session:
        _all_seen(session, actor, sent.records)
        accepted = catalogue.accept(session, actor, sent.records, rule_book(session), archive.now())
    wake_worker(request)
    return schemas.Accepted(accepted=[one.id for one in accepted])


@router.post("/records/archive", summary="归档", responses=refusals(404, 409))
def archive_records(request: Request, archive: ArchiveDep, actor: ActorDep, sent: schemas.Chosen) -> schemas.Filed:
    """Give accepted records their codes and write them into the store. One that cannot be archived says why."""
    check(actor, Permission.ARCHIVE)
    with archive.sessions.read() as session:
        _all_seen(session, actor, sent.records)
    filed = file_records(archive, actor, sent.records)
    wake_worker(request)
    return schemas.Filed(
        records=[schemas.FiledOut(record_id=one.record_id, code=one.code, error=one.error) for one in filed]
    )


@router.post("/records/{record_id}/withdraw", summary="不归档", status_code=204, responses=refusals(404, 409))
def withdraw(request: Request, archive: ArchiveDep, actor: ActorDep, record_id: str, sent: schemas.Reason) -> None:
    """Take an unarchived record back, with the reason; its items count as rejected."""
    with archive.sessions.begin() as session:
        _all_seen(session, actor, [record_id])
        catalogue.withdraw(session, actor, record_id, sent.reason, archive.now())
    wake_worker(request)


@router.post("/records/merge", summary="合并成一件", responses=refusals(404, 409))
def merge(request: Request, archive: ArchiveDep, actor: ActorDep, sent: schemas.Merge) -> schemas.RecordOut:
    """Make several records one; the files of the others become attachments. Item counts do not change."""
    with archive.sessions.begin() as session:
        _all_seen(session, actor, [sent.into, *sent.others])
        catalogue.merge(session, actor, sent.into, sent.others, archive.now())
        session.flush()
        shown = shapes.whole(holdings.view(session, actor, sent.into))
    wake_worker(request)
    return shown


@router.post("/records/{record_id}/split", summary="拆成两件", status_code=201, responses=refusals(404, 409))
def split(
    request: Request, archive: ArchiveDep, actor: ActorDep, record_id: str, sent: schemas.Split
) -> schemas.RecordOut:
    """Part some files from a record; the answer is the new one."""
    with archive.sessions.begin() as session:
        _all_seen(session, actor, [record_id])
        fresh = catalogue.split(session, actor, record_id, sent.files, rule_book(session), archive.now())
        session.flush()
        shown = shapes.whole(holdings.view(session, actor, fresh.id))
    wake_worker(request)
    return shown
