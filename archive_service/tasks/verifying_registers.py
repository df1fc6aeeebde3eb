"""Are the registers whole: the chains in the database, and the same in the store.

An entry cut off at the end leaves no gap in a chain; the copy in the store names it.
"""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import select

from archive_service.tasks.kept_documents import KINDS
from archive_service.wiring import Archive
from storage.database import register_chain
from storage.database.registers import Register, entries_of
from storage.errors import Corrupt, Missing

KIND = next(kind for kind in KINDS if kind.table is Register)


def faults(archive: Archive) -> list[str]:
    """What is wrong with the registers, a sentence each."""
    with archive.sessions.read() as session:
        found = register_chain.faults(session)
        for one in session.scalars(select(Register).order_by(Register.id)):
            hashes = [entry.hash for entry in entries_of(session, one.id)]
            found += _faults_of_copy(archive, one, hashes)
    if found:
        found.append("销毁清册与提交时不同。请保存现状，停止销毁，用备份里的数据库比对，并报告上级档案部门。")
    return found


def _faults_of_copy(archive: Archive, one: Register, hashes: list[str]) -> list[str]:
    name = register_chain.named(one)
    try:
        held = archive.root.read(f"{KIND.prefix}{one.id}")
        said: dict[str, Any] = json.loads(archive.root.content(held, KIND.name))
    except Missing:
        return [f"{name}不在档案库里。"] if one.kept else []
    except (Corrupt, ValueError):
        return [f"{name}在档案库里的副本损坏。"]
    kept = [entry["hash"] for entry in said["entries"]]
    # The copy may be a moment behind, never ahead.
    if said["hash"] != one.hash or hashes[: len(kept)] != kept or (one.kept and hashes != kept):
        return [f"{name}与档案库里的副本不同。"]
    return []
