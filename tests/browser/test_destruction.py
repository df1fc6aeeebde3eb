"""In the browser: from what has run out to a register that is approved and counted, by people who are told apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from archive_service.actions import accounts, catalogue, holdings
from archive_service.permissions import OPERATOR, Role
from archive_service.rulebook import rule_book
from archive_service.tasks.filing import file_records
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.upkeep import sync_index
from storage.database.records import files_of
from tests.browser.conftest import PASSWORD, Site, Visit, fits, serving, visit_with
from tests.conftest import NOON

pytestmark = pytest.mark.browser
Enter = Callable[[str], Page]
PEOPLE = {
    "chief": ("鲁明山", Role.APPRAISAL_LEADER),
    "member": ("向小雨", Role.REVIEWER),
    "approver": ("程国栋", Role.APPROVER),
    "first": ("吴长河", Role.WITNESS),
    "second": ("孟秋叶", Role.WITNESS),
    "operator": ("丁一舟", Role.OPERATOR),
}
PAPERS = {
    "值班表": "石门槛村值班表\n2011年3月1日\n",
    "请假条": "石门槛村村干部请假条\n2011年7月2日\n",
    "便函": "石门槛村水渠整修来往便函\n2011年8月9日\n",
}
"""Papers of 2011 in a series of ten years: their terms began with 2012 and ended with 2021."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    with serving(tmp_path_factory.mktemp("archive")) as served:
        _run_out(served, tmp_path_factory.mktemp("papers"))
        for login, (name, role) in PEOPLE.items():
            with served.archive.sessions.begin() as session:
                accounts.add_account(
                    session, OPERATOR, served.archive.hasher, NOON, login, name, role, password=PASSWORD
                )
        yield served


def _run_out(site: Site, folder: Path) -> None:
    codes = _filed(site, folder, PAPERS, "2011年3月1日")
    assert len(codes) == len(PAPERS)


def _scan(site: Site, folder: Path) -> str:
    """The signed form comes back from the scanner; the code it is archived under."""
    [code] = _filed(site, folder, {"签字的清册": "石门槛村销毁清册，已签字盖章\n2026年3月1日\n"}, "2026年3月1日")
    return code


def _filed(site: Site, folder: Path, papers: dict[str, str], day: str) -> list[str]:
    for name, said in papers.items():
        (folder / f"{name}.txt").write_text(said, encoding="utf-8")
    hand_in(site.archive, OPERATOR, "石门槛村", folder)
    with site.archive.sessions.begin() as session:
        rules = rule_book(session)
        records = holdings.inbox(session, OPERATOR).records
        files = files_of(session, [one.id for one in records])
        for one in records:
            changes = {
                "title": files[one.id][0].name.removesuffix(".txt"),
                "series": "WS-CW-06",
                "date": day,
                "access": "village",
            }
            catalogue.describe(session, OPERATOR, one.id, changes, rules, NOON)
        catalogue.accept(session, OPERATOR, [one.id for one in records], rules, NOON)
    filed = file_records(site.archive, OPERATOR, [one.id for one in records])
    sync_index(site.archive)
    return [one.code or "" for one in filed]


@pytest.fixture
def enter(site: Site, chromium: Browser) -> Iterator[Enter]:
    """Somebody comes in at the door, in a browser of his own; whatever a browser complains of is told at the end."""
    visits: list[Visit] = []

    def come_in(login: str) -> Page:
        context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        visits.append(visit_with(site, context))
        page = visits[-1].log_in(login)
        expect(page.locator(".who")).to_be_visible()
        return page

    yield come_in
    for visit in visits:
        visit.page.context.close()
    # A browser complains of the two refusals that are provoked, too.
    faults = [fault for visit in visits for fault in visit.faults]
    assert [fault for fault in faults if "status of 422" not in fault and "status of 409" not in fault] == []


def go(site: Site, page: Page, path: str) -> Page:
    """To a page of the site."""
    page.goto(site.address + path)
    return page


def opinion(page: Page, verdict: str, reason: str, turn: str = "first", years: str = "") -> None:
    """Fill the form of an opinion."""
    page.check(f"[name=verdict][value={verdict}]")
    page.fill("[name=years]", years)
    page.select_option("[name=round]", turn)
    page.fill("[name=reason]", reason)


