"""In the browser: every act of the inbox, by key and by button, and the way back."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from archive_service.actions import catalogue
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.tasks.handing_in import hand_in
from storage.database.records import File, PageText
from tests.browser.conftest import MINUTES, RULES, SAMPLES, Site, Visit, serving
from tests.conftest import NOON

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An archive for each test, with three papers of one folder in its inbox."""
    folder = tmp_path / "papers" / "会议"
    folder.mkdir(parents=True)
    shutil.copy(MINUTES, folder / "20231118村民代表会.docx")
    shutil.copy(RULES, folder / "村规民约98年的.txt")
    (folder / "通知.txt").write_text(
        "关于召开村民代表会议的通知\n定于2023年11月18日开会。\n石门槛村村民委员会\n", "utf-8"
    )
    with serving(tmp_path / "archive") as served:
        hand_in(served.archive, OPERATOR, "石门槛村", folder.parent)
        yield served


def first_of(visit: Visit, title: str) -> Page:
    page = visit.open("/inbox")
    page.locator("td.title a", has_text=title).first.click()
    return page


def test_accept_by_key_goes_on_to_the_next_and_back_by_key(visit: Visit) -> None:
    visit.log_in("keeper")
    page = first_of(visit, "村民代表会议记录")
    page.check("[name=series][value=WS-MZ-02]")
    page.locator("h1").click()
    visit.press("a")
    expect(page.locator(".said")).to_contain_text("已采用：")
    page.goto(visit.site.address + "/inbox")
    visit.press("j")
    visit.press("Enter")
    expect(page.locator("h1")).to_contain_text("第 1 件")
    page.wait_for_load_state()
    visit.press("j")
    expect(page.locator("h1")).to_contain_text("第 2 件")
    page.wait_for_load_state()
    visit.press("k")
    expect(page.locator("h1")).to_contain_text("第 1 件")
    page.wait_for_load_state()
    visit.press("e")
    expect(page.locator("#title")).to_be_focused()
    assert visit.faults == []


def test_what_another_wrote_meanwhile_is_not_overwritten_unseen(visit: Visit) -> None:
    visit.log_in("keeper")
    page = first_of(visit, "村民代表会议记录")
    record_id = page.url.rpartition("/")[2]
    archive = visit.site.archive
    with archive.sessions.begin() as session:
        rules, later = rule_book(session), NOON + timedelta(minutes=1)
        catalogue.describe(session, OPERATOR, record_id, {"note": "别人写的"}, rules, later)
    page.fill("#note", "我写的")
    page.click("text=只存修改")
    expect(page.locator(".wrong")).to_contain_text("这一件刚被operator改过")
    expect(page.locator("#note")).to_have_value("我写的")
    page.click("text=只存修改")
    expect(page.locator(".said")).to_contain_text("已存下修改")


def test_an_accepted_record_is_put_back(visit: Visit) -> None:
    visit.log_in("keeper")
    page = first_of(visit, "村民代表会议记录")
    page.check("[name=series][value=WS-MZ-02]")
    page.click("button[value=accept]")
    expect(page.locator(".said")).to_contain_text("可以归档了")
    page.click("button[value=reopen]")
    expect(page.locator(".said")).to_contain_text("已退回待整理")
    expect(page.locator("button[value=accept_next]")).to_be_visible()


def test_attachments_are_joined_and_parted_again(visit: Visit) -> None:
    visit.log_in("keeper")
    page = first_of(visit, "村民代表会议记录")
    beside = page.locator("form.why", has_text="同一个文件夹里还有")
    beside.locator("li", has_text="通知").locator("input").check()
    page.locator("h1").click()
    visit.press("m")
    expect(page.locator(".said")).to_contain_text("已作附件并入")
    parts = page.locator("form.why", has_text="这一件有 2 个文件")
    parts.locator("li", has_text="通知").locator("input").check()
    page.locator("h1").click()
    visit.press("s")
    expect(page.locator(".said")).to_contain_text("已拆成另一件")
    page.goto(visit.site.address + "/inbox")
    expect(page.locator("h1")).to_contain_text("共 3 件")
    assert visit.faults == []


