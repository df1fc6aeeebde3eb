"""The pages and the API of completeness, as a clerk uses them."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from archive_service.actions.accounts import add_account
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.web.app import create_app
from archive_service.web.security import LANGUAGE_COOKIE
from archive_service.wiring import build
from storage.database.accounts import Account
from storage.database.records import Record, RecordState
from tests.journeys.api_county import serving

NOW = datetime(2026, 10, 20, 4, 0, tzinfo=UTC)
PASSWORD = "足够长的口令一二三"
WHO = {"login": "clerk", "password": PASSWORD}
RECORD = f"{1:032x}"


@pytest.fixture
def visit(settings: Settings) -> Iterator[tuple[httpx.Client, str]]:
    """A clerk of a village with one disclosure, logged in; and the id of the village."""
    made = build(settings, lambda: NOW)
    set_up(made)
    with made.sessions.begin() as session:
        home = add_village(session, OPERATOR, NOW, "石门槛村", "V012", "望溪镇").id
        add_village(session, OPERATOR, NOW, "枫树坪村", "V013", "望溪镇")
        add_account(session, OPERATOR, made.hasher, NOW, "clerk", "文书", Role.CLERK, home, password=PASSWORD)
        session.flush()
        session.scalars(select(Account).where(Account.login == "clerk")).one().must_change_password = False
        session.add(
            Record(
                id=RECORD, village_id=home, state=RecordState.PROPOSED, title="2026年第一季度村务公开",
                series_id="WS-GK-02", year=2026, created_at=NOW, changed_at=NOW,
            )
        )  # fmt: skip
    with serving(made, create_app(made)) as web:
        web.headers["Cookie"] = f"session={web.post('/api/v1/session', json=WHO).json()['token']}"
        yield web, home


def secret(client: httpx.Client) -> str:
    return str(client.get("/api/v1/me").json()["csrf"])


def test_the_heat_map_leads_to_the_list_of_one_village_and_system(visit: tuple[httpx.Client, str]) -> None:
    client, home = visit
    page = client.get("/completeness?year=2026")
    assert page.status_code == 200
    assert "枫树坪村" not in page.text
    link = f"/completeness?year=2026&amp;village={home}&amp;system=three_disclosures"
    # Due by 20 October: three quarters of village affairs, finance of nine months, Party of half a year; one is there.
    cell = re.search(re.escape(link) + r'" title="([^"]*)">(\d+)<', page.text)
    assert cell is not None
    assert "已有 1" in cell[1]
    assert cell[2] == "8"
    listed = client.get(link.replace("&amp;", "&")).text
    assert f"/records/{RECORD}" in listed
    assert "第三季度" in listed
    assert "值班" not in listed.split("</table>")[0].split("<tbody>")[1]


def test_what_did_not_occur_is_stated_on_the_page(visit: tuple[httpx.Client, str]) -> None:
    client, home = visit
    form = {
        "csrf": secret(client), "village": home, "record": "disc_village", "from": "2026-04-01", "to": "2026-06-30",
        "reason": "道路中断", "name": "高远", "year": "2026", "system": "three_disclosures",
    }  # fmt: skip
    done = client.post("/completeness/did-not-occur", data=form)
    assert done.status_code == 303
    assert "高远 2026-10-20 说明：道路中断" in client.get(done.headers["location"]).text
    assert client.post("/completeness/did-not-occur", data=form).status_code == 409
    assert client.post("/completeness/did-not-occur", data=form | {"from": "昨天"}).status_code == 422


def test_the_workbook_has_the_matrix_and_the_list(visit: tuple[httpx.Client, str]) -> None:
    client, _ = visit
    book = load_workbook(io.BytesIO(client.get("/completeness/file?year=2026").content))
    assert book.sheetnames == ["各村各制度（%）", "齐全情况", "向谁要什么"]
    assert [row[0] for row in book.worksheets[0].iter_rows(min_row=2, values_only=True)] == ["石门槛村"]
    settled = [row for row in book.worksheets[1].iter_rows(min_row=2, values_only=True) if row[9] == "已有"]
    assert [(row[3], row[5], row[11]) for row in settled] == [("村务公开", "第一季度", 1)]


def test_the_api_answers_with_the_matrix_and_with_a_village_every_record(visit: tuple[httpx.Client, str]) -> None:
    client, home = visit
    matrix = client.get("/api/v1/completeness?year=2026").json()
    assert {cell["village"] for cell in matrix["cells"]} == {"石门槛村"}
    assert matrix["lines"] == []
    lines = client.get(f"/api/v1/completeness?year=2026&village={home}").json()["lines"]
    (first,) = [one for one in lines if (one["record"], one["period"]) == ("disc_village", "第一季度")]
    assert (first["from"], first["to"], first["state"], first["records"]) == (
        "2026-01-01", "2026-03-31", "there", [RECORD],
    )  # fmt: skip


def test_the_api_takes_a_statement_once(visit: tuple[httpx.Client, str]) -> None:
    client, home = visit
    said = {
        "village": home, "record": "disc_village", "from": "2026-04-01", "to": "2026-06-30", "reason": "道路中断",
        "name": "高远",
    }  # fmt: skip
    head = {"X-CSRF-Token": secret(client)}
    assert client.post("/api/v1/completeness/did-not-occur", json=said, headers=head).status_code == 201
    assert client.post("/api/v1/completeness/did-not-occur", json=said, headers=head).status_code == 409


def test_the_page_is_there_in_english(visit: tuple[httpx.Client, str]) -> None:
    client, home = visit
    client.headers["Cookie"] += f"; {LANGUAGE_COOKIE}=en"
    page = client.get(f"/completeness?year=2026&village={home}&system=three_disclosures").text
    assert "Not seen" in page
    assert "due on 2026-10-15" in page


def test_a_cadre_and_a_matter_are_entered_on_the_page_and_asked_for(visit: tuple[httpx.Client, str]) -> None:
    client, home = visit
    form = {"csrf": secret(client), "village": home, "act": "post", "person": "林禾", "post": "村文书"}
    assert client.post("/cadres", data=form | {"since": "2025-06-01"}).status_code == 303
    assert client.post("/cadres", data=form | {"since": "昨天"}).status_code == 422
    matter = {"csrf": secret(client), "village": home, "act": "matter", "trigger": "matter_opened", "name": "修渠"}
    assert client.post("/cadres", data=matter | {"on": "2026-03-02"}).status_code == 303
    assert "林禾" in client.get(f"/cadres?village={home}").text
    listed = client.get(f"/completeness?year=2026&village={home}").text
    assert "承诺书 · 林禾" in listed
    assert "党组织提议记录 · 修渠" in listed


def test_a_statement_is_taken_back_and_stays_to_be_seen(visit: tuple[httpx.Client, str]) -> None:
    client, home = visit
    said = {
        "village": home, "record": "disc_village", "from": "2026-04-01", "to": "2026-06-30", "reason": "道路中断",
        "name": "高远",
    }  # fmt: skip
    head = {"X-CSRF-Token": secret(client)}
    made = client.post("/api/v1/completeness/did-not-occur", json=said, headers=head).json()["id"]
    form = {"csrf": secret(client), "statement": made, "reason": "记错了村"}
    assert client.post("/completeness/take-back", data=form).status_code == 303
    page = client.get(f"/completeness?year=2026&village={home}").text
    assert "记错了村" in page
    assert "2026-10-20 说明：道路中断" not in page
    assert client.post("/completeness/take-back", data=form).status_code == 409


def test_the_report_has_the_systems_whom_to_ask_and_the_statutory_series(visit: tuple[httpx.Client, str]) -> None:
    client, home = visit
    page = client.get(f"/completeness/report?year=2026&village={home}").text
    assert "向谁要" in page
    assert "土地发包方案和承包合同" in page
    assert "外地规定，参考" in page


def test_the_county_at_a_glance_and_the_calendar_are_shown(visit: tuple[httpx.Client, str]) -> None:
    client, _ = visit
    page = client.get("/completeness?year=2026&years=3").text
    assert "常晚到或未见的记录" in page
    assert "历年" in page
    assert "村干部应报告的八种情形" in client.get("/calendar").text
