"""The organisations: county, townships, villages with their names and mergers. Look, register, rename, merge."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Request
from fastapi.responses import Response

from archive_service.actions import townships
from archive_service.actions.using_village import held_by_village
from archive_service.actions.villages import add_village, merge, rename
from archive_service.permissions import Permission, check
from archive_service.tasks.kept_documents import keep_documents
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.form import FormDep, listed, text
from archive_service.web.pages.spoken import say
from archive_service.web.rendering import answer, go
from classification.errors import RuleError
from storage.database import organisations

router = APIRouter()


@router.get("/villages")
def villages(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """County, township, village, each with how much of it this person sees; and the form of who keeps the list."""
    with archive.sessions.read() as session:
        found = organisations.villages(session)
    held = held_by_village(archive.index, visitor.actor)
    by_township: dict[str, list[organisations.Village]] = {}
    for home in found:
        by_township.setdefault(home.township, []).append(home)
    return answer(
        request,
        "villages.html",
        villages=found,
        townships=sorted(by_township.items()),
        names={home.id: home.name for home in found},
        held=held,
    )


@router.post("/villages")
def register(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """Register one."""
    aliases = [{"name": name, "from": None, "to": None} for name in listed(form, "aliases")]
    with archive.sessions.begin() as session:
        home = add_village(
            session,
            visitor.actor,
            archive.now(),
            text(form, "name"),
            text(form, "fonds"),
            text(form, "township"),
            aliases,
        )
    keep_documents(archive)
    return go("/villages", say(visitor, "已登记 {name}。", name=home.name))


@router.post("/villages/{village_id}/rename")
def give_name(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, village_id: str) -> Response:
    """Another name from a year on."""
    check(visitor.actor, Permission.MAINTAIN)
    year = _year(text(form, "year"))
    with archive.sessions.begin() as session:
        home = rename(session, visitor.actor, archive.now(), village_id, text(form, "name"), year)
    keep_documents(archive)
    return go("/villages", say(visitor, "已更名为 {name}，旧名照样能查到。", name=home.name))


@router.post("/villages/{village_id}/move")
def change_over(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, village_id: str) -> Response:
    """It belongs to another township from a year on."""
    check(visitor.actor, Permission.MAINTAIN)
    with archive.sessions.begin() as session:
        home = townships.move(
            session, visitor.actor, archive.now(), village_id, text(form, "township"), _year(text(form, "year"))
        )
    keep_documents(archive)
    return go("/villages", say(visitor, "已记下 {name} 划归 {township}。", name=home.name, township=home.township))


@router.post("/townships/rename")
def rename_township(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """A township has another name from a year on."""
    check(visitor.actor, Permission.MAINTAIN)
    with archive.sessions.begin() as session:
        made = townships.rename_township(
            session, visitor.actor, archive.now(), text(form, "township"), text(form, "name"), _year(text(form, "year"))
        )
    keep_documents(archive)
    return go("/villages", say(visitor, "乡镇已更名为 {name}，旧名照样能查到。", name=made.name))


@router.post("/townships/merge")
def merge_township(archive: ArchiveDep, visitor: VisitorDep, form: FormDep) -> Response:
    """A township goes into another on a day."""
    check(visitor.actor, Permission.MAINTAIN)
    with archive.sessions.begin() as session:
        moved = townships.merge_township(
            session, visitor.actor, archive.now(), text(form, "township"), text(form, "into"), _day(text(form, "on"))
        )
    keep_documents(archive)
    return go(
        "/villages", say(visitor, "已记下并入，{n} 个村划归新的乡镇；原来按乡镇授予的角色要重新授予。", n=len(moved))
    )


def _year(typed: str) -> int:
    if not (typed.isascii() and typed.isdigit() and 1900 <= int(typed[:6]) <= 2200):
        raise RuleError("从哪年起要写成四位数字，没有改动。")
    return int(typed)


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError as unreadable:
        raise RuleError("看不懂这个日期，没有改动。请写成 2026-03-05。") from unreadable


@router.post("/villages/{village_id}/merge")
def go_into(archive: ArchiveDep, visitor: VisitorDep, form: FormDep, village_id: str) -> Response:
    """It went into another on a day."""
    check(visitor.actor, Permission.MAINTAIN)
    on = _day(text(form, "on"))
    with archive.sessions.begin() as session:
        home = merge(session, visitor.actor, archive.now(), village_id, text(form, "into"), on)
    keep_documents(archive)
    return go("/villages", say(visitor, "已记下 {name} 并入，全宗不变。", name=home.name))
