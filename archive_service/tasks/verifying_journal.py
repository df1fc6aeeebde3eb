"""Is the journal whole: its chain in the database, the stretches in the store, and nothing left unsealed for long."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from archive_service.tasks.keeping import JOURNAL, STRETCH
from archive_service.wiring import Archive
from storage.database import journal
from storage.database.journal import JournalEntry, JournalSeal
from storage.errors import Corrupt, Missing

LONGEST_UNSEALED = timedelta(minutes=1)


def faults(archive: Archive) -> list[str]:
    """What is wrong with the journal, a sentence each."""
    late = select(func.count()).where(
        JournalEntry.seal_id.is_(None), JournalEntry.at < archive.now() - LONGEST_UNSEALED
    )
    with archive.sessions.read() as session:
        found = journal.faults(session)
        unsealed = session.scalar(late) or 0
        for seal in session.scalars(select(JournalSeal).order_by(JournalSeal.number)):
            found += _stretch_faults(archive, seal)
    if found:
        found.append("操作日志与封存时不同。请保存现状，用备份里的数据库比对，并报告上级档案部门。")
    if unsealed:
        found.append(f"有 {unsealed} 条操作日志超过一分钟没有封存，内容还在。请启动服务，稍等再核对。")
    return found


def _stretch_faults(archive: Archive, seal: JournalSeal) -> list[str]:
    try:
        held = archive.root.read(f"{JOURNAL}{seal.number:08d}")
        said: dict[str, Any] = json.loads(archive.root.content(held, STRETCH))
    except Missing:
        # A stretch is written within seconds of its sealing.
        return [f"第 {seal.number} 段操作日志不在档案库里。"] if seal.stored else []
    except (Corrupt, ValueError):
        return [f"第 {seal.number} 段操作日志在档案库里的副本损坏。"]
    if said["root"] != seal.root:
        return [f"第 {seal.number} 段操作日志与档案库里的副本不同。"]
    return []
