"""What an edited list changes, as answered. No rule is held here."""

from __future__ import annotations

from pydantic import BaseModel

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import answered

_CELL = {"column": "文号", "before": "", "after": "石村〔2019〕3号"}
_ROW = {"row": 2, "record": examples.ID, "title": "石门槛村土地承包合同", "cells": [_CELL]}


class CellChange(BaseModel):
    """One cell: the name of its column, and its text before and after."""

    model_config = answered(_CELL)
    column: str
    before: str
    after: str


class ListRowChange(BaseModel):
    """One row that changes its record."""

    model_config = answered(_ROW)
    row: int
    record: str
    title: str
    cells: list[CellChange]


class ListChanges(BaseModel):
    """What a list changed, or would change: rows read, records changed, the first of the changes in full."""

    model_config = answered({"rows": 120, "changed": 1, "new_versions": 0, "changes": [_ROW]})
    rows: int
    changed: int
    new_versions: int
    changes: list[ListRowChange]
