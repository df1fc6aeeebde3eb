"""Outlines, their versions and differences, as answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import answered


class VersionOut(BaseModel):
    """One version of the outline."""

    model_config = answered(examples.VERSION)
    document: str
    version: str
    kind: str
    title: str
    effective_from: date
    imported_by: str
    imported_at: datetime
    in_force: bool


class Versions(BaseModel):
    """Every version, newest first."""

    model_config = answered({"versions": [examples.VERSION]})
    versions: list[VersionOut]


class OutlineOut(BaseModel):
    """An outline with its table as imported. `banner` says that a model is a model: show it beside every term."""

    model_config = answered({"version": examples.VERSION, "banner": examples.BANNER, "content": {"classes": []}})
    version: VersionOut
    banner: str
    content: dict[str, Any]


class RecordChange(BaseModel):
    """A record that another version would file or keep differently."""

    model_config = ConfigDict(from_attributes=True)
    record_id: str
    title: str
    series_id: str
    what: str


class OutlineDiff(BaseModel):
    """What differs from the version in force, and which records would change. Nothing is written."""

    model_config = answered({"differences": ["新增条目 WS-09 村规民约"], "records": []})
    differences: list[str]
    records: list[RecordChange]
