"""Dossiers over a real database: opened, noted, records tied and proposed, as evidence of a year, kept and printed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from openpyxl import load_workbook
from sqlalchemy import delete, event
from sqlalchemy.orm import Session

from archive_service.actions import dossier_views, dossiers, ledgers
from archive_service.actions.completeness import village_years
from archive_service.actions.dossier_views import DossierShown, dossier_evidence
from archive_service.actions.dossiers import NewDossier, Objection
from archive_service.actions.villages import add_village
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.dossier_files import county_dossiers
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.settings import Settings
from archive_service.tasks.kept_documents import KINDS, keep_documents
from archive_service.tasks.matters import print_dossier
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive, build
from classification.errors import RuleError
from classification.ledgers import BOOKS
from storage.database import journal
from storage.database.dossiers import Dossier, DossierRecord, documents, restore
from storage.database.organisations import village_named
from storage.database.records import Record, RecordState
from storage.errors import Conflict, Missing

NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
TODAY = date(2026, 10, 20)
DOSSIERS, CALENDAR = county_dossiers(), county_calendar()
MARCH = date(2026, 3, 1)


@pytest.fixture
def archive(settings: Settings) -> Iterator[Archive]:
    """Two villages, and some papers of the first."""
    made = build(settings, lambda: NOW)
    set_up(made)
    with made.sessions.begin() as session:
        for name, fonds in (("石门槛村", "V012"), ("枫树坪村", "V013")):
            add_village(session, OPERATOR, NOW, name, fonds, "望溪镇")
        put(session, 1, "修水渠村民代表会议决议", "WS-MZ-07", date(2026, 3, 20))
        put(session, 2, "修路村民代表会议决议", "WS-MZ-07", date(2026, 3, 10))
        put(session, 3, "党员大会审议记录", "WS-MZ-06", date(2026, 3, 15), access="party")
        put(session, 4, "另一村的决议", "WS-MZ-07", date(2026, 3, 20), village="枫树坪村")
    yield made
    made.sessions.engine.dispose()


def number(one: int) -> str:
    return f"{one:032x}"


def put(
    session: Session, id_: int, title: str, series: str, made: date, access: str = "internal", village: str = "石门槛村"
) -> None:
    session.add(
        Record(
            id=number(id_), village_id=village_named(session, village).id, state=RecordState.PROPOSED, title=title,
            series_id=series, year=2026, earliest=made, latest=made, access=access, created_at=NOW, changed_at=NOW,
        )
    )  # fmt: skip


def clerk(home: str) -> Actor:
    return Actor("c", "clerk", "文书", Role.CLERK, home)


def opened(session: Session, actor: Actor = OPERATOR, name: str = "修水渠", kind: str = "four_discussions") -> Dossier:
    home = village_named(session, "石门槛村").id
    made = dossiers.open_dossier(session, actor, DOSSIERS, NewDossier(home, kind, name, MARCH), NOW)
    session.flush()
    return made


def shown(session: Session, dossier_id: str, actor: Actor = OPERATOR) -> DossierShown:
    return dossier_views.shown(session, actor, DOSSIERS, CALENDAR, dossier_id, TODAY)


def tie(session: Session, held: Dossier, record: int, step: str = "fd_decide", actor: Actor = OPERATOR) -> None:
    dossiers.tie(session, actor, DOSSIERS, held.id, step, number(record), NOW)
    session.flush()


def test_a_matter_is_opened_once_and_journaled(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        assert [one.act for one in journal.history(session, held.id)] == ["dossier_opened"]
        with pytest.raises(Conflict):
            opened(session)


def test_a_clerk_of_another_village_neither_opens_nor_sees_it(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        stranger = clerk(village_named(session, "枫树坪村").id)
        held = opened(session)
        with pytest.raises(Forbidden):
            opened(session, stranger, "修路")
        with pytest.raises(Missing):
            shown(session, held.id, stranger)
        assert dossier_views.listed(session, stranger, DOSSIERS, TODAY) == ([], None)


def test_a_step_is_noted_in_its_own_fields_and_a_wrong_one_changes_nothing(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        said = {"on": "2026年3月20日", "meeting": "representatives_meeting", "present": "40", "elsewhere": "x"}
        dossiers.note_step(session, OPERATOR, DOSSIERS, held.id, "fd_decide", said, NOW)
        facts = {"on": "2026-03-20", "meeting": "representatives_meeting", "present": 40}
        assert held.steps == {"fd_decide": facts}
        for wrong in ({"on": "昨天"}, {"present": "许多"}, {"meeting": "闲谈"}):
            with pytest.raises(RuleError):
                dossiers.note_step(session, OPERATOR, DOSSIERS, held.id, "fd_decide", wrong, NOW)
        with pytest.raises(RuleError):
            dossiers.note_step(session, OPERATOR, DOSSIERS, held.id, "neg_topic", said, NOW)
        assert held.steps == {"fd_decide": facts}


def test_recognition_proposes_the_step_and_what_bears_the_name_comes_first(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        step = shown(session, held.id).steps[3]
        assert [one.id for one in step.proposed] == [number(1), number(2)]
        assert step.proposed[0].reasons[0] == "题名里有“修水渠”"
        tie(session, held, 1)
        step = shown(session, held.id).steps[3]
        assert ([one.id for one in step.records], [one.id for one in step.proposed]) == ([number(1)], [number(2)])


def test_a_record_of_another_village_cannot_be_tied_and_a_hidden_one_is_only_counted(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        mine = clerk(held.village_id)
        with pytest.raises(RuleError):
            tie(session, held, 4)
        with pytest.raises(Missing):
            tie(session, held, 3, "fd_deliberate", mine)
        tie(session, held, 3, "fd_deliberate")
        step = shown(session, held.id, mine).steps[2]
        assert (list(step.records), step.hidden, list(step.proposed)) == ([], 1, [])
        with pytest.raises(Missing):
            dossiers.untie(session, mine, held.id, "fd_deliberate", number(3), NOW)
        dossiers.untie(session, OPERATOR, held.id, "fd_deliberate", number(3), NOW)
        assert shown(session, held.id).steps[2].hidden == 0


def test_an_objection_is_answered_and_not_before_it_was_raised(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        dossiers.object_to(session, OPERATOR, held.id, Objection("2026-04-01", "高远", "要求公布造价"), NOW)
        with pytest.raises(RuleError):
            dossiers.answer_objection(session, OPERATOR, held.id, 1, "2026-03-31", "已公布", NOW)
        with pytest.raises(Missing):
            dossiers.answer_objection(session, OPERATOR, held.id, 2, "2026-04-03", "已公布", NOW)
        dossiers.answer_objection(session, OPERATOR, held.id, 1, "2026-04-03", "已公布", NOW)
        assert held.objections[0]["answered_on"] == "2026-04-03"
        acts = [one.act for one in journal.history(session, held.id)]
        assert acts == ["dossier_opened", "objection_noted", "objection_answered"]


def test_the_list_says_how_each_matter_stands(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        tie(session, held, 1)
        lines, _ = dossier_views.listed(session, OPERATOR, DOSSIERS, TODAY, kind="four_discussions")
        assert [state.value for state in lines[0].states] == [
            "missing", "missing", "missing", "there", "not_yet", "not_yet",
        ]  # fmt: skip
        assert lines[0].gaps == 3


def test_the_number_of_queries_does_not_grow_with_matters(archive: Archive) -> None:
    def asked() -> int:
        seen: list[str] = []
        engine = archive.sessions.engine
        event.listen(engine, "before_cursor_execute", lambda *said: seen.append(said[2]))
        with archive.sessions.read() as session:
            dossier_views.listed(session, OPERATOR, DOSSIERS, TODAY)
            home = village_named(session, "石门槛村").id
            dossier_evidence(session, OPERATOR, CALENDAR, [home], 2026)
        return len(seen)

    with archive.sessions.begin() as session:
        tie(session, opened(session), 1)
    one = asked()
    with archive.sessions.begin() as session:
        for name in ("修路", "打井", "植树"):
            tie(session, opened(session, name=name), 2)
    assert asked() == 2 * one - one


def test_a_matter_is_evidence_of_its_year_by_its_name(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        dossiers.note_step(session, OPERATOR, DOSSIERS, held.id, "fd_decide", {"on": "2026-03-20"}, NOW)
        tie(session, held, 1)
        found = dossier_evidence(session, OPERATOR, CALENDAR, [held.village_id], 2026)[held.village_id]
    assert {(one.trigger, one.on, one.name) for one in found.happenings} == {
        ("matter_opened", MARCH, "修水渠"), ("matter_decided", date(2026, 3, 20), "修水渠"),
    }  # fmt: skip
    paper = found.papers[0]
    assert (paper.record, paper.paper.id, paper.covers and paper.covers.first) == (
        "fd_decide", number(1), date(2026, 3, 20),
    )  # fmt: skip
    assert "修水渠" in paper.paper.title


def test_what_a_disclosure_is_stands_in_its_head(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session, name="第一季度财务公开", kind="disclosure")
        said = {"公开类别": "财务公开", "所属期间": "2026年1月"}
        dossiers.describe(session, OPERATOR, DOSSIERS, held.id, said, NOW)
        tie(session, held, 1, "disc_party")
        found = dossier_evidence(session, OPERATOR, CALENDAR, [held.village_id], 2026)[held.village_id]
    assert [(one.record, one.covers and one.covers.first) for one in found.papers] == [
        ("disc_finance", date(2026, 1, 1))
    ]


def test_completeness_takes_matters_and_ledgers_for_what_they_are(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        dossiers.note_step(session, OPERATOR, DOSSIERS, held.id, "fd_decide", {"on": "2026-03-20"}, NOW)
        tie(session, held, 2)
        row = {"on": "2026-03-05", "person": "高远"}
        ledgers.add_row(session, OPERATOR, held.village_id, BOOKS["duty_log"], row, NOW)
        shown = village_years(session, OPERATOR, CALENDAR, 2026, TODAY, held.village_id)[0]
    lines = {(one.record, one.of): one for one in shown.lines}
    decided = lines["fd_decide", "修水渠"]
    # It bears the name of another matter; a person said what it is.
    assert decided.state == "there"
    assert number(2) in decided.settled_by
    assert lines["fd_proposal", "修水渠"].state == "missing"
    assert lines["fd_publish_decision", "修水渠"].due == date(2026, 3, 30)
    log = lines["duty_log", ""]
    assert (log.state, log.settled_by) == ("there", (f"ledgers/duty_log?village={held.village_id}&year=2026",))


def test_a_matter_is_kept_in_the_store_and_comes_back_as_it_was(archive: Archive) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        tie(session, held, 1)
        dossiers.object_to(session, OPERATOR, held.id, Objection("2026-04-01", "高远", "要求公布造价"), NOW)
    keep_documents(archive)
    kind = next(one for one in KINDS if one.table is Dossier)
    with archive.sessions.begin() as session:
        before = documents(session, [session.get_one(Dossier, held.id)])
        said = json.loads(archive.root.content(archive.root.read(f"{kind.prefix}{held.id}"), kind.name))
        session.execute(delete(DossierRecord))
        session.execute(delete(Dossier))
        session.expunge_all()
        restore(session, said)
        assert documents(session, [session.get_one(Dossier, held.id)]) == before


@pytest.mark.parametrize("format", ["pdf", "xlsx"])
def test_a_matter_is_printed_with_its_steps_and_whose_rule_each_check_is(
    archive: Archive, tmp_path: Path, format: str
) -> None:
    with archive.sessions.begin() as session:
        held = opened(session)
        facts = {"on": "2026-03-20", "meeting": "representatives_meeting", "of:members_of_the_meeting": "60"}
        facts |= {"present": "40", "in_favour": "20"}
        dossiers.note_step(session, OPERATOR, DOSSIERS, held.id, "fd_decide", facts, NOW)
        tie(session, held, 1)
    target = tmp_path / f"卷.{format}"
    assert print_dossier(archive, OPERATOR, held.id, format, target).rows == 6
    if format == "xlsx":
        cells = [str(one) for row in load_workbook(target).worksheets[0].iter_rows(values_only=True) for one in row]
        assert any(
            "请核对：通过票数：赞成 20，实到 40，要超过 1/2（法律，VCL2018 arts 22, 26）" in one for one in cells
        )
        assert any("修水渠村民代表会议决议" in one for one in cells)
    else:
        assert target.read_bytes().startswith(b"%PDF")
