"""How many entries of the journal are sealed, by village: whoever asks what changed need not count them all

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sealed_acts",
        sa.Column("village_id", sa.String(length=32), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("village_id", name=op.f("pk_sealed_acts")),
    )
    op.execute(
        """
        INSERT INTO sealed_acts (village_id, number)
        SELECT village_id, count(*) FROM journal
        WHERE seal_id IS NOT NULL AND village_id IS NOT NULL GROUP BY village_id
        """
    )


def downgrade() -> None:
    op.drop_table("sealed_acts")
