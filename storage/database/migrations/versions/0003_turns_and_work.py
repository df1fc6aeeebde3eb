"""Turns that one worker has at a time, what was done in which minute, and index jobs that the engine refused

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "turns",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_turns")),
    )
    op.create_table(
        "work_minutes",
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(length=100), nullable=False),
        sa.Column("units", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("stage", "minute", "owner", name=op.f("pk_work_minutes")),
    )
    with op.batch_alter_table("index_jobs", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attempts", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("refused", sa.String(length=500), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("index_jobs", schema=None) as batch_op:
        batch_op.drop_column("refused")
        batch_op.drop_column("attempts")
    op.drop_table("work_minutes")
    op.drop_table("turns")
