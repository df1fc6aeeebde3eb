"""A donor's restriction, the person concerned, dated organisations, outside log-in

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = '0013'
down_revision = '0012'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('records', sa.Column('restriction', sa.JSON(), nullable=True))
    op.create_table(
        'record_readers',
        sa.Column('login', sa.String(length=60), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.Column('ground', sa.String(length=10), nullable=False),
        sa.Column('opened_by', sa.String(length=60), nullable=False),
        sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint('login', 'record_id', 'ground', name=op.f('pk_record_readers')),
    )
    op.create_index('ix_record_readers_record_id', 'record_readers', ['record_id'], unique=False)
    op.add_column('accounts', sa.Column('subject', sa.String(length=400), nullable=True))
    op.create_index('uq_accounts_subject', 'accounts', ['subject'], unique=True)
    op.add_column('villages', sa.Column('former_townships', sa.JSON(), server_default='[]', nullable=False))
    op.create_table(
        'townships',
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('aliases', sa.JSON(), nullable=False),
        sa.Column('merged_into', sa.String(length=80), nullable=True),
        sa.Column('merged_on', sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint('name', name=op.f('pk_townships')),
    )


def downgrade() -> None:
    op.drop_table('townships')
    op.drop_column('villages', 'former_townships')
    op.drop_index('uq_accounts_subject', table_name='accounts')
    op.drop_column('accounts', 'subject')
    op.drop_index('ix_record_readers_record_id', table_name='record_readers')
    op.drop_table('record_readers')
    op.drop_column('records', 'restriction')
