"""Fixity: when each stored thing was last read whole, and what was found wrong

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('fixity_checks',
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('checked_at', sa.DateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('unit', name=op.f('pk_fixity_checks'))
    )
    with op.batch_alter_table('fixity_checks', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fixity_checks_checked_at'), ['checked_at'], unique=False)

    op.create_table('fixity_faults',
    sa.Column('key', sa.String(length=1024), nullable=False),
    sa.Column('unit', sa.String(length=120), nullable=False),
    sa.Column('record_id', sa.String(length=32), nullable=True),
    sa.Column('name', sa.String(length=1000), nullable=False),
    sa.Column('kind', sa.String(length=10), nullable=False),
    sa.Column('expected', sa.String(length=128), nullable=False),
    sa.Column('seen', sa.String(length=128), nullable=False),
    sa.Column('found_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('key', name=op.f('pk_fixity_faults'))
    )
    with op.batch_alter_table('fixity_faults', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fixity_faults_unit'), ['unit'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('fixity_faults', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fixity_faults_unit'))

    op.drop_table('fixity_faults')
    with op.batch_alter_table('fixity_checks', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fixity_checks_checked_at'))

    op.drop_table('fixity_checks')
