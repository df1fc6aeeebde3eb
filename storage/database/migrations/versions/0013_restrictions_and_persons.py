"""A donor's restriction, the person concerned, dated organisations, outside log-in

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
