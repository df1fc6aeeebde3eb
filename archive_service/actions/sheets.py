"""The reconciliation sheet: one row for every item, streamed, so that anybody can check that nothing was lost."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside, shut, within
from archive_service.permissions import NAMED_CLASSES, Actor, Permission, can, check, reach, scope_of
from storage.database.batches import Batch, Item
from storage.database.records import File, Record, pages_of
from storage.errors import Missing

# More than a page of any list, so that a page is one chunk.
CHUNK = 256
SHUT = "（不能查看）"
TWIN = "与一件已经收过的材料内容完全相同。"
UNNAMED = {
    "path": SHUT, "size": 0, "sha256": None, "format": None, "format_name": None, "puid": None, "page_count": 0,
    "warnings": [],
}  # fmt: skip


def batch_of(session: Session, actor: Actor, batch_id: str) -> Batch:
    """The batch, if the actor may see what was handed in.

    Raises:
        Missing: there is none for this actor.
    """
    batch = session.get(Batch, batch_id)
    if batch is None or (can(actor, Permission.HAND_IN) and not can(actor, Permission.HAND_IN, batch.village_id)):
        raise Missing("没有这个移交批次，或者您不能查看它。")
    check(actor, Permission.HAND_IN, batch.village_id)
    return batch


def rows(
    session: Session,
    actor: Actor,
    batch_id: str | None = None,
    village_id: str | None = None,
    text: bool = False,
    states: Sequence[str] = (),
    after: str | None = None,
    limit: int | None = None,
) -> Iterator[dict[str, Any]]:
    """Every item with its path, state and reason; what lies behind it only where the actor may see the record.

    Of what a donor restricted only that there is an item, for the sum must hold, and not even how its file is called.
    `states`, `after` (the last item of the page before) and `limit` cut a page out of it.
    """
    check(actor, Permission.HAND_IN)
    query = select(Item).order_by(Item.batch_id, Item.id).limit(limit)
    query = query.where(within(Item.village_id, reach(actor, Permission.HAND_IN)))
    if batch_id:
        query = query.where(Item.batch_id == batch_id)
    if village_id:
        query = query.where(Item.village_id == village_id)
    if states:
        query = query.where(Item.state.in_(states))
    if after:
        query = query.where(Item.id > after)
    chunk: list[Item] = []
    for item in session.scalars(query.execution_options(yield_per=CHUNK)):
        chunk.append(item)
        if len(chunk) == CHUNK:
            yield from _rows(session, actor, chunk, text)
            chunk = []
    yield from _rows(session, actor, chunk, text)


def unseen(session: Session, actor: Actor, batch_id: str, states: Sequence[str] = ()) -> int:
    """How many items of a batch became records that the actor may not see; never which."""
    seen = and_(Record.id == Item.record_id, _visible(actor))
    query = select(func.count(Item.record_id) - func.count(Record.id)).select_from(Item).outerjoin(Record, seen)
    query = query.where(Item.batch_id == batch_id)
    return session.scalars(query.where(Item.state.in_(states)) if states else query).one()


def _visible(actor: Actor) -> ColumnElement[bool]:
    return or_(inside(scope_of(actor)), and_(Record.state == "withdrawn", Record.access.not_in(NAMED_CLASSES)))


def _rows(session: Session, actor: Actor, items: Sequence[Item], text: bool) -> Iterator[dict[str, Any]]:
    wanted = {item.record_id for item in items if item.record_id}
    records = {one.id: one for one in session.scalars(select(Record).where(Record.id.in_(wanted), _visible(actor)))}
    file_ids = {item.file_id for item in items if item.file_id}
    files = {one.id: one for one in session.scalars(select(File).where(File.id.in_(file_ids)))}
    firsts = {item.duplicate_of for item in items if item.duplicate_of}
    found = session.execute(select(Item.id, Item.path, Item.record_id).where(Item.id.in_(firsts))).all()
    closed = _shut(session, actor, wanted | {record_id for _, _, record_id in found if record_id})
    paths = {item_id: SHUT if record_id in closed else path for item_id, path, record_id in found}
    pages = pages_of(session, list(file_ids)) if text else {}
    for item in items:
        file, record = files.get(item.file_id or ""), records.get(item.record_id or "")
        row = _item_row(item, paths, file)
        row |= UNNAMED if item.record_id in closed else {}
        row |= {"reason": TWIN} if row["duplicate_of"] == SHUT else {}
        row |= _record_row(record)
        if text:
            shown = pages.get(item.file_id or "", []) if record else []
            row["pages"] = [{"page": one.number, "text": one.text, "confidence": one.confidence} for one in shown]
        yield row


def _shut(session: Session, actor: Actor, record_ids: Collection[str]) -> set[str]:
    """Those of these records that a donor restricted without naming the actor."""
    return set(session.scalars(select(Record.id).where(Record.id.in_(record_ids), shut(scope_of(actor)))))


def _item_row(item: Item, paths: dict[str, str], file: File | None) -> dict[str, Any]:
    return {
        "item": item.id,
        "batch": item.batch_id,
        "path": item.path,
        "state": item.state,
        "reason_code": item.reason_code,
        "reason": item.reason,
        "remedy": item.remedy,
        "size": item.size,
        "sha256": item.sha256,
        "duplicate_of": paths.get(item.duplicate_of or ""),
        "format": file.mime if file else None,
        "format_name": file.format if file else None,
        "puid": file.puid if file else None,
        "page_count": file.page_count if file else 0,
        "ocr": file.ocr_state if file else None,
        "warnings": file.details.get("warnings", []) if file else [],
    }


def _record_row(record: Record | None) -> dict[str, Any]:
    if record is None:
        return {"record": None}
    proposals = record.proposals or {}
    return {
        "record": record.id,
        "record_state": record.state,
        "kind": record.kind,
        "code": record.code,
        "class": record.class_id or next((one["class"] for one in proposals.get("series", [])), None),
        "series": record.series_id,
        "series_proposed": proposals.get("series", []),
        "confident": record.confident,
        "retention": record.retention,
        "due_on": record.due_on,
        "title": record.title,
        "date_wording": record.date_wording,
        "earliest": record.earliest,
        "latest": record.latest,
        "date_certainty": record.date_certainty,
        "doc_number": record.doc_number,
        "responsible": record.responsible,
        "people": record.people,
        "places": record.places,
        "access": record.access,
    }
