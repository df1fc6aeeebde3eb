"""In the browser: a folder is handed in, catalogued, archived, and found again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import SAMPLES, Site, Visit, serving, visit_with

pytestmark = pytest.mark.browser


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """An archive for each test: what one hands in is no duplicate in another."""
    with serving(tmp_path / "archive") as served:
        yield served


def hand_in(visit: Visit, folder: Path, village: str) -> Page:
    page = visit.open("/hand-in")
    page.select_option("[name=village]", label=village)
    page.set_input_files("#folder", folder)
    expect(page.locator("#chosen")).to_contain_text("4")
    page.click("#send")
    page.wait_for_url("**/batches/*")
    visit.site.work()
    # The page looks by itself how far the reading is, and shows the whole when it is done.
    expect(page.locator("#reading")).to_have_count(0)
    return page


def test_a_folder_becomes_a_searchable_archive(visit: Visit, folder: Path) -> None:
    visit.log_in("keeper")
    page = hand_in(visit, folder, "青石坳村（V013）")
    expect(page.locator(".sum")).to_have_text("发现 4 = 已归档 0 + 待整理 2 + 退回 1 + 重复 1")
    expect(page.locator("tr", has_text="Thumbs.db").locator(".chip").first).to_have_text("退回")

    page.click("text=去整理")
    page.click("text=青石坳村村民代表会议记录")
    expect(page.locator(".leaf")).to_contain_text("凉水井到火烧坪的饮水管道")
    expect(page.locator(".banner")).to_contain_text("不具法律效力")
    page.check("[name=series][value=WS-MZ-02]")
    page.wait_for_load_state()
    visit.press("a")
    expect(page.locator(".said")).to_contain_text("已采用")

    page.goto(visit.site.address + "/inbox?state=accepted")
    page.check("[data-all]")
    page.click("text=归档选中的")
    expect(page.locator(".said")).to_contain_text("已归档 1 件")
    visit.site.work()

    page.fill(".head [type=search]", "饮水管道")
    visit.press("Enter")
    hit = page.locator(".hit").first
    expect(hit.locator("mark").first).to_have_text("饮水管道")
    hit.locator("h2 a").click()
    expect(page.locator(".leaf mark").first).to_have_text("饮水管道")
    expect(page.locator("main")).to_contain_text("V013-WS·2023-Y-MZ-0001")
    expect(page.locator(".why")).to_contain_text("WS-MZ-02")
    expect(page.locator("main")).to_contain_text("读出并提出建议")
    assert visit.faults == []


def test_a_duplicate_can_become_a_record_of_its_own(visit: Visit, folder: Path) -> None:
    visit.log_in("keeper")
    page = hand_in(visit, folder, "石门槛村（V012）")
    page.get_by_role("button", name="是另一份，另立一件", exact=True).click()
    visit.site.work()
    expect(page.locator(".sum")).to_have_text("发现 4 = 已归档 0 + 待整理 3 + 退回 1 + 重复 0")
    assert visit.faults == []


def test_a_browser_without_scripts_hands_in_by_the_plain_form(site: Site, chromium: Browser, folder: Path) -> None:
    context = chromium.new_context(java_script_enabled=False, locale="zh-CN")
    visit = visit_with(site, context)
    page = visit.log_in("clerk")
    page.click(".rooms >> text=收集整理")
    page.set_input_files("#some", [folder / "村规民约.txt", folder / "Thumbs.db"])
    page.click("#send")
    expect(page.locator(".sum")).to_contain_text("发现 2 =")
    assert visit.faults == []
    context.close()


def test_a_refused_correction_is_shown_beside_what_was_typed(visit: Visit, folder: Path) -> None:
    visit.log_in("keeper")
    hand_in(visit, folder, "石门槛村（V012）")
    page = visit.open("/inbox")
    page.locator("td.title a").first.click()
    page.fill("#date", "去年冬天吧")
    page.fill("#title", "改过的题名")
    page.click("text=只存修改")
    expect(page.locator(".wrong")).to_contain_text("看不懂日期“去年冬天吧”")
    expect(page.locator("#title")).to_have_value("改过的题名")
    expect(page.locator("#date")).to_have_value("去年冬天吧")


def test_keys_move_mark_and_help(visit: Visit, folder: Path) -> None:
    visit.log_in("keeper")
    hand_in(visit, folder, "石门槛村（V012）")
    page = visit.open("/inbox")
    visit.press("j")
    visit.press("x")
    expect(page.locator("tr[aria-selected] [name=record]")).to_be_checked()
    visit.press("?")
    expect(page.locator("dialog.help")).to_be_visible()
    page.keyboard.press("Escape")
    visit.press("/")
    expect(page.locator(".head [type=search]")).to_be_focused()


def test_a_picture_that_cannot_be_drawn_gives_way_to_the_text(visit: Visit, tmp_path: Path) -> None:
    paper = tmp_path / "村规民约.pdf"
    shutil.copy(SAMPLES / "青石坳村" / "村规民约" / "青石坳村规民约（2022年修订）.pdf", paper)
    page = visit.log_in("keeper")
    page.goto(visit.site.address + "/hand-in")
    page.set_input_files("#some", paper)
    page.click("#send")
    page.wait_for_url("**/batches/*")
    visit.site.work()
    page.route("**/image", lambda route: route.fulfill(status=404))
    page.goto(visit.site.address + "/inbox")
    page.locator("td.title a").click()
    expect(page.locator(".sees .empty")).to_contain_text("这一页的图像画不出来。")
    expect(page.locator(".sees .leaf.words")).to_contain_text("不在凉水井洗衣洗农具")
