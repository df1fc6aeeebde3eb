"""Ending an appraisal: what was said is carried out in one transaction, then the store gets the new versions."""

from __future__ import annotations

from archive_service.actions import appraisal_closing, filing
from archive_service.actions.appraisal_closing import Closed
from archive_service.permissions import Actor
from archive_service.tasks.filing import store
from archive_service.wiring import Archive
from classification.appraisal_rules import AppraisalRules


def close_batch(archive: Archive, actor: Actor, batch_id: str, rules: AppraisalRules) -> Closed:
    """Carry out what stands. A crash before the store has every new version is completed by the sweep.

    Raises:
        Missing, Conflict, Forbidden, RuleError: as `appraisal_closing.close`; nothing is written.
    """
    at = archive.now()
    with archive.sessions.begin() as session:
        closed = appraisal_closing.close(session, archive.index, actor, batch_id, rules, at, archive.today())
    for record_id in closed.changed:
        with archive.sessions.read() as session:
            plan = filing.refiling(session, record_id, at)
        store(archive, plan)
    return closed
