"""The pages: one module each. A handler opens a transaction, calls one action and shows a template or goes on."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from archive_service.web.context import by_form
from archive_service.web.pages import (
    accounts,
    appraisal_record,
    appraisals,
    batches,
    bulk,
    bulk_edit,
    cadres,
    calendar,
    completeness,
    copies,
    describe,
    dossiers,
    due,
    hand_in,
    handovers,
    holds,
    home,
    inbox,
    journal,
    ledgers,
    loans,
    me,
    openings,
    outline,
    outside,
    printing,
    readers,
    reading_room,
    record_list,
    records,
    registers,
    requests,
    saved,
    search,
    sign_in,
    system,
    transfers,
    verify,
    versions,
    village,
    villages,
    yearly,
)

PAGES = (
    home, sign_in, hand_in, batches, bulk, inbox, describe, search, records, due, outline, villages, accounts, journal,
    me, system, bulk_edit, record_list, loans, versions, yearly, printing, completeness, holds,
    requests, reading_room, copies, verify, saved, appraisals, appraisal_record, registers, village,
    readers, outside,
    dossiers, ledgers, handovers, openings, transfers,
    cadres, calendar,
)  # fmt: skip


def add_to(app: FastAPI) -> None:
    """Hang the pages on the application."""
    for page in PAGES:
        app.include_router(page.router, include_in_schema=False, dependencies=[Depends(by_form)])
