"""Are the townships and villages what was kept of them: the rows, their documents in the store, and the journal.

What was changed a moment ago waits for its document. Its name must be the one that the journal gave it all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.tasks.kept_documents import PLACES, DocumentKind, kind_of
from archive_service.tasks.verifying_decisions import REMEDY, differences
from archive_service.wiring import Archive
from storage.database.journal import JournalEntry
from storage.database.organisations import Township, Village
from storage.errors import Corrupt, Missing

GIVEN = ("village_registered", "village_renamed", "township_renamed", "township_merged")
"""The acts that give a village or a township its name."""


def faults(archive: Archive) -> list[str]:
    """What is wrong with the townships and villages, a sentence each."""
    found = []
    with archive.sessions.read() as session:
        names = _names_given(session)
        for kind in PLACES:
            for row in session.scalars(select(kind.table).order_by(kind.table.id)):
                assert isinstance(row, Township | Village)
                if row.name not in names.get(row.id if isinstance(row, Village) else "", ()):
                    found.append(f"{_named(row)}：日志里没有登记过这个名称。{REMEDY}")
                if row.kept:
                    found += _faults_of_copy(archive, kind, _named(row), kind.document(session, row.id))
    return found


def _named(row: Township | Village) -> str:
    return f"村“{row.name}”" if isinstance(row, Village) else f"乡镇“{row.name}”"


def _names_given(session: Session) -> dict[str, set[str]]:
    """By the journal: the name of each village now, by its id; and under no id every name a township had."""
    wanted = select(JournalEntry).where(JournalEntry.act.in_(GIVEN)).order_by(JournalEntry.at, JournalEntry.id)
    names: dict[str, set[str]] = {"": set()}
    for one in session.scalars(wanted):
        said = one.details.get("name")
        name = str(said[-1] if isinstance(said, list) else said)
        if one.object_type == "village":
            names[one.object_id] = {name}
        else:
            names[""].add(name)
    return names


def _faults_of_copy(archive: Archive, kind: DocumentKind, name: str, said: dict[str, Any]) -> Iterator[str]:
    try:
        held = archive.root.read(f"{kind.prefix}{said['id']}")
        kept: dict[str, Any] = json.loads(archive.root.content(held, kind.name))
    except Missing:
        yield f"{name}在数据库里，档案库里却没有。{REMEDY}"
        return
    except (Corrupt, ValueError):
        yield f"{name}在档案库里的副本损坏。请从备份恢复档案库，再核对一次。"
        return
    for what in differences(said, kept):
        yield f"{name}的 {what} 数据库记的是 {_told(said[what])}，档案库里是 {_told(kept.get(what))}。{REMEDY}"


def _told(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def faults_of_object(archive: Archive, object_id: str) -> list[str]:
    """Whether an object of the store stands for a township or village that the database has lost."""
    kind = kind_of(object_id)
    if kind not in PLACES:
        return []
    with archive.sessions.read() as session:
        there = session.get(kind.table, object_id.removeprefix(kind.prefix))
    what = "一个村" if kind.table is Village else "一个乡镇"
    return [] if there else [f"档案库里的 {object_id} 是{what}，在数据库里没有。{REMEDY}"]
