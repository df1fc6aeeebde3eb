"""That a record of the calendar did not come about, and who says so

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        'did_not_occur',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('village_id', sa.String(length=32), nullable=False),
        sa.Column('record', sa.String(length=60), nullable=False),
        sa.Column('first', sa.Date(), nullable=False),
        sa.Column('last', sa.Date(), nullable=False),
        sa.Column('of', sa.String(length=120), nullable=False),
        sa.Column('reason', sa.String(length=300), nullable=False),
        sa.Column('stated_by', sa.String(length=120), nullable=False),
        sa.Column('stated_on', sa.Date(), nullable=False),
        sa.Column('entered_by', sa.String(length=80), nullable=False),
        sa.Column('entered_at', UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_did_not_occur_village_id_villages')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_did_not_occur')),
        sa.UniqueConstraint(
            'village_id', 'record', 'first', 'last', 'of', name=op.f('uq_did_not_occur_village_id_record_first_last_of')
        ),
    )


def downgrade() -> None:
    op.drop_table('did_not_occur')
