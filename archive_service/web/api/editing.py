"""The same change to many records that are not archived yet: what it would do, the act, and taking it back."""

from __future__ import annotations

from fastapi import APIRouter, Request

from archive_service.actions import bulk_editing
from archive_service.permissions import Permission, check
from archive_service.rulebook import rule_book
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import desk as shown
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker

router = APIRouter(tags=["records"])


@router.post("/records/edit/preview", summary="成批修改先看看", responses=refusals(404))
def preview(archive: ArchiveDep, actor: ActorDep, sent: shown.ManyChanges) -> shown.ChangesShown:
    """What the change would do to each record; nothing is written."""
    check(actor, Permission.CATALOGUE)
    changes = sent.model_dump(exclude_none=True, exclude={"records"})
    with archive.sessions.read() as session:
        lines = bulk_editing.preview(session, actor, sent.records, changes, rule_book(session), archive.now())
        shown_lines = [
            shown.OneChange(
                record_id=one.record.id, title=one.record.title, changed=dict(one.changed), refused=one.refused
            )
            for one in lines
        ]
    return shown.ChangesShown(records=shown_lines)


@router.post("/records/edit", summary="成批修改", responses=refusals(404, 409))
def edit(request: Request, archive: ArchiveDep, actor: ActorDep, sent: shown.ManyChanges) -> shown.ChangesMade:
    """Change all of them or none."""
    check(actor, Permission.CATALOGUE)
    changes, at = sent.model_dump(exclude_none=True, exclude={"records"}), archive.now()
    with archive.sessions.begin() as session:
        number = bulk_editing.edit(session, actor, sent.records, changes, rule_book(session), at)
    wake_worker(request)
    return shown.ChangesMade(changed=number, at=at)


@router.post("/records/edit/undo", summary="撤回成批修改", responses=refusals(404, 409))
def undo(request: Request, archive: ArchiveDep, actor: ActorDep, sent: shown.TakeBack) -> shown.TakenBack:
    """Put back what one act of the asker changed; what was archived or changed since is left as it is."""
    check(actor, Permission.CATALOGUE)
    with archive.sessions.begin() as session:
        back, left = bulk_editing.undo(session, actor, sent.at, rule_book(session), archive.now())
    wake_worker(request)
    return shown.TakenBack(restored=back, left=left)
