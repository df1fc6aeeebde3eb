"""In the browser: what each person meets, and what nobody must see."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, expect

from archive_service.actions import catalogue, holdings
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.upkeep import sync_index
from tests.browser.conftest import MINUTES, RULES, Site, Visit, visit_with
from tests.conftest import NOON

pytestmark = pytest.mark.browser
PAGES = ("/", "/hand-in", "/batches", "/inbox", "/search", "/search?q=村", "/search?q=zzz", "/due", "/outline", "/bulk")
OFFICE = ("/print", "/villages", "/accounts", "/me", "/journal", "/system", "/password")
ACCESSIBILITY = (Path(__file__).parent / "accessibility.js").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def filed(site: Site, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Village rules for everybody and minutes that concern a person, both archived; their ids by access class."""
    folder = tmp_path_factory.mktemp("papers")
    shutil.copy(RULES, folder / "村规民约.txt")
    shutil.copy(MINUTES, folder / "村民代表会.docx")
    hand_in(site.archive, OPERATOR, "石门槛村", folder)
    with site.archive.sessions.begin() as session:
        rules = rule_book(session)
        records = holdings.inbox(session, OPERATOR).records
        ids = {"personal" if "代表" in one.title else "public": one.id for one in records}
        for access, record_id in ids.items():
            series = {"personal": "WS-MZ-02", "public": "WS-MZ-15"}[access]
            changes = {"access": access, "series": series, "date": "2023年11月18日"}
            catalogue.describe(session, OPERATOR, record_id, changes, rules, NOON)
        catalogue.accept(session, OPERATOR, list(ids.values()), rules, NOON)
    results = file_records(site.archive, OPERATOR, list(ids.values()))
    assert [one.error for one in results] == [None, None]
    sync_index(site.archive)
    return ids


def test_a_villager_sees_the_rules_and_nothing_of_the_personal_record(visit: Visit, filed: dict[str, str]) -> None:
    page = visit.log_in("villager")
    page.goto(visit.site.address + "/search")
    expect(page.locator("h1")).to_have_text("1 件")
    expect(page.locator("main")).not_to_contain_text("村民代表会议")
    page.goto(visit.site.address + "/search?q=饮水管道")
    expect(page.locator("h1")).to_have_text("0 件")
    expect(page.locator("main")).to_contain_text("没有找到。")
    assert visit.status(f"/records/{filed['personal']}") == 404
    expect(page.locator("main")).not_to_contain_text("饮水管道")


def test_somebody_who_is_named_sees_the_personal_record(visit: Visit, filed: dict[str, str]) -> None:
    visit.log_in("keeper")
    page = visit.open(f"/records/{filed['personal']}")
    expect(page.locator(".leaf")).to_contain_text("饮水管道")


def test_a_villager_is_told_who_may_do_it(visit: Visit, filed: dict[str, str]) -> None:
    page = visit.log_in("villager")
    for path in ("/inbox", "/bulk", "/accounts", "/hand-in", "/due", "/system", "/journal"):
        assert visit.status(path) == 403, path
        expect(page.locator(".wrong")).to_contain_text("您的账号（村民）不能")
    expect(page.locator(".rooms")).not_to_contain_text("人员")


def test_a_stranger_is_sent_to_the_door_and_on_afterwards(visit: Visit, filed: dict[str, str]) -> None:
    page = visit.open(f"/records/{filed['public']}")
    expect(page.locator("h1")).to_have_text("登录")
    page.fill("main [name=login]", "villager")
    page.fill("main [name=password]", "wrong")
    page.click("main button")
    expect(page.locator(".wrong")).to_have_text("账号或口令不对，请再试一次。")
    page.fill("main [name=password]", "a long password")
    page.click("main button")
    expect(page).to_have_url(f"{visit.site.address}/records/{filed['public']}")


def test_the_first_password_is_changed_before_anything_else(visit: Visit, filed: dict[str, str]) -> None:
    page = visit.log_in("admin", visit.site.first_password)
    page.goto(visit.site.address + "/search")
    expect(page.locator("h1")).to_have_text("更改口令")
    page.fill("[name=old]", visit.site.first_password)
    page.fill("[name=new]", "my own password")
    page.fill("[name=again]", "my own password")
    page.click("main button")
    expect(page.locator("h1")).to_contain_text("今天有什么等着我")


