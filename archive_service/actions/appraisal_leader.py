"""Another person leads the group of an appraisal: illness, or another office. What was judged stays judged.

Who led stays in the group as a member: his opinions stand, and whoever judged may not approve or witness.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import appraisal
from archive_service.permissions import Actor, Permission, check
from classification.appraisal_seats import Seat
from classification.errors import RuleError
from storage.database import journal
from storage.database.appraisal import BatchState, GroupMember
from storage.errors import Conflict

LONGEST_REASON = 300


def replace_leader(
    session: Session, actor: Actor, batch_id: str, login: str, reason: str, at: datetime, today: date
) -> GroupMember:
    """Seat another leader until a register goes out.

    Raises:
        Missing: no such batch or person. Forbidden: the actor prepares no appraisals for this fonds.
        Conflict: a register went out, or the person leads already.
        RuleError: no reason, or the person has no role for it.
    """
    batch = appraisal.seen(session, actor, batch_id)
    check(actor, Permission.PREPARE_DESTRUCTION, batch.village_id)
    if batch.report_final or batch.state == BatchState.GIVEN_UP:
        raise Conflict("这一批已经提交清册或放弃，小组不再变动；没有改动。")
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise RuleError(f"换负责人要写明理由，{LONGEST_REASON} 字以内；没有改动。")
    new = appraisal.sitting(session, Seat.LEADER, login, batch.village_id, today)
    old = session.scalars(
        select(GroupMember).where(GroupMember.batch_id == batch.id, GroupMember.seat == Seat.LEADER)
    ).one()
    if old.account_id == new.id:
        raise Conflict("这个人已经是这一批的负责人，没有改动。")
    if session.get(GroupMember, (batch.id, Seat.MEMBER, old.account_id)) is None:
        session.add(_member(batch.id, Seat.MEMBER, old.account_id, old.login, old.name))
    session.delete(old)
    leader = _member(batch.id, Seat.LEADER, new.id, new.login, new.name)
    session.add(leader)
    batch.kept = False
    said = {"leader": [old.login, new.login], "reason": reason.strip()}
    journal.write(session, at, actor.login, "appraisal_leader", "appraisal", batch.id, batch.village_id, said)
    return leader


def _member(batch_id: str, seat: Seat, account_id: str, login: str, name: str) -> GroupMember:
    return GroupMember(batch_id=batch_id, seat=seat, account_id=account_id, login=login, name=name)