def test_three_papers_are_judged_and_one_of_them_is_destroyed_by_nobody_alone(
    site: Site, enter: Enter, tmp_path: Path
) -> None:
    keeper = go(site, enter("keeper"), "/appraisals")
    keeper.fill("[name=purpose]", "二〇二六年期满鉴定")
    keeper.select_option("[name=leader]", "chief")
    keeper.select_option("[name=archivist]", "keeper")
    keeper.check("[name=member][value=member]")
    keeper.click("main form .act.first")
    expect(keeper.locator("tbody[data-rows] tr")).to_have_count(3)
    fits(keeper)
    batch = keeper.url.removeprefix(site.address).split("?")[0]

    member = go(site, enter("member"), batch)
    member.click("text=便函")
    expect(member.locator(".sees")).to_contain_text("水渠整修来往便函")
    fits(member)
    opinion(member, "extend", "水渠产权还有用", years="20")
    member.click("main .act.first")
    go(site, member, batch)
    opinion(member, "destroy", "期满，无继续保存价值")
    member.click("main button[name=rest]")
    expect(member.locator("main")).to_contain_text("还缺第二人意见 2")

    chief = go(site, enter("chief"), f"{batch}?show=second_missing")
    opinion(chief, "destroy", "同意", turn="second")
    chief.check("[data-all]")
    chief.click("main form .act.first")
    expect(chief.locator("main")).to_contain_text("意见已定 3")
    chief.get_by_role("button", name="按意见办理，结束鉴定", exact=True).click()
    expect(chief.locator(".said")).to_contain_text("拟销毁 2 件")

    go(site, keeper, batch)
    assert "续存 1 件；拟销毁 2 件" in keeper.locator("textarea[name=report]").input_value()
    keeper.get_by_role("button", name="保存报告", exact=True).click()
    keeper.get_by_role("button", name="提交清册", exact=True).click()
    expect(keeper.locator("h1")).to_contain_text("全宗 V012 第 1 号销毁清册")
    expect(keeper.locator("main")).not_to_contain_text("便函")
    fits(keeper)
    register = keeper.url.removeprefix(site.address).split("?")[0]

    approver = go(site, enter("approver"), register)
    approver.get_by_role("button", name="批准销毁", exact=True).click()
    expect(approver.locator(".wrong")).to_contain_text("还缺鉴定小组负责人的签字，没有批准")

    go(site, chief, register)
    chief.get_by_role("button", name="以鉴定小组负责人身份签字", exact=True).click()
    expect(chief.locator(".said")).to_contain_text("已签字")
    go(site, approver, register)
    approver.locator("[data-rows] tr", has_text="值班表").locator("input[name=record]").check()
    approver.fill("form[action$=refuse-rows] [name=reason]", "值班表留作考勤依据")
    approver.get_by_role("button", name="选中的不批准", exact=True).click()
    expect(approver.locator("[data-rows] tr", has_text="值班表")).to_contain_text("这一件不批准")
    approver.get_by_role("button", name="批准销毁", exact=True).click()
    expect(approver.locator("main .row").first).to_contain_text("已批准，等待清点")

    first = go(site, enter("first"), register)
    first.get_by_role("button", name="清点无误，记下", exact=True).click()
    expect(first.locator(".said")).to_contain_text("清点核对已记下")
    first.get_by_role("button", name="清点无误，记下", exact=True).click()
    expect(first.locator(".wrong")).to_contain_text("没有改动")
    second = go(site, enter("second"), register)
    second.get_by_role("button", name="清点无误，记下", exact=True).click()
    expect(second.locator("main .row").first).to_contain_text("已清点，等待销毁")

    operator = go(site, enter("operator"), register)
    operator.fill("[name=confirm]", "7")
    operator.get_by_role("button", name="开始销毁", exact=True).click()
    expect(operator.locator(".wrong")).to_contain_text("确认的清册号不对")
    operator.go_back()
    operator.fill("[name=confirm]", "1")
    operator.get_by_role("button", name="开始销毁", exact=True).click()
    expect(operator.locator("main .row").first).to_contain_text("已销毁，等待监销人签字")
    expect(operator.locator("[data-rows] tr", has_text="请假条")).to_contain_text("已销毁")
    fits(operator)

    for witness, method in ((first, "电子文件删除，纸件送县保密局销毁点粉碎"), (second, "同上")):
        go(site, witness, register)
        witness.fill("[name=method]", method)
        witness.fill("[name=place]", "县档案馆")
        witness.fill("[name=on]", "2026-03-01")
        witness.get_by_role("button", name="监销签字", exact=True).click()
    expect(second.locator("main .row").first).to_contain_text("监销人已签字，等待归档")

    go(site, keeper, "/search?q=请假条")
    expect(keeper.locator("main")).to_contain_text("已销毁")

    go(site, keeper, batch)
    expect(keeper.locator("[data-rows] tr", has_text="请假条")).to_contain_text("已销毁")

    go(site, keeper, register)
    keeper.get_by_role("button", name="清册归档", exact=True).click()
    expect(keeper.locator(".wrong")).to_contain_text("还没有签字的扫描件")
    go(site, keeper, register)
    keeper.click("text=挂上签字的扫描件")
    keeper.fill("[name=record]", _scan(site, tmp_path))
    keeper.get_by_role("button", name="挂上", exact=True).click()
    keeper.get_by_role("button", name="清册归档", exact=True).click()
    expect(keeper.locator("main .row").first).to_contain_text("已归档")
    go(site, keeper, "/search?q=销毁清册")
    expect(keeper.locator("main")).to_contain_text("销毁清册")
