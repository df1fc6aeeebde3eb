"""Appraisal: batches, opinions, registers, signatures; what is frozen is kept so by triggers

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

FROZEN: dict[str, tuple[str, ...]] = {
    'appraisal_opinions': (
        'id', 'batch_id', 'round', 'verdict', 'reason', 'years', 'ground', 'review_on', 'account_id', 'login', 'name',
        'at', 'records', 'records_sha256',
    ),
    'appraisal_opinion_records': (),
    'registers': (
        'id', 'village_id', 'batch_id', 'number', 'accounting', 'cover', 'rows', 'rows_root', 'previous', 'hash',
        'submitted_by', 'submitted_at',
    ),
    'register_rows': (),
    'register_entries': (),
    'register_forbidden_pairs': (),
}  # fmt: skip
"""Tables of which nothing is ever dropped, and the columns that never change; none named = all of them."""

CHANGED = 'what is written here is never changed'
DROPPED = 'what is written here is never dropped'
TWICE = 'what is written here is never written over'
KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    'appraisal_opinions': (('id',),),
    'appraisal_opinion_records': (('opinion_id', 'record_id'),),
    'registers': (('id',), ('village_id', 'number')),
    'register_rows': (('register_id', 'number'), ('register_id', 'record_id')),
    'register_entries': (('register_id', 'number'),),
    'register_forbidden_pairs': (('register_id', 'one', 'other'),),
}
"""INSERT OR REPLACE of SQLite drops the row in its way without asking the trigger of deletions; so it is asked here."""
TWO_SEATS = 'one person may not take both seats'
SAME_PERSON = """EXISTS (
    SELECT 1 FROM register_entries AS taken
    JOIN register_forbidden_pairs AS pair ON pair.register_id = taken.register_id
    WHERE taken.register_id = NEW.register_id
      AND (taken.account_id = NEW.account_id OR taken.login = NEW.login)
      AND ((pair.one = taken.seat AND pair.other = NEW.seat) OR (pair.other = taken.seat AND pair.one = NEW.seat))
)"""


def upgrade() -> None:
    _batches()
    _opinions()
    _registers()
    _entries()
    if op.get_bind().dialect.name == 'postgresql':
        _guard_postgresql()
    else:
        _guard_sqlite()


def _batches() -> None:
    op.create_table(
        'appraisal_batches',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('village_id', sa.String(length=32), nullable=False),
        sa.Column('purpose', sa.String(length=300), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('opened_by', sa.String(length=80), nullable=False),
        sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('closed_by', sa.String(length=80), nullable=False),
        sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
        sa.Column('report', sa.Text(), nullable=False),
        sa.Column('report_by', sa.String(length=80), nullable=False),
        sa.Column('report_at', UtcDateTime(timezone=True), nullable=True),
        sa.Column('report_final', sa.Boolean(), nullable=False),
        sa.Column('kept', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_appraisal_batches_village_id_villages')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_batches')),
    )
    op.create_index('ix_appraisal_batches_village_id_id', 'appraisal_batches', ['village_id', 'id'])
    _unkept('appraisal_batches')
    op.create_table(
        'appraisal_members',
        sa.Column('batch_id', sa.String(length=32), nullable=False),
        sa.Column('seat', sa.String(length=20), nullable=False),
        sa.Column('account_id', sa.String(length=32), nullable=False),
        sa.Column('login', sa.String(length=80), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ['batch_id'], ['appraisal_batches.id'], name=op.f('fk_appraisal_members_batch_id_appraisal_batches')
        ),
        sa.PrimaryKeyConstraint('batch_id', 'seat', 'account_id', name=op.f('pk_appraisal_members')),
    )
    op.create_table(
        'appraised_records',
        sa.Column('batch_id', sa.String(length=32), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.Column('why', sa.String(length=300), nullable=False),
        sa.Column('open', sa.Boolean(), nullable=False),
        sa.Column('outcome', sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(
            ['batch_id'], ['appraisal_batches.id'], name=op.f('fk_appraised_records_batch_id_appraisal_batches')
        ),
        sa.PrimaryKeyConstraint('batch_id', 'record_id', name=op.f('pk_appraised_records')),
    )
    op.create_index('ix_appraised_records_record_id', 'appraised_records', ['record_id'])
    op.create_index(
        'uq_appraised_records_open',
        'appraised_records',
        ['record_id'],
        unique=True,
        sqlite_where=sa.text('open IS true'),
        postgresql_where=sa.text('open IS true'),
    )


def _opinions() -> None:
    op.create_table(
        'appraisal_opinions',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('batch_id', sa.String(length=32), nullable=False),
        sa.Column('round', sa.String(length=10), nullable=False),
        sa.Column('verdict', sa.String(length=12), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('years', sa.Integer(), nullable=True),
        sa.Column('ground', sa.String(length=12), nullable=False),
        sa.Column('review_on', sa.Date(), nullable=True),
        sa.Column('account_id', sa.String(length=32), nullable=False),
        sa.Column('login', sa.String(length=80), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('records', sa.Integer(), nullable=False),
        sa.Column('records_sha256', sa.String(length=64), nullable=False),
        sa.Column('kept', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['batch_id'], ['appraisal_batches.id'], name=op.f('fk_appraisal_opinions_batch_id_appraisal_batches')
        ),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_appraisal_opinions')),
    )
    op.create_index('ix_appraisal_opinions_batch_id_id', 'appraisal_opinions', ['batch_id', 'id'])
    _unkept('appraisal_opinions')
    op.create_table(
        'appraisal_opinion_records',
        sa.Column('opinion_id', sa.String(length=32), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ['opinion_id'],
            ['appraisal_opinions.id'],
            name=op.f('fk_appraisal_opinion_records_opinion_id_appraisal_opinions'),
        ),
        sa.PrimaryKeyConstraint('opinion_id', 'record_id', name=op.f('pk_appraisal_opinion_records')),
    )
    op.create_index('ix_appraisal_opinion_records_record_id', 'appraisal_opinion_records', ['record_id'])


def _registers() -> None:
    op.create_table(
        'registers',
        sa.Column('id', sa.String(length=32), nullable=False),
        sa.Column('village_id', sa.String(length=32), nullable=False),
        sa.Column('batch_id', sa.String(length=32), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('accounting', sa.Boolean(), nullable=False),
        sa.Column('cover', sa.JSON(), nullable=False),
        sa.Column('rows', sa.Integer(), nullable=False),
        sa.Column('rows_root', sa.String(length=64), nullable=False),
        sa.Column('previous', sa.String(length=64), nullable=False),
        sa.Column('hash', sa.String(length=64), nullable=False),
        sa.Column('submitted_by', sa.String(length=80), nullable=False),
        sa.Column('submitted_at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('state', sa.String(length=12), nullable=False),
        sa.Column('not_before', UtcDateTime(timezone=True), nullable=True),
        sa.Column('kept', sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ['batch_id'], ['appraisal_batches.id'], name=op.f('fk_registers_batch_id_appraisal_batches')
        ),
        sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f('fk_registers_village_id_villages')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_registers')),
        sa.UniqueConstraint('village_id', 'number', name=op.f('uq_registers_village_id_number')),
    )
    op.create_index('ix_registers_batch_id', 'registers', ['batch_id'])
    _unkept('registers')
    op.create_table(
        'register_rows',
        sa.Column('register_id', sa.String(length=32), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=False),
        sa.Column('said', sa.JSON(), nullable=False),
        sa.Column('hash', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(['register_id'], ['registers.id'], name=op.f('fk_register_rows_register_id_registers')),
        sa.PrimaryKeyConstraint('register_id', 'number', name=op.f('pk_register_rows')),
        sa.UniqueConstraint('register_id', 'record_id', name=op.f('uq_register_rows_register_id_record_id')),
    )
    op.create_index('ix_register_rows_record_id', 'register_rows', ['record_id'])
    op.create_table(
        'register_forbidden_pairs',
        sa.Column('register_id', sa.String(length=32), nullable=False),
        sa.Column('one', sa.String(length=20), nullable=False),
        sa.Column('other', sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(
            ['register_id'], ['registers.id'], name=op.f('fk_register_forbidden_pairs_register_id_registers')
        ),
        sa.PrimaryKeyConstraint('register_id', 'one', 'other', name=op.f('pk_register_forbidden_pairs')),
    )


def _entries() -> None:
    op.create_table(
        'register_entries',
        sa.Column('register_id', sa.String(length=32), nullable=False),
        sa.Column('number', sa.Integer(), nullable=False),
        sa.Column('act', sa.String(length=12), nullable=False),
        sa.Column('seat', sa.String(length=20), nullable=False),
        sa.Column('record_id', sa.String(length=32), nullable=True),
        sa.Column('account_id', sa.String(length=32), nullable=False),
        sa.Column('login', sa.String(length=80), nullable=False),
        sa.Column('name', sa.String(length=80), nullable=False),
        sa.Column('reason', sa.String(length=500), nullable=False),
        sa.Column('details', sa.JSON(), nullable=False),
        sa.Column('at', UtcDateTime(timezone=True), nullable=False),
        sa.Column('hash', sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ['register_id'], ['registers.id'], name=op.f('fk_register_entries_register_id_registers')
        ),
        sa.PrimaryKeyConstraint('register_id', 'number', name=op.f('pk_register_entries')),
    )
    op.create_index('ix_register_entries_record_id', 'register_entries', ['record_id'])
    once = sa.text("act IN ('signed', 'approved', 'counted', 'begun', 'witnessed')")
    op.create_index(
        'uq_register_entries_seat',
        'register_entries',
        ['register_id', 'act', 'seat'],
        unique=True,
        sqlite_where=once,
        postgresql_where=once,
    )


def _unkept(table: str) -> None:
    op.create_index(
        f'ix_{table}_unkept',
        table,
        ['id'],
        sqlite_where=sa.text('kept IS false'),
        postgresql_where=sa.text('kept IS false'),
    )


def _of(columns: tuple[str, ...]) -> str:
    return 'OF ' + ', '.join(f'"{name}"' for name in columns) if columns else ''


def _there(table: str) -> str:
    same = [' AND '.join(f'"{name}" = NEW."{name}"' for name in key) for key in KEYS[table]]
    return ' OR '.join(f'EXISTS (SELECT 1 FROM {table} WHERE {one})' for one in same)


def _guard_sqlite() -> None:
    for table, columns in FROZEN.items():
        op.execute(
            f'CREATE TRIGGER {table}_unchanged BEFORE UPDATE {_of(columns)} ON {table} '
            f"BEGIN SELECT RAISE(ABORT, '{table}: {CHANGED}'); END"
        )
        op.execute(
            f'CREATE TRIGGER {table}_undropped BEFORE DELETE ON {table} '
            f"BEGIN SELECT RAISE(ABORT, '{table}: {DROPPED}'); END"
        )
        op.execute(
            f'CREATE TRIGGER {table}_once BEFORE INSERT ON {table} WHEN {_there(table)} '
            f"BEGIN SELECT RAISE(ABORT, '{table}: {TWICE}'); END"
        )
    op.execute(
        f'CREATE TRIGGER register_entries_apart BEFORE INSERT ON register_entries WHEN {SAME_PERSON} '
        f"BEGIN SELECT RAISE(ABORT, 'register_entries: {TWO_SEATS}'); END"
    )


def _guard_postgresql() -> None:
    for name, said in (('change', CHANGED), ('drop', DROPPED)):
        op.execute(
            f'CREATE FUNCTION refuse_{name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN '
            f"RAISE EXCEPTION '%: {said}', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
        )
    op.execute(
        f'CREATE FUNCTION refuse_two_seats() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF {SAME_PERSON} THEN '
        f"RAISE EXCEPTION 'register_entries: {TWO_SEATS}' USING ERRCODE = 'integrity_constraint_violation'; "
        'END IF; RETURN NEW; END $$'
    )
    for table, columns in FROZEN.items():
        op.execute(
            f'CREATE TRIGGER {table}_unchanged BEFORE UPDATE {_of(columns)} ON {table} '
            'FOR EACH ROW EXECUTE FUNCTION refuse_change()'
        )
        op.execute(
            f'CREATE TRIGGER {table}_undropped BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse_drop()'
        )
        op.execute(
            f'CREATE TRIGGER {table}_unemptied BEFORE TRUNCATE ON {table} '
            'FOR EACH STATEMENT EXECUTE FUNCTION refuse_drop()'
        )
    op.execute(
        'CREATE TRIGGER register_entries_apart BEFORE INSERT ON register_entries '
        'FOR EACH ROW EXECUTE FUNCTION refuse_two_seats()'
    )


def downgrade() -> None:
    for table in (
        'register_entries', 'register_forbidden_pairs', 'register_rows', 'registers', 'appraisal_opinion_records',
        'appraisal_opinions', 'appraised_records', 'appraisal_members', 'appraisal_batches',
    ):  # fmt: skip
        op.drop_table(table)
    if op.get_bind().dialect.name == 'postgresql':
        for name in ('change', 'drop', 'two_seats'):
            op.execute(f'DROP FUNCTION refuse_{name}()')
