"""Removal with proof, and what stays of a destroyed record

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = '0011'
down_revision = '0010'
branch_labels = None
depends_on = None

PROVED = 'a proved removal is never changed'
DROPPED = 'a removal is never dropped'


def upgrade() -> None:
    op.create_table(
        'removals',
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.Column('register_id', sa.String(length=32), nullable=False),
        sa.Column('village_id', sa.String(length=32), nullable=False),
        sa.Column('state', sa.String(length=8), nullable=False),
        sa.Column('copies', sa.JSON(), nullable=False),
        sa.Column('backups', sa.JSON(), nullable=False),
        sa.Column('fault', sa.String(length=500), nullable=False),
        sa.Column('begun_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('gone_at', UtcDateTime(timezone=True), nullable=True),
        sa.Column('proved_at', UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint('record_id', name=op.f('pk_removals')),
    )
    op.create_index('ix_removals_register_id', 'removals', ['register_id'])
    unproved = sa.text("state <> 'proved'")
    op.create_index(
        'ix_removals_unproved', 'removals', ['record_id'], sqlite_where=unproved, postgresql_where=unproved
    )
    if op.get_bind().dialect.name == 'postgresql':
        _guard_postgresql()
    else:
        _guard_sqlite()


def _guard_sqlite() -> None:
    op.execute(
        "CREATE TRIGGER removals_unchanged BEFORE UPDATE ON removals WHEN OLD.state = 'proved' "
        f"BEGIN SELECT RAISE(ABORT, 'removals: {PROVED}'); END"
    )
    op.execute(
        'CREATE TRIGGER removals_undropped BEFORE DELETE ON removals '
        f"BEGIN SELECT RAISE(ABORT, 'removals: {DROPPED}'); END"
    )
    # INSERT OR REPLACE drops the row in its way without asking the trigger of deletions.
    op.execute(
        'CREATE TRIGGER removals_once BEFORE INSERT ON removals '
        'WHEN EXISTS (SELECT 1 FROM removals WHERE record_id = NEW.record_id) '
        f"BEGIN SELECT RAISE(ABORT, 'removals: {DROPPED}'); END"
    )


def _guard_postgresql() -> None:
    op.execute(
        'CREATE TRIGGER removals_unchanged BEFORE UPDATE ON removals FOR EACH ROW '
        "WHEN (OLD.state = 'proved') EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        'CREATE TRIGGER removals_undropped BEFORE DELETE ON removals FOR EACH ROW EXECUTE FUNCTION refuse_drop()'
    )
    op.execute(
        'CREATE TRIGGER removals_unemptied BEFORE TRUNCATE ON removals '
        'FOR EACH STATEMENT EXECUTE FUNCTION refuse_drop()'
    )


def downgrade() -> None:
    op.drop_table('removals')