@pytest.mark.parametrize(("width", "lang"), [(1280, "zh"), (390, "zh"), (390, "en")])
def test_every_page_is_quiet_fits_and_asks_no_other_host(
    site: Site, chromium: Browser, filed: dict[str, str], width: int, lang: str
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
    context.add_cookies([{"name": "lang", "value": lang, "url": site.address}])
    visit = visit_with(site, context)
    page = visit.log_in("master")
    for path in (*PAGES, *OFFICE, f"/records/{filed['public']}?q=村"):
        assert visit.status(path) == 200, path
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
    assert visit.faults == []
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_can_be_heard_and_read_and_worked_by_keys(
    site: Site, chromium: Browser, filed: dict[str, str], scheme: Literal["light", "dark"]
) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 800}, color_scheme=scheme, locale="zh-CN")
    visit = visit_with(site, context)
    faults = {"/login": visit.open("/login").evaluate(ACCESSIBILITY)}
    page = visit.log_in("master")
    for path in (*PAGES, *OFFICE, f"/records/{filed['public']}?q=村", "/records/none"):
        page.goto(site.address + path)
        faults[path] = page.evaluate(ACCESSIBILITY)
    assert {path: found for path, found in faults.items() if found} == {}
    context.close()


def test_what_would_keep_somebody_out_is_named(visit: Visit, filed: dict[str, str]) -> None:
    visit.page.set_content("<main><h1>a</h1><h3>b</h3><input id=x><img src='data:,'><button></button></main>")
    assert visit.page.evaluate(ACCESSIBILITY) == [
        "no language", "no label: input x", "no alt", "no name: <button></button>", "a level is left out before h3 b",
    ]  # fmt: skip


def test_a_list_is_printed_as_a_table_in_ink_on_white_whatever_the_screen_shows(
    site: Site, chromium: Browser, filed: dict[str, str]
) -> None:
    a4 = {"width": 794, "height": 1123}
    context = chromium.new_context(viewport=a4, color_scheme="dark", locale="zh-CN")  # type: ignore[arg-type]  # a size
    visit = visit_with(site, context)
    page = visit.log_in("master")
    page.goto(site.address + "/outline")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.querySelector('td')).display") == "table-cell"
    assert page.evaluate("getComputedStyle(document.querySelector('td')).color") == "rgb(0, 0, 0)"
    assert page.evaluate(ACCESSIBILITY) == []
    expect(page.locator(".rooms").filter(visible=True)).to_have_count(0)
    context.close()


def test_the_first_key_skips_to_the_text(visit: Visit, filed: dict[str, str]) -> None:
    page = visit.log_in("master")
    page.wait_for_url("**/")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{visit.site.address}/#main")


def test_the_journal_tells_who_did_what_and_filters(visit: Visit, filed: dict[str, str]) -> None:
    visit.log_in("master")
    page = visit.open("/journal?act=record_archived")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.locator("tbody tr")).to_contain_text("村规民约")
    page = visit.open("/journal?to=2020-01-01")
    expect(page.locator("main")).to_contain_text("没有这样的记录。")
    visit.open("/journal?from=soon&to=9999-12-31")
    assert visit.faults == []


def test_the_outline_is_shown_as_a_model_and_a_bad_file_changes_nothing(
    visit: Visit, filed: dict[str, str], tmp_path: Path
) -> None:
    bad = tmp_path / "outline.yaml"
    bad.write_text("document: {id: x, version: '1'}\nseries: [{id: A, class: NOWHERE, zh: 无, retention: 很久}]\n")
    visit.log_in("master")
    page = visit.open("/outline")
    expect(page.locator(".banner")).to_contain_text("示范大纲")
    page.click("text=换一版大纲")
    page.set_input_files("[name=file]", bad)
    page.click("text=导入并启用")
    expect(page.locator(".wrong")).to_contain_text("一项都没有导入")
    page.goto(visit.site.address + "/outline")
    expect(page.locator("h1")).to_contain_text("示范大纲")
