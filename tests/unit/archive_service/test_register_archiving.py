"""The end of a register: witnessed by those who counted, filed where asked, archived for ever with its report."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from archive_service.permissions import Forbidden
from archive_service.tasks.register_archiving import archive_register
from archive_service.wiring import Archive
from classification.appraisal import Act
from classification.errors import RuleError
from storage.database.appraisal import open_in
from storage.database.records import Record, RecordState, files_of
from storage.database.register_chain import append, append_each, faults
from storage.database.registers import Register, entries_of
from storage.errors import Conflict, Missing
from storage.scope import RESTRICTED
from tests.unit.archive_service.appraisal_village import Place, make_place, number


@pytest.fixture
def place(archive: Archive) -> Place:
    return make_place(archive)


def removed(place: Place) -> str:
    """A register that says of its records that they are gone; that they are is tested where they are removed."""
    found = place.counted(1, 2)
    place.act(found, "ban", "begin")
    with place.archive.sessions.begin() as session:
        register = session.get_one(Register, found)
        append_each(session, register, Act.REMOVED_ROW, place.now, [number(1), number(2)])
        append(session, register, Act.REMOVED, place.now)
    return found


SAID = ("删除并查证", "县档案馆机房", date(2026, 3, 1))


def test_only_the_two_who_counted_sign_that_it_was_destroyed(place: Place) -> None:
    found = removed(place)
    for login in ("pi", "ban", "wang"):
        with pytest.raises(Forbidden):
            place.act(found, login, "witness", *SAID)
    place.act(found, "jia", "witness", *SAID)
    with pytest.raises(Conflict):
        place.act(found, "jia", "witness", *SAID)
    assert place.state(found) == "removed"
    place.act(found, "yi", "witness", *SAID)
    assert place.state(found) == "witnessed"


def test_a_finished_register_and_its_report_become_permanent_records(place: Place) -> None:
    place.rules = replace(place.rules, filing="after")
    scan = place.put(9, "permanent", None)
    found = removed(place)
    for login in ("jia", "yi"):
        place.act(found, login, "witness", *SAID)
    with place.archive.sessions.read() as session:
        wang = place.who(session, "wang")
    with pytest.raises(RuleError, match="备案"):
        archive_register(place.archive, wang, found, place.rules)
    place.act(found, "wang", "file_above", "云岭县档案局", "", date(2026, 3, 1))
    with pytest.raises(RuleError, match="扫描件"):
        archive_register(place.archive, wang, found, place.rules)
    with place.archive.sessions.begin() as session:
        session.get_one(Record, scan).access = RESTRICTED
    with pytest.raises(Missing, match="没有这件已归档的扫描件"):
        place.act(found, "wang", "tie_scan", scan)
    with place.archive.sessions.begin() as session:
        session.get_one(Record, scan).access = "internal"
    place.act(found, "wang", "tie_scan", scan)
    for series, why in (("WS-GB-01", "要永久保管"), ("WS-XX-01", "没有条目")):
        with pytest.raises(RuleError, match=why):
            archive_register(place.archive, wang, found, replace(place.rules, filed_under=(series,)))
    ids = archive_register(place.archive, wang, found, place.rules)
    with place.archive.sessions.read() as session:
        register, report = (session.get_one(Record, one) for one in ids)
        assert register.title == "全宗 V012 第 1 号销毁清册"
        assert report.title == "第 1 号销毁清册的鉴定工作报告"
        assert {(one.retention, one.series_id, one.state) for one in (register, report)} == {
            ("permanent", "WS-DA-03", RecordState.ARCHIVED)
        }
        assert [file.mime for one in ids for file in files_of(session, ids)[one]] == ["application/pdf"] * 2
        (entry,) = entries_of(session, found, Act.ARCHIVED)
        assert entry.details["records"] == ids
        assert open_in(session, [number(1), number(2)]) == {}
        assert faults(session) == []
    assert place.state(found) == "filed"
