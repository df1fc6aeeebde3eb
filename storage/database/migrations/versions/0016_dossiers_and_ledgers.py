"""Dossiers, ledgers and handovers

Rule: no long lock, and the code before this revision must still run on the schema after it.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

from storage.database.base import UtcDateTime

revision = '0016'
down_revision = '0015'
branch_labels = None
depends_on = None


def _moment(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, UtcDateTime(timezone=True), nullable=nullable)


def _text(name: str, length: int, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=length), nullable=nullable)


def _day(name: str, nullable: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _json(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _unkept(table: str) -> None:
    where = sa.text('kept IS false')
    op.create_index(f'ix_{table}_unkept', table, ['id'], unique=False, sqlite_where=where, postgresql_where=where)


def _of_village(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(['village_id'], ['villages.id'], name=op.f(f'fk_{table}_village_id_villages'))


def upgrade() -> None:
    op.create_table(
        'dossiers',
        _text('id', 32), _text('village_id', 32), _text('kind', 40), _text('name', 120), _day('opened_on'),
        _day('done_on', True), _json('head'), _json('steps'), _json('objections'), _text('opened_by', 80),
        _moment('opened_at'), _moment('changed_at'), sa.Column('kept', sa.Boolean(), nullable=False),
        _of_village('dossiers'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_dossiers')),
    )
    op.create_index('ix_dossiers_village_id_opened_on', 'dossiers', ['village_id', 'opened_on'], unique=False)
    _unkept('dossiers')
    op.create_table(
        'dossier_records',
        _text('dossier_id', 32), _text('step', 60), _text('record_id', 32),
        sa.ForeignKeyConstraint(['dossier_id'], ['dossiers.id'], name=op.f('fk_dossier_records_dossier_id_dossiers')),
        sa.PrimaryKeyConstraint('dossier_id', 'step', 'record_id', name=op.f('pk_dossier_records')),
    )
    op.create_index('ix_dossier_records_record_id', 'dossier_records', ['record_id'], unique=False)
    op.create_table(
        'ledger_books',
        _text('id', 32), _text('village_id', 32), _text('book', 40), sa.Column('year', sa.Integer(), nullable=False),
        _text('item_id', 32, True), _moment('handed_in_at', True), _moment('changed_at'),
        sa.Column('kept', sa.Boolean(), nullable=False),
        _of_village('ledger_books'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_books')),
        sa.UniqueConstraint('village_id', 'book', 'year', name=op.f('uq_ledger_books_village_id_book_year')),
    )
    op.create_index(op.f('ix_ledger_books_item_id'), 'ledger_books', ['item_id'], unique=False)
    _unkept('ledger_books')
    op.create_table(
        'ledger_rows',
        _text('id', 32), _text('book_id', 32), _day('on'), _text('who', 120), _json('cells'), _text('digest', 64),
        _text('entered_by', 80), _moment('entered_at'),
        sa.ForeignKeyConstraint(['book_id'], ['ledger_books.id'], name=op.f('fk_ledger_rows_book_id_ledger_books')),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_ledger_rows')),
        sa.UniqueConstraint('book_id', 'digest', name=op.f('uq_ledger_rows_book_id_digest')),
    )
    op.create_index('ix_ledger_rows_book_id_on_id', 'ledger_rows', ['book_id', 'on', 'id', 'who'], unique=False)
    op.create_table(
        'handovers',
        _text('id', 32), _text('village_id', 32), _text('kind', 12), _day('happened_on'), _day('due_on'),
        _text('giver', 120), _text('receiver', 120), _text('host', 120), _text('supervisor', 120), _json('items'),
        _day('signed_on', True), _text('opened_by', 80), _moment('opened_at'), _text('closed_by', 80),
        _moment('closed_at', True), _text('item_id', 32, True), _moment('changed_at'),
        sa.Column('kept', sa.Boolean(), nullable=False),
        _of_village('handovers'),
        sa.PrimaryKeyConstraint('id', name=op.f('pk_handovers')),
    )
    op.create_index(op.f('ix_handovers_item_id'), 'handovers', ['item_id'], unique=False)
    op.create_index('ix_handovers_village_id_id', 'handovers', ['village_id', 'id'], unique=False)
    _unkept('handovers')


def downgrade() -> None:
    for table in ('handovers', 'ledger_rows', 'ledger_books', 'dossier_records', 'dossiers'):
        op.drop_table(table)
