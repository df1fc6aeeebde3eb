"""The examination: each setting and store, and what optional programs would add. Nothing is changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from io import BytesIO
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from archive_service.settings import PREFIX, masked
from archive_service.tasks.health import looks
from archive_service.wiring import Archive
from ingest import malware
from ingest.errors import ReaderAway
from storage.database import outbox
from storage.database.records import Record, RecordState
from storage.errors import StorageError
from storage.objects.opening import open_store


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. An optional thing that is missing costs something; the sentence says what."""

    name: str
    good: bool
    says: str
    optional: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


PROGRAMS = (("antiword", "损坏得不重的旧版 Word 文档还能读出文字；没有时这些文档记为已损坏。apt install antiword"),)

WITHOUT_TIKA = (
    "没有设置 VILLAGE_ARCHIVE_TIKA_URL：内置读法读不出的格式"
    "（Visio、WordPerfect、Access、DBF、EPUB、AutoCAD 等）只保管，不能检索正文。"
)
WITHOUT_CLAMD = "没有设置 VILLAGE_ARCHIVE_CLAMD：收进来的文件不查病毒，四性检测记为“未检测”。"
TIKA_AWAY = "连不上：常用格式照常读；内置读法读不出的文件都在等候，服务恢复后自动再读。请确认 Tika 已启动、地址正确。"


def examine(archive: Archive) -> list[Finding]:
    """Look at everything once."""
    settings = archive.settings
    findings = [
        _try("数据库", archive.check, settings.database().split("@")[-1]),
        _try("档案库", archive.check_stores, settings.objects().split("@")[-1]),
        _index(archive),
        *optional_servers(archive),
        *_own_rules(archive),
    ]
    for name, url in (("第二份", settings.second_copy_url), ("备份", settings.backup_url)):
        if url:
            findings.append(_try(name, partial(_look_into, url), url.split("@")[-1]))
    findings += [
        Finding(name, found := shutil.which(name) is not None, "已装" if found else says, optional=True)
        for name, says in PROGRAMS
    ]
    findings.append(_tika(settings.tika_url))
    findings.append(_scanner(settings.clamd))
    free = shutil.disk_usage(settings.data if settings.data.exists() else settings.data.resolve().parent).free
    findings.append(
        Finding("磁盘", free > 2 << 30, f"剩余 {free >> 30} GB" + ("" if free > 2 << 30 else "，请清出空间"))
    )
    return findings


def optional_servers(archive: Archive) -> list[Finding]:
    """Index and queue where they are servers: work goes on without them, and waits for them."""
    settings, asked = archive.settings, looks(archive)
    urls = {"index": ("SEARCH_URL", settings.search_url), "queue": ("QUEUE_URL", settings.queue_url)}
    return [_try(f"设置 {PREFIX}{name}", asked[what], masked(url)) for what, (name, url) in urls.items() if url]


def _own_rules(archive: Archive) -> list[Finding]:
    """The county's own files, where it has some."""
    own = [str(path) for path in (archive.settings.calendar, archive.settings.appraisal) if path]
    return [_try("本县规则", archive.check_rules, "、".join(own))] if own else []


def _scanner(address: str | None) -> Finding:
    """Optional while it is not wanted; once it is set, no file is taken without its verdict."""
    if not address:
        return Finding("病毒检查", False, WITHOUT_CLAMD, optional=True)
    try:
        malware.scan(BytesIO(b""), address)
    except malware.ScannerAway as away:
        said = f"没有应答，文件都不会收（{away}）；请启动 clamd 或核对设置 {PREFIX}CLAMD"
        return Finding("病毒检查", False, f"{address}：{said}")
    return Finding("病毒检查", True, address)


def _look_into(url: str) -> object:
    return next(iter(open_store(url).list("")), None)


def _index(archive: Archive) -> Finding:
    """There, and of the same records as the database: one made for another version of the program is empty."""
    where = (archive.settings.search_url or str(archive.settings.index_folder())).split("@")[-1]
    found = _try("索引", archive.index.count, where)
    if not found.good:
        return found
    try:
        with archive.sessions.read() as session:
            wanted = session.scalar(select(func.count()).where(Record.state != RecordState.WITHDRAWN))
            waits = outbox.backlog(session)
    except (SQLAlchemyError, StorageError):
        return found
    indexed = archive.index.count()
    if waits or indexed == wanted:
        return found
    said = f"索引里有 {indexed} 件，数据库里有 {wanted} 件，档案不受影响。请运行 village-archive rebuild index"
    return Finding("索引", False, f"{where}：{said}")


def _tika(url: str | None) -> Finding:
    """Optional while it is not wanted; once it is set, files wait for it."""
    if not url:
        return Finding("Tika", False, WITHOUT_TIKA, optional=True)
    # The client takes a while to load.
    from ingest.extract.tika_calls import version

    where = url.split("@")[-1]
    try:
        return Finding("Tika", True, f"{where}：{version(url)}")
    except ReaderAway:
        return Finding("Tika", False, f"{where} {TIKA_AWAY}")


def _try(name: str, look: Callable[[], object], where: str) -> Finding:
    try:
        look()
    except (StorageError, OSError) as error:
        return Finding(name, False, f"{where}：{error}")
    except Exception as error:
        return Finding(name, False, f"{where}：{type(error).__name__} {str(error)[:200]}")
    return Finding(name, True, where)
