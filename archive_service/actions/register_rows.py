"""What a register says of each record: the columns of the form, and what the software adds.

Nothing is written here; the rows are frozen by `registers`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.rulebook import period_label
from classification.registers import years_kept
from storage.database.appraisal import Opinion, portions
from storage.database.outlines import OutlineVersion
from storage.database.records import File, Record, files_of

Columns = dict[str, Any]


def columns_of(
    session: Session, found: Sequence[Record], opinions: Mapping[str, Opinion], today: date
) -> Iterator[tuple[str, Columns]]:
    """Each record's id with its columns, in the order given."""
    tables = _tables(session, found)
    for some in portions([one.id for one in found]):
        files = files_of(session, some)
        for one in found:
            if one.id in files:
                yield one.id, _columns(one, files[one.id], opinions[one.id], tables.get(one.outline_id or ""), today)


def _tables(session: Session, found: Sequence[Record]) -> dict[str, str]:
    wanted = select(OutlineVersion.id, OutlineVersion.document, OutlineVersion.version)
    rows = session.execute(wanted.where(OutlineVersion.id.in_({one.outline_id for one in found if one.outline_id})))
    return {row.id: f"{row.document} {row.version}" for row in rows}


def _columns(one: Record, files: Sequence[File], opinion: Opinion, table: str | None, today: date) -> Columns:
    return {
        "code": one.code or "",
        "doc_number": one.doc_number,
        "responsible": one.responsible,
        "title": one.title,
        "year": one.year,
        "formed": one.date_wording or (one.earliest.isoformat() if one.earliest else ""),
        "term": period_label(one.retention),
        "kept": years_kept(one.starts_on, today),
        "pages": one.page_count,
        "copies": 1,
        "volume": str(one.fields.get("volume", "")),
        "secrecy": str(one.fields.get("secrecy", "")),
        "reason": opinion.reason,
        "note": f"{one.due_on} 期满" if one.due_on else "",
        "class": one.class_id or "",
        "access": one.access,
        "files": [{"sha256": file.sha256, "size": file.size, "key": file.storage_key} for file in files],
        "opinion": opinion.id,
        "table": f"{table or ''} {one.series_id or ''}".strip(),
    }
