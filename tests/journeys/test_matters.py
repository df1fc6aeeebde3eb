"""Dossiers, ledgers and handovers over HTTP and from the command line, as a village clerk works with them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from typer.testing import CliRunner

from archive_service.actions import dossiers, handovers, ledgers
from archive_service.actions.accounts import add_account
from archive_service.actions.dossiers import NewDossier
from archive_service.actions.handovers import NewHandover
from archive_service.actions.outlines import outline_at
from archive_service.actions.villages import add_village
from archive_service.cli.main import app
from archive_service.exchange.calendar_files import county_calendar
from archive_service.exchange.dossier_files import county_dossiers
from archive_service.permissions import OPERATOR, Role
from archive_service.settings import Settings
from archive_service.tasks.rebuilding import rebuild_database
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import seal_journal
from archive_service.web.app import create_app
from archive_service.wiring import Archive, build
from classification.ledgers import BOOKS
from storage.database import dossiers as stored_dossiers
from storage.database import handovers as stored_handovers
from storage.database import ledgers as stored_ledgers
from storage.database.dossiers import Dossier
from storage.database.handovers import Handover, HandoverKind
from storage.database.journal import JournalEntry
from storage.database.ledgers import LedgerBook
from tests.journeys.api_county import serving

PASSWORD = "足够长的口令一二三"
NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)


@pytest.fixture
def home(settings: Settings) -> str:
    """A village with its clerk."""
    archive = build(settings, lambda: NOW)
    set_up(archive)
    with archive.sessions.begin() as session:
        made = add_village(session, OPERATOR, NOW, "石门槛村", "V012", "望溪镇").id
        add_account(session, OPERATOR, archive.hasher, NOW, "wen", "顾文书", Role.CLERK, made, password=PASSWORD)
    archive.sessions.engine.dispose()
    return made


@pytest.fixture
def web(settings: Settings, home: str) -> Iterator[httpx.Client]:
    archive = build(settings, lambda: NOW)
    with serving(archive, create_app(archive)) as client:
        token = client.post("/api/v1/session", json={"login": "wen", "password": PASSWORD}).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        yield client


def place(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def test_a_matter_from_its_opening_to_its_objections_on_the_page(web: httpx.Client, home: str) -> None:
    opening = {"village": home, "kind": "four_discussions", "name": "修水渠", "opened_on": "2026-03-01"}
    address = place(web.post("/dossiers", data=opening))
    step = {"act": "step", "step": "fd_deliberate", "fact:on": "2026-03-09", "fact:of:party_members_due": "30"}
    place(web.post(address, data={**step, "fact:present": "19"}))
    objection = {"act": "objection", "raised_on": "2026-04-01", "by": "高远", "text": "要求公布造价"}
    place(web.post(address, data=objection))
    page = web.get(address).text
    assert "到会人数：实到 19，应到党员 30，要不少于 2/3" in page
    assert "外地规定，参考" in page
    assert "未见" in page
    assert "违规" not in page
    assert "要求公布造价" in page
    assert "修水渠" in web.get("/dossiers?kind=four_discussions").text
    assert "修水渠" not in web.get("/dossiers?kind=negotiation").text
    assert web.get(f"{address}/file?format=pdf").content.startswith(b"%PDF")
    wrong = web.post(address, data={**step, "fact:present": "许多"})
    assert wrong.status_code == 422


def test_a_matter_over_the_api(web: httpx.Client, home: str) -> None:
    sent = {"village": home, "kind": "negotiation", "name": "停车位", "opened_on": "2026-04-01"}
    made = web.post("/api/v1/dossiers", json=sent)
    assert made.status_code == 201, made.text
    address = f"/api/v1/dossiers/{made.json()['id']}"
    web.put(f"{address}/steps/neg_topic", json={"facts": {"on": "2026-04-02"}})
    changed = web.patch(address, json={"done_on": "2026-05-01"}).json()
    assert [one["state"] for one in changed["steps"]] == ["there", "missing", "missing"]
    assert web.get("/api/v1/dossiers").json()["dossiers"][0]["to_look_at"] == changed["to_look_at"] == 3


def acts(settings: Settings) -> list[tuple[str, str]]:
    """What the journal says of records and ledgers, oldest first."""
    archive = build(settings, lambda: NOW)
    with archive.sessions.read() as session:
        wanted = select(JournalEntry).where(JournalEntry.object_type.in_(("record", "ledger")))
        found = [(one.act, one.actor) for one in session.scalars(wanted.order_by(JournalEntry.id))]
    archive.sessions.engine.dispose()
    return found


def test_a_book_is_filled_in_from_its_template_and_becomes_one_record(
    web: httpx.Client, home: str, settings: Settings
) -> None:
    book = load_workbook(io.BytesIO(web.get("/ledgers/leave/template").content))
    names = [cell.value for cell in book.worksheets[0][1]]
    assert names[:5] == ["起*", "止*", "请假人*", "事由*", "批准人*"]
    book.worksheets[0].append(["2025-05-06", "2025-05-08", "石大山", "看病", "高远"])
    filled = io.BytesIO()
    book.save(filled)
    form = {"village": home, "year": "2025"}
    sent = {"data": {**form, "act": "import"}, "files": {"file": ("请假.xlsx", filled.getvalue(), "application/xlsx")}}
    place(web.post("/ledgers/leave", **sent))  # type: ignore[arg-type]  # a form with a file
    address = f"/ledgers/leave?village={home}&year=2025"
    assert "看病" in web.get(address).text
    book.worksheets[0].append(["昨天", "", "石大山", "看病", "高远"])
    book.save(filled := io.BytesIO())
    sent["files"] = {"file": ("请假.xlsx", filled.getvalue(), "application/xlsx")}
    refused = web.post("/ledgers/leave", **sent)  # type: ignore[arg-type]  # a form with a file
    assert refused.status_code == 422
    assert "“昨天”不是日期" in refused.text
    place(web.post("/ledgers/leave", data={**form, "act": "archive"}))
    assert "已经交去归档" in web.get(address).text
    assert acts(settings)[-1] == ("ledger_handed_in", "wen")
    late = {**form, "act": "add", "on": "2025-06-01", "until": "2025-06-02", "person": "高远", "reason": "事",
            "approver": "石大山"}  # fmt: skip
    assert web.post("/ledgers/leave", data=late).status_code == 409


def test_rows_over_the_api_are_all_taken_or_none(web: httpx.Client, home: str) -> None:
    good, bad = {"on": "2026-03-05", "person": "高远"}, {"on": "2026-03-06"}
    refused = web.post("/api/v1/ledgers/duty_log", json={"village": home, "rows": [good, bad]})
    assert refused.status_code == 422
    assert refused.json()["problems"] == [{"place": "第 2 行", "column": "值班人", "message": "必须填写。"}]
    for fresh in (1, 0):
        done = web.post("/api/v1/ledgers/duty_log", json={"village": home, "rows": [good]}).json()
        assert done == {"fresh": fresh, "same": 1 - fresh}
    rows = web.get("/api/v1/ledgers/duty_log", params={"village": home, "year": 2026}).json()["rows"]
    assert [one["cells"]["person"] for one in rows] == ["高远"]


def test_a_handover_is_counted_closed_and_handed_in(web: httpx.Client, home: str) -> None:
    people = {"giver": "石大山", "receiver": "高远", "supervisor": "顾采薇"}
    address = place(
        web.post("/handovers", data={"village": home, "kind": "term", "happened_on": "2026-10-15", **people})
    )
    page = web.get(address).text
    assert "2026年10月25日以前办结" in page
    assert "法律 · VCL2018 art 20" in page
    close = {"act": "close", "signed_on": "2026-10-20"}
    assert web.post(address, data=close).status_code == 422
    lines = set(re.findall(r'name="found:(\d+)"', page))
    place(web.post(address, data={"act": "count", **{f"found:{one}": "1" for one in lines}}))
    place(web.post(address, data=close))
    place(web.post(address, data={"act": "archive"}))
    assert "石门槛村2026年换届移交清册" in web.get("/inbox").text


def test_the_command_line_writes_templates_imports_and_lists(settings: Settings, home: str, tmp_path: Path) -> None:
    run, data = CliRunner(), ["--data", str(settings.data)]
    path = tmp_path / "值班.xlsx"
    assert run.invoke(app, ["ledger", "template", "duty_log", str(path)]).exit_code == 0
    book = load_workbook(path)
    book.worksheets[0].append(["2025-03-05", "石大山"])
    book.save(path)
    done = run.invoke(app, ["ledger", "import", "duty_log", str(path), "--village", "石门槛村", "--json", *data])
    assert json.loads(done.stdout) == {"fresh": 1, "same": 0}
    target = tmp_path / "值班.pdf"
    asked = ["duty_log", "--village", "石门槛村", "--year", "2025"]
    assert run.invoke(app, ["ledger", "export", *asked, "-o", str(target), *data]).exit_code == 0
    assert target.read_bytes().startswith(b"%PDF")
    made = run.invoke(app, ["ledger", "archive", *asked, "--json", *data])
    assert set(json.loads(made.stdout)) == {"record"}
    books = json.loads(run.invoke(app, ["ledger", "books", *asked[1:], "--json", *data]).stdout)
    assert [one["book"] for one in books if one["archived"]] == ["duty_log"]
    for command in ("dossier", "handover"):
        assert json.loads(run.invoke(app, [command, "list", "--json", *data]).stdout) == []


def test_the_store_alone_brings_matters_ledgers_and_handovers_back(settings: Settings, home: str) -> None:
    archive = build(settings, lambda: NOW)
    kinds, calendar, today = county_dossiers(), county_calendar(), archive.today()
    with archive.sessions.begin() as session:
        wish = NewDossier(home, "four_discussions", "修水渠", today)
        held = dossiers.open_dossier(session, OPERATOR, kinds, wish, NOW)
        session.flush()
        dossiers.note_step(session, OPERATOR, kinds, held.id, "fd_proposal", {"on": "2026-10-19"}, NOW)
        row = {"on": "2026-03-05", "person": "高远"}
        ledgers.add_row(session, OPERATOR, home, BOOKS["duty_log"], row, NOW)
        opening = NewHandover(home, HandoverKind.TERM, today, {"giver": "石大山"})
        handovers.open_handover(session, OPERATOR, calendar, outline_at(session)[1], opening, NOW, today)
    seal_journal(archive)
    before = kept(archive)
    assert all(before.values())
    archive.sessions.engine.dispose()
    for path in settings.data.glob("*.db*"):
        path.unlink()
    again = build(settings, lambda: NOW)
    assert rebuild_database(again).faults == []
    assert kept(again) == before
    again.sessions.engine.dispose()


def kept(archive: Archive) -> dict[str, list[dict[str, object]]]:
    """Everything of the three as the store keeps it."""
    tables = ((Dossier, stored_dossiers), (LedgerBook, stored_ledgers), (Handover, stored_handovers))
    with archive.sessions.read() as session:
        return {
            table.__tablename__: family.documents(session, session.scalars(select(table)).all())  # type: ignore[arg-type]  # each with its own table
            for table, family in tables
        }
