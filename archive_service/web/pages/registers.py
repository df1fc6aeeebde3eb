"""Registers of destruction (销毁清册): the list, and one with its rows, what was done to it, and what comes next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from archive_service.actions import register_acts as acts
from archive_service.actions import registers as listing
from archive_service.actions.holdings import inside
from archive_service.actions.removing import status
from archive_service.permissions import Actor, Permission, can, check, scope_of
from archive_service.tasks.register_archiving import archive_register
from archive_service.tasks.removing import carry_out
from archive_service.web.context import ArchiveDep, InPersonDep, VisitorDep
from archive_service.web.pages.appraisals import rules_of
from archive_service.web.pages.form import FormDep, text, texts
from archive_service.web.pages.spoken import say, warning
from archive_service.web.printouts import Format, register_printout
from archive_service.web.rendering import answer, go
from archive_service.wiring import Archive
from classification import registers as form_of
from classification.appraisal import ROW_OUT, Act, RegisterState
from classification.appraisal_seats import Seat
from classification.errors import RuleError
from storage.database.appraisal import AppraisalBatch
from storage.database.organisations import village, villages
from storage.database.records import Record
from storage.database.registers import Register, entries_of

router = APIRouter()
A_PAGE = 200
A_TIME = 30
"""Records that are destroyed in one request: some seconds."""
COLUMNS = {name: said for name, said in form_of.ROW.items() if name not in ("number", "note")}


@router.get("/registers")
def registers(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, village: str = "", after: str = ""
) -> Response:
    """Every register of the fonds that this person reaches, the newest first."""
    with archive.sessions.read() as session:
        found, more = listing.listed(session, visitor.actor, village or None, before=after)
        homes = {one.id: one.name for one in villages(session)}
    return answer(
        request, "registers.html", registers=found, after=more, homes=homes, village=village, rules=rules_of(archive),
        RegisterState=RegisterState,
    )  # fmt: skip


@router.get("/registers/{register_id}")
def register(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, register_id: str, after: int = 0, on: str = ""
) -> Response:
    """One register: cover, what comes next, rows, everything that was done."""
    actor = visitor.actor
    with archive.sessions.read() as session:
        found = listing.seen(session, actor, register_id)
        rows, more = listing.rows_seen(session, actor, found, after, A_PAGE)
        entries = entries_of(session, register_id)
        shown: dict[str, Any] = {
            "home": village(session, found.village_id), "batch": session.get(AppraisalBatch, found.batch_id),
            "may_act": _may(actor, found, entries), "scans": _scans(session, actor, entries),
            "removal": status(session, actor, register_id, archive.now()),
        }  # fmt: skip
    out = {one.record_id: one for one in entries if one.act in ROW_OUT}
    gone = {one.record_id for one in entries if one.act == Act.REMOVED_ROW}
    return answer(
        request, "register.html", register=found, state=RegisterState(found.state), rows=rows, after=more, out=out,
        gone=gone, entries=[one for one in entries if one.act != Act.REMOVED_ROW], columns=COLUMNS, Act=Act, Seat=Seat,
        Signed={(one.act, one.seat): one for one in entries}, cover=found.cover, today=archive.today(),
        signers=[Seat(one) for one in acts.signers_of(found)], cooling=_cooling(archive, found),
        banner=warning(rules_of(archive), visitor.lang), on=on, **shown,
    )  # fmt: skip


@router.get("/registers/{register_id}/print")
def print_register(archive: ArchiveDep, visitor: VisitorDep, register_id: str, format: Format = "pdf") -> Response:
    """The register with its cover, to be signed on paper."""
    return register_printout(archive, visitor.actor, register_id, format)


def _cooling(archive: Archive, found: Register) -> bool:
    return found.state == RegisterState.APPROVED and found.not_before is not None and archive.now() < found.not_before


def _scans(session: Session, actor: Actor, entries: Any) -> Sequence[Record]:
    ids = [one.record_id for one in entries if one.act in (Act.SCANNED, Act.ARCHIVED) and one.record_id]
    wanted = select(Record).where(Record.id.in_(ids), inside(scope_of(actor)))
    return session.scalars(wanted.order_by(Record.id)).all()


NEEDED = {
    "refuse-rows": Permission.APPROVE_DESTRUCTION, "refuse": Permission.APPROVE_DESTRUCTION,
    "approve": Permission.APPROVE_DESTRUCTION, "abort": Permission.APPROVE_DESTRUCTION,
    "withdraw": Permission.PREPARE_DESTRUCTION, "file": Permission.PREPARE_DESTRUCTION,
    "scan": Permission.PREPARE_DESTRUCTION, "count": Permission.WITNESS_DESTRUCTION,
    "miscount": Permission.WITNESS_DESTRUCTION, "witness": Permission.WITNESS_DESTRUCTION,
    "begin": Permission.REMOVE,
}  # fmt: skip
"""Which acts are offered to whom; whether one may be done is asked again when it is."""


def _may(actor: Actor, found: Register, entries: Any) -> set[str]:
    offered = {name for name, needed in NEEDED.items() if can(actor, needed, found.village_id)}
    signed = {one.seat for one in entries if one.act == Act.SIGNED}
    mine = {one["seat"] for one in found.cover["group"] if one["login"] == actor.login}
    return offered | {f"sign-{seat}" for seat in acts.signers_of(found) if seat in mine and seat not in signed}


@router.post("/registers/{register_id}/archive")
def archive_it(archive: ArchiveDep, visitor: InPersonDep, register_id: str) -> Response:
    """The finished register and its report become permanent records of the fonds."""
    archive_register(archive, visitor.actor, register_id, rules_of(archive))
    return go(f"/registers/{register_id}", say(visitor, "清册和报告已归档，永久保管。"))


@router.post("/registers/{register_id}/destroy")
def destroy(archive: ArchiveDep, visitor: InPersonDep, form: FormDep, register_id: str) -> Response:
    """Begin, once the operator has written the register's number; then so many records. The page goes on by itself."""
    with archive.sessions.begin() as session:
        found = listing.seen(session, visitor.actor, register_id)
        check(visitor.actor, Permission.REMOVE, found.village_id)
        if text(form, "confirm") != str(found.number):
            raise RuleError(f"确认的清册号不对，应是 {found.number}；什么都没有销毁。")
        if found.state == RegisterState.COUNTED:
            acts.begin(session, visitor.actor, register_id, archive.now())
    done = carry_out(archive, visitor.actor, register_id, most=A_TIME)
    on = "?on=1" if done.proved else ""
    return go(f"/registers/{register_id}{on}", say(visitor, "又销毁并查证了 {n} 件。", n=done.proved))


