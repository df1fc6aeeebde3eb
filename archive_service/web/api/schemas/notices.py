"""What waits for a person, as answered. No rule is held here."""

from __future__ import annotations

from pydantic import BaseModel

from archive_service.web.api.schemas.shape import answered

_DUE = {"key": "due", "number": 3, "title": "件期满，等着鉴定", "address": "/due"}


class NoticeOut(BaseModel):
    """So many of what, and the page where it is done. `key` stays the same when the words change."""

    model_config = answered(_DUE)
    key: str
    number: int
    title: str
    address: str


class Notices(BaseModel):
    """Everything that is the asker's work, noughts too."""

    model_config = answered({"notices": [_DUE]})
    notices: list[NoticeOut]
