"""Registers of destruction: submitted, signed, refused, approved, aborted, counted, begun, witnessed, filed away."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from sqlalchemy.orm import Session

from archive_service.actions import register_acts as acts
from archive_service.actions import registers
from archive_service.exchange.appraisal_files import county_rules
from archive_service.permissions import Actor
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.register_archiving import archive_register
from archive_service.web.api import schemas
from archive_service.web.api.errors import refusals
from archive_service.web.api.printing import ANSWER
from archive_service.web.api.schemas import appraising as shown
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.web.printouts import Format, register_printout
from archive_service.wiring import Archive
from classification.appraisal import ROW_OUT
from classification.appraisal_seats import Seat
from storage.database.registers import Register, entries_of

router = APIRouter(tags=["appraisal"])
HERE = "/registers/{register_id}"
Done = Callable[[Session], Register]


@router.post("/appraisals/{batch_id}/registers", summary="提交销毁清册", status_code=201, responses=refusals(404, 409))
def submit(archive: ArchiveDep, actor: ActorDep, batch_id: str) -> shown.Registers:
    """Freeze the destroy list of a closed batch: one register, or two where accounting records are among it."""
    rules = county_rules(archive.settings.appraisal)
    with archive.sessions.begin() as session:
        made = registers.submit(session, actor, batch_id, rules, archive.now(), archive.today())
    keep_documents(archive)
    return shown.Registers(registers=[_out(one) for one in made], after=None)


@router.get("/registers", summary="销毁清册")
def listed(
    archive: ArchiveDep, actor: ActorDep, village: str | None = None,
    state: Annotated[list[str] | None, Query()] = None, after: str = "",
) -> shown.Registers:  # fmt: skip
    """Registers of the fonds that the asker reaches."""
    with archive.sessions.read() as session:
        found, more = registers.listed(session, actor, village, state or (), after)
    return shown.Registers(registers=[_out(one) for one in found], after=more)


@router.get(HERE, summary="一本销毁清册", responses=refusals(404))
def one_register(archive: ArchiveDep, actor: ActorDep, register_id: str) -> shown.RegisterOut:
    """Cover, root hash, state."""
    with archive.sessions.read() as session:
        return _out(registers.seen(session, actor, register_id))


@router.get(
    f"{HERE}/print", summary="打印销毁清册", responses={200: ANSWER, **refusals(404)}, response_class=StreamingResponse
)
def print_register(archive: ArchiveDep, actor: ActorDep, register_id: str, format: Format = "pdf") -> StreamingResponse:
    """The register with its cover, its root hash and the places to sign."""
    return register_printout(archive, actor, register_id, format)


@router.get(f"{HERE}/rows", summary="清册的行", responses=refusals(404))
def rows(
    archive: ArchiveDep, actor: ActorDep, register_id: str, after: int = 0,
    size: Annotated[int, Query(ge=1, le=1000)] = 1000,
) -> shown.Rows:  # fmt: skip
    """The rows that the asker may see; those that left the register are marked."""
    with archive.sessions.read() as session:
        found = registers.seen(session, actor, register_id)
        some, more = registers.rows_seen(session, actor, found, after, size)
        out = {one.record_id for one in entries_of(session, found.id, *ROW_OUT)}
    lines = [
        shown.RowOut(
            number=row.number, record_id=row.record_id, said=row.said, hash=row.hash, out=row.record_id in out
        )
        for row in some
    ]  # fmt: skip
    return shown.Rows(rows=lines, after=more)


@router.get(f"{HERE}/entries", summary="清册的附记和签字", responses=refusals(404))
def entries(archive: ArchiveDep, actor: ActorDep, register_id: str) -> shown.Entries:
    """Everything that was done to it, each entry chained to the one before."""
    with archive.sessions.read() as session:
        found = entries_of(session, registers.seen(session, actor, register_id).id)
    return shown.Entries(entries=[shown.EntryOut.model_validate(one) for one in found])


@router.post(f"{HERE}/sign", summary="签字", responses=refusals(404, 409))
def sign(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: shown.SeatIn) -> shown.RegisterOut:
    """Sign in the seat that the batch gave to the asker."""
    return _done(archive, lambda session: acts.sign(session, actor, register_id, Seat(sent.seat), archive.now()))


@router.post(f"{HERE}/refuse-rows", summary="几件不批准", responses=refusals(404, 409))
def refuse_rows(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: shown.RowsOut) -> shown.RegisterOut:
    """Refuse some rows; they stay noted, and the approval covers the rest."""
    return _rows_out(archive, actor, register_id, sent, acts.refuse_rows)


@router.post(f"{HERE}/refuse", summary="整本不批准", responses=refusals(404, 409))
def refuse(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: schemas.Reason) -> shown.RegisterOut:
    """Refuse the whole register."""
    return _done(archive, lambda session: acts.refuse(session, actor, register_id, sent.reason, archive.now()))


@router.post(f"{HERE}/withdraw", summary="撤回清册", responses=refusals(404, 409))
def withdraw(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: schemas.Reason) -> shown.RegisterOut:
    """Take a register back before it is approved."""
    return _done(archive, lambda session: acts.withdraw(session, actor, register_id, sent.reason, archive.now()))


@router.post(f"{HERE}/approve", summary="批准", responses=refusals(404, 409))
def approve(archive: ArchiveDep, actor: ActorDep, register_id: str) -> shown.RegisterOut:
    """Approve every row that was not taken out."""
    return _done(archive, lambda session: acts.approve(session, actor, register_id, archive.now()))


@router.post(f"{HERE}/abort", summary="终止", responses=refusals(404, 409))
def abort(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: schemas.Reason) -> shown.RegisterOut:
    """End an approved register before anything is removed."""
    return _done(archive, lambda session: acts.abort(session, actor, register_id, sent.reason, archive.now()))


@router.post(f"{HERE}/file-above", summary="登记上级备案", responses=refusals(404, 409))
def file_above(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: shown.FiledAbove) -> shown.RegisterOut:
    """Note that it was filed with the authority above."""
    said = (sent.authority, sent.number, sent.on)
    return _done(archive, lambda session: acts.file_above(session, actor, register_id, *said, archive.now()))


@router.post(f"{HERE}/count", summary="清点核对", responses=refusals(404, 409))
def count(archive: ArchiveDep, actor: ActorDep, register_id: str) -> shown.RegisterOut:
    """Say, as a witness, that the things agree with the register."""
    return _done(archive, lambda session: acts.count(session, actor, register_id, archive.now()))


@router.post(f"{HERE}/miscount", summary="清点不符", responses=refusals(404, 409))
def miscount(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: shown.RowsOut) -> shown.RegisterOut:
    """Take rows out, as a witness, with which the things do not agree."""
    return _rows_out(archive, actor, register_id, sent, acts.miscount)


@router.post(f"{HERE}/begin", summary="开始销毁", responses=refusals(404, 409))
def begin(archive: ArchiveDep, actor: ActorDep, register_id: str) -> shown.RegisterOut:
    """Begin the removal, as the operator; what is removed is the removal's."""
    return _done(archive, lambda session: acts.begin(session, actor, register_id, archive.now()))


