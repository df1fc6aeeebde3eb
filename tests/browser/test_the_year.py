"""In the browser: a village's year is looked at and archived; what is archived is corrected, and every version read."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from archive_service.actions import catalogue
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.tasks.handing_in import hand_in
from storage.database.records import Record
from tests.browser.conftest import RULES, Site, Visit, fits, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One paper of 2023 that is accepted, one that is not."""
    folder = tmp_path_factory.mktemp("papers") / "会议"
    folder.mkdir()
    shutil.copy(RULES, folder / "村规民约98年的.txt")
    (folder / "通知.txt").write_text("关于开会的通知\n定于2023年11月18日开会。\n石门槛村村民委员会\n", "utf-8")
    with serving(tmp_path_factory.mktemp("archive")) as served:
        hand_in(served.archive, OPERATOR, "石门槛村", folder)
        served.work()
        with served.archive.sessions.begin() as session:
            rules = rule_book(session)
            for one in session.query(Record):
                wanted = {"series": "WS-CW-01", "date": "2023年11月", "access": "internal"}
                catalogue.describe(session, OPERATOR, one.id, wanted, rules, served.archive.now())
                if "通知" in one.title:
                    catalogue.accept(session, OPERATOR, [one.id], rules, served.archive.now())
        yield served


def test_the_year_is_archived_and_a_correction_makes_a_version(visit: Visit) -> None:
    page = visit.log_in("keeper")
    visit.open("/filing?year=2023")
    expect(page.locator("table").last).to_contain_text("建议还没有人采用")
    expect(page.locator("main")).to_contain_text("未检测")
    fits(page)
    page.click("text=把可以归档的 1 件归档")
    expect(page.locator(".said")).to_contain_text("已归档 1 件")
    with visit.site.archive.sessions.read() as session:
        filed = session.query(Record).filter(Record.state == "archived").one()
    visit.open(f"/records/{filed.id}")
    page.click("main >> text=更正")
    expect(page).to_have_url(re.compile("/revise$"))
    fits(page)
    page.fill("[name=doc_number]", "石村〔2023〕9号")
    page.fill("[name=reason]", "漏抄文号")
    page.click("text=另存新版本")
    expect(page.locator(".said")).to_contain_text("已更正")
    page.click("text=第 2 版")
    expect(page.locator("main")).to_contain_text("更正：漏抄文号")
    expect(page.locator("main")).to_contain_text("石村〔2023〕9号")
    fits(page)
    page.click("text=第 1 版")
    expect(page.locator("main dl")).not_to_contain_text("石村〔2023〕9号")
    assert visit.faults == []
