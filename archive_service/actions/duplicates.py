"""What a duplicate is a duplicate of, and what an upload that is sent again has brought already."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.permissions import Actor, Permission, can
from storage.database.batches import Item, ItemState
from storage.database.records import File
from storage.errors import Missing


def duplicate(session: Session, actor: Actor, item_id: str) -> tuple[Item, str]:
    """A duplicate item, and the storage key of the bytes it repeats.

    Raises:
        Missing: there is no such duplicate for this actor.
    """
    item = session.get(Item, item_id)
    first = session.get(Item, item.duplicate_of) if item and item.duplicate_of else None
    file = session.get(File, first.file_id) if first and first.file_id else None
    own = item is not None and can(actor, Permission.HAND_IN, item.village_id)
    if item is None or file is None or not own or item.state != ItemState.DUPLICATE:
        raise Missing("没有这个重复件，可能已经另立一件了；没有改动。")
    return item, file.storage_key


def held_at(session: Session, batch_id: str, path: str) -> Item | None:
    """The item of a batch that came under this path."""
    return session.scalars(select(Item).where(Item.batch_id == batch_id, Item.path == path)).one_or_none()
