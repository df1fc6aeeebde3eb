"""Reading what a request opened: this reader, these records, until that day, and nothing beside.

The reader's scope stays as it is: what was opened is found in no search and in no list. Every look is journaled where
the record is not public, with the request it was made under.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from archive_service.actions.holdings import FILED
from archive_service.permissions import Actor
from storage.database.organisations import Village
from storage.database.records import File, Record, files_of
from storage.database.using import OpenedRecord, RequestState, UseRequest
from storage.errors import Missing
from storage.scope import RESTRICTED

HIDDEN = "没有这份申请，或者您不能查看它。"


@dataclass(frozen=True, slots=True)
class Opened:
    """One record as it was opened to one reader."""

    request: UseRequest
    record: Record
    village: Village
    files: list[File]

    def file(self, file_id: str) -> File:
        """One of its files.

        Raises:
            Missing: it is none of them.
        """
        found = next((one for one in self.files if one.id == file_id), None)
        if found is None:
            raise Missing(HIDDEN)
        return found


def shut_by_its_donor(record: Record, login: str) -> bool:
    """Whether a donor's restriction keeps this account out. It wins over every decision, an earlier one too."""
    return record.access == RESTRICTED and login not in (record.restriction or {}).get("readers", ())


def opened(session: Session, actor: Actor, request_id: str, record_id: str, today: date) -> Opened:
    """The record, if this request opens it to this reader today.

    Raises:
        Missing: it does not, any more or yet; or it is somebody else's request.
    """
    request = session.get(UseRequest, request_id)
    if request is None or request.account_id != actor.id or request.state != RequestState.GRANTED:
        raise Missing(HIDDEN)
    if request.until is None or request.until < today:
        raise Missing("查阅的期限已经过了，需要再看请重新申请。")
    named = session.get(OpenedRecord, (request.id, record_id))
    record = session.get(Record, record_id) if named else None
    if record is None or record.state not in FILED or shut_by_its_donor(record, actor.login):
        raise Missing(HIDDEN)
    home = session.get_one(Village, record.village_id)
    return Opened(request, record, home, files_of(session, [record.id])[record.id])
