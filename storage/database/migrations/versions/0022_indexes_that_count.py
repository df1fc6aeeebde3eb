"""Two indexes that know enough to count by: what waits in a county, and a village in a year

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

OF_STATES = "ix_records_state_village_id_id"
OF_STATES_NOW = "ix_records_state_village_id_id_access"
OF_VILLAGES = "ix_records_village_id"
OF_VILLAGES_NOW = "ix_records_village_id_year"


def upgrade() -> None:
    op.create_index(OF_STATES_NOW, "records", ["state", "village_id", "id", "access"], unique=False)
    op.create_index(OF_VILLAGES_NOW, "records", ["village_id", "year", "state", "access"], unique=False)
    op.drop_index(OF_STATES, "records")
    op.drop_index(OF_VILLAGES, "records")


def downgrade() -> None:
    op.create_index(OF_VILLAGES, "records", ["village_id"], unique=False)
    op.create_index(OF_STATES, "records", ["state", "village_id", "id"], unique=False)
    op.drop_index(OF_VILLAGES_NOW, "records")
    op.drop_index(OF_STATES_NOW, "records")
