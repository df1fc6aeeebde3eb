"""An index of the entries of a register by what was done: a removal asks before each record

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

INDEX = "ix_register_entries_register_id_act_record_id"


def upgrade() -> None:
    op.create_index(INDEX, "register_entries", ["register_id", "act", "record_id"], unique=False)


def downgrade() -> None:
    op.drop_index(INDEX, "register_entries")