def test_marked_records_become_one(visit: Visit) -> None:
    visit.log_in("keeper")
    page = visit.open("/inbox")
    page.check("[data-all]")
    page.click("button[value=merge]")
    expect(page.locator(".said")).to_contain_text("已合并成一件")
    expect(page.locator("h1")).to_contain_text("共 1 件")


def test_a_near_repetition_is_set_aside_as_a_duplicate(visit: Visit, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    (again / "村规民约抄本.txt").write_bytes(RULES.read_bytes() + b"\n")
    hand_in(visit.site.archive, OPERATOR, "石门槛村", again)
    visit.log_in("keeper")
    page = visit.open("/inbox")
    page.locator("td.title a").last.click()
    expect(page.locator("main")).to_contain_text("可能与下面的材料相近")
    page.click("text=这一件是重复的，不归档")
    expect(page.locator(".said")).to_contain_text("已记为不归档")
    page.goto(visit.site.address + "/inbox")
    expect(page.locator("h1")).to_contain_text("共 3 件")


def test_what_was_accepted_in_bulk_is_taken_back_in_one_act(visit: Visit) -> None:
    visit.log_in("keeper")
    page = first_of(visit, "村民代表会议记录")
    page.check("[name=series][value=WS-MZ-02]")
    page.click("text=只存修改")
    page.goto(visit.site.address + "/inbox")
    page.locator("tr", has_text="村民代表会议记录").locator("[name=record]").check()
    page.locator("h1").click()
    visit.press("a")
    expect(page.locator(".said")).to_contain_text("已采用 1 件")
    page.click("text=撤回刚才的采用")
    expect(page.locator(".said")).to_contain_text("已撤回 1 件")
    page.goto(visit.site.address + "/inbox?state=accepted")
    expect(page.locator("main")).to_contain_text("这里没有等着整理的材料")


def test_the_sure_ones_are_looked_through_before_they_are_accepted(visit: Visit) -> None:
    visit.log_in("keeper")
    page = visit.open("/bulk")
    rows = page.locator("[data-rows] tr")
    number = rows.count()
    assert number == 2
    rows.first.locator("[name=record]").uncheck()
    page.click("text=采用选中的")
    expect(page.locator(".said")).to_contain_text("已采用 1 件")


def test_found_words_are_marked_on_the_picture_which_turns_and_grows(visit: Visit, tmp_path: Path) -> None:
    scan = tmp_path / "scan"
    scan.mkdir()
    shutil.copy(next((SAMPLES / "石门槛村").rglob("*.jpg")), scan / "土地承包合同.jpg")
    hand_in(visit.site.archive, OPERATOR, "石门槛村", scan)
    with visit.site.archive.sessions.begin() as session:
        file = session.query(File).filter(File.name == "土地承包合同.jpg").one()
        row = session.get(PageText, (file.id, 1)) or PageText(file_id=file.id, number=1)
        row.text, row.confidence, row.lines = "土地承包合同", 0.98, [["土地承包合同", 0.98, [100, 40, 700, 140]]]
        row.width, row.height, row.vertical = 800, 1100, False
        session.add(row)
        record_id = file.record_id
    page = visit.log_in("keeper")
    page.goto(f"{visit.site.address}/records/{record_id}?q=承包")
    box = page.locator(".found rect")
    expect(box).to_have_attribute("x", "300")
    expect(box).to_have_attribute("width", "200")
    paper = page.locator(".paper")
    page.wait_for_function("document.querySelector('.paper img').complete")
    before = paper.bounding_box()
    visit.press("z")
    larger = paper.bounding_box()
    assert before is not None
    assert larger is not None
    assert larger["width"] == pytest.approx(1.8 * before["width"], rel=0.01)
    visit.press("r")
    turned = paper.bounding_box()
    assert turned is not None
    assert (turned["width"] > turned["height"]) != (larger["width"] > larger["height"])
    visit.press("t")
    expect(page.locator("#words")).to_be_hidden()
    assert visit.faults == []
