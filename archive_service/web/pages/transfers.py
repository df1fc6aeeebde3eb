"""Transfers to an archives (移交进馆): what goes, what stops it, the package, the receipt."""

from __future__ import annotations

from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from archive_service.actions import transfer_lines, transferring
from archive_service.actions.transferring import Wish
from archive_service.permissions import Actor, Permission, can
from archive_service.tasks import transferring as task
from archive_service.tasks.kept_documents import keep_documents
from archive_service.web.context import ArchiveDep, VisitorDep, wake_worker
from archive_service.web.packages import package_answer
from archive_service.web.pages.form import FormDep, listed, text, texts
from archive_service.web.pages.spoken import called, say
from archive_service.web.rendering import answer, go
from classification.errors import RuleError
from classification.opening import OPENING_WORDS
from classification.transfer import COUNTED, DISCLOSURE_WORDS, STATE_WORDS, Result, TransferState
from storage.database.organisations import village, villages
from storage.errors import Conflict

router = APIRouter()
SHOWN = 500
"""Records of one transfer on its page; the catalogue in the package has them all."""
SOURCES = {"appraised": "鉴定为移交的", "reviewed": "审核过、形成满年限的", "codes": "下面写的档号"}


@router.get("/transfers")
def transfers(request: Request, archive: ArchiveDep, visitor: VisitorDep, after: str = "") -> Response:
    """The transfers, and the form to begin one."""
    actor = visitor.actor
    with archive.sessions.read() as session:
        lines, more = transfer_lines.listed(session, actor, before=after)
        people = called(session, [one.transfer.opened_by for one in lines])
        homes = {one.id: one.name for one in villages(session)}
    mine = {id: name for id, name in homes.items() if can(actor, Permission.TRANSFER, id)}
    return answer(
        request, "transfers.html", lines=lines, after=more, homes=homes, mine=mine, states=STATE_WORDS, people=people,
        sources=SOURCES, disclosures=DISCLOSURE_WORDS, county_archives=f"{archive.settings.county}档案馆",
    )  # fmt: skip


@router.post("/transfers")
def open_transfer(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Begin one."""
    actor, home = visitor.actor, text(form, "village")
    with archive.sessions.begin() as session:
        wish = Wish(
            home, text(form, "receiver"), tuple(_chosen(archive, session, actor, form)), text(form, "purpose"),
            text(form, "disclosure"), text(form, "secrecy"),
        )  # fmt: skip
        found = transferring.open_transfer(session, actor, wish, archive.now())
    keep_documents(archive)
    return go(f"/transfers/{found.id}", say(visitor, "已立一次移交，请核对下面的档案。"))


def _chosen(archive: ArchiveDep, session: Session, actor: Actor, form: FormDep) -> list[str]:
    """The records that the form means; what was named and is not there is refused by the action."""
    home = text(form, "village")
    match text(form, "source"):
        case "appraised":
            return transfer_lines.appraised_for_transfer(session, actor, home)
        case "reviewed":
            last = archive.today().year - archive.settings.opening_years
            return transfer_lines.reviewed_for_transfer(session, actor, home, last)
    return transfer_lines.ids_of(session, actor, listed(form, "codes"))


@router.get("/transfers/{transfer_id}")
def one(request: Request, archive: ArchiveDep, visitor: VisitorDep, transfer_id: str) -> Response:
    """One transfer: its records, its package, its receipt."""
    with archive.sessions.read() as session:
        found = transfer_lines.seen(session, visitor.actor, transfer_id)
        lines = transfer_lines.lines(session, visitor.actor, found)
        home = village(session, found.village_id)
    return answer(
        request, "transfer.html", found=found, lines=lines[:SHOWN], total=len(lines), home=home, counted=COUNTED,
        stopped=sum(1 for line in lines if line.stops), state=TransferState(found.state), states=STATE_WORDS,
        opening_words=OPENING_WORDS, disclosures=DISCLOSURE_WORDS, Result=Result, today=archive.today(),
        by_result={result: [one for one in found.checks if one["result"] == result] for result in Result},
    )  # fmt: skip


@router.post("/transfers/{transfer_id}/records")
def change(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, transfer_id: str) -> Response:
    """Describe the marked records, take them out, or take out all that is stopped."""
    actor, chosen = visitor.actor, texts(form, "record")
    act = text(form, "act")
    if not chosen and act != "stopped":
        raise RuleError("没有选中档案，没有改动；请先勾选。")
    with archive.sessions.begin() as session:
        if act == "describe":
            said = text(form, "disclosure"), text(form, "secrecy")
            number = transferring.describe(session, actor, transfer_id, chosen, *said, archive.now())
        else:
            which = [] if act == "stopped" else chosen
            number = transferring.leave_out(session, actor, transfer_id, which, archive.now())
    keep_documents(archive)
    said_back = "已登记 {n} 件。" if act == "describe" else "已移出 {n} 件，它们照旧在这里保管。"
    return go(f"/transfers/{transfer_id}", say(visitor, said_back, n=number))


@router.post("/transfers/{transfer_id}/package")
def ask_package(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, form: FormDep, transfer_id: str
) -> Response:
    """Have the package made; the page then tells how far it is."""
    with archive.sessions.begin() as session:
        transferring.ask_package(session, visitor.actor, transfer_id, archive.now())
    wake_worker(request)
    return go(f"/transfers/{transfer_id}", say(visitor, "正在做移交包，关掉这一页也会继续。"))


@router.get("/transfers/{transfer_id}/package")
def package(archive: ArchiveDep, visitor: VisitorDep, transfer_id: str) -> Response:
    """The package itself."""
    return package_answer(archive, visitor.actor, transfer_id)


@router.post("/transfers/{transfer_id}/receipt")
def receive(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, transfer_id: str) -> Response:
    """Record the receipt, typed or as the file that came back."""
    upload = form.get("file")
    sent = upload.file.read() if isinstance(upload, UploadFile) and upload.filename else b""
    receipt = task.receipt_in(sent) if sent else _typed(form)
    wrong = task.receive(archive, visitor.actor, transfer_id, receipt)
    if wrong:
        raise Conflict(f"接收凭证和移交包不符，没有登记为已移交：{'；'.join(wrong)}。请和接收单位核对。")
    return go(f"/transfers/{transfer_id}", say(visitor, "已登记接收凭证，这一批已移交；本地的照旧保管。"))


def _typed(form: FormDep) -> dict[str, Any]:
    said: dict[str, Any] = {name: text(form, name) for name in (*COUNTED, "signed_by", "note")}
    try:
        said["received_on"] = date.fromisoformat(text(form, "received_on")) if text(form, "received_on") else None
    except ValueError as bad:
        raise RuleError("接收日期没有填对，没有登记。") from bad
    return said


@router.post("/transfers/{transfer_id}/cancel")
def cancel(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, transfer_id: str) -> Response:
    """Give it up, with the reason."""
    task.cancel(archive, visitor.actor, transfer_id, text(form, "reason"))
    return go("/transfers", say(visitor, "已取消这一次移交，档案照旧。"))
