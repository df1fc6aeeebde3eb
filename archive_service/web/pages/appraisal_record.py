"""One record of an appraisal batch: its files on one side, what was said and the form for an opinion on the other."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response
from sqlalchemy.orm import Session

from archive_service.actions import appraisal, appraisal_opinions, holdings
from archive_service.actions.appraisal_opinions import OpinionLine
from archive_service.permissions import Actor
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.appraisals import WORDS, _mine, rules_of
from archive_service.web.pages.leaves import leaf
from archive_service.web.rendering import answer
from classification.appraisal_rules import AppraisalRules
from storage.errors import Missing

router = APIRouter()


@router.get("/appraisals/{batch_id}/records/{record_id}")
def record(
    request: Request, archive: ArchiveDep, visitor: VisitorDep, batch_id: str, record_id: str, file: str = "",
    page: int = 1,
) -> Response:  # fmt: skip
    """The record with one page open, its period and why, every opinion on it, and the form."""
    actor, rules = visitor.actor, rules_of(archive)
    with archive.sessions.read() as session:
        batch = appraisal.seen(session, actor, batch_id)
        line, before, behind = _line(session, actor, batch_id, record_id, rules)
        view = holdings.view(session, actor, record_id, most_kin=0)
        chosen = next((one for one in view.files if one.id == file), next(iter(view.files), None))
        shown = leaf(session, chosen, page, [("file", chosen.id)]) if chosen else None
        mine = _mine(session, actor, batch)
    return answer(
        request, "appraisal_record.html", batch=batch, line=line, record=view.record, village=view.village,
        files=view.files, file=chosen, shown=shown, why=view.why, before=before, behind=behind, rules=rules,
        today=archive.today(), **WORDS, **mine,
    )  # fmt: skip


def _line(
    session: Session, actor: Actor, batch_id: str, record_id: str, rules: AppraisalRules
) -> tuple[OpinionLine, str, str]:
    """The record in its batch, and the ids before and behind it."""
    lines, _ = appraisal_opinions.lines(session, actor, batch_id, rules, size=appraisal.MOST_RECORDS)
    ids = [one.record.id for one in lines]
    if record_id not in ids:
        raise Missing(f"{holdings.HIDDEN}也可能它不在这一批里。")
    at = ids.index(record_id)
    return lines[at], ids[at - 1] if at else "", ids[at + 1] if at + 1 < len(ids) else ""
