"""Removal with proof, and what stays of a destroyed record

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
