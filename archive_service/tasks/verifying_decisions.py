"""Are the decisions what was kept of them: holds, appraisals, opinions, opening reviews, transfers and the like.

Every row that the store has is compared with its document there; a document whose row is gone is named too. What was
changed a moment ago waits for its document. Registers have chains of their own, places the journal: see their modules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.tasks.keeping import HOLD, HOLD_NAME
from archive_service.tasks.kept_documents import KINDS, PLACES, DocumentKind
from archive_service.wiring import Archive
from storage.database.holds import Hold, document_of, records_under
from storage.database.registers import Register
from storage.errors import Corrupt, Missing
from storage.objects.ocfl import dump

A_TIME = 500
Said = dict[str, Any]
REMEDY = "请保存现状，查明是谁绕过系统改的；用备份里的数据库，或由档案库重建数据库。"
WORDS = {
    "hold": "停止处置",
    "appraisal": "鉴定批次",
    "opinion": "鉴定意见",
    "register": "销毁清册",
    "register-rows": "销毁清册的各行",
    "opening": "开放审核意见",
    "transfer": "移交",
    "dossier": "一事一档",
    "ledger": "台账",
    "handover": "交接",
    "calendar": "台账日历",
    "statement": "未发生说明",
    "cadre-post": "村干部任职",
    "village-matter": "村级事项",
}
"""What each kind is called in a fault, by the last word of its prefix."""


@dataclass(frozen=True, slots=True)
class _Kind:
    prefix: str
    name: str
    table: Any
    document: Callable[[Session, str], Said]

    @property
    def zh(self) -> str:
        return WORDS[self.prefix.removesuffix(":").rpartition(":")[2]]


def _of(kind: DocumentKind) -> _Kind:
    return _Kind(kind.prefix, kind.name, kind.table, kind.document)


def _hold_document(session: Session, hold_id: str) -> Said:
    return document_of(session.get_one(Hold, hold_id), records_under(session, hold_id))


DECISIONS = (_Kind(HOLD, HOLD_NAME, Hold, _hold_document), *(_of(kind) for kind in KINDS if kind not in PLACES))


def faults(archive: Archive) -> Iterator[str]:
    """What is wrong with the decisions, a sentence each."""
    for kind in DECISIONS:
        if kind.table is not Register:
            for some in _kept_ids(archive, kind):
                with archive.sessions.read() as session:
                    documents = [(one, kind.document(session, one)) for one in some]
                for one, said in documents:
                    yield from _faults_of(archive, kind, one, said)


def _kept_ids(archive: Archive, kind: _Kind) -> Iterator[list[str]]:
    after = ""
    while True:
        wanted = select(kind.table.id).where(kind.table.kept.is_(True), kind.table.id > after)
        with archive.sessions.read() as session:
            some = list(session.scalars(wanted.order_by(kind.table.id).limit(A_TIME)))
        if not some:
            return
        yield some
        after = some[-1]


def _faults_of(archive: Archive, kind: _Kind, one: str, said: Said) -> Iterator[str]:
    name = f"{kind.zh}（{one}）"
    try:
        held = archive.root.read(f"{kind.prefix}{one}")
        kept: Said = json.loads(archive.root.content(held, kind.name))
    except Missing:
        yield f"{name}在数据库里，档案库里却没有。{REMEDY}"
    except (Corrupt, ValueError):
        yield f"{name}在档案库里的副本损坏。请从备份恢复档案库，再核对一次。"
    else:
        yield from (f"{name}的 {what} 与档案库里的不同。{REMEDY}" for what in differences(said, kept))


def differences(said: Said, kept: Said) -> list[str]:
    """The fields in which two documents differ. One that was not kept yet came with a later version of the program."""
    now = json.loads(dump(said))
    return [name for name in kept if name not in now or not _agree(now[name], kept[name])]


def _agree(now: Any, kept: Any) -> bool:
    if isinstance(now, dict) and isinstance(kept, dict):
        return not differences(now, kept)
    if isinstance(now, list) and isinstance(kept, list):
        return len(now) == len(kept) and all(map(_agree, now, kept))
    return bool(now == kept)


def faults_of_object(archive: Archive, object_id: str) -> list[str]:
    """Whether an object of the store stands for a decision that the database has lost."""
    kind = next((one for one in DECISIONS if object_id.startswith(one.prefix)), None)
    if kind is None:
        return []
    with archive.sessions.read() as session:
        there = session.get(kind.table, object_id.removeprefix(kind.prefix))
    return [] if there else [f"档案库里的 {object_id} 是{kind.zh}，在数据库里没有。{REMEDY}"]
