"""The books of a village that are written row by row: their columns, and what a row must say.

Ten of them are the standing record books of one county's practice (TENBOOKS); the columns are this software's own
proposal. Which record of the calendar a book settles stands here; when that record is due is asked in the calendar.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

LONGEST_CELL = 2000
FIRST_YEAR, LAST_YEAR = 1949, 2200
_DAY = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s+0?0:00(?::00)?)?")
_RUN_TOGETHER = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, slots=True)
class BookColumn:
    """One column. `kind`: day | number | text; `values` to choose from, where there are any."""

    id: str
    name: str
    kind: str = "text"
    needed: bool = False
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Book:
    """One kind of book. `record`: the calendar's record that its rows settle; `who`: the column of the person meant."""

    id: str
    name: str
    name_en: str
    series: str
    columns: tuple[BookColumn, ...]
    record: str | None = None
    who: str = ""
    standing: bool = False
    """Whether it is one of the ten standing record books."""

    def column(self, column_id: str) -> BookColumn | None:
        """The column of that id."""
        return next((one for one in self.columns if one.id == column_id), None)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row that was read: its day, whom it is about, its cells; `digest` is the same for the same words."""

    on: date
    who: str
    cells: Mapping[str, str]
    digest: str


def _day(name: str = "日期") -> BookColumn:
    return BookColumn("on", name, "day", needed=True)


def _needed(id: str, name: str) -> BookColumn:
    return BookColumn(id, name, needed=True)


_MEETING = (
    _day(), BookColumn("place", "地点"), _needed("chair", "主持人"), BookColumn("clerk", "记录人"),
    BookColumn("due", "应到人数", "number"), BookColumn("present", "实到人数", "number"), BookColumn("absent", "缺席"),
    _needed("topic", "议题"), _needed("outcome", "议定事项"), BookColumn("votes", "赞成票数", "number"),
    BookColumn("note", "备注"),
)  # fmt: skip
_NOTE = BookColumn("note", "备注")

BOOKS: dict[str, Book] = {
    book.id: book
    for book in (
        Book("committee_meetings", "村委会会议记录簿", "Committee meetings", "WS-MZ-03", _MEETING, "weekly_minutes",
             standing=True),
        Book("villagers_meetings", "村民会议记录簿", "Villagers' meetings", "WS-MZ-01", _MEETING, "vm_villagers",
             standing=True),
        Book("representatives_meetings", "村民代表会议记录簿", "Representatives' meetings", "WS-MZ-02", _MEETING,
             "vm_reps", standing=True),
        Book("joint_meetings", "村“两委”联席会议记录簿", "Joint meetings", "WS-MZ-03", _MEETING, "weekly_minutes",
             standing=True),
        Book("decisions", "村务民主决策记录簿", "Decisions", "WS-MZ-07", _MEETING, standing=True),
        Book("disclosures", "村务公开记录簿", "Disclosures", "WS-GK-02", (
            _day("公开日期"), _needed("content", "公开内容"), BookColumn("place", "公开地点"),
            BookColumn("until", "公示止", "day"), BookColumn("reply", "意见和答复"), _NOTE,
        ), "disc_village", standing=True),
        Book("hearings", "村务民主听证会记录簿", "Hearings", "WS-MZ-09", _MEETING, standing=True),
        Book("mediation", "人民调解记录簿", "Mediation", "WS-ZA-01", (
            _day(), _needed("parties", "当事人"), _needed("matter", "纠纷事由"), BookColumn("mediator", "调解人"),
            BookColumn("outcome", "调解结果"), _NOTE,
        ), standing=True),
        Book("duty_log", "村干部值班记录簿", "Duty log", "WS-GB-02", (
            _day(), _needed("person", "值班人"), BookColumn("visitors", "来访人数", "number"),
            BookColumn("matter", "事由"), BookColumn("handling", "办理情况"), _NOTE,
        ), "duty_log", standing=True),
        Book("evaluation", "民主评议村干部记录簿", "Evaluation of cadres", "WS-GB-12", (
            _day(), _needed("person", "被评议人"), BookColumn("post", "职务"), BookColumn("due", "应到人数", "number"),
            BookColumn("present", "实到人数", "number"), BookColumn("good", "称职票数", "number"),
            BookColumn("bad", "不称职票数", "number"), _needed("result", "评议结果"), _NOTE,
        ), "eval_result", standing=True),
        Book("duty_rota", "值班安排表", "Duty rota", "WS-GB-01", (
            _day(), _needed("person", "值班人"), BookColumn("phone", "联系电话"), BookColumn("leader", "带班领导"),
            _NOTE,
        ), "duty_schedule"),
        Book("leave", "请销假台账", "Leave and return", "WS-GB-04", (
            _day("起"), BookColumn("until", "止", "day", needed=True), _needed("person", "请假人"),
            _needed("reason", "事由"), _needed("approver", "批准人"), BookColumn("back", "销假日期", "day"), _NOTE,
        ), "leave_ledger"),
        Book("training", "集中培训台账", "Training", "WS-GB-06", (
            _day(), _needed("person", "参训人"), _needed("topic", "培训内容"), BookColumn("host", "举办单位"),
            BookColumn("result", "考核结果"), _NOTE,
        )),
        Book("conversations", "谈心谈话台账", "Conversations", "WS-GB-10", (
            _day(), _needed("person", "谈话对象"), _needed("by", "谈话人"), BookColumn("topic", "谈话内容"),
            BookColumn("kind", "种类", values=("定期", "提醒", "诫勉")), _NOTE,
        ), "conversation_year", who="person"),
        Book("commitments", "公开承诺台账", "Commitments", "WS-GB-07", (
            _day(), _needed("person", "承诺人"), BookColumn("post", "职务"), _needed("matter", "承诺事项"),
            BookColumn("until", "完成时限", "day"), BookColumn("done", "践诺情况"), _NOTE,
        ), "commitment", who="person"),
    )
}  # fmt: skip
"""Every book. Decisions and hearings settle nothing by themselves: their matters are dossiers."""


def entry(book: Book, said: Mapping[str, str]) -> tuple[Entry | None, list[tuple[str, str]]]:
    """A row as it was typed: the entry, or what is wrong with it as (name of the column, sentence)."""
    cells: dict[str, str] = {}
    wrong: list[tuple[str, str]] = []
    for column in book.columns:
        text = said.get(column.id, "").strip()
        value, fault = _value(column, text)
        if fault:
            wrong.append((column.name, fault))
        elif value:
            cells[column.id] = value
    if wrong:
        return None, wrong
    digest = hashlib.sha256(json.dumps(cells, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    return Entry(date.fromisoformat(cells["on"]), cells.get(book.who, "")[:120], cells, digest), []


def _value(column: BookColumn, text: str) -> tuple[str, str]:
    """The cell in its plain form, or what is wrong with it."""
    if not text:
        return "", "必须填写。" if column.needed else ""
    if len(text) > LONGEST_CELL:
        return "", f"太长，最多 {LONGEST_CELL} 字。"
    if column.kind == "day":
        found = read_day(text)
        return (found.isoformat(), "") if found else ("", f"“{text}”不是日期，写成 2026-03-05。")
    if column.kind == "number":
        plain = text.removesuffix(".0")
        fits = plain.isascii() and plain.isdigit() and len(plain) < 8
        return (str(int(plain)), "") if fits else ("", f"“{text}”不是整数。")
    if column.values and text not in column.values:
        return "", f"“{text}”不可用，可用 {'、'.join(column.values)}。"
    return text, ""


def read_day(text: str) -> date | None:
    """A day as people and spreadsheets write it: 2026-03-05, 2026/3/5, 2026年3月5日, 20260305."""
    found = _DAY.fullmatch(text.strip()) or _RUN_TOGETHER.fullmatch(text.strip())
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None
