"""From opening review to the receipt of an archives, over HTTP by two people, and by the command line."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pypdfium2
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner

from archive_service.actions.accounts import add_account
from archive_service.cli.main import app
from archive_service.permissions import OPERATOR, Role
from archive_service.tasks.transferring import make_packages
from archive_service.web.app import create_app
from archive_service.wiring import Archive
from storage.database.organisations import village_named
from tests.conftest import NOON
from tests.journeys.api_county import serving
from tests.unit.archive_service.transfer_county import ONE, THREE, TWO, filed_county

PASSWORD = "足够长的口令一二三"


@pytest.fixture
def web(archive: Archive) -> Iterator[httpx.Client]:
    """The filed county, with an archivist and a member of the appraisal group."""
    filed_county(archive)
    with archive.sessions.begin() as session:
        for login, role in (("wang", Role.ARCHIVIST), ("li", Role.REVIEWER)):
            add_account(session, OPERATOR, archive.hasher, NOON, login, login, role, None, password=PASSWORD)
    with serving(archive, create_app(archive)) as client:
        yield client


def bearer(web: httpx.Client, login: str) -> dict[str, str]:
    token = web.post("/api/v1/session", json={"login": login, "password": PASSWORD}).json()["token"]
    web.cookies.clear()
    return {"Authorization": f"Bearer {token}"}


def told(web: httpx.Client, who: dict[str, str]) -> dict[str, int]:
    return {one["key"]: one["number"] for one in web.get("/api/v1/notices", headers=who).json()["notices"]}


def home(archive: Archive) -> str:
    with archive.sessions.read() as session:
        return village_named(session, "石门槛村").id


def test_two_people_review_and_the_record_goes_with_its_receipt(web: httpx.Client, archive: Archive) -> None:
    wang, li = bearer(web, "wang"), bearer(web, "li")
    listed = web.get("/api/v1/openings", headers=wang).json()
    assert [one["id"] for one in listed["records"]] == [THREE]
    said = {"records": [THREE], "outcome": "open", "code": "K1"}
    assert web.post("/api/v1/openings", json=said, headers=wang).json() == {"records": 1}
    assert told(web, li)["openings_second"] == 1
    agree = {"records": [THREE], "agree": True}
    refused = web.post("/api/v1/openings/second", json=agree, headers=wang)
    assert (refused.status_code, "不能是同一个人" in refused.text) == (422, True)
    assert web.post("/api/v1/openings/second", json=agree, headers=li).status_code == 200
    history = web.get(f"/api/v1/records/{THREE}/openings", headers=wang).json()["reviews"]
    assert [(one["outcome"], one["first_by"], one["second_by"]) for one in history] == [("open", "wang", "li")]
    sent = {"village": home(archive), "receiver": "云岭县档案馆", "records": [ONE, TWO, THREE]}
    made = web.post("/api/v1/transfers", json=sent, headers=wang).json()
    assert [one["stops"] for one in made["lines"]] == [[], [], []]
    assert web.post(f"/api/v1/transfers/{made['id']}/package", headers=wang).status_code == 202
    assert make_packages(archive) == 1
    assert told(web, wang)["receipts"] == 1
    package = web.get(f"/api/v1/transfers/{made['id']}/package", headers=wang)
    with zipfile.ZipFile(io.BytesIO(package.content)) as bag:
        assert "data/移交目录.xlsx" in bag.namelist()
    whole: dict[str, Any] = web.get(f"/api/v1/transfers/{made['id']}", headers=wang).json()
    right = {name: whole["package"][name] for name in ("records", "files", "bytes", "sha256")}
    receipt = {**right, "signed_by": "周馆员", "received_on": "2026-03-01"}
    wrong = web.post(f"/api/v1/transfers/{made['id']}/receipt", json={**receipt, "files": 2}, headers=wang)
    assert (wrong.status_code, "文件数：移交包是 3，凭证写的是 2" in wrong.text) == (409, True)
    done = web.post(f"/api/v1/transfers/{made['id']}/receipt", json=receipt, headers=wang).json()
    assert (done["state"], done["receipt"]["signed_by"]) == ("received", "周馆员")
    assert web.get(f"/api/v1/transfers/{made['id']}/package", headers=wang).status_code == 404
    page = web.get(f"/records/{THREE}", headers=wang).text
    assert "已移交云岭县档案馆，V012-YJ-001" in page
    assert "审核：开放" in page
    assert web.get(f"/transfers/{made['id']}", headers=wang).status_code == 200


def test_the_review_is_printed_for_who_reviews_from_the_page_and_by_a_script(
    web: httpx.Client, archive: Archive
) -> None:
    wang, li = bearer(web, "wang"), bearer(web, "li")
    web.post("/api/v1/openings", json={"records": [THREE], "outcome": "open", "code": "K1"}, headers=wang)
    web.post("/api/v1/openings/second", json={"records": [THREE], "agree": True}, headers=li)
    asked = f"/openings/print?show=open&village={home(archive)}"
    number = web.get("/api/v1/openings", params={"show": "open", "village": home(archive)}, headers=wang).json()[
        "total"
    ]
    page = web.get(f"/openings?show=open&village={home(archive)}", headers=wang).text
    assert asked.replace("&", "&amp;") in page
    for path in (asked, f"/api/v1{asked}"):
        paper = web.get(path, headers=wang)
        assert (paper.status_code, paper.headers["content-type"]) == (200, "application/pdf"), path
        assert (
            "%E6%A1%A3%E6%A1%88%E5%BC%80%E6%94%BE%E5%AE%A1%E6%A0%B8%E8%A1%A8.pdf"
            in (paper.headers["content-disposition"])
        )
        document = pypdfium2.PdfDocument(paper.content)
        said = document[1].get_textpage().get_text_range()
        assert "开放：K1 形成已满年限" in said
        assert f"共 {number} 件" in said
        document.close()
    book = load_workbook(io.BytesIO(web.get(f"/api/v1{asked}&format=xlsx", headers=li).content))
    assert book.sheetnames == ["封面", "档案开放审核表"]
    assert web.get("/api/v1/openings/print?village=nowhere", headers=wang).status_code == 404
    assert web.get("/api/v1/openings/print?show=secret", headers=wang).status_code == 422
    assert web.get("/openings/print?show=secret", headers=wang).status_code == 422


def test_a_record_under_hold_is_shown_stopped_and_left_out(web: httpx.Client, archive: Archive) -> None:
    wang = bearer(web, "wang")
    held = {"kind": "records", "records": [TWO], "ground": "case", "reason": "法院要用"}
    web.post("/api/v1/holds", json=held, headers=wang)
    sent = {"village": home(archive), "receiver": "云岭县档案馆", "records": [ONE, TWO]}
    made = web.post("/api/v1/transfers", json=sent, headers=wang).json()
    assert {one["id"]: one["stops"] for one in made["lines"]} == {ONE: [], TWO: ["停止处置中，解除以后才能移交"]}
    page = web.get(f"/transfers/{made['id']}", headers=wang).text
    assert "移出不能移交的 1 件" in page
    assert web.post(f"/api/v1/transfers/{made['id']}/package", headers=wang).status_code == 422
    left = web.post(f"/api/v1/transfers/{made['id']}/leave-out", json={"records": []}, headers=wang).json()
    assert [one["id"] for one in left["lines"]] == [ONE]


def run(archive: Archive, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--data", str(archive.settings.data)])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_the_command_line_goes_the_whole_way(archive: Archive, tmp_path: Path) -> None:
    filed_county(archive)
    opened = json.loads(run(archive, "transfer", "open", "-v", "石门槛村", "--to", "县馆", "--record", ONE, "--json"))
    assert (opened["number"], opened["stopped"]) == ("V012-YJ-001", {})
    packed = json.loads(run(archive, "transfer", "pack", opened["id"], "--to", str(tmp_path), "--json"))
    with zipfile.ZipFile(packed["path"]) as bag:
        receipt = json.loads(bag.read("data/接收凭证.json"))
    receipt |= {name: packed["package"][name] for name in ("records", "files", "bytes", "sha256")}
    receipt |= {"signed_by": "周馆员", "received_on": "2026-03-01"}
    path = tmp_path / "接收凭证.json"
    path.write_text(json.dumps(receipt, ensure_ascii=False), encoding="utf-8")
    assert {one["key"]: one["number"] for one in json.loads(run(archive, "notices", "--json"))}["receipts"] == 1
    assert "已移交" in run(archive, "transfer", "receive", opened["id"], "--receipt", str(path))
    assert json.loads(run(archive, "transfer", "list", "--json"))[0]["state"] == "received"
    assert THREE in [one["record"] for one in json.loads(run(archive, "opening", "list", "--json"))]
    run(archive, "opening", "propose", THREE, "--outcome", "open", "--code", "K1")
    waits = json.loads(run(archive, "opening", "list", "--show", "waiting", "--json"))
    assert [(one["record"], one["reason"]) for one in waits] == [(THREE, "K1")]
    assert "《档案开放审核表》" in run(archive, "opening", "print", "-o", str(tmp_path / "审.xlsx"), "-v", "石门槛村")
    rows = load_workbook(tmp_path / "审.xlsx")["档案开放审核表"].iter_rows(values_only=True)
    assert [row[7] for row in rows if row[6] == "等着复核"] == ["未审核"]
    wrong = CliRunner().invoke(app, ["opening", "print", "-o", "审.doc", "--data", str(archive.settings.data)])
    assert wrong.exit_code == 2
