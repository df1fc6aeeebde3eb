"""The county's calendar of village records: import a version, say what was left open, compare; which counts when.

While nothing is imported the calendar of the settings (else the model) counts. From the first import on the imported
versions count, each from its day of effect until the next one's.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.outlines import plain_json, without_places
from archive_service.permissions import Actor, Permission, check
from classification.calendar.adjusting import adjusted
from classification.calendar.model import Calendar
from classification.calendar.reader import parse
from classification.calendar.timeline import Timeline, timeline
from classification.errors import RuleError
from storage.database import journal
from storage.database.base import new_id
from storage.database.calendars import CalendarVersion, calendar_versions
from storage.errors import Conflict, Missing

LONGEST_VERSION = 40


def import_calendar(session: Session, actor: Actor, content: Mapping[str, Any], at: datetime) -> CalendarVersion:
    """Import a document as a new version, counting from its day of effect. All or nothing.

    Raises:
        Forbidden: the actor does not keep the county's rules.
        CalendarInvalid: with every problem, place and column.
        Conflict: this version was imported before with other content.
    """
    check(actor, Permission.MANAGE_OUTLINE)
    plain = plain_json(content)
    calendar, plain = parse(plain), without_places(plain)
    names = CalendarVersion.document == calendar.id, CalendarVersion.version == calendar.version
    held = session.scalars(select(CalendarVersion).where(*names)).one_or_none()
    if held is not None and held.content != plain:
        raise Conflict(f"{calendar.id} 的 {calendar.version} 版已经导入过，内容不同。请改版本号再导入；没有改动。")
    return held or _new_version(session, actor, calendar, plain, at)


def _new_version(
    session: Session, actor: Actor, calendar: Calendar, plain: dict[str, Any], at: datetime
) -> CalendarVersion:
    held = CalendarVersion(
        id=new_id(), document=calendar.id, version=calendar.version, kind=calendar.kind, title=calendar.title,
        effective_from=calendar.effective_from, content=plain, imported_by=actor.login, imported_at=at,
    )  # fmt: skip
    session.add(held)
    session.flush()
    said = {"document": held.document, "version": held.version, "kind": held.kind, "from": str(held.effective_from)}
    journal.write(session, at, actor.login, "calendar_imported", "calendar", held.id, None, said)
    return held


def set_values(
    session: Session, actor: Actor, fallback: Calendar, document: Mapping[str, Any], said: Mapping[str, str],
    since: date, at: datetime,
) -> CalendarVersion:  # fmt: skip
    """Say what the sources leave open: a new version from that day on, with these settings (id → what was typed).

    `document`: that of the calendar in `fallback`, taken where nothing is imported yet; it is then imported first, so
    that the days before `since` keep the values they had. A model stays marked as one.

    Raises:
        Forbidden: the actor does not keep the county's rules.
        CalendarInvalid: something that was typed cannot be read.
        RuleError: nothing differs.
    """
    check(actor, Permission.MANAGE_OUTLINE)
    versions = calendar_versions(session)
    if not versions and since > fallback.effective_from:
        versions = [import_calendar(session, actor, document, at)]
    base = next((one for one in reversed(versions) if one.effective_from <= since), versions[0] if versions else None)
    content = base.content if base else plain_json(document)
    made = adjusted(content, said, _next_version(content["document"]["version"], versions), since)
    if made["settings"] == content["settings"]:
        raise RuleError("这些取值和现在的一样，没有改动。")
    return import_calendar(session, actor, made, at)


def _next_version(version: str, versions: Any) -> str:
    stem = str(version).partition("+")[0][: LONGEST_VERSION - 6]
    taken = {one.version for one in versions}
    return next(name for number in range(1, 10**5) if (name := f"{stem}+{number}") not in taken)


def timeline_of(session: Session, fallback: Calendar) -> Timeline:
    """The calendars that count, by their days: the imported ones, else the fallback alone. One query."""
    held = calendar_versions(session)
    if not held:
        return _alone(fallback)
    for one in held:
        _DOCUMENTS.setdefault(one.id, one.content)
    return _timeline(tuple(one.id for one in held))


_DOCUMENTS: dict[str, Mapping[str, Any]] = {}
"""Contents by the id of their version; none ever changes."""


@lru_cache(maxsize=32)
def _alone(calendar: Calendar) -> Timeline:
    return timeline([calendar])


@lru_cache(maxsize=32)
def _timeline(ids: tuple[str, ...]) -> Timeline:
    return timeline([_calendar(one) for one in ids])


@lru_cache(maxsize=64)
def _calendar(version_id: str) -> Calendar:
    return parse(_DOCUMENTS[version_id])


def calendar_of(held: CalendarVersion) -> Calendar:
    """A version as it counts."""
    _DOCUMENTS.setdefault(held.id, held.content)
    return _calendar(held.id)


def version_on(session: Session, day: date, version: str | None = None) -> CalendarVersion | None:
    """The imported version in force on that day, or the one of that name; None where nothing is imported.

    Raises:
        Missing: a version is named that is not there.
    """
    held = calendar_versions(session)
    if version is not None:
        found = next((one for one in reversed(held) if one.version == version), None)
        if found is None:
            raise Missing("没有这一版台账日历。village-archive calendar show 可以看到有哪些。")
        return found
    return next((one for one in reversed(held) if one.effective_from <= day), held[0] if held else None)
