"""What stands beside a record: what belongs near it, how it is cited, the copies that were certified of it."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from archive_service.actions.holdings import RecordView
from archive_service.actions.using_related import related
from archive_service.forms.citation import Cited, citation
from archive_service.permissions import Actor, Permission, can
from archive_service.web.originals import SHOWN
from archive_service.web.rendering import wording
from archive_service.wiring import Archive
from storage.database.records import File
from storage.database.using import copies_of


def beside(session: Session, archive: Archive, actor: Actor, view: RecordView, file: File | None) -> dict[str, Any]:
    """The values of the template `beside.html`. Copies are told to those who issue them."""
    found = view.record
    certifies = can(actor, Permission.DECIDE_USE, found.village_id)
    return {
        "related": related(session, archive.index, actor, found),
        "citation": _cited(archive, view) if found.code else "",
        "certifies": certifies and bool(found.code),
        "copies": copies_of(session, found.id) if certifies else [],
        "played": file.mime.partition("/")[0] if file and file.mime.startswith(("audio/", "video/")) else "",
        "playable": file is not None and file.mime in SHOWN,
    }


def _cited(archive: Archive, view: RecordView) -> str:
    found = view.record
    return citation(
        Cited(
            title=found.title,
            code=found.code or "",
            responsible=found.responsible,
            archive=f"{archive.settings.county}村级档案",
            village=view.village.name,
            fonds=view.village.fonds,
            day=wording(found),
            version=found.version,
        )
    )
