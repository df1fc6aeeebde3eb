"""Decisions that the store keeps, an object each, written again when they changed: opening reviews and transfers.

Like the holds in `keeping`. A rebuild puts them back when everything they point at is there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_service.wiring import Archive
from storage.database import openings, transfers
from storage.database.openings import OpeningReview
from storage.database.transfers import Transfer
from storage.objects.ocfl import dump

A_TIME = 100
Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind: how its objects are called, its table, and the way of a row into a document and back."""

    prefix: str
    name: str
    table: type[OpeningReview] | type[Transfer]
    document: Callable[[Session, str], Said]
    restore: Callable[[Session, Said], None]


KINDS = (
    DocumentKind(
        "urn:village-archive:opening:",
        "opening.json",
        OpeningReview,
        lambda session, one: openings.document_of(session, session.get_one(OpeningReview, one)),
        openings.restore_review,
    ),
    DocumentKind(
        "urn:village-archive:transfer:",
        "transfer.json",
        Transfer,
        lambda session, one: transfers.document_of(session, session.get_one(Transfer, one)),
        transfers.restore_transfer,
    ),
)


def kind_of(object_id: str) -> DocumentKind | None:
    """Which kind an object is of; None: it is something else."""
    return next((one for one in KINDS if object_id.startswith(one.prefix)), None)


def keep_documents(archive: Archive) -> int:
    """Write everything that changed since to the store; returns how many documents."""
    return sum(_keep(archive, kind) for kind in KINDS)


def _keep(archive: Archive, kind: DocumentKind) -> int:
    number = 0
    wanted = select(kind.table.id).where(kind.table.kept.is_(False)).order_by(kind.table.id).limit(A_TIME)
    while True:
        with archive.sessions.read() as session:
            waiting = [(one, kind.document(session, one)) for one in session.scalars(wanted).all()]
        if not waiting:
            return number
        for one, said in waiting:
            archive.root.put_document(f"{kind.prefix}{one}", kind.name, dump(said), archive.now())
            with archive.sessions.begin() as session:
                # Unless it changed meanwhile: then the store does not have it as it is.
                same = kind.document(session, one) == said
                session.execute(update(kind.table).where(kind.table.id == one).values(kept=same))
        number += len(waiting)
