"""Use of the archive: searches that people keep, requests for access with what was opened to whom, certified copies.

Who may ask, decide and read is asked in the actions. A request that was decided stays as it was decided; only its end
is added.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String, Text, insert, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id
from storage.errors import Missing


class SavedSearch(Base):
    """A search that one person keeps under a name. `seen_minute`: what came later is new to this person."""

    __tablename__ = "saved_searches"
    __table_args__ = (Index("uq_saved_searches_account_id_name", "account_id", "name", unique=True),)

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    name: Mapped[str] = mapped_column(String(80))
    query: Mapped[str] = mapped_column(Text)
    """The parameters of the search page, as in its address."""
    made_at: Mapped[datetime]
    seen_minute: Mapped[int]
    """Counted from 1970, like `IndexDocument.added`."""


class Wish(StrEnum):
    """What a reader asks for. The values are stored."""

    VIEW = "view"
    COPY = "copy"
    CERTIFIED = "certified"
    BORROW = "borrow"


class RequestState(StrEnum):
    """The values are stored. Whether a granted one has run out is a matter of the day, and not stored."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class UseRequest(Base):
    """One request of one person to one village's archive (利用申请), and its decision."""

    __tablename__ = "use_requests"
    __table_args__ = (
        Index("ix_use_requests_account_id_id", "account_id", "id"),
        Index("ix_use_requests_state_village_id_id", "state", "village_id", "id"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    account_id: Mapped[str] = mapped_column(ForeignKey("accounts.id"))
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    wanted: Mapped[str] = mapped_column(String(1000))
    """What is looked for, in the reader's words: it may be nothing that the reader is allowed to know of."""
    purpose: Mapped[str] = mapped_column(String(300))
    wish: Mapped[str] = mapped_column(String(12))
    state: Mapped[str] = mapped_column(String(12), default=RequestState.OPEN)
    asked_at: Mapped[datetime]
    decided_by: Mapped[str] = mapped_column(String(80), default="")
    decided_at: Mapped[datetime | None]
    reason: Mapped[str] = mapped_column(String(500), default="")
    until: Mapped[date | None]
    """The last day on which it is open to the reader."""
    original: Mapped[bool] = mapped_column(default=False)
    """Whether the reader gets the files as they are; otherwise pictures of the pages with the reader's name on them."""
    ended_by: Mapped[str] = mapped_column(String(80), default="")
    ended_at: Mapped[datetime | None]


class OpenedRecord(Base):
    """One record that a request opened. No key into records: what was decided outlives the row of a record."""

    __tablename__ = "opened_records"
    __table_args__ = (Index("ix_opened_records_record_id", "record_id"),)

    request_id: Mapped[str] = mapped_column(ForeignKey("use_requests.id"), primary_key=True)
    record_id: Mapped[str] = mapped_column(Id, primary_key=True)


class CertifiedCopy(Base):
    """One certified copy of one record. A withdrawn one stays and says so.

    `digest`: SHA-256 of the record's only file, or of the SHA-256 of all of them, a line each, in their order.
    """

    __tablename__ = "certified_copies"
    __table_args__ = (
        Index("ix_certified_copies_record_id", "record_id"),
        Index(
            "ix_certified_copies_unkept", "id", sqlite_where=text("kept IS false"),
            postgresql_where=text("kept IS false"),
        ),
    )  # fmt: skip

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    number: Mapped[str] = mapped_column(String(40), unique=True)
    record_id: Mapped[str] = mapped_column(Id)
    request_id: Mapped[str | None] = mapped_column(Id)
    village_id: Mapped[str] = mapped_column(ForeignKey("villages.id"))
    receiver: Mapped[str] = mapped_column(String(120))
    purpose: Mapped[str] = mapped_column(String(300))
    digest: Mapped[str] = mapped_column(String(64))
    issued_by: Mapped[str] = mapped_column(String(80))
    issued_at: Mapped[datetime]
    withdrawn_by: Mapped[str] = mapped_column(String(80), default="")
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[str] = mapped_column(String(500), default="")
    kept: Mapped[bool] = mapped_column(default=False)
    """Whether the store has it as it is now."""


def saved_searches(session: Session, account_id: str) -> Sequence[SavedSearch]:
    """The searches one person keeps, the oldest first."""
    wanted = select(SavedSearch).where(SavedSearch.account_id == account_id)
    return session.scalars(wanted.order_by(SavedSearch.id)).all()


def open_records(session: Session, request_id: str, record_ids: Iterable[str]) -> None:
    """Write which records a request opens."""
    rows = [{"request_id": request_id, "record_id": one} for one in dict.fromkeys(record_ids)]
    if rows:
        session.execute(insert(OpenedRecord), rows)


def opened_by(session: Session, request_ids: Iterable[str]) -> dict[str, list[str]]:
    """The ids of the records that these requests opened, by request, in one query."""
    found: dict[str, list[str]] = {request_id: [] for request_id in request_ids}
    wanted = select(OpenedRecord).where(OpenedRecord.request_id.in_(found))
    for one in session.scalars(wanted.order_by(OpenedRecord.record_id)):
        found[one.request_id].append(one.record_id)
    return found


def copy_numbered(session: Session, number: str) -> CertifiedCopy:
    """The certified copy of that number.

    Raises:
        Missing: there is none.
    """
    found = session.scalars(select(CertifiedCopy).where(CertifiedCopy.number == number)).one_or_none()
    if found is None:
        raise Missing("没有这个编号的复制件证明，请核对编号。")
    return found


def copies_of(session: Session, record_id: str) -> Sequence[CertifiedCopy]:
    """The certified copies of one record, the newest first."""
    wanted = select(CertifiedCopy).where(CertifiedCopy.record_id == record_id)
    return session.scalars(wanted.order_by(CertifiedCopy.id.desc())).all()