@router.post(f"{HERE}/witness", summary="监销签字", responses=refusals(404, 409))
def witness(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: shown.Witnessed) -> shown.RegisterOut:
    """Sign, as one of the two who counted, that it was destroyed: how, where, when."""
    said = (sent.method, sent.place, sent.on)
    return _done(archive, lambda session: acts.witness(session, actor, register_id, *said, archive.now()))


@router.post(f"{HERE}/scan", summary="挂上签字的扫描件", responses=refusals(404, 409))
def scan(archive: ArchiveDep, actor: ActorDep, register_id: str, sent: shown.ScanIn) -> shown.RegisterOut:
    """Tie the archived scan of the signed form to its register."""
    return _done(archive, lambda session: acts.tie_scan(session, actor, register_id, sent.record, archive.now()))


@router.post(f"{HERE}/archive", summary="清册归档", responses=refusals(404, 409))
def archive_it(archive: ArchiveDep, actor: ActorDep, register_id: str) -> shown.RegisterOut:
    """Archive the finished register and its report as permanent records of the fonds."""
    archive_register(archive, actor, register_id, county_rules(archive.settings.appraisal))
    with archive.sessions.read() as session:
        return _out(registers.seen(session, actor, register_id))


def _rows_out(
    archive: Archive, actor: Actor, register_id: str, sent: shown.RowsOut,
    act: Callable[[Session, Actor, str, Sequence[str], str, datetime], Register],
) -> shown.RegisterOut:  # fmt: skip
    return _done(
        archive, lambda session: act(session, actor, register_id, sent.records, sent.reason, archive.now())
    )  # fmt: skip


def _done(archive: Archive, do: Done) -> shown.RegisterOut:
    """Do one act in a transaction of its own, keep it in the store, and answer with the register."""
    with archive.sessions.begin() as session:
        found = do(session)
    keep_documents(archive)
    return _out(found)


def _out(found: Register) -> shown.RegisterOut:
    return shown.RegisterOut.model_validate(found)
