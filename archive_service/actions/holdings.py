"""Looking at records: one record whole, its pages, its history, why its period; and the lists that people work through.

Every list takes the actor's scope; nothing outside it is counted, named or hinted at.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, false, func, not_, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive_service.county_time import day_of
from archive_service.permissions import WITHOUT_ACCOUNT, Actor, Permission, can, reach, scope_of
from archive_service.rulebook import outline_of, period_label, period_of
from classification.outline import Outline
from classification.retention import SPLIT_LABELS, Change, WhyStep, why
from storage.database import journal
from storage.database.filtering import filtering
from storage.database.journal import JournalEntry
from storage.database.organisations import Village
from storage.database.outlines import OutlineVersion
from storage.database.readers import opened_to
from storage.database.records import File, Kin, PageText, Record, RecordState, files_of, pages_of
from storage.database.removals import Gone, gone
from storage.errors import Missing
from storage.scope import RESTRICTED, Grant, Scope

HIDDEN = "没有这件档案，或者您不能查看它。"
"""What is hidden and what is not there are answered in the same words."""

FILED = (RecordState.ARCHIVED, RecordState.ARCHIVING)
GONE = (RecordState.DESTROYING, RecordState.DESTROYED)
"""Of these only the description is left; who could see the record still sees it."""
LOOKS = frozenset({"record_viewed", "file_viewed", "file_downloaded"})
USES = frozenset({"record_lent", "record_returned", "record_opened", "copy_issued", "copy_withdrawn"})
"""Acts of the journal that tell of readers, not of the record."""
FEW = 500
MANY = 10_000
"""How far a page counts: to count a million takes longer than to show them, and nobody works through them today."""
UNFILED = (RecordState.PROPOSED, RecordState.ACCEPTED)


def inside(scope: Scope) -> ColumnElement[bool]:
    """The scope as a condition on records."""
    parts = [_granted(grant) for grant in scope.grants]
    if scope.person is not None:
        parts.append(opened_to(scope.person))
    return and_(Record.state != RecordState.WITHDRAWN, or_(false(), *parts))


def shut(scope: Scope) -> ColumnElement[bool]:
    """What a donor restricted without naming whose scope it is, as a condition on records."""
    return and_(Record.access == RESTRICTED, not_(inside(scope)))


def within(
    column: ColumnElement[str] | InstrumentedAttribute[str] | InstrumentedAttribute[str | None],
    area: frozenset[str] | None,
) -> ColumnElement[bool]:
    """The villages that an act reaches as a condition; None = every village."""
    return true() if area is None else column.in_(area)


def _granted(grant: Grant) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = Record.access.in_(grant.access)
    if grant.villages is not None:
        condition = and_(condition, Record.village_id.in_(grant.villages))
    return condition if grant.unarchived else and_(condition, filtering(Record.state).in_((*FILED, *GONE)))


@dataclass(frozen=True, slots=True)
class RecordView:
    """One record with everything a page shows about it."""

    record: Record
    village: Village
    outline: Outline | None
    files: Sequence[File]
    why: tuple[WhyStep, ...]
    history: Sequence[JournalEntry]
    kin: Sequence[Kin]
    gone: Gone | None = None
    """How it was destroyed, where it was."""


def seen(session: Session, actor: Actor, record_id: str) -> Record:
    """The record, if the actor may see it. One that is hidden answers exactly like one that is not there.

    Raises:
        Missing: there is none for this actor.
    """
    found = session.scalars(select(Record).where(Record.id == record_id, inside(scope_of(actor)))).one_or_none()
    if found is None:
        raise Missing(HIDDEN)
    return found


def view(session: Session, actor: Actor, record_id: str, most_kin: int = 2000) -> RecordView:
    """One record whole, with so many of the people of a genealogy.

    Raises:
        Missing: there is none for this actor.
    """
    found = seen(session, actor, record_id)
    version = session.get(OutlineVersion, found.outline_id) if found.outline_id else None
    outline = outline_of(version) if version else None
    kin = session.scalars(select(Kin).where(Kin.record_id == found.id).order_by(Kin.number).limit(most_kin)).all()
    return RecordView(
        record=found,
        village=session.get_one(Village, found.village_id),
        outline=outline,
        files=files_of(session, [found.id])[found.id],
        why=why_period(session, found, outline),
        history=journal.history(session, found.id, _untold(actor, found)),
        kin=kin,
        gone=gone(session, found.id) if found.state in GONE else None,
    )


def number_of(session: Session, wanted: ColumnElement[bool], most: int | None = None) -> int:
    """How many records are wanted; above `most` it stops to count, and `most` + 1 stands for more."""
    if most is None:
        return session.scalar(select(func.count()).select_from(Record).where(wanted)) or 0
    first = select(Record.id).where(wanted).limit(most + 1).subquery()
    return session.scalar(select(func.count()).select_from(first)) or 0


def number_among(session: Session, few: Select[str], wanted: ColumnElement[bool]) -> int:
    """How many of the records whose ids `few` finds are wanted.

    Ids that are few are named: an engine that has to guess how many there are reads the whole archive instead.
    """
    ids = session.scalars(few.limit(FEW + 1)).all()
    among = Record.id.in_(ids if len(ids) <= FEW else few)
    return (session.scalar(select(func.count()).select_from(Record).where(among, wanted)) or 0) if ids else 0


def _untold(actor: Actor, found: Record) -> frozenset[str]:
    """Who used a record is told to who reads the journal there; looks, maybe thousands, stay in the journal alone."""
    return LOOKS if can(actor, Permission.SEE_JOURNAL, found.village_id) else LOOKS | USES


def why_period(session: Session, found: Record, outline: Outline | None) -> tuple[WhyStep, ...]:
    """Why this period: clause → evidence → period → start → due → who changed it."""
    if outline is None or found.series_id is None or found.series_id not in outline.series:
        return ()
    chosen = found.retention_choice if outline.series[found.series_id].retention.kind == "split" else None
    history = journal.history(session, found.id, LOOKS)
    changes = tuple(_decisions(history))
    appraised = any(_appraised(entry) for entry in history)
    period, start = (period_of(found), found.starts_on) if appraised else (None, None)
    facts = outline.retention_facts(found.series_id, found.year, chosen, found.event_on, changes, period, start)
    return why(facts)


DECIDED = {"series": "条目", "choice": "重要程度"}


def _decisions(history: Sequence[JournalEntry]) -> Iterator[Change]:
    """Who set or changed what the period follows from."""
    for entry in history:
        who = WITHOUT_ACCOUNT.get(entry.actor, entry.actor)
        if entry.act == "record_described":
            for name, word in DECIDED.items():
                if name in entry.details:
                    before, after = entry.details[name]
                    what = f"{word}由“{_choice(before)}”改为“{_choice(after)}”"
                    yield Change(who, day_of(entry.at), what)
        elif _appraised(entry):
            old, new = entry.details.get("retention") or [None, None]
            said = f"：保管期限由“{period_label(old)}”改为“{period_label(new)}”，档号不变" if new else ""
            what = f"期满鉴定，{entry.details['verdict']}{said}"
            yield Change(who, day_of(entry.at), what, entry.details["reason"])
        elif entry.act == "record_accepted":
            yield Change(who, day_of(entry.at), f"采用条目 {entry.details.get('series', '')}")


def _appraised(entry: JournalEntry) -> bool:
    """Whether an appraisal set a new term."""
    return entry.act == "record_revised" and "verdict" in entry.details


def _choice(value: str | None) -> str:
    return SPLIT_LABELS.get(value or "", value or "未定")


def page_texts(session: Session, files: Sequence[File]) -> dict[str, list[PageText]]:
    """The pages of these files, by file id."""
    return pages_of(session, [file.id for file in files])


def file_seen(session: Session, actor: Actor, file_id: str) -> tuple[Record, File]:
    """A file with its record, if the actor may see the record.

    Raises:
        Missing: there is none for this actor.
    """
    file = session.get(File, file_id)
    if file is None or file.record_id is None:
        raise Missing(HIDDEN)
    return seen(session, actor, file.record_id), file


@dataclass(frozen=True, slots=True)
class Listed:
    """One page of a list: the records, how many there are in all, and where the next page begins."""

    records: Sequence[Record]
    total: int
    after: str | None


def inbox(
    session: Session,
    actor: Actor,
    village_id: str | None = None,
    batch_id: str | None = None,
    state: str | None = None,
    after: str | None = None,
    size: int = 50,
) -> Listed:
    """What waits to be catalogued or archived, oldest first. `after` is the last record of the page before."""
    wanted = and_(inside(scope_of(actor)), Record.state.in_((state,) if state else UNFILED))
    wanted = and_(wanted, within(Record.village_id, reach(actor, Permission.CATALOGUE)))
    if village_id:
        wanted = and_(wanted, Record.village_id == village_id)
    if batch_id:
        wanted = and_(wanted, Record.batch_id == batch_id)
    return _page(session, wanted, after, size)


def _page(session: Session, wanted: ColumnElement[bool], after: str | None, size: int) -> Listed:
    total = session.scalar(select(func.count()).select_from(Record).where(wanted)) or 0
    query = select(Record).where(wanted, Record.id > after) if after else select(Record).where(wanted)
    found = session.scalars(query.order_by(Record.id).limit(size + 1)).all()
    return Listed(found[:size], total, found[size - 1].id if len(found) > size else None)


def neighbours(session: Session, actor: Actor, record_id: str) -> tuple[int, str | None, str | None]:
    """Place of a record in the inbox (from 1), and the ids before and after it."""
    wanted = and_(inside(scope_of(actor)), Record.state.in_(UNFILED))
    wanted = and_(wanted, within(Record.village_id, reach(actor, Permission.CATALOGUE)))
    place = session.scalar(select(func.count()).select_from(Record).where(wanted, Record.id < record_id)) or 0
    before = session.scalar(select(func.max(Record.id)).where(wanted, Record.id < record_id))
    behind = session.scalar(select(func.min(Record.id)).where(wanted, Record.id > record_id))
    return place + 1, before, behind
