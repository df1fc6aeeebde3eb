"""The index of states and villages knows the access class too: what waits in a county is counted from it alone

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OLD, NEW = "ix_records_state_village_id_id", "ix_records_state_village_id_id_access"


def upgrade() -> None:
    op.create_index(NEW, "records", ["state", "village_id", "id", "access"], unique=False)
    op.drop_index(OLD, "records")


def downgrade() -> None:
    op.create_index(OLD, "records", ["state", "village_id", "id"], unique=False)
    op.drop_index(NEW, "records")
