"""Decisions that the store keeps, written again when they changed: appraisals, registers, opening reviews, transfers,
dossiers, ledgers, handovers, calendars, statements, registers of villages; and townships and villages themselves.

Like the holds in `keeping`. A rebuild puts `PLACES` back first, for everything else points at villages; the others when
everything they point at is there, in the order of `KINDS`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from archive_service.wiring import Archive
from storage.database import (
    appraisal_documents,
    cadres,
    calendars,
    dossiers,
    governance,
    handovers,
    ledgers,
    openings,
    organisations,
    transfers,
)
from storage.database.appraisal import AppraisalBatch, Opinion
from storage.database.cadres import CadrePost, VillageMatter
from storage.database.calendars import CalendarVersion
from storage.database.dossiers import Dossier
from storage.database.governance import Statement
from storage.database.handovers import Handover
from storage.database.ledgers import LedgerBook
from storage.database.openings import OpeningReview
from storage.database.organisations import Township, Village
from storage.database.registers import Register
from storage.database.transfers import Transfer
from storage.objects.ocfl import dump

A_TIME = 100
Said = dict[str, Any]


@dataclass(frozen=True, slots=True)
class DocumentKind:
    """One kind: how its objects are called, its table, and the way of a row into a document and back."""

    prefix: str
    name: str
    table: (
        type[OpeningReview] | type[Transfer] | type[AppraisalBatch] | type[Opinion] | type[Register]
        | type[Dossier] | type[LedgerBook] | type[Handover]
        | type[CalendarVersion] | type[Statement] | type[CadrePost] | type[VillageMatter]
        | type[Township] | type[Village]
    )  # fmt: skip
    document: Callable[[Session, str], Said]
    restore: Callable[[Session, Said], None]


PLACES = (
    DocumentKind(
        "urn:village-archive:township:",
        "township.json",
        Township,
        lambda session, one: organisations.township_document(session.get_one(Township, one)),
        organisations.restore_township,
    ),
    DocumentKind(
        "urn:village-archive:village:",
        "village.json",
        Village,
        lambda session, one: organisations.village_document(session.get_one(Village, one)),
        organisations.restore_village,
    ),
)
KINDS = (
    *PLACES,
    DocumentKind(
        "urn:village-archive:appraisal:",
        "appraisal.json",
        AppraisalBatch,
        appraisal_documents.batch_document,
        appraisal_documents.restore_batch,
    ),
    DocumentKind(
        "urn:village-archive:opinion:",
        "opinion.json",
        Opinion,
        appraisal_documents.opinion_document,
        appraisal_documents.restore_opinion,
    ),
    DocumentKind(
        "urn:village-archive:register:",
        "register.json",
        Register,
        appraisal_documents.register_document,
        appraisal_documents.restore_register,
    ),
    DocumentKind(
        "urn:village-archive:register-rows:",
        "rows.json",
        Register,
        appraisal_documents.rows_document,
        appraisal_documents.restore_rows,
    ),
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
    DocumentKind(
        "urn:village-archive:dossier:",
        "dossier.json",
        Dossier,
        lambda session, one: dossiers.documents(session, [session.get_one(Dossier, one)])[0],
        dossiers.restore,
    ),
    DocumentKind(
        "urn:village-archive:ledger:",
        "ledger.json",
        LedgerBook,
        lambda session, one: ledgers.documents(session, [session.get_one(LedgerBook, one)])[0],
        ledgers.restore,
    ),
    DocumentKind(
        "urn:village-archive:handover:",
        "handover.json",
        Handover,
        lambda session, one: handovers.documents(session, [session.get_one(Handover, one)])[0],
        handovers.restore,
    ),
    DocumentKind(
        "urn:village-archive:calendar:",
        "calendar.json",
        CalendarVersion,
        lambda session, one: calendars.document_of(session.get_one(CalendarVersion, one)),
        calendars.restore_calendar,
    ),
    DocumentKind(
        "urn:village-archive:statement:",
        "statement.json",
        Statement,
        lambda session, one: governance.document_of(session.get_one(Statement, one)),
        governance.restore_statement,
    ),
    DocumentKind(
        "urn:village-archive:cadre-post:",
        "post.json",
        CadrePost,
        lambda session, one: cadres.document_of(session.get_one(CadrePost, one)),
        lambda session, said: cadres.restore_line(session, CadrePost, said),
    ),
    DocumentKind(
        "urn:village-archive:village-matter:",
        "matter.json",
        VillageMatter,
        lambda session, one: cadres.document_of(session.get_one(VillageMatter, one)),
        lambda session, said: cadres.restore_line(session, VillageMatter, said),
    ),
)


def kind_of(object_id: str) -> DocumentKind | None:
    """Which kind an object is of; None: it is something else."""
    return next((one for one in KINDS if object_id.startswith(one.prefix)), None)


def keep_documents(archive: Archive) -> int:
    """Write everything that changed since to the store; returns how many documents."""
    tables = dict.fromkeys(kind.table for kind in KINDS)
    return sum(_keep(archive, [kind for kind in KINDS if kind.table is table]) for table in tables)


def _keep(archive: Archive, kinds: Sequence[DocumentKind]) -> int:
    """The documents of one table: one of each kind for every row that changed."""
    number, table = 0, kinds[0].table
    wanted = select(table.id).where(table.kept.is_(False)).order_by(table.id).limit(A_TIME)
    while True:
        with archive.sessions.read() as session:
            ids = session.scalars(wanted).all()
        for one in ids:
            _keep_row(archive, kinds, one)
        number += len(ids)
        if not ids:
            return number


def _keep_row(archive: Archive, kinds: Sequence[DocumentKind], one: str) -> None:
    with archive.sessions.read() as session:
        documents = [kind.document(session, one) for kind in kinds]
    for kind, said in zip(kinds, documents, strict=True):
        archive.root.put_document(f"{kind.prefix}{one}", kind.name, dump(said), archive.now())
    table = kinds[0].table
    with archive.sessions.begin() as session:
        # Unless it changed meanwhile: then the store does not have it as it is.
        same = [kind.document(session, one) for kind in kinds] == documents
        session.execute(update(table).where(table.id == one).values(kept=same))
