"""What the API takes and answers with, in types. Each carries an example for the document; none holds a rule."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from archive_service.permissions import Role
from archive_service.web.api import examples


class Sent(BaseModel):
    """Something that is sent in: what is not known is refused, so that a slip of the pen is not lost silently."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def _sent(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(extra="forbid", str_strip_whitespace=True, json_schema_extra={"example": example})


def _answered(example: dict[str, Any]) -> ConfigDict:
    return ConfigDict(from_attributes=True, json_schema_extra={"example": example})


class ProblemOut(BaseModel):
    """What went wrong (RFC 9457): one sentence, what is safe, what to do next, and the single faults."""

    type: str
    title: str
    status: int
    detail: str
    safe: str
    next: str
    instance: str
    problems: list[dict[str, str]]


class LogIn(Sent):
    """Who wants to come in."""

    model_config = _sent({"login": "shimenkan", "password": "一个足够长的口令"})
    login: str = Field(max_length=60)
    password: str = Field(max_length=1000)


class SessionOut(BaseModel):
    """An open session. The token is shown once; it goes into the header `Authorization: Bearer …`."""

    model_config = _answered(examples.SESSION)
    token: str
    expires_at: datetime
    must_change_password: bool


class PasswordChange(Sent):
    """The old password and the new one."""

    model_config = _sent({"old": "初始口令", "new": "一个足够长的口令"})
    old: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


class Me(BaseModel):
    """Who is logged in."""

    model_config = _answered(examples.ME)
    login: str
    name: str
    role: Role
    village_id: str | None
    clearances: list[str]
    must_change_password: bool
    csrf: str


class VillageOut(BaseModel):
    """A village of the county."""

    model_config = _answered(examples.VILLAGE)
    id: str
    name: str
    fonds: str
    township: str
    aliases: list[dict[str, Any]]


class NewVillage(Sent):
    """A village to be registered. Aliases: former names with years, {"name", "from", "to"}."""

    model_config = _sent({name: value for name, value in examples.VILLAGE.items() if name != "id"})
    name: str = Field(min_length=1, max_length=80)
    fonds: str = Field(min_length=1, max_length=20)
    township: str = Field(default="", max_length=80)
    aliases: list[dict[str, Any]] = []


class AccountOut(BaseModel):
    """A person who may log in."""

    model_config = _answered(examples.ACCOUNT)
    login: str
    name: str
    role: Role
    village_id: str | None
    clearances: list[str]
    active: bool
    must_change_password: bool


class NewAccount(Sent):
    """An account to be opened."""

    model_config = _sent(examples.NEW_ACCOUNT)
    login: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=80)
    role: Role
    village_id: str | None = None
    clearances: list[Literal["personal", "party"]] = []


class FirstPassword(BaseModel):
    """A first password. It is shown once, kept nowhere, and has to be changed."""

    model_config = _answered({"login": "shimenkan", "password": "x3Fq0Zr8sT1u"})
    login: str
    password: str


class Sum(BaseModel):
    """found = archived + waiting + rejected + duplicate, always."""

    found: int
    archived: int
    waiting: int
    rejected: int
    duplicate: int


class NewBatch(Sent):
    """A batch to be opened. `village`: id, name or fonds number; `source`: what people call the folder."""

    model_config = _sent({"village": "石门槛村", "source": "新建文件夹(2)"})
    village: str = Field(min_length=1, max_length=80)
    source: str = Field(default="", max_length=500)


class BatchOut(BaseModel):
    """A batch with its sum. `left`: files that wait to be read; `walked_at`: when the last file had come."""

    model_config = _answered(examples.BATCH)
    id: str
    village_id: str
    source: str
    opened_by: str
    opened_at: datetime
    walked_at: datetime | None
    sum: Sum
    states: dict[str, int]
    left: int


class Batches(BaseModel):
    """The newest batches."""

    model_config = _answered({"batches": [examples.BATCH]})
    batches: list[BatchOut]


class TakenOut(BaseModel):
    """What became of one file at the door; reasons are on the item."""

    model_config = _answered(examples.TAKEN)
    item: str
    state: str
    path: str


class Taken(BaseModel):
    """What became of what was sent; a zip becomes several items."""

    model_config = _answered({"items": [examples.TAKEN]})
    items: list[TakenOut]


class ItemOut(BaseModel):
    """One line of the reconciliation sheet; what lies behind it only where the record may be seen."""

    model_config = ConfigDict(extra="allow", json_schema_extra={"example": examples.ITEM})
    item: str
    batch: str
    path: str
    state: str
    reason_code: str
    reason: str
    remedy: str
    size: int
    sha256: str | None
    duplicate_of: str | None
    record: str | None = None


class Items(BaseModel):
    """A page of items. `after` goes into the next request; None at the end."""

    model_config = _answered({"items": [examples.ITEM], "after": None})
    items: list[ItemOut]
    after: str | None


class RecordBrief(BaseModel):
    """A record as lists show it. `period` is the retention period in words, 待定 while the county has set none."""

    model_config = _answered(examples.RECORD)
    id: str
    village_id: str
    state: str
    kind: str
    title: str
    code: str | None
    class_id: str | None
    series_id: str | None
    period: str
    due_on: date | None
    date_wording: str
    earliest: date | None
    latest: date | None
    date_certainty: str
    doc_number: str
    responsible: str
    people: list[str]
    places: list[str]
    access: str
    confident: bool
    page_count: int


class Records(BaseModel):
    """A page of records. `total` counts what the asker may see."""

    model_config = _answered({"records": [examples.RECORD], "total": 1, "after": None})
    records: list[RecordBrief]
    total: int
    after: str | None


