"""A register of cadres or of matters brought in as a workbook or CSV: every row or none, errors by row and column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.orm import Session

from archive_service.actions.cadres import NewMatter, NewPost, add_matter, add_post, triggers_of
from archive_service.exchange.list_files import Column, ListInvalid, ListRow, opened, rows, write_template
from archive_service.permissions import Actor
from classification.calendar.model import Calendar
from classification.dates import read_date
from classification.errors import Problem, RuleError
from storage.database.organisations import villages
from storage.errors import Conflict, Missing

SHEETS = {"posts": "村干部名册", "matters": "事项登记"}
MOST_ROWS = 20_000
_VILLAGE = Column("village", "村", ("村名",), hint="村名或全宗号；只给一个村登记时可以空着。")
POSTS = (
    _VILLAGE, Column("person", "姓名"), Column("post", "职务"),
    Column("since", "任职日期", ("起", "任职时间"), hint="如 2026-06-01 或 2026年6月1日。"),
    Column("until", "离任日期", ("止", "离任时间"), hint="在任的空着。"),
)  # fmt: skip


def columns_of(register: str, calendar: Calendar) -> tuple[Column, ...]:
    """The columns of a register.

    Raises:
        Missing: there is no such register.
    """
    if register == "posts":
        return POSTS
    if register == "matters":
        kinds = tuple(triggers_of(calendar).values())
        return (
            _VILLAGE, Column("trigger", "发生了什么", ("事项类型",), kinds), Column("on", "日期"),
            Column("name", "名称", ("事项名称",), hint="大家怎么叫这件事，如 修渠；材料的题名里写到它就对得上。"),
        )  # fmt: skip
    raise Missing("没有这种登记簿，可用的有：posts 村干部名册、matters 事项登记。")


def template(register: str, calendar: Calendar, path: Path) -> None:
    """Write a workbook to fill in."""
    write_template(SHEETS.get(register, ""), columns_of(register, calendar), path)


def import_register(
    session: Session, actor: Actor, calendar: Calendar, register: str, path: Path, home: str | None, at: datetime
) -> int:
    """Enter every row of the file; returns how many. `home`: the village of rows that name none.

    Raises:
        ListInvalid: the file cannot be read, or a row cannot be entered; nothing was entered.
        Forbidden: the actor does not catalogue in a village that is named.
    """
    columns = columns_of(register, calendar)
    with opened(path) as (_, found):
        read = list(rows(found, columns))
    if len(read) > MOST_ROWS:
        raise ListInvalid((Problem(path.name, "", f"一次最多 {MOST_ROWS} 行，请分几个文件。"),))
    known = {name: one.id for one in villages(session) for name in (one.name, one.fonds)}
    make = _post if register == "posts" else _matter
    importing = _Importing(session, actor, calendar, known, home, at)
    with session.begin_nested():
        for row in read:
            importing.enter(row, make)
        if importing.problems:
            raise ListInvalid(tuple(importing.problems))
    return len(read)


class _Importing:
    """One pass over the rows; what is wrong is noted and the next row tried, so that one pass finds everything."""

    def __init__(
        self, session: Session, actor: Actor, calendar: Calendar, known: Mapping[str, str], home: str | None,
        at: datetime,
    ) -> None:  # fmt: skip
        self.session, self.actor, self.calendar = session, actor, calendar
        self.known, self.home, self.at = known, home, at
        self.problems: list[Problem] = []

    def enter(self, row: ListRow, make: Callable[[_Importing, ListRow, str], object]) -> None:
        """One row."""
        before = len(self.problems)
        home = self._home(row)
        try:
            make(self, row, home)
        except (RuleError, Conflict) as wrong:
            if len(self.problems) == before:
                self.wrong(row, "", str(wrong))

    def _home(self, row: ListRow) -> str:
        named = row.cells.get("village", "")
        found = self.known.get(named) if named else self.home
        if found is None:
            self.wrong(row, "村", f"没有登记名为“{named}”的村" if named else "要写是哪个村")
        return found or ""

    def day(self, row: ListRow, id: str, name: str, needed: bool) -> date | None:
        """A day of one cell; what is no day is noted."""
        text = row.cells.get(id, "")
        if not text and not needed:
            return None
        found = read_date(text, self.at.date()) if text else None
        if found and found.earliest == found.latest:
            return found.earliest
        self.wrong(row, name, f"“{text}”应写成 2026-06-01" if text else "要写日期")
        return None

    def wrong(self, row: ListRow, column: str, message: str) -> None:
        """Note what is wrong."""
        self.problems.append(Problem(f"第 {row.number} 行", column, message))


def _post(one: _Importing, row: ListRow, home: str) -> None:
    since, until = one.day(row, "since", "任职日期", needed=True), one.day(row, "until", "离任日期", needed=False)
    if home and since:
        wish = NewPost(home, row.cells.get("person", ""), row.cells.get("post", ""), since, until)
        add_post(one.session, one.actor, wish, one.at)


def _matter(one: _Importing, row: ListRow, home: str) -> None:
    on = one.day(row, "on", "日期", needed=True)
    said = row.cells.get("trigger", "")
    names = triggers_of(one.calendar)
    trigger = said if said in names else next((id for id, name in names.items() if name == said), "")
    if not trigger:
        one.wrong(row, "发生了什么", f"“{said}”不在可选的事项里")
    if home and on and trigger:
        add_matter(
            one.session, one.actor, one.calendar, NewMatter(home, trigger, on, row.cells.get("name", "")), one.at
        )
