"""Opening reviews (开放审核): what one person proposed of some records, and what another said of each of them.

Who may review is asked in the actions; that the two are two people is asked there and kept by the database too. What
was decided is never changed: a later review of the same record only takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, String, insert, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id


class ReviewState(StrEnum):
    """How far the review of one record is. The values are stored."""

    WAITING = "waiting"
    AGREED = "agreed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class OpeningReview(Base):
    """One opinion of a first reviewer, on one or many records of a village."""

    __tablename__ = "opening_reviews"
    __table_args__ = (
        Index("ix_opening_reviews_village_id_id", "village_id", "id"),
        Index(
            "ix_opening_reviews_unkept", "id", sqlite_where=text("kept IS false"),
            postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    outcome: Mapped[str] = mapped_column(String(12))
    """See `classification.opening.Opening`."""
    code: Mapped[str] = mapped_column(String(8))
    said: Mapped[str] = mapped_column(String(500), default="")
    review_on: Mapped[date | None]
    first_id: Mapped[str] = mapped_column(Id)
    first_by: Mapped[str] = mapped_column(String(80))
    first_at: Mapped[datetime]
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


class ReviewedRecord(Base):
    """One record of a review. No key into records: what was decided outlives the row of a record.

    `first_id` is written again, so that the row itself refuses one person in both places.
    """

    __tablename__ = "reviewed_records"
    __table_args__ = (
        CheckConstraint("second_id IS NULL OR second_id <> first_id", "two_people"),
        Index("ix_reviewed_records_record_id", "record_id"),
        Index(
            "uq_reviewed_records_waiting", "record_id", unique=True,
            sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "uq_reviewed_records_current", "record_id", unique=True,
            sqlite_where=text("current IS true"), postgresql_where=text("current IS true"),
        ),
    )  # fmt: skip

    review_id: Mapped[str] = mapped_column(ForeignKey("opening_reviews.id"), primary_key=True)
    record_id: Mapped[str] = mapped_column(Id, primary_key=True)
    state: Mapped[str] = mapped_column(String(12), default=ReviewState.WAITING)
    first_id: Mapped[str] = mapped_column(Id)
    second_id: Mapped[str | None] = mapped_column(Id)
    second_by: Mapped[str] = mapped_column(String(80), default="")
    second_at: Mapped[datetime | None]
    second_said: Mapped[str] = mapped_column(String(500), default="")
    current: Mapped[bool] = mapped_column(default=False)
    """Whether this is what counts for the record today."""


Decided = tuple[OpeningReview, ReviewedRecord]


def add_review(session: Session, review: OpeningReview, record_ids: Iterable[str]) -> None:
    """Write a first opinion with its records; each waits for a second person."""
    session.add(review)
    session.flush()
    rows = [
        {
            "review_id": review.id, "record_id": one, "state": ReviewState.WAITING, "first_id": review.first_id,
            "second_by": "", "second_said": "", "current": False,
        }
        for one in sorted(set(record_ids))
    ]  # fmt: skip
    if rows:
        session.execute(insert(ReviewedRecord), rows)


def settle(
    session: Session,
    rows: Sequence[ReviewedRecord],
    state: ReviewState,
    by: tuple[str | None, str],
    said: str,
    at: datetime,
) -> None:
    """Write what the second person (`by`: id and log-in) said. What is agreed takes the place of the one before."""
    agreed = state == ReviewState.AGREED
    if agreed:
        before = update(ReviewedRecord).where(
            ReviewedRecord.record_id.in_([one.record_id for one in rows]), ReviewedRecord.current.is_(True)
        )
        session.execute(before.values(current=False).execution_options(synchronize_session=False))
    for one in rows:
        one.state, one.current = state, agreed
        one.second_id, one.second_by = by
        one.second_at, one.second_said = at, said
    touched = update(OpeningReview).where(OpeningReview.id.in_({one.review_id for one in rows}))
    session.execute(touched.values(kept=False).execution_options(synchronize_session="fetch"))


def waiting_or_decided() -> Select[str]:
    """The ids of all records that were reviewed or are being reviewed, as part of another query."""
    counts = ReviewedRecord.current.is_(True) | (ReviewedRecord.state == ReviewState.WAITING)
    return select(ReviewedRecord.record_id).where(counts)


def openings_of(session: Session, record_ids: Iterable[str]) -> dict[str, Decided]:
    """What counts today for these records, by record id, in one query; records never decided are left out."""
    wanted = (
        select(OpeningReview, ReviewedRecord)
        .join(ReviewedRecord, ReviewedRecord.review_id == OpeningReview.id)
        .where(ReviewedRecord.record_id.in_(list(record_ids)), ReviewedRecord.current.is_(True))
    )
    return {row.record_id: (review, row) for review, row in session.execute(wanted)}


def reviews_ever_of(session: Session, record_id: str) -> Sequence[Decided]:
    """Every review of one record, the newest first."""
    wanted = select(OpeningReview, ReviewedRecord).join(ReviewedRecord, ReviewedRecord.review_id == OpeningReview.id)
    wanted = wanted.where(ReviewedRecord.record_id == record_id).order_by(OpeningReview.id.desc())
    return list(session.execute(wanted))


SAID = ("id", "village_id", "outcome", "code", "said", "first_id", "first_by")
SAID_OF_RECORD = ("record_id", "state", "second_id", "second_by", "second_said", "current")


def document_of(session: Session, review: OpeningReview) -> dict[str, Any]:
    """A review as the store keeps it."""
    rows = session.scalars(
        select(ReviewedRecord).where(ReviewedRecord.review_id == review.id).order_by(ReviewedRecord.record_id)
    )
    return {
        **{name: getattr(review, name) for name in SAID},
        "review_on": review.review_on.isoformat() if review.review_on else None,
        "first_at": review.first_at.isoformat(),
        "records": [
            {
                **{name: getattr(row, name) for name in SAID_OF_RECORD},
                "second_at": row.second_at.isoformat() if row.second_at else None,
            }
            for row in rows
        ],
    }


def restore_review(session: Session, said: dict[str, Any]) -> None:
    """Put one review back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    day = said["review_on"] and date.fromisoformat(said["review_on"])
    at = datetime.fromisoformat(said["first_at"])
    session.add(OpeningReview(**{name: said[name] for name in SAID}, review_on=day, first_at=at, kept=True))
    session.flush()
    rows = [
        {
            **{name: row[name] for name in SAID_OF_RECORD}, "review_id": said["id"], "first_id": said["first_id"],
            "second_at": row["second_at"] and datetime.fromisoformat(row["second_at"]),
        }
        for row in said["records"]
    ]  # fmt: skip
    if rows:
        session.execute(insert(ReviewedRecord), rows)
