"""Is everything as it should be: store against database, digests, index, journal, and the sum of what was handed in.

Looks only; every fault is a sentence that says what to do. What waits its turn (a copy being received, an entry of the
last minute) is no fault.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from archive_service.tasks import verifying_decisions, verifying_journal, verifying_places, verifying_registers
from archive_service.wiring import Archive
from storage.database import outbox
from storage.database.batches import Item, ItemState
from storage.database.records import File, Record, RecordState, files_of
from storage.errors import Corrupt, Missing, StorageError
from storage.index import sync
from storage.objects.areas import STAGING
from storage.objects.layout import object_id_at
from storage.objects.ocfl import RECORD, Held, record_urn
from storage.objects.store import digests

A_TIME = 500
UNDER_WAY = timedelta(hours=1)
"""A file in the staging area that has no row for longer than this is not just being received."""

HELD_ITEMS = (ItemState.RECEIVED, ItemState.PROPOSED, ItemState.UNREADABLE)
Step = Callable[[str], None]


@dataclass
class Verified:
    """What was looked at, and what is wrong."""

    records: int = 0
    files: int = 0
    bytes: int = 0
    faults: list[str] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def verify(archive: Archive, fixity: bool = True, step: Step = lambda _: None) -> Verified:
    """Look at everything. `fixity` reads every byte of the archive and compares its digests, else only sizes."""
    found = Verified()
    for page in _archived(archive):
        for record, files in page:
            found.faults += _record_faults(archive, record, files, fixity)
            found.records, found.files = found.records + 1, found.files + len(files)
            found.bytes += sum(file.size for file in files)
            step(record.code or record.title)
    found.faults += _store_faults(archive, fixity)
    found.faults += _staging_faults(archive)
    found.faults += _index_faults(archive)
    found.faults += verifying_journal.faults(archive)
    found.faults += verifying_registers.faults(archive)
    found.faults += verifying_places.faults(archive)
    found.faults += verifying_decisions.faults(archive)
    with archive.sessions.read() as session:
        found.faults += _item_faults(session)
    return found


def _archived(archive: Archive) -> Iterator[list[tuple[Record, Sequence[File]]]]:
    after = ""
    while True:
        query = select(Record).where(Record.state == RecordState.ARCHIVED, Record.id > after)
        with archive.sessions.read() as session:
            records = session.scalars(query.order_by(Record.id).limit(A_TIME)).all()
            files = files_of(session, [record.id for record in records])
        if not records:
            return
        yield [(record, files[record.id]) for record in records]
        after = records[-1].id


def _record_faults(archive: Archive, record: Record, files: Sequence[File], fixity: bool) -> list[str]:
    name = f"{record.code or '待编'}《{record.title}》"
    try:
        held = archive.root.read(record_urn(record.id))
    except Missing:
        return [f"{name}在档案库里没有。请从备份恢复档案库，再核对一次。"]
    except Corrupt as error:
        return [f"{name}：{error}"]
    found = []
    if held.version != record.version:
        said = f"数据库记的是第 {record.version} 版，档案库里是第 {held.version} 版"
        found.append(f"{name}{said}。原件都在；请用备份里的数据库，或由档案库重建数据库。")
    kept = {f"{held.prefix}/{path}": digest for digest, path in held.inventory.manifest.items()}
    for file in files:
        if kept.get(file.storage_key) != file.sha512:
            found.append(f"{name}的文件“{file.name}”与档案库的清单对不上。原件没有动；请由档案库重建数据库。")
    return found + _content_faults(archive, held, name, fixity)


def _content_faults(archive: Archive, held: Held, name: str, fixity: bool) -> list[str]:
    found = []
    for digest, path in held.inventory.manifest.items():
        key = f"{held.prefix}/{path}"
        try:
            if not fixity:
                archive.objects.size(key)
                continue
            with archive.objects.open(key) as stream:
                measured = digests(stream)
        except Missing:
            found.append(f"{name}缺少 {path}。请从备份恢复这个文件：{key}")
            continue
        if measured.sha512 != digest or measured.sha256 != held.inventory.sha256.get(path):
            found.append(f"{name}的 {path} 与归档时不同，内容被改动或损坏。请从备份恢复这个文件：{key}")
    return found


def _store_faults(archive: Archive, fixity: bool) -> list[str]:
    """Objects that no record stands for, objects begun and never finished, and damaged documents."""
    found: list[str] = []
    prefixes = archive.root.objects()
    while some := list(islice(prefixes, A_TIME)):
        records = {}
        for prefix in some:
            object_id = object_id_at(prefix)
            if object_id and object_id.startswith(RECORD):
                records[object_id.removeprefix(RECORD)] = prefix
            else:
                found += _document_faults(archive, prefix, fixity)
                found += verifying_places.faults_of_object(archive, object_id or "")
                found += verifying_decisions.faults_of_object(archive, object_id or "")
        with archive.sessions.read() as session:
            wanted = select(Record.id, Record.state).where(Record.id.in_(records))
            known = {record_id: state for record_id, state in session.execute(wanted)}
        found += [
            f"{prefix} 的档案已销毁，档案库里却又有它。请保存现状，查明是谁放回来的，再按清册处理。"
            for record_id, prefix in records.items()
            if known.get(record_id) == RecordState.DESTROYED
        ]
        found += [
            f"档案库里的 {prefix} 在数据库里没有。档案没有丢；请用备份里的数据库，或由档案库重建数据库。"
            for record_id, prefix in records.items()
            if record_id not in known
        ]
    return found


def _document_faults(archive: Archive, prefix: str, fixity: bool) -> list[str]:
    try:
        held = archive.root.read_at(prefix)
    except (Missing, Corrupt) as error:
        return [str(error)]
    return _content_faults(archive, held, held.object_id, fixity)


def _staging_faults(archive: Archive) -> list[str]:
    found = []
    wanted = select(File.storage_key, File.path).join(Item, Item.file_id == File.id).where(Item.state.in_(HELD_ITEMS))
    with archive.sessions.read() as session:
        for key, path in session.execute(wanted.execution_options(yield_per=A_TIME)):
            if not archive.objects.exists(key):
                found.append(f"待归档的“{path}”的原件不在档案库里。请把这个文件再移交一次。")
        keys = archive.objects.list(STAGING)
        while some := [key for key in islice(keys, A_TIME)]:
            known = set(session.scalars(select(File.storage_key).where(File.storage_key.in_(some))))
            found += [
                f"暂存区的 {key} 没有登记，多半是收件时中断留下的，档案不受影响。确认原件还在后可以删掉它。"
                for key in some
                if key not in known and long_staged(key, archive.now())
            ]
    return found


def long_staged(staged: str, now: datetime) -> bool:
    """Whether bytes came too long ago to be just on their way in. Ids begin with the millisecond they were made in."""
    made = staged.rpartition("/")[2][:12]
    try:
        return now.timestamp() - int(made, 16) / 1000 > UNDER_WAY.total_seconds()
    except ValueError:
        return True


def _index_faults(archive: Archive) -> list[str]:
    with archive.sessions.read() as session:
        wanted = session.scalar(select(func.count()).where(Record.state != RecordState.WITHDRAWN)) or 0
        waiting, parked = outbox.backlog(session), outbox.parked(session)
    if waiting:
        return [f"还有 {waiting} 处改动没有进索引，档案不受影响。请启动服务，稍等再核对一次。"]
    try:
        indexed = archive.index.count()
        unequal = [record_id for record_id in sync.unequal(archive.sessions, archive.index) if record_id not in parked]
    except StorageError as error:
        return [f"索引打不开：{error}"]
    found = [f"{record_id} 没能进索引（{reason}），档案不受影响，只是查不到。" for record_id, reason in parked.items()]
    if indexed != wanted - len(parked) or unequal:
        astray = f"，其中 {len(unequal)} 件与数据库不符（如 {unequal[0]}）" if unequal else ""
        counted = f"索引里有 {indexed} 件，数据库里有 {wanted} 件{astray}"
        found.append(f"{counted}，档案不受影响。请运行 village-archive rebuild index。")
    return found


def _item_faults(session: Session) -> list[str]:
    """The sum holds by construction; that what it counts as archived is archived is looked at here."""
    astray = (
        select(Item.path)
        .outerjoin(Record, Item.record_id == Record.id)
        .where(Item.state == ItemState.ARCHIVED, func.coalesce(Record.state, "") != RecordState.ARCHIVED)
    )
    return [
        f"“{path}”记为已归档，但没有对应的档案。请用备份里的数据库，或把这个文件再移交一次。"
        for path in session.scalars(astray.order_by(Item.id))
    ]
