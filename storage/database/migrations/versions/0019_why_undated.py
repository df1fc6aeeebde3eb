"""Why a record has no last day, in a column and an index of its own: lists need not read every period

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

INDEX = "ix_records_state_undue_id"
PERIOD = "CAST(retention AS VARCHAR)"


def upgrade() -> None:
    op.add_column("records", sa.Column("undue", sa.String(length=12), nullable=True))
    op.execute(
        f"""
        UPDATE records SET undue = CASE
            WHEN retention IS NULL OR {PERIOD} = 'null' THEN 'undetermined'
            WHEN {PERIOD} = '"permanent"' THEN 'permanent'
            WHEN {PERIOD} LIKE '%"event"%' THEN 'no_event'
            WHEN {PERIOD} LIKE '%"important"%' THEN 'unchosen'
            ELSE 'no_year' END
        WHERE due_on IS NULL
        """
    )
    op.create_index(INDEX, "records", ["state", "undue", "id", "village_id", "access"], unique=False)


def downgrade() -> None:
    op.drop_index(INDEX, "records")
    op.drop_column("records", "undue")
