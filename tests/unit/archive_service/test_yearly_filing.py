"""A village's year: what is ready, what each record lacks, what is unseen; and the correction of what is archived."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from archive_service.actions import yearly_filing
from archive_service.actions.outlines import import_outline
from archive_service.actions.yearly_filing import YearReport, contents
from archive_service.exchange import outline_files
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.revising import revise_record, version, versions
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.base import new_id
from storage.database.organisations import Village
from storage.database.records import File, Record, RecordState
from storage.errors import Conflict, Missing
from tests.conftest import NOON


@pytest.fixture
def county(archive: Archive) -> Archive:
    content = outline_files.read(Path("classification/outlines/yunling-model.yaml"))
    with archive.sessions.begin() as session:
        import_outline(session, OPERATOR, content, archive.now())
        session.add(Village(id="v1", fonds="V001", name="石门槛村", township="望溪镇", aliases=[]))
    return archive


def made(archive: Archive, title: str, series: str | None = "WS-CW-01", year: int | None = 2025, **more: object) -> str:
    """A record that was accepted, unless `more` says otherwise."""
    with archive.sessions.begin() as session:
        found = Record(
            id=new_id(), village_id="v1", state=RecordState.ACCEPTED, title=title, year=year, date_wording="2025年",
            earliest=date(2025, 1, 1), latest=date(2025, 12, 31), responsible="村委会", people=[], places=[], fields={},
            proposals={}, access="internal", created_at=NOON, changed_at=NOON,
        )  # fmt: skip
        for name, value in more.items():
            setattr(found, name, value)
        if series:
            rule_book(session).assign(found, series)
        session.add(found)
        return found.id


def looked(archive: Archive, year: int = 2025) -> YearReport:
    with archive.sessions.read() as session:
        return yearly_filing.report(session, OPERATOR, "v1", year, rule_book(session))


def test_what_is_accepted_and_lacks_nothing_is_ready_in_the_order_of_dates(county: Archive) -> None:
    late = made(county, "后来的", earliest=date(2025, 9, 1))
    early = made(county, "早先的")
    made(county, "去年的", year=2024)
    assert looked(county).ready == [early, late]


def test_what_each_record_lacks_is_named(county: Archive) -> None:
    made(county, "没有条目", series=None)
    made(county, "没人采用", state=RecordState.PROPOSED)
    made(county, "口述修渠", series="CS-KS-01", access="public")
    made(county, "不知哪年", year=None, state=RecordState.PROPOSED)
    report = looked(county)
    blocked = {one.record.title: [of.message for of in one.findings if of.severity == "block"] for one in report.looked}
    assert blocked == {
        "没有条目": ["没有定条目，也就没有保管期限。"],
        "没人采用": ["建议还没有人采用。"],
        "口述修渠": ["口述史没有同意书或授权书，只能保管，不能定为公开或本村。"],
    }
    assert (report.ready, report.undated) == ([], 1)


def test_a_series_of_the_years_before_that_is_not_here_is_unseen(county: Archive) -> None:
    made(county, "前年的", series="WS-CW-02", year=2023)
    made(county, "五年前的", series="WS-CW-03", year=2020)
    made(county, "今年的")
    assert looked(county).unseen == ["WS-CW-02"]


def a_file(name: str, **more: object) -> File:
    given = {"sha256": "a" * 64, "sha512": "b" * 128, "format": "PDF", "size": 9, "page_count": 3, "role": "main"}
    return File(name=name, **{**given, "details": {}, "ocr_state": "none", **more})


@pytest.mark.parametrize(
    ("files", "text", "pages", "found"),
    [
        ([a_file("甲.pdf")], "", 3, []),
        ([], "", 0, ["I01"]),
        ([a_file("甲.pdf", role="attachment")], "", 3, ["I01"]),
        ([a_file("甲.pdf")], "", 5, ["I05"]),
        ([a_file("甲.pdf", page_count=1)], "附件1：名册\n附件2：图", 1, ["I02"]),
        ([a_file("甲.pdf", sha512="")], "", 3, ["A11"]),
        ([a_file("甲.pdf", size=0)], "", 3, ["U03"]),
        ([a_file("甲.docm")], "", 3, ["U01", "S04"]),
        ([a_file("甲.pdf", sha256="c" * 64)], "", 3, ["I07"]),
        ([a_file("甲.pdf", ocr_state="failed")], "", 3, ["U04"]),
    ],
)
def test_what_a_program_can_decide_of_the_files(files: list[File], text: str, pages: int, found: list[str]) -> None:
    record = Record(title="甲", page_count=pages)
    assert [one.check for one in contents(record, files, text, {"c" * 64: 2})] == found


def test_who_does_not_catalogue_here_sees_no_report(county: Archive) -> None:
    with county.sessions.read() as session, pytest.raises(Forbidden):
        yearly_filing.report(session, Actor("n", "n", "邻", Role.CLERK, "v2"), "v1", 2025, rule_book(session))


def test_a_correction_needs_a_reason_and_every_version_can_be_read(county: Archive) -> None:
    record_id = made(county, "关于修路的通知")
    with pytest.raises(Conflict):
        revise_record(county, OPERATOR, record_id, {"note": "新"}, "漏写")
    file_records(county, OPERATOR, [record_id])
    with pytest.raises(RuleError, match="理由"):
        revise_record(county, OPERATOR, record_id, {"note": "新"}, " ")
    with pytest.raises(RuleError, match="条目"):
        revise_record(county, OPERATOR, record_id, {"series": "WS-CW-02"}, "改条目")
    assert revise_record(county, OPERATOR, record_id, {"note": "新", "date": "2024年"}, "年份抄错")
    assert not revise_record(county, OPERATOR, record_id, {"note": "新"}, "再来一次")
    assert [(one.number, one.message) for one in versions(county, OPERATOR, record_id)] == [
        (2, "更正：年份抄错"),
        (1, "归档"),
    ]
    assert [version(county, OPERATOR, record_id, number)["note"] for number in (1, 2)] == ["", "新"]
    told = [version(county, OPERATOR, record_id, number) for number in (1, 2)]
    assert told[0]["code"] == told[1]["code"]
    assert [one["starts_on"] for one in told] == ["2026-01-01", "2025-01-01"]
    with pytest.raises(Missing):
        version(county, OPERATOR, record_id, 3)


def test_an_earlier_version_that_was_kept_closer_is_not_shown_to_more_people(county: Archive) -> None:
    record_id = made(county, "关于修路的通知", access="internal")
    file_records(county, OPERATOR, [record_id])
    revise_record(county, OPERATOR, record_id, {"access": "public"}, "可以公开")
    reader = Actor("r", "r", "读者", Role.RESEARCHER)
    assert version(county, reader, record_id, 2)["access"] == "public"
    with pytest.raises(Missing):
        version(county, reader, record_id, 1)
