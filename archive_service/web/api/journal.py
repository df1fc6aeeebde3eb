"""The journal (操作日志): who did what, when, to what. To read; nothing is changed here."""

from __future__ import annotations

from fastapi import APIRouter
from pydantic import AwareDatetime

from archive_service.actions import journal_reading
from archive_service.actions.journal_reading import Wanted
from archive_service.web.api.schemas import desk as shown
from archive_service.web.context import ActorDep, ArchiveDep

router = APIRouter(tags=["journal"])


@router.get("/journal", summary="操作日志")
def journal(
    archive: ArchiveDep,
    actor: ActorDep,
    by: str = "",
    act: str = "",
    of: str = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    after: str = "",
) -> shown.JournalPage:
    """The entries within the asker's reach, the newest first. `by`: a log-in name; `of`: the id of what it was done to.

    `since` is included, `until` is not.
    """
    with archive.sessions.read() as session:
        found = journal_reading.read(session, actor, Wanted(by, act, of, since, until), after or None)
        entries = [shown.JournalLine.model_validate(one) for one in found.entries]
    return shown.JournalPage(entries=entries, after=found.after)
