"""Correcting what is archived: a new version with a reason. Class, period and code stay; earlier versions are kept.

The record waits in the state *archiving* until the store holds the new version, as at its first archiving.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from archive_service.actions import catalogue
from archive_service.permissions import Actor, Permission, check
from archive_service.rulebook import rule_book_of
from classification.errors import RuleError
from storage.database import journal
from storage.database.records import Record, RecordState, record
from storage.errors import Conflict

FIXED = ("series", "choice")
"""What code and period follow from: an appraisal may change the period, a revision may not."""
LONGEST_REASON = 300


def revise(
    session: Session, actor: Actor, record_id: str, changes: Mapping[str, Any], reason: str, at: datetime
) -> bool:
    """Correct an archived record; whether anything changed. The store must then be given the new version.

    Keys as in `catalogue.describe`.

    Raises:
        Forbidden: this person may not archive here, or the record opens by name only.
        Conflict: it is not archived, or just being written.
        RuleError: no reason, or a change that is not a correction; nothing is written.
    """
    found = record(session, record_id)
    may_revise(actor, found)
    if found.state != RecordState.ARCHIVED:
        raise Conflict(f"“{found.title}”还没有归档，或正在写入，不用另存新版本；没有改动。")
    if not reason.strip():
        raise RuleError(f"“{found.title}”已经归档，更正要写明理由；没有改动。")
    if changed := _corrected(session, found, changes, at):
        found.state, found.changed_at, found.described_by = RecordState.ARCHIVING, at, actor.login
        said = {**changed, "reason": reason.strip()[:LONGEST_REASON]}
        journal.write(session, at, actor.login, "record_revised", "record", found.id, found.village_id, said)
    return bool(changed)


def may_revise(actor: Actor, found: Record) -> None:
    """Refuse who may not correct this archived record.

    Raises:
        Forbidden: by role, by village, or because it opens by name only.
    """
    catalogue.may_open(actor, found)
    check(actor, Permission.ARCHIVE, found.village_id)


def _corrected(session: Session, found: Record, changes: Mapping[str, Any], at: datetime) -> dict[str, list[Any]]:
    before = catalogue.said(found)
    if any(name in changes and (changes[name] or None) != before[name] for name in FIXED):
        raise RuleError(f"“{found.title}”已经归档，条目和保管期限不再改；没有改动。")
    kept = found.retention, found.starts_on, found.due_on
    wanted = {name: value for name, value in changes.items() if name not in FIXED}
    changed = catalogue.correct(found, wanted, rule_book_of(session, found.outline_id), at)
    if "date" not in changed or found.retention != kept[0]:
        # A term that an appraisal set is not worked out again from the date.
        found.retention, found.starts_on, found.due_on = kept
    return changed
