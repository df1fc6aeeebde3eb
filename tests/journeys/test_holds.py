"""Holds and the due list over HTTP: placed on a page, seen in every list, released with a reason, and nobody else."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

import httpx
import pytest

from archive_service.actions.accounts import add_account
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Role
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import sync_index
from archive_service.web.app import create_app
from archive_service.wiring import Archive
from storage.database.records import Record, RecordState
from storage.objects.areas import ARCHIVE
from tests.conftest import NOON
from tests.journeys.api_county import serving

PASSWORD = "足够长的口令一二三"
ONE, TWO = f"{1:032x}", f"{2:032x}"


@pytest.fixture
def web(archive: Archive) -> Iterator[httpx.Client]:
    """Two records that have run out, an archivist and a clerk."""
    set_up(archive)
    with archive.sessions.begin() as session:
        home = add_village(session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇").id
        for login, role, where in (("wang", Role.ARCHIVIST, None), ("clerk", Role.CLERK, home)):
            add_account(session, OPERATOR, archive.hasher, NOON, login, login, role, where, password=PASSWORD)
        for number, title in ((ONE, "灌溉渠维修合同"), (TWO, "会议记录")):
            session.add(
                Record(
                    id=number, village_id=home, title=title, people=["石大山"], access="internal", retention=10,
                    state=RecordState.ARCHIVED, class_id="WS-CW", series_id="WS-CW-02", year=2010, code=number[-4:],
                    starts_on=date(2011, 1, 1), due_on=date(2020, 12, 31), created_at=NOON, changed_at=NOON,
                )
            )  # fmt: skip
    sync_index(archive)
    with serving(archive, create_app(archive)) as client:
        yield client


def log_in(web: httpx.Client, login: str) -> dict[str, str]:
    token = web.post("/api/v1/session", json={"login": login, "password": PASSWORD}).json()["token"]
    return {"Cookie": f"session={token}"}


def csrf(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_a_hold_from_the_page_of_a_record_to_its_release(web: httpx.Client, archive: Archive) -> None:
    who = log_in(web, "wang")
    assert "灌溉渠维修合同" in web.get("/due", headers=who).text
    page = web.get(f"/records/{ONE}", headers=who).text
    form = {"csrf": csrf(page), "kind": "records", "record": ONE, "ground": "dispute", "reason": "邻村有异议"}
    sent = web.post("/holds", data={**form, "day": "2027-01-01"}, headers=who)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/records/{ONE}")
    page = web.get(f"/records/{ONE}", headers=who).text
    assert "停止处置：有争议、纠纷：邻村有异议 · 2027年1月1日复核" in page
    assert "灌溉渠维修合同" not in web.get("/due", headers=who).text
    stopped = web.get("/due?show=stopped", headers=who).text
    assert "停止处置：有争议、纠纷" in stopped
    assert "灌溉渠维修合同" in stopped
    held = web.get("/holds", headers=who).text
    hold_id = re.search(r"/holds/([0-9a-f]{32})/release", held)
    assert hold_id is not None
    # At once in the store, before any background has run.
    assert any("hold" in archive.root.read_at(prefix).object_id for prefix in archive.root.objects())
    refused = web.post(f"/holds/{hold_id[1]}/release", data={"csrf": form["csrf"], "reason": ""}, headers=who)
    assert refused.status_code >= 400
    web.post(f"/holds/{hold_id[1]}/release", data={"csrf": form["csrf"], "reason": "异议撤回"}, headers=who)
    assert "异议撤回" not in web.get("/holds", headers=who).text
    assert "异议撤回" in web.get("/holds?show=all", headers=who).text
    assert "灌溉渠维修合同" in web.get("/due", headers=who).text
    assert any(archive.objects.list(ARCHIVE))


def test_a_clerk_sees_that_it_is_held_and_not_why(web: httpx.Client) -> None:
    who = {**log_in(web, "wang"), "X-CSRF-Token": ""}
    token = web.post("/api/v1/session", json={"login": "wang", "password": PASSWORD}).json()["token"]
    bearer = {"Authorization": f"Bearer {token}"}
    sent = {"kind": "person", "subject": "石大山", "ground": "case", "reason": "法院要用"}
    placed = web.post("/api/v1/holds", json=sent, headers=bearer)
    assert (placed.status_code, placed.json()["records"]) == (201, 2)
    due = web.get("/api/v1/due?show=stopped", headers=bearer).json()
    assert [(one["id"], one["stops"]) for one in due["records"]] == [
        (ONE, ["停止处置：诉讼、审计、检查要用"]),
        (TWO, ["停止处置：诉讼、审计、检查要用"]),
    ]
    assert web.get("/api/v1/due", headers=bearer).json()["total"] == 0
    clerk = log_in(web, "clerk")
    page = web.get(f"/records/{ONE}", headers=clerk).text
    assert "停止处置：诉讼、审计、检查要用" in page
    assert "法院要用" not in page
    assert "停止处置" in web.get("/search?q=灌溉渠", headers=clerk).text
    assert web.get("/holds", headers=clerk).status_code == 403
    assert web.get("/due", headers=clerk).status_code == 403
    assert "法院要用" in web.get("/holds", headers=who).text
    number = placed.json()["id"]
    done = web.post(f"/api/v1/holds/{number}/release", json={"reason": "已结案"}, headers=bearer)
    assert (done.status_code, done.json()["release_reason"]) == (200, "已结案")
    assert [one["id"] for one in web.get("/api/v1/holds?all=true", headers=bearer).json()["holds"]] == [number]
    assert web.get("/api/v1/holds", headers=bearer).json()["holds"] == []


def test_the_forecast_answers_with_the_standings(web: httpx.Client) -> None:
    token = web.post("/api/v1/session", json={"login": "wang", "password": PASSWORD}).json()["token"]
    answer = web.get("/api/v1/due/forecast?years=5", headers={"Authorization": f"Bearer {token}"}).json()
    assert (answer["years"], answer["standing"]["due"], answer["standing"]["stopped"]) == ([], 2, 0)
