"""What is printed: which records, in which order and boxes, counted how; and nothing that is not open to the asker."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.outlines import import_outline
from archive_service.actions.printing import printed
from archive_service.actions.printing_rows import Asked
from archive_service.exchange import outline_files
from archive_service.forms.printed.cards import Box
from archive_service.forms.printed.listing import Totals
from archive_service.permissions import NAMED_CLASSES, OPERATOR, Actor, Forbidden, Role
from archive_service.tasks.printing import print_form
from archive_service.wiring import Archive
from classification.form_layouts import MODEL
from storage.database import journal
from storage.database.base import new_id
from storage.database.journal import JournalEntry
from storage.database.organisations import Village
from storage.database.physical import Loan, Whereabouts
from storage.database.records import Record
from storage.errors import Missing
from tests.conftest import NOON

CLOCK = ZoneInfo("Asia/Shanghai")
COUNTY = Actor("1", "keeper", "县档案员", Role.ARCHIVIST, None, NAMED_CLASSES)
CLERK = Actor("2", "clerk", "村档案员", Role.CLERK, "v12")
VILLAGES = (
    ("v12", "V012", "石门槛村", "望溪镇"),
    ("v13", "V013", "青石坳村", "望溪镇"),
    ("v21", "V021", "白水村", "云溪镇"),
)
LAST_YEAR = datetime(2025, 6, 1, tzinfo=UTC)


@pytest.fixture
def session(archive: Archive) -> Iterator[Session]:
    content = outline_files.read(Path("classification/outlines/yunling-model.yaml"))
    with archive.sessions.begin() as opened:
        import_outline(opened, OPERATOR, content, archive.now())
        for id, fonds, name, township in VILLAGES:
            opened.add(Village(id=id, fonds=fonds, name=name, township=township, aliases=[]))
        opened.flush()
        yield opened


def put(session: Session, code: str | None, **said: Any) -> str:
    """A filed record of 石门槛村, permanent, of 2019, two pages; `said` says what is otherwise."""
    values: dict[str, Any] = {
        "village_id": "v12", "state": "archived", "kind": "document", "title": f"题名 {code}", "code": code,
        "class_id": "WS-MZ", "retention": "permanent", "year": 2019, "earliest": date(2019, 3, 5),
        "latest": date(2019, 3, 5), "access": "internal", "page_count": 2, "archived_at": NOON,
    }  # fmt: skip
    box = said.pop("box", "")
    made = Record(id=new_id(), created_at=NOON, changed_at=NOON, **{**values, **said})
    session.add(made)
    session.flush()
    if box:
        session.add(Whereabouts(record_id=made.id, box=box, changed_at=NOON, changed_by="keeper"))
        session.flush()
    return made.id


def rows(session: Session, actor: Actor, asked: Asked, part: int = 0) -> list[tuple[Any, ...]]:
    """The rows of a list, and the last line."""
    listing = printed(session, actor, asked, MODEL["transfer"], "云岭县", NOON, CLOCK).listings[part]
    totals, found = Totals(listing), []
    for row in listing.rows:
        totals.add(row)
        found.append(tuple(row.cells))
    return [*found, tuple(totals.row().cells)]


def codes(session: Session, actor: Actor, asked: Asked) -> list[Any]:
    return [row[1] for row in rows(session, actor, asked)[:-1]]


def boxes(session: Session, asked: Asked, actor: Actor = COUNTY) -> list[Box]:
    return list(printed(session, actor, asked, MODEL["transfer"], "云岭县", NOON, CLOCK).boxes)


def test_a_catalogue_lists_what_is_filed_in_the_order_of_codes_those_without_one_last(session: Session) -> None:
    put(session, None, retention=None)
    put(
        session,
        "V012-WS·2019-Y-MZ-0002",
        doc_number="石村〔2019〕3号",
        responsible="村委会",
        note="复印件",
        title="通知",
    )
    put(session, "V012-WS·2019-Y-MZ-0001")
    put(session, "V012-WS·2019-Y-MZ-0003", state="proposed")
    put(session, "V012-WS·2019-Y-MZ-0004", state="withdrawn")
    assert rows(session, COUNTY, Asked("catalogue")) == [
        (1, "V012-WS·2019-Y-MZ-0001", "", "", "题名 V012-WS·2019-Y-MZ-0001", "20190305", "", 2, ""),
        (2, "V012-WS·2019-Y-MZ-0002", "石村〔2019〕3号", "村委会", "通知", "20190305", "", 2, "复印件"),
        (3, "待编", "", "", "题名 None", "20190305", "", 2, ""),
        ("合计", "", "", "", "共 3 件", "", "", 6, ""),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "certainty", "expected"),
    [
        (date(2019, 3, 5), date(2019, 3, 5), "exact", "20190305"),
        (date(2020, 2, 1), date(2020, 2, 29), "exact", "202002"),
        (date(1958, 1, 1), date(1958, 12, 31), "exact", "1958"),
        (date(1945, 8, 15), date(1945, 8, 15), "inferred", "[19450815]"),
        (date(1950, 1, 1), date(1959, 12, 31), "exact", "19500101—19591231"),
        (None, None, "", "五十年代"),
    ],
)
def test_a_date_is_written_as_catalogues_write_it(
    session: Session, first: date | None, last: date | None, certainty: str, expected: str
) -> None:
    put(session, "V012-1", earliest=first, latest=last, date_certainty=certainty, date_wording="五十年代")
    assert rows(session, COUNTY, Asked("catalogue"))[0][5] == expected


def test_village_year_class_and_period_narrow_a_list(session: Session) -> None:
    put(session, "V012-WS·2019-Y-MZ-0001")
    put(session, "V012-WS·2020-Y-MZ-0001", year=2020)
    put(session, "V012-WS·2019-D30-MZ-0001", retention=30)
    put(session, "V012-CS·MS·2019-Y-0001", class_id="CS-MS")
    put(session, "V013-WS·2019-Y-MZ-0001", village_id="v13")
    asked = Asked("catalogue", "v12", 2019, "WS", "permanent")
    assert codes(session, COUNTY, asked) == ["V012-WS·2019-Y-MZ-0001"]
    assert codes(session, COUNTY, Asked("catalogue", "v12", period="30")) == ["V012-WS·2019-D30-MZ-0001"]
    assert codes(session, COUNTY, Asked("catalogue", class_id="CS")) == ["V012-CS·MS·2019-Y-0001"]


def test_nothing_outside_the_scope_is_listed_counted_or_boxed(session: Session) -> None:
    put(session, "V012-WS·2019-Y-MZ-0001")
    put(session, "V012-WS·2019-Y-MZ-0002", access="personal")
    put(session, "V012-WS·2019-Y-MZ-0003")
    put(session, "V013-WS·2019-Y-MZ-0001", village_id="v13")
    seen = ["V012-WS·2019-Y-MZ-0001", "V012-WS·2019-Y-MZ-0003"]
    assert codes(session, CLERK, Asked("catalogue")) == seen
    assert codes(session, CLERK, Asked("catalogue", "v13")) == []
    assert rows(session, CLERK, Asked("summary"))[-1][6:8] == (2, 4)
    assert rows(session, CLERK, Asked("statistics"))[-1][4:6] == (2, 4)
    assert [one.records for one in boxes(session, Asked("labels"), CLERK)] == [2]
    assert len(list(printed(session, CLERK, Asked("stamps"), MODEL["transfer"], "", NOON, CLOCK).stamps)) == 2


def test_boxes_follow_the_codes_and_never_mix_years_classes_or_periods(session: Session) -> None:
    for number in (1, 2, 3):
        put(session, f"V012-WS·2019-Y-MZ-{number:04d}")
    put(session, "V012-WS·2019-Y-TD-0001", class_id="WS-TD")
    put(session, "V012-WS·2019-D30-MZ-0001", retention=30)
    put(session, "V012-WS·2020-Y-MZ-0001", year=2020)
    made = boxes(session, Asked("labels", per_box=3))
    found = [(one.number, one.year, one.period, one.first, one.last) for one in made]
    assert found == [
        ("1", "2019", "定期30年", "V012-WS·2019-D30-MZ-0001", "V012-WS·2019-D30-MZ-0001"),
        ("1", "2019", "永久", "V012-WS·2019-Y-MZ-0001", "V012-WS·2019-Y-MZ-0003"),
        ("2", "2019", "永久", "V012-WS·2019-Y-TD-0001", "V012-WS·2019-Y-TD-0001"),
        ("1", "2020", "永久", "V012-WS·2020-Y-MZ-0001", "V012-WS·2020-Y-MZ-0001"),
    ]


def test_boxes_that_were_recorded_are_kept_whatever_lies_in_them(session: Session) -> None:
    put(session, "V012-WS·2019-Y-MZ-0001", box="甲-3")
    put(session, "V012-WS·2019-Y-MZ-0002")
    put(session, "V012-WS·2021-D30-MZ-0001", box="甲-3", year=2021, retention=30)
    first, second = boxes(session, Asked("labels", per_box=1))
    assert (first.number, first.year, first.period, first.records) == ("甲-3", "2019—2021", "永久、定期30年", 2)
    assert (second.number, second.first) == ("1", "V012-WS·2019-Y-MZ-0002")


def test_a_note_names_the_numbers_that_are_not_there(session: Session) -> None:
    for number in (1, 2, 5):
        put(session, f"V012-WS·2019-Y-MZ-{number:04d}", page_count=0 if number == 5 else 2)
    (found,) = boxes(session, Asked("note"))
    assert found.remarks == ("未列入的号：0003、0004", "1 件没有页数")


def test_volumes_are_rows_of_their_own_list_and_have_notes_of_their_own(session: Session) -> None:
    first = {"class_id": "KU-02", "year": 2020, "retention": 30, "title": "总账"}
    put(session, "V012-KU·02·2020-001-001", **first, earliest=date(2020, 1, 1), latest=date(2020, 6, 30))
    put(session, "V012-KU·02·2020-001-002", **first, earliest=date(2020, 7, 1), latest=date(2020, 12, 31))
    put(session, "V012-KU·02·2020-002-001", **{**first, "title": "明细账"})
    put(session, "V012-WS·2019-Y-MZ-0001")
    assert rows(session, COUNTY, Asked("volumes")) == [
        (1, "V012-KU·02·2020-001", "总账 等 2 件", "20200101—20201231", 4, "定期30年", ""),
        (2, "V012-KU·02·2020-002", "明细账", "20190305", 2, "定期30年", ""),
        ("合计", "", "共 2 卷", "", 6, "", ""),
    ]
    assert [(one.volume, one.number, one.records) for one in boxes(session, Asked("note"))] == [
        (True, "1", 2), (True, "2", 1), (False, "1", 1),
    ]  # fmt: skip


def test_a_stamp_says_the_six_values(session: Session) -> None:
    put(session, "V012-WS·2019-Y-MZ-0007")
    (found,) = printed(session, COUNTY, Asked("stamps"), MODEL["transfer"], "", NOON, CLOCK).stamps
    assert found.cells() == (("V012", "2019", "0007"), ("民主决策与监督", "永久", "2"))


def test_a_summary_has_a_row_for_each_village_year_class_and_period(session: Session) -> None:
    put(session, "V012-WS·2019-Y-MZ-0001")
    put(session, "V012-WS·2019-Y-TD-0001", class_id="WS-TD")
    put(session, "V012-WS·2019-D30-MZ-0001", retention=30)
    put(session, "V013-WS·2019-Y-MZ-0001", village_id="v13", page_count=5)
    thirty = "V012-WS·2019-D30-MZ-0001"
    assert rows(session, COUNTY, Asked("summary")) == [
        (1, "V012", "石门槛村", "2019", "文书", "永久", 2, 4, "V012-WS·2019-Y-MZ-0001", "V012-WS·2019-Y-TD-0001"),
        (2, "V012", "石门槛村", "2019", "文书", "定期30年", 1, 2, thirty, thirty),
        (3, "V013", "青石坳村", "2019", "文书", "永久", 1, 5, "V013-WS·2019-Y-MZ-0001", "V013-WS·2019-Y-MZ-0001"),
        ("合计", "", "共 3 组", "", "", "", 4, 11, "", ""),
    ]  # fmt: skip


def test_the_year_counts_holdings_what_came_in_and_what_was_used_by_township(session: Session) -> None:
    used = put(session, "V012-WS·2019-Y-MZ-0001")
    put(session, "V012-WS·2019-D30-MZ-0001", retention=30, archived_at=LAST_YEAR)
    put(session, "V012-CS·MS·2019-Y-0001", class_id="CS-MS")
    put(session, None, retention=None, village_id="v21")
    journal.write(session, NOON, "keeper", "file_viewed", "record", used, "v12")
    journal.write(session, LAST_YEAR, "keeper", "file_viewed", "record", used, "v12")
    days = {"lent_on": date(2026, 2, 1), "due_on": date(2026, 3, 1)}
    session.add(Loan(record_id=used, borrower="顾采薇", lent_by="keeper", **days))
    session.flush()
    found = rows(session, COUNTY, Asked("statistics", year=2026))
    # 馆藏件数 页数 永久 定期30年 定期10年 其他 本年归档 本年利用
    assert found == [
        (1, "望溪镇", "V012", "石门槛村", 3, 6, 2, 1, 0, 0, 2, 2),
        (2, "望溪镇", "V013", "青石坳村", 0, 0, 0, 0, 0, 0, 0, 0),
        ("", "望溪镇小计", "", "2 个村", 3, 6, 2, 1, 0, 0, 2, 2),
        (3, "云溪镇", "V021", "白水村", 1, 2, 0, 0, 0, 1, 1, 0),
        ("", "云溪镇小计", "", "1 个村", 1, 2, 0, 0, 0, 1, 1, 0),
        ("合计", "", "", "共 3 个村", 4, 8, 2, 1, 0, 1, 3, 2),
    ]
    by_class = rows(session, COUNTY, Asked("statistics", year=2026), part=1)
    assert by_class[0][4:] == (2, 0, 0, 0, 0, 0, 0, 0, 1)
    assert rows(session, COUNTY, Asked("statistics", year=2025))[-1][4:] == (1, 2, 0, 1, 0, 0, 1, 1)


def test_the_register_tells_looks_and_loans_in_the_order_of_time(session: Session) -> None:
    seen, hidden = put(session, "V012-WS·2019-Y-MZ-0001"), put(session, "V012-WS·2019-Y-MZ-0002", access="personal")
    session.add(
        Loan(
            record_id=seen, borrower="顾采薇", purpose="核对地界", lent_on=date(2026, 3, 1), due_on=date(2026, 3, 9),
            returned_on=date(2026, 3, 4), lent_by="keeper",
        )
    )  # fmt: skip
    journal.write(session, NOON, "operator", "file_downloaded", "record", seen, "v12")
    journal.write(session, NOON, "keeper", "record_viewed", "record", hidden, "v12")
    journal.write(session, LAST_YEAR, "keeper", "record_viewed", "record", seen, "v12")
    asker = Actor("3", "other", "县档案员", Role.ARCHIVIST)
    title = "题名 V012-WS·2019-Y-MZ-0001"
    assert rows(session, asker, Asked("use", year=2026))[:-1] == [
        (1, "2026-03-01", "顾采薇", "V012-WS·2019-Y-MZ-0001", title, "借阅", "核对地界", "2026-03-04", ""),
        (2, "2026-03-01 12:00", "系统操作员", "V012-WS·2019-Y-MZ-0001", title, "下载", "", "", ""),
    ]
    assert len(rows(session, asker, Asked("use"))) == 4


def test_who_may_not_read_the_journal_gets_no_register(session: Session) -> None:
    with pytest.raises(Forbidden, match="不能查看操作日志"):
        printed(session, CLERK, Asked("use", "v12"), MODEL["transfer"], "", NOON, CLOCK)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("nothing"), "没有“nothing”这种表"),
        (Asked("catalogue", period="20"), "大纲里没有保管期限“20”"),
        (Asked("catalogue", "nowhere"), "没有这个村"),
    ],
)
def test_what_there_is_not_is_named(session: Session, asked: Asked, said: str) -> None:
    with pytest.raises(Missing, match=said):
        printed(session, COUNTY, asked, MODEL["transfer"], "", NOON, CLOCK)


def test_a_model_outline_says_so_on_what_is_printed(session: Session) -> None:
    foot = printed(session, COUNTY, Asked("catalogue"), MODEL["transfer"], "云岭县", NOON, CLOCK).foot
    assert foot.startswith("云岭县　2026-03-01 打印　示范大纲")


def test_every_print_is_in_the_journal(archive: Archive, session: Session, tmp_path: Path) -> None:
    put(session, "V012-WS·2019-Y-MZ-0001")
    session.commit()
    assert print_form(archive, COUNTY, Asked("catalogue", "v12", 2019), "xlsx", tmp_path / "a.xlsx") == 1
    with archive.sessions.read() as reading:
        entry = reading.scalars(select(JournalEntry).where(JournalEntry.act == "form_printed")).one()
    assert (entry.actor, entry.object_id, entry.village_id) == ("keeper", "catalogue", "v12")
    assert entry.details == {"form": "归档文件目录", "format": "xlsx", "year": 2019, "rows": 1}
