"""Versions of the governance calendar, cadres, terms and matters, statements taken back, what was last computed

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

UNKEPT = sa.text("kept IS false")
STANDING = sa.text("withdrawn_at IS NULL")
OLD_UNIQUE = "uq_did_not_occur_village_id_record_first_last_of"
PERIOD = ["village_id", "record", "first", "last", "of"]


def upgrade() -> None:
    _calendars()
    _registers()
    with op.batch_alter_table("did_not_occur") as batch:
        batch.add_column(sa.Column("withdrawn_by", sa.String(length=80), server_default="", nullable=False))
        batch.add_column(sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("withdraw_reason", sa.String(length=300), server_default="", nullable=False))
        batch.add_column(sa.Column("kept", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch.drop_constraint(op.f(OLD_UNIQUE), type_="unique")
    _index("uq_did_not_occur_standing", "did_not_occur", PERIOD, STANDING, unique=True)
    _index("ix_did_not_occur_unkept", "did_not_occur", ["id"], UNKEPT)
    op.create_table(
        "remembered_years",
        sa.Column("village_id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sight", sa.String(length=32), nullable=False),
        sa.Column("basis", sa.String(length=64), nullable=False),
        sa.Column("computed_on", sa.Date(), nullable=False),
        sa.Column("good_until", sa.Date(), nullable=True),
        sa.Column("tallies", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_remembered_years_village_id_villages")),
        sa.PrimaryKeyConstraint("village_id", "year", "sight", name=op.f("pk_remembered_years")),
    )
    op.create_index("ix_journal_village_id", "journal", ["village_id"], unique=False)
    op.create_index("ix_files_village_id_ocr_state", "files", ["village_id", "ocr_state"], unique=False)


def _calendars() -> None:
    op.create_table(
        "calendar_versions",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("document", sa.String(length=80), nullable=False),
        sa.Column("version", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("imported_by", sa.String(length=80), nullable=False),
        sa.Column("imported_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_versions")),
        sa.UniqueConstraint("document", "version", name=op.f("uq_calendar_versions_document_version")),
    )
    _index("ix_calendar_versions_unkept", "calendar_versions", ["id"], UNKEPT)


def _registers() -> None:
    _register(
        "cadre_posts",
        sa.Column("person", sa.String(length=80), nullable=False),
        sa.Column("post", sa.String(length=80), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
    )
    _register(
        "village_matters",
        sa.Column("trigger", sa.String(length=60), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
    )


def _register(name: str, *own: sa.Column[object]) -> None:
    op.create_table(
        name,
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("village_id", sa.String(length=32), nullable=False),
        *own,
        sa.Column("entered_by", sa.String(length=80), nullable=False),
        sa.Column("entered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_by", sa.String(length=80), nullable=False),
        sa.Column("withdrawn_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("withdraw_reason", sa.String(length=300), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f(f"fk_{name}_village_id_villages")),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
    )
    op.create_index(f"ix_{name}_village_id", name, ["village_id"], unique=False)
    _index(f"ix_{name}_unkept", name, ["id"], UNKEPT)


def _index(name: str, table: str, columns: list[str], where: sa.TextClause, unique: bool = False) -> None:
    op.create_index(name, table, columns, unique=unique, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    op.drop_index("ix_files_village_id_ocr_state", table_name="files")
    op.drop_index("ix_journal_village_id", table_name="journal")
    op.drop_table("remembered_years")
    op.drop_index("ix_did_not_occur_unkept", table_name="did_not_occur")
    op.drop_index("uq_did_not_occur_standing", table_name="did_not_occur")
    # What was taken back has no place in the old table; the journal and the store have it.
    op.execute("DELETE FROM did_not_occur WHERE withdrawn_at IS NOT NULL")
    with op.batch_alter_table("did_not_occur") as batch:
        batch.create_unique_constraint(op.f(OLD_UNIQUE), PERIOD)
        for column in ("kept", "withdraw_reason", "withdrawn_at", "withdrawn_by"):
            batch.drop_column(column)
    for table in ("village_matters", "cadre_posts", "calendar_versions"):
        op.drop_table(table)
