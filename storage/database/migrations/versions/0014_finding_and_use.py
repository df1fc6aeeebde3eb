"""Saved searches, requests for access, certified copies

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = '0014'
down_revision = '0013'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'saved_searches',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('account_id', sa.String(length=32), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('query', sa.Text(), nullable=False),
        sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('seen_minute', sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_saved_searches_account_id_accounts')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_searches')),
    )
    op.create_index('uq_saved_searches_account_id_name', 'saved_searches', ['account_id', 'name'], unique=True)
    op.create_table(
        'use_requests',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('account_id', sa.String(length=32), nullable=False),
        sa.Column('village_id', sa.String(length=32), nullable=False),
        sa.Column('wanted', sa.String(length=1000), nullable=False),
        sa.Column('purpose', sa.String(length=300), nullable=False),
        sa.Column('wish', sa.String(length=12), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('decided_by', sa.String(length=80), nullable=False),
        sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('until', sa.Date(), nullable=True),
        sa.Column('original', sa.Boolean(), nullable=False),
        sa.Column('ended_by', sa.String(length=80), nullable=False),
        sa.Column('ended_at', UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(['account_id'], ['accounts.id'], name=op.f('fk_use_requests_account_id_accounts')),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_use_requests_village_id_villages')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_use_requests')),
    )
    op.create_index('ix_use_requests_account_id_id', 'use_requests', ['account_id', 'id'], unique=False)
    op.create_index(
        'ix_use_requests_state_village_id_id', 'use_requests', ['state', 'village_id', 'id'], unique=False
    )
    op.create_table(
        'opened_records',
        sa.Column('request_id', sa.String(length=32), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ['request_id'], ['use_requests.id'], name=op.f('fk_opened_records_request_id_use_requests')
        ),
        sa.PrimaryKeyConstraint('request_id', 'record_id', name=op.f('pk_opened_records')),
    )
    op.create_index('ix_opened_records_record_id', 'opened_records', ['record_id'], unique=False)
    op.create_table(
        'certified_copies',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('number', sa.String(length=40), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.Column('request_id', sa.String(length=32), nullable=True),
        sa.Column('village_id', sa.String(length=32), nullable=False),
        sa.Column('receiver', sa.String(length=120), nullable=False),
        sa.Column('purpose', sa.String(length=300), nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('issued_by', sa.String(length=80), nullable=False),
        sa.Column('issued_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('withdrawn_by', sa.String(length=80), nullable=False),
        sa.Column('withdrawn_at', UtcDateTime(timezone=True), nullable=True),
        sa.Column('withdraw_reason', sa.String(length=500), nullable=False),
        sa.Column('kept', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_certified_copies_village_id_villages')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_certified_copies')),
        sa.UniqueConstraint('number', name=op.f('uq_certified_copies_number')),
    )
    # Some seconds for a million records, in which they can be read and not written.
    op.create_index(
        'ix_records_state_archived_at_id', 'records', ['state', 'archived_at', 'id', 'village_id', 'access']
    )
    op.create_index('ix_certified_copies_record_id', 'certified_copies', ['record_id'], unique=False)
    op.create_index(
        'ix_certified_copies_unkept',
        'certified_copies',
        ['id'],
        unique=False,
        sqlite_where=sa.text('kept IS false'),
        postgresql_where=sa.text('kept IS false'),
    )


def downgrade() -> None:
    op.drop_index('ix_records_state_archived_at_id', 'records')
    op.drop_table('certified_copies')
    op.drop_table('opened_records')
    op.drop_table('use_requests')
    op.drop_table('saved_searches')