def _day(form: FormData) -> date:
    try:
        return date.fromisoformat(text(form, "on"))
    except ValueError as bad:
        raise RuleError("日子没有填对，没有记下。") from bad


def _sign(session: Session, actor: Actor, register_id: str, form: FormData, archive: Archive) -> None:
    seat = text(form, "seat")
    if seat not in list(Seat):
        raise RuleError("没有这个签字的身份，没有签字。")
    acts.sign(session, actor, register_id, Seat(seat), archive.now())


def _tie(session: Session, actor: Actor, register_id: str, form: FormData, archive: Archive) -> None:
    acts.tie_scan(session, actor, register_id, _record_named(session, text(form, "record")), archive.now())


def _record_named(session: Session, written: str) -> str:
    """The id of a record by its id, its address or its archival code."""
    written = written.rstrip("/").rsplit("/", 1)[-1]
    if session.get(Record, written) is not None:
        return written
    coded = session.query(Record.id).filter(Record.code == written).one_or_none()
    return coded[0] if coded else written


Doing = Callable[[Session, Actor, str, FormData, Archive], object]
DO: dict[str, Doing] = {
    "sign": _sign,
    "refuse-rows": lambda s, a, one, form, archive: acts.refuse_rows(
        s, a, one, texts(form, "record"), text(form, "reason"), archive.now()
    ),
    "refuse": lambda s, a, one, form, archive: acts.refuse(s, a, one, text(form, "reason"), archive.now()),
    "withdraw": lambda s, a, one, form, archive: acts.withdraw(s, a, one, text(form, "reason"), archive.now()),
    "approve": lambda s, a, one, form, archive: acts.approve(s, a, one, archive.now()),
    "abort": lambda s, a, one, form, archive: acts.abort(s, a, one, text(form, "reason"), archive.now()),
    "file": lambda s, a, one, form, archive: acts.file_above(
        s, a, one, text(form, "authority"), text(form, "number"), _day(form), archive.now()
    ),
    "count": lambda s, a, one, form, archive: acts.count(s, a, one, archive.now()),
    "miscount": lambda s, a, one, form, archive: acts.miscount(
        s, a, one, texts(form, "record"), text(form, "reason"), archive.now()
    ),
    "witness": lambda s, a, one, form, archive: acts.witness(
        s, a, one, text(form, "method"), text(form, "place"), _day(form), archive.now()
    ),
    "scan": _tie,
}
DONE = {
    "sign": "已签字。",
    "refuse-rows": "选中的行没有批准，已在清册上注明。",
    "refuse": "整本清册没有批准，档案照旧保管。",
    "withdraw": "清册已撤回，档案照旧保管。",
    "approve": "已批准。",
    "abort": "已终止，什么都没有销毁。",
    "file": "备案已登记。",
    "count": "清点核对已记下。",
    "miscount": "清点不符的行已退出清册。",
    "witness": "监销签字已记下。",
    "scan": "扫描件已挂到这本清册。",
}


def _route(act: str) -> Callable[..., Response]:
    def do(archive: ArchiveDep, visitor: InPersonDep, form: FormDep, register_id: str) -> Response:
        """One act on a register, by the person whose turn it is."""
        with archive.sessions.begin() as session:
            DO[act](session, visitor.actor, register_id, form, archive)
        return go(f"/registers/{register_id}", say(visitor, DONE[act]))

    return do


for name in DO:
    router.post(f"/registers/{{register_id}}/{name}")(_route(name))
