"""Every stored file is read again on a schedule: a slice at a time, what was read longest ago first.

What is missing or changed is named, journaled, repaired from the second copy where one is configured, and remembered
until it is found well again. Which unit was read when is in the database, so a slice may stop anywhere.
`verify` compares the stores with each other; this only asks whether the bytes are still what they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from archive_service.tasks.fixity_units import Known, enrol, known_files
from archive_service.tasks.second_copy import repair
from archive_service.wiring import Archive
from storage.database import fixity, journal
from storage.database.fixity import FixityFault
from storage.errors import Missing
from storage.objects.opening import open_store
from storage.objects.store import ObjectStore, digests

SLICE = 100
"""Units of one slice: half a minute apart, 280,000 a day."""

MOST_BYTES = 1 << 30
"""A slice ends after so many bytes, so that large films do not keep the disk busy for long."""

ENROL_EVERY = timedelta(hours=1)

Step = Callable[[str], None]


@dataclass
class Checked:
    """What was read, what was found, and what was put right."""

    units: int = 0
    files: int = 0
    bytes: int = 0
    faults: list[dict[str, str]] = field(default_factory=list)
    repaired: list[dict[str, str]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)

    def add(self, other: Checked) -> None:
        """Count another slice in."""
        self.units, self.files, self.bytes = (
            self.units + other.units,
            self.files + other.files,
            self.bytes + other.bytes,
        )
        self.faults += other.faults
        self.repaired += other.repaired


def sentence(fault: dict[str, str]) -> str:
    """A fault for a person."""
    if fault["kind"] == "changed":
        what = f"内容变了（应为 {fault['expected'][:16] or '不明'}…，现为 {fault['seen'][:16]}…）"
    else:
        what = "不见了" if fault["kind"] == "missing" else "读不出来，磁盘可能坏了"
    return f"{fault['name']}{what}。请从备份恢复这个文件：{fault['key']}"


def look_around(archive: Archive) -> int:
    """What the background does every half minute: one slice of what is due; returns the number of units read."""
    days = archive.settings.fixity_days
    return check(archive, archive.now() - timedelta(days=days), SLICE).units if days else 0


def check_all(archive: Archive, step: Step = lambda _: None) -> Checked:
    """Read everything that was not read since this call began; cut off, it goes on with the oldest next time."""
    enrol(archive)
    done, started = Checked(), archive.now()
    while (one := check(archive, started, SLICE, step)).units:
        done.add(one)
    return done


def check_next(archive: Archive, limit: int, step: Step = lambda _: None) -> Checked:
    """Read the `limit` units that were read longest ago, whether they are due or not."""
    enrol(archive)
    return check(archive, archive.now(), limit, step)


def check(archive: Archive, before: datetime, limit: int, step: Step = lambda _: None) -> Checked:
    """Read up to `limit` units that were not read since `before`."""
    with archive.sessions.read() as session:
        looked = fixity.enrolled_at(session)
    if looked is None or archive.now() - looked >= ENROL_EVERY:
        enrol(archive)
    second = open_store(archive.settings.second_copy_url) if archive.settings.second_copy_url else None
    with archive.sessions.read() as session:
        units = fixity.oldest(session, before, limit)
    done, read = Checked(), list[_Read]()
    for unit in units:
        one = _read_unit(archive, unit, second)
        done.add(one.checked())
        read.append(one)
        # What was found or put right is written down at once; what is well may wait for the others.
        if one.wrong:
            _keep(archive, read)
            read.clear()
        step(unit)
        if done.bytes >= MOST_BYTES:
            break
    _keep(archive, read)
    return done


@dataclass
class _Read:
    """One unit as it was read: what it should hold (None: it is no longer kept), what is wrong, what was mended."""

    unit: str
    known: Sequence[Known] | None
    bytes: int
    wrong: list[tuple[Known, FixityFault]]
    mended: set[str]

    def checked(self) -> Checked:
        """Its figures."""
        return Checked(
            units=1,
            files=len(self.known or ()),
            bytes=self.bytes,
            faults=[fault.said() for one, fault in self.wrong if one.key not in self.mended],
            repaired=[fault.said() for one, fault in self.wrong if one.key in self.mended],
        )


def _read_unit(archive: Archive, unit: str, second: ObjectStore | None) -> _Read:
    """Read one unit. What is wrong is asked twice: it may have been archived or removed while it was read."""
    known = known_files(archive, unit)
    measured = [(one, *_measure(archive, unit, one)) for one in known or ()]
    wrong = [(one, fault) for one, _, fault in measured if fault is not None]
    still = {one.key for one in known_files(archive, unit) or ()} if wrong else set()
    wrong = [(one, fault) for one, fault in wrong if one.key in still]
    mended = {one.key for one, _ in wrong if second and repair(archive, second, one.key, one.sha512)}
    return _Read(unit, known, sum(size for _, size, _ in measured), wrong, mended)


def _keep(archive: Archive, read: Sequence[_Read]) -> None:
    """Write down what was read, in one transaction; cut off before it, these units are read once more."""
    if not read:
        return
    now = archive.now()
    with archive.sessions.begin() as session:
        for one in read:
            if one.known is None:
                fixity.forget(session, one.unit)
            else:
                _remember(session, one.unit, one.wrong, one.mended, now)
        fixity.checked(session, [one.unit for one in read if one.known is not None], now)


def _measure(archive: Archive, unit: str, one: Known) -> tuple[int, FixityFault | None]:
    """Read one file to its end: its bytes, and what is wrong with it."""
    size, kind, seen = 0, "", ""
    try:
        with archive.objects.open(one.key) as stream:
            measured = digests(stream)
        size, seen = measured.size, measured.sha512
        kind = "" if seen == one.sha512 else "changed"
    except Missing:
        kind = "missing"
    except OSError:
        kind = "unreadable"
    fault = FixityFault(
        key=one.key, unit=unit, record_id=one.record_id, name=one.name, kind=kind, expected=one.sha512, seen=seen,
        found_at=archive.now(),
    )  # fmt: skip
    return size, fault if kind else None


def _remember(
    session: Session, unit: str, wrong: Sequence[tuple[Known, FixityFault]], mended: set[str], at: datetime
) -> None:
    """Journal what is new, and keep what is wrong; what was wrong before and is well now is taken off the list."""
    before = {fault.key: fault for fault in fixity.faults_of(session, unit)}
    for one, fault in wrong:
        known = before.pop(one.key, None)
        if known is None:
            _journal(session, fault, "fixity_fault", at, one.village_id)
        if one.key in mended:
            _journal(session, fault, "fixity_repaired", at, one.village_id)
            if known is not None:
                session.delete(known)
        elif known is None:
            session.add(fault)
    for fault in before.values():
        _journal(session, fault, "fixity_well", at)
        session.delete(fault)


def _journal(session: Session, fault: FixityFault, act: str, at: datetime, village_id: str | None = None) -> None:
    what = ("record", fault.record_id) if fault.record_id else ("stored_file", fault.key.rpartition("/")[2][-80:])
    journal.write(session, at, "system", act, *what, village_id, fault.said())
