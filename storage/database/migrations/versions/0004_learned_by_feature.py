"""What was learned is looked up by feature

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('learned_features', schema=None) as batch_op:
        batch_op.create_index('ix_learned_features_feature', ['feature'], unique=False)


def downgrade() -> None:
    with op.batch_alter_table('learned_features', schema=None) as batch_op:
        batch_op.drop_index('ix_learned_features_feature')
