"""Appraisals and registers of the county in which everybody has one role: afresh for whoever acts on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from archive_service.permissions import Role
from archive_service.wiring import Archive
from classification.appraisal_rules import AppraisalRules
from classification.appraisal_seats import LEAST, Seat
from storage.database.accounts import account_named
from storage.database.appraisal import AppraisalBatch, GroupMember, add_records, open_in
from storage.database.base import new_id
from storage.database.register_chain import ZERO, write_register
from storage.database.registers import ForbiddenPair, Register, last_of

GROUP = (
    (Seat.LEADER, Role.APPRAISAL_LEADER), (Seat.ARCHIVIST, Role.ARCHIVIST), (Seat.MEMBER, Role.TOWNSHIP_ARCHIVIST),
    (Seat.MEMBER, Role.REVIEWER), (Seat.MEMBER, "named"),
)  # fmt: skip
HERE = "/api/v1/registers/{register_id}"
BATCH = "/api/v1/appraisals/{batch_id}"
Body = dict[str, Any]


def appraisal_in(archive: Archive, home: str) -> str:
    """An open batch without records, judged by everybody who may."""
    with archive.sessions.begin() as session:
        batch = AppraisalBatch(
            id=new_id(), village_id=home, purpose="到期鉴定", opened_by="archivist", opened_at=archive.now()
        )  # fmt: skip
        session.add(batch)
        session.flush()
        for seat, login in GROUP:
            account = account_named(session, login)
            assert account is not None
            session.add(GroupMember(batch_id=batch.id, seat=seat, account_id=account.id, login=login, name=login))
        return batch.id


def appraisal_with(archive: Archive, home: str, record: str) -> str:
    """The open batch in which this record is judged, made when it is first asked for."""
    with archive.sessions.read() as session:
        if found := open_in(session, [record]):
            return found[record]
    batch = appraisal_in(archive, home)
    with archive.sessions.begin() as session:
        add_records(session, batch, [record], "试一试")
    return batch


def register_in(archive: Archive, home: str) -> str:
    """A submitted register without rows."""
    batch = appraisal_in(archive, home)
    group = [{"seat": seat, "login": login, "name": login} for seat, login in GROUP]
    cover = {
        "fonds": "V", "fonds_name": "某村", "quantity": 0, "years": [], "purpose": "到期鉴定", "appraised_on": "",
        "submitted_on": "2026-03-01", "report_sha256": "", "access": [], "group": group,
        "rules": AppraisalRules("试", "1", "试").stated(),
    }  # fmt: skip
    with archive.sessions.begin() as session:
        last = last_of(session, home)
        made = Register(
            id=new_id(), village_id=home, batch_id=batch, number=last.number + 1 if last else 1, cover=cover,
            previous=last.hash if last else ZERO, submitted_by="archivist", submitted_at=archive.now(),
        )  # fmt: skip
        write_register(session, made, [])
        session.add_all([ForbiddenPair(register_id=made.id, one=one, other=other) for one, other in LEAST])
        return made.id


def bodies(home: str, record: str) -> dict[str, Callable[[], Body]]:
    """What is sent along to each route."""
    reason = {"json": {"reason": "手续不全"}}
    rows = {"json": {"records": [record], "reason": "还有用"}}
    group = [{"seat": seat, "login": login} for seat, login in GROUP]
    said: dict[str, Body] = {
        # A record that has not run out, without a reason: refused by the rule, after the right was asked for.
        "POST /api/v1/appraisals": {
            "json": {
                "village": home, "purpose": "到期鉴定", "group": group,
                "chosen": {"source": "records", "records": [record]},
            }
        },
        # A second leader: refused by the rule, after the right was asked for.
        f"POST {BATCH}/group": {"json": {"seat": "leader", "login": "appraisal_leader"}},
        f"POST {BATCH}/records": {"json": {"source": "due", "year": 1900}},
        f"POST {BATCH}/take-out": rows,
        # The one who leads already: refused by the rule, after the right was asked for.
        f"POST {BATCH}/leader": {"json": {"login": "appraisal_leader", "reason": "病休"}},
        f"POST {BATCH}/give-up": reason,
        f"POST {BATCH}/opinions": {"json": {"verdict": "destroy", "reason": "无用", "rest": True}},
        f"PUT {BATCH}/report": {"json": {"text": "报告"}},
        f"POST {HERE}/sign": {"json": {"seat": "leader"}},
        f"POST {HERE}/refuse-rows": rows,
        f"POST {HERE}/refuse": reason,
        f"POST {HERE}/withdraw": reason,
        f"POST {HERE}/abort": reason,
        f"POST {HERE}/miscount": rows,
        f"POST {HERE}/file-above": {"json": {"authority": "云岭县档案局", "on": "2026-03-02"}},
        f"POST {HERE}/witness": {"json": {"method": "删除", "place": "县档案馆", "on": "2026-03-02"}},
        f"POST {HERE}/removal": {"json": {"most": 1}},
        f"POST {HERE}/scan": {"json": {"record": record}},
    }  # fmt: skip
    said |= _forms(home, record)
    return {route: _sent(body) for route, body in said.items()}


def _forms(home: str, record: str) -> dict[str, Body]:
    """The same by the forms of the pages."""
    batch, here = BATCH.removeprefix("/api/v1"), HERE.removeprefix("/api/v1")
    reason, rows = {"data": {"reason": "手续不全"}}, {"data": {"record": record, "reason": "还有用"}}
    return {
        "POST /appraisals": {
            "data": {
                "village": home, "purpose": "到期鉴定", "leader": "appraisal_leader", "archivist": "archivist",
                "member": ["reviewer"], "year": "1900",
            }
        },
        f"POST {batch}/more": {"data": {"source": "due", "year": "1900"}},
        f"POST {batch}/out": {"data": {"record": record, "why_out": "还有用"}},
        f"POST {batch}/leader": {"data": {"login": "appraisal_leader", "reason": "病休"}},
        f"POST {batch}/give-up": reason,
        f"POST {batch}/opinions": {
            "data": {"verdict": "destroy", "round": "first", "reason": "无用", "rest": "1"}
        },
        f"POST {batch}/report": {"data": {"report": "报告"}},
        f"GET {batch}/print": {"params": {"form": "opinions", "format": "xlsx"}},
        f"GET {here}/print": {"params": {"format": "xlsx"}},
        f"POST {here}/sign": {"data": {"seat": "leader"}},
        f"POST {here}/refuse-rows": rows,
        f"POST {here}/refuse": reason,
        f"POST {here}/withdraw": reason,
        f"POST {here}/abort": reason,
        f"POST {here}/miscount": rows,
        f"POST {here}/file": {"data": {"authority": "云岭县档案局", "on": "2026-03-02"}},
        f"POST {here}/witness": {"data": {"method": "删除", "place": "县档案馆", "on": "2026-03-02"}},
        f"POST {here}/scan": {"data": {"record": record}},
        f"POST {here}/destroy": {"data": {"confirm": "0"}},
    }  # fmt: skip


def _sent(body: Body) -> Callable[[], Body]:
    return lambda: body
