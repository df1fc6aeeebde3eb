"""Saved searches, requests for access, certified copies

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
