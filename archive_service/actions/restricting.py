"""A donor's restriction (捐赠人限制): what the donor asked, until when, and who may see the record meanwhile.

It wins over every role, and it only narrows: nobody sees through it but those it names. It is lifted by hand with a
reason, or ends after its day; a record that is archived gets a new version in the store either way (`tasks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions import catalogue, holdings
from archive_service.actions.granting import acting, held_today
from archive_service.permissions import Actor, Forbidden, Permission, can, check
from classification.errors import RuleError
from storage.database import journal
from storage.database.accounts import accounts_named
from storage.database.readers import Ground, name_readers
from storage.database.records import Record, RecordState
from storage.errors import Conflict
from storage.scope import RESTRICTED

LONGEST_TEXT = 500
LONGEST_REASON = 300
MOST_READERS = 50
ENDED = "到了捐赠人限制写明的日子"


@dataclass(frozen=True, slots=True)
class Wish:
    """What the donor asked. `until` is the last day on which it counts; None = until it is lifted."""

    text: str
    readers: tuple[str, ...]
    until: date | None = None


def restrict(
    session: Session, actor: Actor, record_ids: Sequence[str], wish: Wish, at: datetime, today: date
) -> list[Record]:
    """Restrict these records, or change the restriction they are under. All of them or none.

    Returns those that are archived: the store must then be given their new version.

    Raises:
        Missing: a record is not there for this actor.
        Forbidden: the actor does not catalogue (or, what is archived, archive) there.
        RuleError: no text, a day that is past, or nobody named who could lift it again.
        Conflict: a record is just being written to the store.
    """
    found = [holdings.seen(session, actor, one) for one in dict.fromkeys(record_ids)]
    for one in found:
        may_restrict(actor, one)
    check_wish(session, wish, {one.village_id for one in found}, today)
    return [one for one in found if put(session, actor, one, wish, at) and one.state == RecordState.ARCHIVING]


def check_wish(session: Session, wish: Wish, villages: Iterable[str], today: date) -> None:
    """Whether a restriction can be set like this on records of these villages.

    Raises:
        RuleError: no words, too many or no readers, a reader without an account, a day that is over.
    """
    if not 0 < len(wish.text.strip()) <= LONGEST_TEXT:
        raise RuleError(f"请写明捐赠人限制的内容，{LONGEST_TEXT} 字以内；没有改动。")
    if wish.until is not None and wish.until < today:
        raise RuleError("限制的止日已经过去，没有改动；请填今天以后的日子，或者不填。")
    if not 0 < len(wish.readers) <= MOST_READERS:
        raise RuleError(f"请写明谁可以看（登录名），1 到 {MOST_READERS} 人；没有改动。")
    known = accounts_named(session, wish.readers)
    if unknown := [one for one in wish.readers if one not in known]:
        raise RuleError(f"没有账号 {'、'.join(unknown)}，没有改动；请写登录名。")
    keepers = [acting(one, held_today(session, one, today)) for one in known.values() if one.active]
    if not all(any(can(one, Permission.ARCHIVE, village) for one in keepers) for village in villages):
        raise RuleError("名单里要有至少一位管这个村归档的人，否则以后没有人能归档或解除；没有改动。")


def put(session: Session, actor: Actor, found: Record, wish: Wish, at: datetime) -> dict[str, list[Any]]:
    """Put a wish that was checked on one record; returns what changed, before and after.

    Raises:
        Forbidden, Conflict: as `restrict`.
    """
    may_restrict(actor, found)
    before = found.restriction
    said: dict[str, Any] = {
        "text": wish.text.strip(),
        "until": wish.until.isoformat() if wish.until else None,
        "readers": sorted(set(wish.readers)),
        "access": found.unrestricted_access,
    }
    if before == said:
        return {}
    _set(session, found, said, actor.login, at)
    details = {"restriction": [in_words(before), in_words(said)], "was": before, "reason": said["text"]}
    journal.write(session, at, actor.login, "record_restricted", "record", found.id, found.village_id, details)
    return {"restriction": [before, said]}


def put_back(session: Session, actor: Actor, found: Record, was: dict[str, Any] | None, at: datetime) -> None:
    """Restore what was before a restriction was put on what is not archived yet.

    Raises:
        Forbidden, Conflict: as `restrict`.
    """
    may_restrict(actor, found)
    now = in_words(found.restriction)
    _set(session, found, was, actor.login, at)
    details = {"restriction": [now, in_words(was)], "reason": "撤销成批修改"}
    journal.write(session, at, actor.login, "record_restricted", "record", found.id, found.village_id, details)


def _set(session: Session, found: Record, said: dict[str, Any] | None, by: str, at: datetime) -> None:
    if said is None:
        found.access = found.unrestricted_access
    else:
        found.access = RESTRICTED
    found.restriction, found.changed_at = said, at
    name_readers(session, found.id, Ground.DONOR, said["readers"] if said else (), by, at)
    if found.state == RecordState.ARCHIVED:
        found.state = RecordState.ARCHIVING


def may_restrict(actor: Actor, found: Record) -> None:
    """Refuse who may not set a donor's restriction on this record.

    Raises:
        Forbidden: by role, by village, or because it opens by name only.
        Conflict: it is just being written, or taken back.
    """
    catalogue.may_open(actor, found)
    if found.state == RecordState.ARCHIVED:
        check(actor, Permission.ARCHIVE, found.village_id)
    elif found.state not in catalogue.OPEN:
        raise Conflict(f"“{found.title}”正在写入，或已经撤回；没有改动，请稍后再试。")


def allowed(actor: Actor, found: Record) -> bool:
    """Whether this person may set or lift a restriction on the record, and so is told what it says."""
    try:
        may_restrict(actor, found)
    except (Forbidden, Conflict):
        return False
    return True


def lift(session: Session, actor: Actor, record_ids: Sequence[str], reason: str, at: datetime) -> list[Record]:
    """Lift the restriction of these records, with the reason. All of them or none; returns those that are archived.

    Raises:
        Missing: a record is not there for this actor: only somebody the restriction names can lift it.
        Forbidden: the actor does not archive there.
        RuleError: no reason, or there is no restriction.
        Conflict: a record is just being written to the store.
    """
    if not 0 < len(reason.strip()) <= LONGEST_REASON:
        raise RuleError(f"解除捐赠人限制要写明理由，{LONGEST_REASON} 字以内；没有改动。")
    found = [holdings.seen(session, actor, one) for one in dict.fromkeys(record_ids)]
    for one in found:
        may_restrict(actor, one)
        check(actor, Permission.ARCHIVE, one.village_id)
        if one.restriction is None:
            raise RuleError(f"“{one.title}”没有捐赠人限制，没有改动。")
        _end(session, one, actor.login, reason.strip(), at)
    return [one for one in found if one.state == RecordState.ARCHIVING]


def _end(session: Session, found: Record, by: str, reason: str, at: datetime) -> None:
    before = found.restriction
    _set(session, found, None, by, at)
    details = {"restriction": [in_words(before), ""], "reason": reason}
    journal.write(session, at, by, "restriction_lifted", "record", found.id, found.village_id, details)


def end_past(session: Session, at: datetime, today: date, limit: int = 500) -> list[Record]:
    """End what was restricted until a day before today; returns the records that are archived."""
    states = (*catalogue.OPEN, RecordState.ARCHIVED)
    wanted = select(Record).where(Record.access == RESTRICTED, Record.state.in_(states)).order_by(Record.id)
    past = [one for one in session.scalars(wanted) if _is_past(one.restriction, today)][:limit]
    for one in past:
        _end(session, one, "system", ENDED, at)
    return [one for one in past if one.state == RecordState.ARCHIVING]


def _is_past(said: Mapping[str, Any] | None, today: date) -> bool:
    return bool(said and said["until"] and date.fromisoformat(said["until"]) < today)


def in_words(said: Mapping[str, Any] | None) -> str:
    """A restriction in one line; empty for none."""
    if not said:
        return ""
    until = f"，到 {said['until']} 止" if said["until"] else ""
    return f"{said['text']}{until}；可看：{'、'.join(said['readers'])}"
