"""In the browser: a list goes out and comes back, many are changed at once and put back, an original is lent."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import expect

from archive_service.permissions import OPERATOR
from archive_service.tasks.handing_in import hand_in
from tests.browser.conftest import MINUTES, RULES, Site, Visit, fits, serving

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Three papers of one village wait in the inbox."""
    folder = tmp_path_factory.mktemp("papers") / "会议"
    folder.mkdir()
    shutil.copy(MINUTES, folder / "20231118村民代表会.docx")
    shutil.copy(RULES, folder / "村规民约98年的.txt")
    (folder / "通知.txt").write_text("关于开会的通知\n定于2023年11月18日开会。\n石门槛村村民委员会\n", "utf-8")
    with serving(tmp_path_factory.mktemp("archive")) as served:
        hand_in(served.archive, OPERATOR, "石门槛村", folder)
        yield served


def test_a_list_is_exported_edited_looked_at_and_taken(visit: Visit, tmp_path: Path) -> None:
    page = visit.log_in("keeper")
    visit.open("/list")
    fits(page)
    with page.expect_download() as coming:
        page.click("text=导出 XLSX")
    path = tmp_path / "清单.xlsx"
    coming.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    column = [cell.value for cell in sheet[1]].index("文号") + 1
    sheet.cell(2, column).value = "<b>石村</b>〔2023〕9号"
    book.save(path)
    page.set_input_files("[name=file]", path)
    page.click("text=看看会改什么")
    expect(page.locator("h1")).to_contain_text("共 3 行，会改动 1 件")
    expect(page.locator("table")).to_contain_text("<b>石村</b>〔2023〕9号")
    fits(page)
    page.click("text=就这样改 1 件")
    expect(page.locator(".said")).to_contain_text("已改动 1 件")
    page.set_input_files("[name=file]", path)
    page.click("text=看看会改什么")
    expect(page.locator(".empty")).to_contain_text("没有什么要改")
    sheet.cell(2, column - 1).value = ""
    sheet.cell(3, 1).value = "改坏了"
    book.save(path)
    page.goto(visit.site.address + "/list")
    page.set_input_files("[name=file]", path)
    page.click("text=看看会改什么")
    expect(page.locator(".wrong")).to_contain_text("一件也没有导入")
    expect(page.locator("table")).to_contain_text("第 3 行")
    fits(page)
    assert [one for one in visit.faults if "422" not in one] == []


def test_many_are_changed_at_once_and_put_back(visit: Visit) -> None:
    page = visit.log_in("clerk")
    visit.open("/inbox")
    page.click("text=成批修改全部")
    page.fill("[name=series]", "WS-CW-02")
    page.select_option("[name=access]", "public")
    page.fill("[name=box]", "12")
    page.click("text=看看会改什么")
    expect(page.locator("h2")).to_contain_text("会改动 3 件")
    expect(page.locator("table")).to_contain_text("→ 12")
    fits(page)
    page.click("text=就这样改 3 件")
    expect(page.locator(".said")).to_contain_text("已改动 3 件")
    page.click("text=恢复刚才成批改的")
    expect(page.locator(".said")).to_contain_text("已恢复 3 件")
    assert visit.faults == []


def test_what_a_restriction_lacks_is_said_above_the_form_that_was_filled_in(visit: Visit) -> None:
    page = visit.log_in("clerk")
    visit.open("/inbox")
    page.click("text=成批修改全部")
    page.fill("[name=restriction]", "捐赠人在世时不公开")
    page.fill("[name=readers]", "nobody-here")
    page.click("text=看看会改什么")
    expect(page.locator(".wrong")).to_contain_text("没有账号 nobody-here")
    expect(page.locator("[name=restriction]")).to_have_value("捐赠人在世时不公开")
    assert [one for one in visit.faults if "422" not in one] == []


def test_an_original_is_lent_shown_as_lent_and_taken_back(visit: Visit) -> None:
    page = visit.log_in("clerk")
    visit.open("/inbox")
    href = page.locator("td.title a").first.get_attribute("href") or ""
    visit.open(href.replace("/inbox/", "/records/"))
    page.click("text=改存放位置")
    page.fill("[name=box]", "7")
    page.fill("[name=count]", "3")
    page.click("text=记下")
    expect(page.locator("main")).to_contain_text("7 盒")
    page.click("text=借出原件")
    page.fill("[name=borrower]", "周明发")
    page.fill("[name=due_on]", "2026-03-08")
    page.click("button:text-is('借出')")
    expect(page.locator("main .row")).to_contain_text("原件借出，2026年3月8日应还")
    fits(page)
    visit.open("/loans")
    expect(page.locator("table")).to_contain_text("周明发")
    fits(page)
    page.click("text=记为归还")
    expect(page.locator(".empty")).to_contain_text("这里没有借阅")
    page.click("main .chips >> text=全部")
    expect(page.locator("table")).to_contain_text("2026-03-01 归还")
    assert visit.faults == []
