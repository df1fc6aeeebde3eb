"""Versions of the governance calendar, cadres, terms and matters

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

revision = '0015'
down_revision = '0014'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
