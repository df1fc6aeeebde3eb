"""The removal of a register: how far it is, the next records of it, and what proves that one is gone."""

from __future__ import annotations

from fastapi import APIRouter

from archive_service.actions import removing
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.removing import carry_out
from archive_service.web.api.errors import refusals
from archive_service.web.api.schemas import removing as shown
from archive_service.web.context import ActorDep, ArchiveDep

router = APIRouter(tags=["appraisal"])
HERE = "/registers/{register_id}/removal"
A_PAGE = 100


@router.get(HERE, summary="销毁做到哪里", responses=refusals(404))
def status(archive: ArchiveDep, actor: ActorDep, register_id: str) -> shown.RemovalOut:
    """How many rows wait, are begun, gone and proved; what stops the next ones, and what did not come to its end."""
    with archive.sessions.read() as session:
        return shown.RemovalOut.model_validate(removing.status(session, actor, register_id, archive.now()).as_dict())


@router.post(HERE, summary="销毁下一些，或接着做完", responses=refusals(404, 409))
def next_records(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: shown.Slice) -> shown.RemovedOut:
    """Remove up to so many records of a register that its operator has begun, each with its proof; ask again."""
    done = carry_out(archive, actor, register_id, sent.most)
    keep_documents(archive)
    return shown.RemovedOut.model_validate(done.as_dict())


@router.get(f"{HERE}/proofs", summary="销毁的证明", responses=refusals(404))
def proofs(archive: ArchiveDep, actor: ActorDep, register_id: str, after: str = "") -> shown.Proofs:
    """Of each record: every copy that was found and what is left of it, and which backups hold it until when."""
    with archive.sessions.read() as session:
        found = removing.proofs(session, actor, register_id, after, A_PAGE)
    more = found[-1].record_id if len(found) == A_PAGE else None
    return shown.Proofs(records=[shown.ProofOut.model_validate(one) for one in found], after=more)
