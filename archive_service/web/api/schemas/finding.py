"""Searches, as asked and answered. No rule is held here."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, Field

from archive_service.web.api import examples
from archive_service.web.api.schemas.holdings import RecordBrief
from archive_service.web.api.schemas.shape import Sent, answered


class Asked(Sent):
    """A search. Filters of one kind widen (or), filters of different kinds narrow (and)."""

    q: str = Field(
        default="", max_length=10_000, description="字词；-词 表示不要，“引号”表示原样", examples=["土地承包"]
    )
    village: tuple[str, ...] = ()
    class_: tuple[str, ...] = Field(default=(), alias="class")
    series: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    period: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    batch: tuple[str, ...] = ()
    person: tuple[str, ...] = ()
    place: tuple[str, ...] = ()
    decade: tuple[str, ...] = Field(default=(), description="1950 = 1950 至 1959 年")
    year: tuple[str, ...] = ()
    year_from: int | None = Field(default=None, alias="from", ge=0, le=9999, examples=[1980])
    year_to: int | None = Field(default=None, alias="to", ge=0, le=9999, examples=[1990])
    sort: Literal["relevance", "newest", "oldest", "pinyin", "strokes"] = "relevance"
    size: int = Field(default=20, ge=1, le=500)
    cursor: str | None = None
    facets: bool = True


class Hit(BaseModel):
    """One hit. Marks are [start, end) in characters of title and snippet."""

    record: RecordBrief
    village: str
    title_marks: list[tuple[int, int]]
    file: str | None
    path: str | None
    page: int | None
    snippet: str | None
    marks: list[tuple[int, int]]
    score: float


class Hits(BaseModel):
    """A page of hits. `rung` says how the search matched (1 = the whole run), `used_words` by what, `note` why not."""

    model_config = answered(examples.HITS)
    total: int
    rung: int
    used_words: list[str]
    note: str
    cursor: str | None
    facets: dict[str, list[tuple[str, int]]]
    hits: list[Hit]
