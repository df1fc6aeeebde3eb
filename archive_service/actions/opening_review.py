"""Opening review (开放审核): one person says what and why, another agrees or not; nothing opens by itself.

The decision does not change the access class. It is the opinion that goes with a transfer and tells people what may be
opened; who sees the record here is still its access class, which a person corrects in an act of its own with a reason.
Otherwise one click on a list would open a thousand records to the public.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.holdings import HIDDEN
from archive_service.actions.opening_lists import reviewable
from archive_service.permissions import Actor, Permission, check
from classification.errors import RuleError
from classification.opening import LONGEST, Opening, Opinion, check_openable, check_opinion, check_two_people
from storage.database import journal
from storage.database.base import new_id
from storage.database.openings import OpeningReview, ReviewedRecord, ReviewState, add_review, settle
from storage.database.records import Record
from storage.errors import Conflict, Missing

MOST_RECORDS = 1000
"""Of one opinion: more than anybody looks at in a day."""


def propose(
    session: Session, actor: Actor, record_ids: Sequence[str], opinion: Opinion, at: datetime, today: date
) -> int:
    """Say what one thinks of these records; each then waits for a second person. Returns how many.

    Raises:
        Forbidden: the actor does not review there.
        RuleError: the opinion is not whole, none or too many are chosen, or one opens by name only.
        Missing: one is not there for this actor.
        Conflict: one waits for a second person already.
    """
    check(actor, Permission.REVIEW_OPENING)
    check_opinion(opinion, today)
    found = _chosen(session, actor, record_ids)
    if opinion.outcome == Opening.OPEN:
        for one in found:
            check_openable(one.access)
    waiting = _waiting(session, [one.id for one in found])
    if waiting:
        raise Conflict(f"有 {len(waiting)} 件已有初审意见、正等着复核，没有登记；请先复核或撤回。")
    for village_id in sorted({one.village_id for one in found}):
        _add(session, actor, opinion, village_id, [one for one in found if one.village_id == village_id], at)
    return len(found)


def _chosen(session: Session, actor: Actor, record_ids: Sequence[str]) -> Sequence[Record]:
    wanted = list(dict.fromkeys(record_ids))
    if not wanted:
        raise RuleError("没有选中档案，没有登记；请先勾选。")
    if len(wanted) > MOST_RECORDS:
        raise RuleError(f"一次最多审核 {MOST_RECORDS} 件，没有登记；请分几次办。")
    found = session.scalars(select(Record).where(Record.id.in_(wanted), reviewable(actor)).order_by(Record.id)).all()
    if len(found) < len(wanted):
        raise Missing(HIDDEN)
    return found


def _waiting(session: Session, record_ids: Iterable[str]) -> Sequence[ReviewedRecord]:
    wanted = select(ReviewedRecord).where(ReviewedRecord.record_id.in_(list(record_ids)))
    return session.scalars(wanted.where(ReviewedRecord.state == ReviewState.WAITING)).all()


def _add(
    session: Session, actor: Actor, opinion: Opinion, village_id: str, found: Sequence[Record], at: datetime
) -> None:
    review = OpeningReview(
        id=new_id(), village_id=village_id, outcome=opinion.outcome, code=opinion.code, said=opinion.said.strip(),
        review_on=opinion.review_on, first_id=actor.id, first_by=actor.login, first_at=at, kept=False,
    )  # fmt: skip
    add_review(session, review, [one.id for one in found])
    said = {"review": review.id, "outcome": opinion.outcome, "reason_code": opinion.code, "said": review.said}
    said["review_on"] = opinion.review_on.isoformat() if opinion.review_on else ""
    for one in found:
        journal.write(session, at, actor.login, "opening_proposed", "record", one.id, village_id, dict(said))


def second(session: Session, actor: Actor, record_ids: Sequence[str], agree: bool, said: str, at: datetime) -> int:
    """Agree with what another person said of these records, or not, with the reason. Returns how many.

    Raises:
        Forbidden: the actor does not review there.
        Missing: one is not there for this actor.
        RuleError: the same person said it first, or no reason is given for not agreeing.
        Conflict: one does not wait for a second person.
    """
    check(actor, Permission.REVIEW_OPENING)
    if len(said) > LONGEST or not (agree or said.strip()):
        raise RuleError(f"不同意时要写明理由，{LONGEST} 字以内；没有登记。")
    found = {one.id: one for one in _chosen(session, actor, record_ids)}
    rows = _all_waiting(session, list(found))
    reviews = _reviews_of(session, rows)
    for row in rows:
        check_two_people(row.first_id, actor.id)
        if agree and reviews[row.review_id].outcome == Opening.OPEN:
            # It may have been corrected since: what opens by name only is still not opened.
            check_openable(found[row.record_id].access)
    state = ReviewState.AGREED if agree else ReviewState.REFUSED
    act = "opening_decided" if agree else "opening_not_agreed"
    _settle(session, actor, rows, reviews, (state, act), said, at)
    return len(rows)


def take_back(session: Session, actor: Actor, record_ids: Sequence[str], reason: str, at: datetime) -> int:
    """Take back one's own first opinion while nobody has agreed, with the reason. Returns how many.

    Raises:
        RuleError: no reason, or it was said by somebody else.
        Missing, Conflict: as above.
    """
    check(actor, Permission.REVIEW_OPENING)
    if not 0 < len(reason.strip()) <= LONGEST:
        raise RuleError(f"撤回要写明理由，{LONGEST} 字以内；没有改动。")
    found = _chosen(session, actor, record_ids)
    rows = _all_waiting(session, [one.id for one in found])
    if any(row.first_id != actor.id for row in rows):
        raise RuleError("只能撤回自己的初审意见，没有改动；别人的意见请复核时写“不同意”。")
    reviews = _reviews_of(session, rows)
    _settle(session, None, rows, reviews, (ReviewState.WITHDRAWN, "opening_taken_back"), reason, at, actor.login)
    return len(rows)


def _all_waiting(session: Session, record_ids: Sequence[str]) -> Sequence[ReviewedRecord]:
    rows = _waiting(session, record_ids)
    if len(rows) < len(record_ids):
        raise Conflict(f"有 {len(record_ids) - len(rows)} 件没有等着复核的意见，没有登记；请刷新这一页再看。")
    return rows


def _reviews_of(session: Session, rows: Sequence[ReviewedRecord]) -> dict[str, OpeningReview]:
    wanted = select(OpeningReview).where(OpeningReview.id.in_({row.review_id for row in rows}))
    return {one.id: one for one in session.scalars(wanted)}


def _settle(
    session: Session, second: Actor | None, rows: Sequence[ReviewedRecord], reviews: dict[str, OpeningReview],
    how: tuple[ReviewState, str], said: str, at: datetime, login: str = "",
) -> None:  # fmt: skip
    state, act = how
    by = (second.id, second.login) if second else (None, login)
    settle(session, rows, state, by, said.strip(), at)
    for row in rows:
        review = reviews[row.review_id]
        details = {"review": review.id, "outcome": review.outcome, "reason_code": review.code, "said": said.strip()}
        journal.write(session, at, by[1], act, "record", row.record_id, review.village_id, details)
