"""Roles held for an organisation and a time, API tokens, a second factor, villages that went into others

Every account keeps what it could do: its one role becomes a grant, and an administrator, who could do everything until
now, gets the other two officers' roles and the archivist's beside it. A villager without a village saw only what is
public and becomes a researcher.

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0004"
branch_labels = None
depends_on = None

EVERYTHING = ("administrator", "security", "auditor", "archivist")


def upgrade() -> None:
    grants = op.create_table(
        "role_grants",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("role", sa.String(length=30), nullable=False),
        sa.Column("village_id", sa.String(length=32), nullable=True),
        sa.Column("township", sa.String(length=80), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("granted_by", sa.String(length=60), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_by", sa.String(length=60), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_role_grants_account_id")),
        sa.ForeignKeyConstraint(["village_id"], ["villages.id"], name=op.f("fk_role_grants_village_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_role_grants")),
    )
    op.create_index("ix_role_grants_account_id", "role_grants", ["account_id"])
    op.create_index("ix_role_grants_village_id", "role_grants", ["village_id"])
    op.create_table(
        "api_tokens",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("account_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("permissions", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name=op.f("fk_api_tokens_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_api_tokens_token_hash")),
    )
    op.create_index("ix_api_tokens_account_id", "api_tokens", ["account_id"])
    # Added one by one, not by a copy of the table: other tables refer to it.
    op.add_column("accounts", sa.Column("totp_secret", sa.String(length=64), nullable=True))
    op.add_column("accounts", sa.Column("totp_step", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("accounts", sa.Column("recovery_hashes", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("failed_log_ins", sa.Column("address", sa.String(length=60), nullable=False, server_default=""))
    op.create_index("ix_failed_log_ins_address", "failed_log_ins", ["address"])
    op.add_column("villages", sa.Column("merged_on", sa.Date(), nullable=True))
    op.add_column("villages", sa.Column("merged_into_id", sa.String(length=32), nullable=True))
    op.bulk_insert(grants, _grants(op.get_bind()))


def _grants(connection: sa.Connection) -> list[dict[str, object]]:
    accounts = sa.table(
        "accounts", sa.column("id"), sa.column("role"), sa.column("village_id"), sa.column("created_at", sa.DateTime())
    )
    return [
        {
            "id": uuid4().hex,
            "account_id": account,
            "role": role,
            "village_id": village,
            "granted_by": "operator",
            "granted_at": opened,
        }
        for account, held, village, opened in connection.execute(sa.select(accounts))
        for role in _roles(held, village)
    ]


def _roles(held: str, village: str | None) -> tuple[str, ...]:
    if held == "administrator":
        return EVERYTHING
    if held == "archivist" and village is not None:
        return ("township_archivist",)
    return ("researcher",) if held == "villager" and village is None else (held,)


def downgrade() -> None:
    with op.batch_alter_table("villages", schema=None) as batch_op:
        batch_op.drop_column("merged_into_id")
        batch_op.drop_column("merged_on")
    op.drop_index("ix_failed_log_ins_address", "failed_log_ins")
    with op.batch_alter_table("failed_log_ins", schema=None) as batch_op:
        batch_op.drop_column("address")
    with op.batch_alter_table("accounts", schema=None) as batch_op:
        batch_op.drop_column("recovery_hashes")
        batch_op.drop_column("totp_step")
        batch_op.drop_column("totp_secret")
    op.drop_table("api_tokens")
    op.drop_table("role_grants")
