"""The county's outline and table: import a version, put it in force, show, compare, preview."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_service.actions.holdings import inside
from archive_service.permissions import OPERATOR, Actor, Permission, check, scope_of
from archive_service.rulebook import outline_of
from classification.outline import Outline, parse
from storage.database import journal, outlines
from storage.database.base import new_id
from storage.database.outlines import OutlineVersion
from storage.database.records import Record
from storage.errors import Conflict, Missing


def import_outline(session: Session, actor: Actor, content: Mapping[str, Any], at: datetime) -> OutlineVersion:
    """Import a document as a new version and put it in force. All or nothing.

    Raises:
        OutlineInvalid: with every problem, place and column.
        Conflict: this version was imported before with other content.
    """
    check(actor, Permission.MANAGE_OUTLINE)
    plain = plain_json(content)
    outline, plain = parse(plain), without_places(plain)
    document, version = outline.document.id, outline.document.version
    held = outlines.outline_version(session, document, version)
    if held is not None and held.content != plain:
        raise Conflict(f"{document} 的 {version} 版已经导入过，内容不同。请改版本号再导入；没有改动。")
    if held is None:
        held = _new_version(session, actor, outline, plain, at)
    session.execute(update(OutlineVersion).values(in_force=False).execution_options(synchronize_session="fetch"))
    held.in_force = True
    session.flush()
    return held


def _new_version(
    session: Session, actor: Actor, outline: Outline, plain: dict[str, Any], at: datetime
) -> OutlineVersion:
    held = OutlineVersion(
        id=new_id(),
        document=outline.document.id,
        version=outline.document.version,
        kind=outline.document.kind,
        title=outline.document.title,
        effective_from=outline.document.effective_from,
        content=plain,
        imported_by=actor.login,
        imported_at=at,
    )
    session.add(held)
    said = {"document": held.document, "version": held.version, "kind": held.kind}
    journal.write(session, at, actor.login, "outline_imported", "outline", held.id, None, said)
    return held


def plain_json(value: Any) -> Any:
    """The document with dates as text and keys as strings, as it is stored."""
    if isinstance(value, Mapping):
        return {str(key): plain_json(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain_json(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def without_places(plain: Any) -> Any:
    """The document without the rows of the file it came from: they are for its problems, not for keeping."""
    if isinstance(plain, dict):
        return {name: without_places(one) for name, one in plain.items() if name != "_place"}
    return [without_places(one) for one in plain] if isinstance(plain, list) else plain


def outline_at(session: Session, version: str | None = None) -> tuple[OutlineVersion, Outline]:
    """The outline in force, or the one of a version.

    Raises:
        Missing: there is none.
    """
    query = select(OutlineVersion)
    query = query.where(OutlineVersion.version == version) if version else query.where(OutlineVersion.in_force)
    held = session.scalars(query.order_by(OutlineVersion.imported_at.desc()).limit(1)).one_or_none()
    if held is None:
        raise Missing(
            "没有这一版大纲。village-archive outline show 可以看到有哪些。" if version else "还没有导入大纲。"
        )
    return held, outline_of(held)


def records_under(session: Session, actor: Actor = OPERATOR) -> Iterator[tuple[str, str, str, Any]]:
    """(id, title, series, stored period) of the described records the actor may see, streamed, for a preview."""
    query = select(Record.id, Record.title, Record.series_id, Record.retention).where(
        inside(scope_of(actor)), Record.series_id.is_not(None)
    )
    for row in session.execute(query.execution_options(yield_per=1000)):
        yield row[0], row[1], row[2] or "", row[3]
