"""Where the original of a record lies, and who has borrowed it

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'whereabouts',
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.Column('box', sa.String(length=40), nullable=False),
        sa.Column('shelf', sa.String(length=80), nullable=False),
        sa.Column('carrier', sa.String(length=40), nullable=False),
        sa.Column('count', sa.Integer(), nullable=True),
        sa.Column('changed_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('changed_by', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(['record_id'], ['records.id'], name=op.f('fk_whereabouts_record_id_records')),
        sa.PrimaryKeyConstraint('record_id', name=op.f('pk_whereabouts')),
    )
    op.create_index('ix_whereabouts_box', 'whereabouts', ['box'], unique=False)
    op.create_table(
        'loans',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.Column('borrower', sa.String(length=120), nullable=False),
        sa.Column('purpose', sa.String(length=300), nullable=False),
        sa.Column('lent_on', sa.Date(), nullable=False),
        sa.Column('due_on', sa.Date(), nullable=False),
        sa.Column('returned_on', sa.Date(), nullable=True),
        sa.Column('lent_by', sa.String(length=80), nullable=False),
        sa.Column('taken_back_by', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(['record_id'], ['records.id'], name=op.f('fk_loans_record_id_records')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_loans')),
    )
    op.create_index('ix_loans_record_id', 'loans', ['record_id'], unique=False)
    op.create_index('ix_loans_returned_on_due_on', 'loans', ['returned_on', 'due_on'], unique=False)
    op.create_index(
        'uq_loans_out',
        'loans',
        ['record_id'],
        unique=True,
        sqlite_where=sa.text('returned_on IS NULL'),
        postgresql_where=sa.text('returned_on IS NULL'),
    )


def downgrade() -> None:
    op.drop_table('loans')
    op.drop_table('whereabouts')
