"""Transfer to an archives, and opening review

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _reviews()
    _transfers()


def _reviews() -> None:
    op.create_table(
        "opening_reviews",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village_id", sa.String(length=32), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("said", sa.String(length=500), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("first_id", sa.String(length=32), nullable=False),
        sa.Column("first_by", sa.String(length=80), nullable=False),
        sa.Column("first_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_opening_reviews_village_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opening_reviews")),
    )
    op.create_index("ix_opening_reviews_village_id_id", "opening_reviews", ["village_id", "id"])
    _some("ix_opening_reviews_unkept", "opening_reviews", "id", "kept IS false")
    op.create_table(
        "reviewed_records",
        sa.Column("review_id", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("first_id", sa.String(length=32), nullable=False),
        sa.Column("second_id", sa.String(length=32), nullable=True),
        sa.Column("second_by", sa.String(length=80), nullable=False),
        sa.Column("second_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("second_said", sa.String(length=500), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.CheckConstraint("second_id IS NULL OR second_id <> first_id", name=op.f("ck_reviewed_records_two_people")),
        sa.ForeignKeyConstraint(
            ["review_id"], ["opening_reviews.id"], name=op.f("fk_reviewed_records_review_id_opening_reviews")
        ),
        sa.PrimaryKeyConstraint("review_id", "record_id", name=op.f("pk_reviewed_records")),
    )
    op.create_index("ix_reviewed_records_record_id", "reviewed_records", ["record_id"])
    _some("uq_reviewed_records_waiting", "reviewed_records", "record_id", "state = 'waiting'", unique=True)
    _some("uq_reviewed_records_current", "reviewed_records", "record_id", "current IS true", unique=True)


def _transfers() -> None:
    op.create_table(
        "transfers",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("village_id", sa.String(length=32), nullable=False),
        sa.Column("receiver", sa.String(length=120), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("opened_by", sa.String(length=80), nullable=False),
        sa.Column("opened_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("lease_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=500), nullable=False),
        sa.Column("package", sa.JSON(), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.Column("received_by", sa.String(length=80), nullable=False),
        sa.Column("received_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=80), nullable=False),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("end_reason", sa.String(length=500), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_transfers_village_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfers")),
        sa.UniqueConstraint("number", name=op.f("uq_transfers_number")),
    )
    op.create_index("ix_transfers_village_id_id", "transfers", ["village_id", "id"])
    op.create_index("ix_transfers_state", "transfers", ["state"])
    _some("ix_transfers_unkept", "transfers", "id", "kept IS false")
    op.create_table(
        "transferred_records",
        sa.Column("transfer_id", sa.String(length=32), nullable=False),
        sa.Column("record_id", sa.String(length=32), nullable=False),
        sa.Column("bound", sa.Boolean(), nullable=False),
        sa.Column("disclosure", sa.String(length=12), nullable=False),
        sa.Column("secrecy", sa.String(length=200), nullable=False),
        sa.Column("opening", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["transfer_id"], ["transfers.id"], name=op.f("fk_transferred_records_transfer_id_transfers")
        ),
        sa.PrimaryKeyConstraint("transfer_id", "record_id", name=op.f("pk_transferred_records")),
    )
    op.create_index("ix_transferred_records_record_id", "transferred_records", ["record_id"])
    _some("uq_transferred_records_bound", "transferred_records", "record_id", "bound IS true", unique=True)


def _some(name: str, table: str, column: str, where: str, unique: bool = False) -> None:
    """An index over some rows only."""
    op.create_index(name, table, [column], unique=unique, sqlite_where=sa.text(where), postgresql_where=sa.text(where))


def downgrade() -> None:
    for table in ("transferred_records", "transfers", "reviewed_records", "opening_reviews"):
        op.drop_table(table)
