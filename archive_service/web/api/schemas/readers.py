"""Who may see a record by name, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent

_WISH = {"text": "本人在世时不公开", "readers": ["zhaolan"], "until": "2040-12-31"}
_CONCERNED = {"login": "zhoucs", "opened_by": "zhaolan", "opened_at": "2026-03-01T04:00:00Z"}


class RestrictionSent(Sent):
    """A donor's restriction: his words, the log-in names that may see the record, the last day it counts."""

    model_config = sent(_WISH)
    text: str = Field(max_length=500)
    readers: list[str] = Field(max_length=50)
    until: date | None = None


class RestrictionOut(BaseModel):
    """A donor's restriction; `access` is the class that counts again when it ends."""

    model_config = answered({**_WISH, "access": "internal"})
    text: str
    readers: list[str]
    until: date | None
    access: str


class ConcernedOut(BaseModel):
    """A person to whom the record is opened because it is about him."""

    model_config = answered(_CONCERNED)
    login: str
    opened_by: str
    opened_at: datetime


class ReadersOut(BaseModel):
    """Who may see a record by name."""

    model_config = answered({"restriction": {**_WISH, "access": "internal"}, "concerned": [_CONCERNED]})
    restriction: RestrictionOut | None
    concerned: list[ConcernedOut]


class TiesSent(Sent):
    """Records that are about one person."""

    model_config = sent({"login": "zhoucs", "records": [examples.ID]})
    login: str = Field(min_length=1, max_length=60)
    records: list[str] = Field(min_length=1, max_length=500)


class Tied(BaseModel):
    """How many records were not open to the person before."""

    model_config = answered({"tied": 1})
    tied: int
