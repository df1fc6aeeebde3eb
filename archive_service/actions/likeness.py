"""What a record nearly repeats: records of its village whose main file has almost the same fingerprint.

A hint for the person who catalogues. Whether one of the two should go is not decided here.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside
from archive_service.permissions import Actor, scope_of
from ingest.near import distance
from storage.database.records import File, Record, records

NEAREST = 6
"""Bits of 64 that may differ."""
LATEST = 2000
"""Files that are compared, newest first, so that a large village costs no more than a small one."""
MOST = 5
WHY = {"text": "文字几乎相同", "image": "画面几乎相同"}


def like(session: Session, actor: Actor, record: Record) -> list[tuple[Record, str]]:
    """Records of the same village that the actor may see and that are nearly the same, nearest first, each with why."""
    own = session.scalar(select(File.similarity).where(File.record_id == record.id, File.position == 1))
    kind = (own or "").partition(":")[0]
    if not own or kind not in WHY:
        return []
    wanted = select(Record.id, File.similarity).join(File, File.record_id == Record.id)
    wanted = wanted.where(inside(scope_of(actor)), Record.village_id == record.village_id, Record.id != record.id)
    wanted = wanted.where(File.position == 1, File.similarity.startswith(f"{kind}:"))
    near: list[tuple[int, str]] = []
    for other, similarity in session.execute(wanted.order_by(File.id.desc()).limit(LATEST)):
        bits = distance(own, similarity)
        if bits is not None and bits <= NEAREST:
            near.append((bits, other))
    nearest = [other for _, other in sorted(near)[:MOST]]
    found = records(session, nearest)
    return [(found[other], WHY[kind]) for other in nearest]
