"""Holds, and an index that answers the due list without reading the records

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'holds',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('kind', sa.String(length=12), nullable=False),
        sa.Column('subject', sa.String(length=300), nullable=False),
        sa.Column('ground', sa.String(length=12), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('review_on', sa.Date(), nullable=True),
        sa.Column('placed_by', sa.String(length=80), nullable=False),
        sa.Column('placed_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('released_by', sa.String(length=80), nullable=False),
        sa.Column('released_at', UtcDateTime(timezone=True), nullable=True),
        sa.Column('release_reason', sa.String(length=500), nullable=False),
        sa.Column('kept', sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_holds')),
    )
    op.create_index('ix_holds_released_at', 'holds', ['released_at'], unique=False)
    op.create_index(
        'ix_holds_unkept',
        'holds',
        ['id'],
        unique=False,
        sqlite_where=sa.text('kept IS false'),
        postgresql_where=sa.text('kept IS false'),
    )
    op.create_table(
        'held_records',
        sa.Column('hold_id', sa.String(length=32), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(['hold_id'], ['holds.id'], name=op.f('fk_held_records_hold_id_holds')),
        sa.PrimaryKeyConstraint('hold_id', 'record_id', name=op.f('pk_held_records')),
    )
    op.create_index('ix_held_records_record_id', 'held_records', ['record_id'], unique=False)
    # Some seconds for a million records, in which they can be read and not written.
    op.create_index(
        'ix_records_state_due_on_id', 'records', ['state', 'due_on', 'id', 'village_id', 'access', 'class_id']
    )


def downgrade() -> None:
    op.drop_index('ix_records_state_due_on_id', 'records')
    op.drop_table('held_records')
    op.drop_table('holds')