class FileOut(BaseModel):
    """A file of a record; its bytes are at /files/{id}."""

    model_config = _answered(examples.FILE)
    id: str
    name: str
    path: str
    role: str
    position: int
    size: int
    sha256: str
    mime: str
    format: str
    puid: str
    page_count: int
    ocr_state: str
    details: dict[str, Any]


class Step(BaseModel):
    """One step of “why this period”."""

    model_config = ConfigDict(from_attributes=True)
    kind: str
    text: str
    mark: str


class Entry(BaseModel):
    """One act in the journal."""

    model_config = ConfigDict(from_attributes=True)
    at: datetime
    actor: str
    act: str
    details: dict[str, Any]


class KinOut(BaseModel):
    """A person of a genealogy."""

    model_config = ConfigDict(from_attributes=True)
    number: str
    name: str
    generation: str
    details: dict[str, Any]


class RecordOut(RecordBrief):
    """A record whole: proposals with their reasons, files, why its period, history."""

    model_config = _answered(examples.RECORD_WHOLE)
    retention: dict[str, Any] | None
    retention_choice: str | None
    starts_on: date | None
    note: str
    fields: dict[str, Any]
    proposals: dict[str, Any]
    described_by: str
    changed_at: datetime
    archived_at: datetime | None
    files: list[FileOut]
    why: list[Step]
    history: list[Entry]
    kin: list[KinOut]


class Description(Sent):
    """Corrections of a proposal; what is left out stays."""

    model_config = _sent(examples.DESCRIPTION)
    title: str | None = Field(default=None, max_length=600)
    series: str | None = None
    choice: Literal["important", "ordinary", ""] | None = None
    date: str | None = Field(default=None, max_length=120, description="as written: 2019年3月5日, 民国三十七年, 1958.3")
    doc_number: str | None = Field(default=None, max_length=120)
    responsible: str | None = Field(default=None, max_length=300)
    people: list[str] | None = None
    places: list[str] | None = None
    access: str | None = None
    note: str | None = Field(default=None, max_length=4000)
    fields: dict[str, str] | None = None


class Chosen(Sent):
    """Several records."""

    model_config = _sent({"records": [examples.ID]})
    records: list[str] = Field(min_length=1, max_length=10_000)


class Accepted(BaseModel):
    """The records that became facts; those that were already are not among them."""

    model_config = _answered({"accepted": [examples.ID]})
    accepted: list[str]


class FiledOut(BaseModel):
    """What became of one record: its code (None while its period is open), or why it was not archived."""

    model_config = _answered(examples.FILED)
    record_id: str
    code: str | None
    error: str | None


class Filed(BaseModel):
    """What became of each."""

    model_config = _answered({"records": [examples.FILED]})
    records: list[FiledOut]


class Reason(Sent):
    """Why; it is kept."""

    model_config = _sent({"reason": "空白表格，没有填写"})
    reason: str = Field(min_length=1, max_length=1000)


class Merge(Sent):
    """Records whose files become attachments of `into`."""

    model_config = _sent({"into": examples.ID, "others": [examples.OTHER_ID]})
    into: str
    others: list[str] = Field(min_length=1, max_length=500)


class Split(Sent):
    """Files that become a record of their own."""

    model_config = _sent({"files": [examples.OTHER_ID]})
    files: list[str] = Field(min_length=1, max_length=500)


class PageOut(BaseModel):
    """The text of one page. `confidence`: None for text that was read, not recognised."""

    model_config = ConfigDict(from_attributes=True)
    number: int
    text: str
    confidence: float | None
    vertical: bool


class FilePages(BaseModel):
    """The pages of one file."""

    file: str
    pages: list[PageOut]


class Pages(BaseModel):
    """The text of a record, page by page."""

    model_config = _answered(examples.PAGES)
    files: list[FilePages]


class Asked(Sent):
    """A search. Filters of one kind widen (or), filters of different kinds narrow (and)."""

    q: str = Field(
        default="", max_length=10_000, description="字词；-词 表示不要，“引号”表示原样", examples=["土地承包"]
    )
    village: list[str] = []
    class_: list[str] = Field(default=[], alias="class")
    series: list[str] = []
    kind: list[str] = []
    period: list[str] = []
    access: list[str] = []
    state: list[str] = []
    batch: list[str] = []
    year_from: int | None = Field(default=None, alias="from", examples=[1980])
    year_to: int | None = Field(default=None, alias="to", examples=[1990])
    sort: Literal["relevance", "newest", "oldest"] = "relevance"
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
    """A page of hits. `rung` says how the search matched (1 = the whole run), `used_words` by what."""

    model_config = _answered(examples.HITS)
    total: int
    rung: int
    used_words: list[str]
    cursor: str | None
    facets: dict[str, list[tuple[str, int]]]
    hits: list[Hit]


class VersionOut(BaseModel):
    """One version of the outline."""

    model_config = _answered(examples.VERSION)
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

    model_config = _answered({"versions": [examples.VERSION]})
    versions: list[VersionOut]


class OutlineOut(BaseModel):
    """An outline with its table as imported. `banner` says that a model is a model: show it beside every term."""

    model_config = _answered({"version": examples.VERSION, "banner": examples.BANNER, "content": {"classes": []}})
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

    model_config = _answered({"differences": ["新增条目 WS-09 村规民约"], "records": []})
    differences: list[str]
    records: list[RecordChange]


class Jobs(BaseModel):
    """What waits to be read, recognised, indexed and sealed."""

    model_config = _answered(examples.JOBS)
    sum: Sum
    to_read: int
    to_recognise: int
    pages_to_recognise: int
    records: dict[str, int]
    index_backlog: int
    unsealed: int
