"""Transfers to an archives: what goes, the package, the receipt. Nothing here removes a record."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from archive_service.actions import transfer_lines, transferring
from archive_service.actions.transfer_lines import TransferLine
from archive_service.actions.transferring import Wish
from archive_service.permissions import Actor
from archive_service.tasks import transferring as task
from archive_service.tasks.kept_documents import keep_documents
from archive_service.web.api import schemas
from archive_service.web.api.errors import Responses, refusals
from archive_service.web.api.schemas import transfers as shown
from archive_service.web.context import ActorDep, ArchiveDep, wake_worker
from archive_service.web.packages import package_answer
from archive_service.wiring import Archive
from classification.transfer import Disclosure
from storage.errors import Conflict

router = APIRouter(tags=["transfer"])
ZIP: Responses = {
    200: {"description": "ZIP", "content": {"application/zip": {"example": "（ZIP 的字节）"}}},
    **refusals(404),
}


@router.get("/transfers", summary="移交")
def listed(archive: ArchiveDep, actor: ActorDep, village: str | None = None, after: str = "") -> shown.Transfers:
    """The transfers of the asker's villages, the newest first."""
    with archive.sessions.read() as session:
        lines, more = transfer_lines.listed(session, actor, village, after)
    return shown.Transfers(transfers=[shown.TransferOut.of(one.transfer, one.records) for one in lines], after=more)


@router.post("/transfers", summary="立一次移交", status_code=201, responses=refusals(404, 409))
def open_transfer(archive: ArchiveDep, actor: ActorDep, sent: shown.NewTransfer) -> shown.TransferWhole:
    """Begin a transfer of archived records of one village; what stops one is shown with it."""
    wish = Wish(sent.village, sent.receiver, tuple(sent.records), sent.purpose, sent.disclosure, sent.secrecy)
    with archive.sessions.begin() as session:
        found = transferring.open_transfer(session, actor, wish, archive.now())
    keep_documents(archive)
    return _whole(archive, actor, found.id)


@router.get("/transfers/{transfer_id}", summary="一次移交", responses=refusals(404))
def one(archive: ArchiveDep, actor: ActorDep, transfer_id: str) -> shown.TransferWhole:
    """One transfer with its records, what stops each, and the checks of its package."""
    return _whole(archive, actor, transfer_id)


@router.post("/transfers/{transfer_id}/records", summary="加入档案", responses=refusals(404, 409))
def add(archive: ArchiveDep, actor: ActorDep, transfer_id: str, sent: shown.Described) -> shown.TransferWhole:
    """Put more records into a transfer that is being prepared."""
    with archive.sessions.begin() as session:
        transferring.add(session, actor, transfer_id, sent.records, sent.disclosure, sent.secrecy, archive.now())
    keep_documents(archive)
    return _whole(archive, actor, transfer_id)


@router.post("/transfers/{transfer_id}/describe", summary="公开属性和密级变更", responses=refusals(404, 409))
def describe(archive: ArchiveDep, actor: ActorDep, transfer_id: str, sent: shown.Described) -> shown.TransferWhole:
    """Say the disclosure state and the changes of secrecy of some of its records."""
    with archive.sessions.begin() as session:
        transferring.describe(session, actor, transfer_id, sent.records, sent.disclosure, sent.secrecy, archive.now())
    keep_documents(archive)
    return _whole(archive, actor, transfer_id)


@router.post("/transfers/{transfer_id}/leave-out", summary="移出档案", responses=refusals(404, 409))
def leave_out(archive: ArchiveDep, actor: ActorDep, transfer_id: str, sent: shown.LeftOut) -> shown.TransferWhole:
    """Take records out while it is being prepared; none named: all that something stops."""
    with archive.sessions.begin() as session:
        transferring.leave_out(session, actor, transfer_id, sent.records, archive.now())
    keep_documents(archive)
    return _whole(archive, actor, transfer_id)


@router.post("/transfers/{transfer_id}/package", summary="做移交包", status_code=202, responses=refusals(404, 409))
def ask_package(archive: ArchiveDep, actor: ActorDep, transfer_id: str, request: Request) -> shown.TransferWhole:
    """Have the package made in the background; `done` of `total` tells how far it is."""
    with archive.sessions.begin() as session:
        transferring.ask_package(session, actor, transfer_id, archive.now())
    wake_worker(request)
    return _whole(archive, actor, transfer_id)


@router.get("/transfers/{transfer_id}/package", summary="下载移交包", response_class=StreamingResponse, responses=ZIP)
def package(archive: ArchiveDep, actor: ActorDep, transfer_id: str) -> StreamingResponse:
    """The package, a BagIt bag in a zip. That it was taken is written into the journal."""
    return package_answer(archive, actor, transfer_id)


@router.post("/transfers/{transfer_id}/receipt", summary="登记接收凭证", responses=refusals(404, 409))
def receive(archive: ArchiveDep, actor: ActorDep, transfer_id: str, sent: shown.Receipt) -> shown.TransferWhole:
    """Record the receipt. It must agree with the package in every number; otherwise nothing counts as transferred."""
    wrong = task.receive(archive, actor, transfer_id, sent.model_dump())
    if wrong:
        raise Conflict(f"接收凭证和移交包不符，没有登记为已移交：{'；'.join(wrong)}。请和接收单位核对。")
    return _whole(archive, actor, transfer_id)


@router.post("/transfers/{transfer_id}/cancel", summary="取消移交", responses=refusals(404, 409))
def cancel(archive: ArchiveDep, actor: ActorDep, transfer_id: str, sent: schemas.Reason) -> shown.TransferWhole:
    """Give it up before it was received, with the reason."""
    task.cancel(archive, actor, transfer_id, sent.reason)
    return _whole(archive, actor, transfer_id)


def _whole(archive: Archive, actor: Actor, transfer_id: str) -> shown.TransferWhole:
    with archive.sessions.read() as session:
        found = transfer_lines.seen(session, actor, transfer_id)
        lines = transfer_lines.lines(session, actor, found)
    same = shown.TransferOut.of(found, len(lines)).model_dump()
    return shown.TransferWhole(**same, lines=[_line(one) for one in lines], checks=found.checks)


def _line(one: TransferLine) -> shown.LineOut:
    return shown.LineOut(
        id=one.record_id,
        code=one.record.code if one.record else None,
        title=one.record.title if one.record else "",
        opening=one.opening,
        disclosure=Disclosure(one.row.disclosure),
        secrecy=one.row.secrecy,
        stops=list(one.stops),
    )
