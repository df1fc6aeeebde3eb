"""Appraisal: batches, opinions, registers, signatures

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
