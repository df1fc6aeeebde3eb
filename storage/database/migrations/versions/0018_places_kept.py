"""Townships and villages are kept in the store: a township has an id of its own, and both say whether they are kept

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import new_id

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None

PLACES = ("townships", "villages")
MADE_ID = {
    "sqlite": sa.text("(lower(hex(randomblob(16))))"),
    "postgresql": sa.text("replace(gen_random_uuid()::text, '-', '')"),
}
"""For the code before this revision, which gives none."""


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("aliases", sa.JSON(), nullable=False),
        sa.Column("merged_into", sa.String(length=80), nullable=True),
        sa.Column("merged_on", sa.Date(), nullable=True),
    ]


def upgrade() -> None:
    made_id = MADE_ID[op.get_bind().dialect.name]
    _remake(
        sa.Column("id", sa.String(length=32), server_default=made_id, nullable=False),
        *_columns(),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_townships")),
        sa.UniqueConstraint("name", name=op.f("uq_townships_name")),
    )
    where = sa.text("kept IS false")
    for table in PLACES:
        op.add_column(table, sa.Column("kept", sa.Boolean(), server_default=sa.false(), nullable=False))
        op.create_index(f"ix_{table}_unkept", table, ["id"], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for table in PLACES:
        op.drop_index(f"ix_{table}_unkept", table_name=table)
        op.drop_column(table, "kept")
    _remake(*_columns(), sa.PrimaryKeyConstraint("name", name=op.f("pk_townships")))


def _remake(*wanted: sa.Column[object] | sa.Constraint) -> None:
    """The table anew, for SQLite changes no key: a county has a few dozen townships."""
    said = sa.table("townships", *(sa.column(one.name, one.type) for one in _columns()))
    rows = [dict(row) for row in op.get_bind().execute(sa.select(said)).mappings()]
    op.drop_table("townships")
    made = op.create_table("townships", *wanted)
    ids = [{"id": new_id()} if "id" in made.columns else {} for _ in rows]
    op.bulk_insert(made, [row | one for row, one in zip(rows, ids, strict=True)])
