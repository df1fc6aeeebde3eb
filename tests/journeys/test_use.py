"""Use over HTTP: ask, be given it, read it with one's name on every page; certified copies and their public check."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from openpyxl import load_workbook
from PIL import Image, ImageChops
from sqlalchemy import select

from archive_service.actions.accounts import add_account
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Role
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import sync_index
from archive_service.web.app import CHECKS, create_app
from archive_service.wiring import Archive
from storage.database.journal import JournalEntry
from storage.database.records import File, PageText, Record, RecordState
from tests.conftest import NOON
from tests.journeys.api_county import serving

PASSWORD = "足够长的口令一二三"
DEED, SCAN, SHEET, BOOK = f"{1:032x}", f"{2:032x}", f"{3:032x}", f"{4:032x}"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@dataclass
class Desk:
    """The web, the village, and who asks."""

    archive: Archive
    web: httpx.Client
    village: str

    def as_(self, login: str) -> dict[str, str]:
        """The header of a session."""
        token = self.web.post("/api/v1/session", json={"login": login, "password": PASSWORD}).json()["token"]
        return {"Cookie": f"session={token}"}

    def post(self, login: str, path: str, page: str, data: dict[str, str]) -> httpx.Response:
        """Send a form of a page as this person."""
        who = self.as_(login)
        found = re.search(r'name="csrf" value="([^"]+)"', self.web.get(page, headers=who).text)
        assert found is not None
        return self.web.post(path, data={**data, "csrf": found[1]}, headers=who)


@pytest.fixture
def desk(archive: Archive) -> Iterator[Desk]:
    """An internal deed with a scan, and a public table; a villager, a neighbour and an archivist."""
    set_up(archive)
    picture = io.BytesIO()
    Image.new("RGB", (400, 600), "white").save(picture, "PNG")
    archive.objects.put("staging/00/scan", io.BytesIO(picture.getvalue()))
    with archive.sessions.begin() as session:
        home = add_village(session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇").id
        for login, role in (("gu", Role.VILLAGER), ("shi", Role.VILLAGER), ("wang", Role.ARCHIVIST)):
            where = home if role == Role.VILLAGER else None
            add_account(session, OPERATOR, archive.hasher, NOON, login, login, role, where, password=PASSWORD)
        for record, access, title, file, mime in (
            (DEED, "internal", "王家老地契", SCAN, "image/png"), (SHEET, "public", "承包亩数表", BOOK, XLSX),
        ):  # fmt: skip
            session.add(
                Record(
                    id=record, village_id=home, title=title, access=access, state=RecordState.ARCHIVED,
                    code=f"V012-{record[-1]}", year=1982, created_at=NOON, changed_at=NOON, archived_at=NOON,
                )
            )  # fmt: skip
            session.flush()
            session.add(
                File(
                    id=file, record_id=record, village_id=home, name=title, path=title, size=len(picture.getvalue()),
                    sha256=file * 2, sha512="", mime=mime, storage_key="staging/00/scan", page_count=1,
                    received_at=NOON,
                )
            )  # fmt: skip
        session.flush()
        session.add(PageText(file_id=BOOK, number=1, text="姓名\t亩数\n王满仓\t3.5"))
    sync_index(archive)
    with serving(archive, create_app(archive)) as web:
        yield Desk(archive, web, home)


def given(desk: Desk, **more: str) -> str:
    """A request of `gu` that `wang` has granted for the deed; the address of its page."""
    asked = {"village": desk.village, "wanted": "我家的老地契", "purpose": "写家史", "wish": "view"}
    page = desk.post("gu", "/requests", "/requests/new", asked).headers["location"]
    answer = {"answer": "grant", "records": "V012-1", "until": "2026-03-08", **more}
    assert desk.post("wang", f"{page}/decide", page, answer).status_code == 303
    return page


def test_a_villager_asks_is_given_it_reads_it_under_his_name_and_gives_it_back(desk: Desk) -> None:
    gu = desk.as_("gu")
    assert desk.web.get(f"/records/{DEED}", headers=gu).status_code == 404
    page = given(desk)
    assert "王家老地契" in desk.web.get(page, headers=gu).text
    room = f"{page}/records/{DEED}"
    assert "只给 gu 查阅，到2026年3月8日" in desk.web.get(room, headers=gu).text
    drawn = desk.web.get(f"{room}/files/{SCAN}/pages/1", headers=gu)
    plain = desk.web.get(f"/api/v1/files/{SCAN}/pages/1/image", headers=desk.as_("wang"))
    assert (drawn.status_code, drawn.headers["content-type"]) == (200, "image/jpeg")
    named, clean = (Image.open(io.BytesIO(one.content)).convert("L") for one in (drawn, plain))
    assert named.size == clean.size
    assert max(ImageChops.difference(named, clean).tobytes()) > 40
    # Neither the file as it is, nor anything of it on the usual ways, nor anything for a neighbour.
    assert desk.web.get(f"{room}/files/{SCAN}", headers=gu).status_code == 404
    assert desk.web.get(f"/api/v1/files/{SCAN}", headers=gu).status_code == 404
    for path in (page, room, f"{room}/files/{SCAN}/pages/1"):
        assert desk.web.get(path, headers=desk.as_("shi")).status_code == 404
    assert desk.post("gu", f"{page}/end", page, {}).status_code == 303
    assert desk.web.get(room, headers=gu).status_code == 404


def test_the_file_itself_only_where_the_decision_says_so(desk: Desk) -> None:
    page = given(desk, original="1")
    got = desk.web.get(f"{page}/records/{DEED}/files/{SCAN}", headers=desk.as_("gu"))
    with desk.archive.objects.open("staging/00/scan") as kept:
        assert got.content == kept.read()
    assert got.headers["content-disposition"].startswith("attachment")


def test_every_look_at_what_is_not_public_is_journaled_and_fills_the_register_of_use(desk: Desk) -> None:
    page, gu, wang = given(desk), desk.as_("gu"), desk.as_("wang")
    desk.web.get(f"{page}/records/{DEED}", headers=gu)
    desk.web.get(f"/records/{DEED}", headers=wang)
    desk.web.get(f"/records/{SHEET}", headers=wang)
    issued = desk.post("wang", f"/records/{DEED}/copies", f"/records/{DEED}", {"receiver": "顾采薇", "purpose": "家史"})
    assert issued.status_code == 303
    with desk.archive.sessions.read() as session:
        looks = session.execute(
            select(JournalEntry.actor, JournalEntry.object_id).where(JournalEntry.act == "record_viewed")
        )
        assert sorted((actor, record) for actor, record in looks) == [("gu", DEED), ("wang", DEED)]
    sheet = desk.web.get("/print/file", params={"form": "use", "year": "2026", "format": "xlsx"}, headers=wang)
    rows = load_workbook(io.BytesIO(sheet.content)).active.iter_rows(values_only=True)  # type: ignore[union-attr]  # one sheet
    told = [[str(cell) for cell in row if cell] for row in rows]
    assert any("限时开放" in row and "gu" in row and "写家史" in row for row in told)
    assert any("出具复制件证明" in row and "顾采薇" in row and "家史" in row for row in told)
    assert any("查看" in row and "gu" in row for row in told)


def test_who_used_a_record_is_not_told_to_everybody_who_sees_it(desk: Desk) -> None:
    given(desk)
    with desk.archive.sessions.begin() as session:
        session.get_one(Record, DEED).access = "village"
    assert "限时开放给利用人" not in desk.web.get(f"/records/{DEED}", headers=desk.as_("shi")).text
    assert "限时开放给利用人" in desk.web.get(f"/records/{DEED}", headers=desk.as_("wang")).text


def test_a_certified_copy_is_checked_by_anybody_and_tells_nothing_of_its_content(desk: Desk) -> None:
    desk.post("wang", f"/records/{DEED}/copies", f"/records/{DEED}", {"receiver": "顾采薇", "purpose": "家史"})
    shown = desk.web.get(f"/records/{DEED}", headers=desk.as_("wang")).text
    number = re.search(r"/copies/(2026-0001-\w{8})", shown)
    assert number is not None
    checked = desk.web.get(f"/verify/{number[1].lower()}")
    assert checked.status_code == 200
    assert "有效" in checked.text
    assert SCAN * 2 in checked.text
    assert not any(word in checked.text for word in ("王家", "顾采薇", "家史", "V012", "石门槛"))
    pdf = desk.web.get(f"/copies/{number[1]}", headers=desk.as_("wang"))
    assert pdf.content.startswith(b"%PDF")
    assert desk.web.get(f"/copies/{number[1]}", headers=desk.as_("gu")).status_code == 404
    desk.post("wang", f"/copies/{number[1]}/withdraw", f"/records/{DEED}", {"reason": "写错了人"})
    again = desk.web.get(f"/verify/{number[1]}")
    assert "已作废" in again.text
    assert "写错了人" not in again.text
    assert desk.web.get(f"/api/v1/verify/{number[1]}").json()["withdrawn_at"] is not None


def test_whoever_tries_numbers_one_after_the_other_is_slowed_down(desk: Desk) -> None:
    tried = [desk.web.get(f"/verify/2026-0001-AAAAAAA{place % 8}").status_code for place in range(CHECKS + 1)]
    assert tried == [404] * CHECKS + [429]
    assert desk.web.get("/api/v1/verify/2026-0001-AAAAAAAA").json()["title"] == "太频繁了"


def test_a_table_is_shown_as_a_table_with_what_was_searched_for_marked(desk: Desk) -> None:
    page = desk.web.get(f"/records/{SHEET}", params={"q": "王满仓"}, headers=desk.as_("gu")).text
    assert "<td><mark>王满仓</mark></td><td>3.5</td>" in page


def test_a_search_that_finds_nothing_says_what_it_understood_and_offers_what_does(desk: Desk) -> None:
    page = desk.web.get("/search", params={"q": "承包亩数 1982年", "kind": "photo"}, headers=desk.as_("gu")).text
    assert "“1982年”当作日期：1982-01-01 — 1982-12-31" in page
    assert "不限种类" in page
    assert "申请查阅别的档案" in page


def test_a_search_is_kept_and_says_what_is_new(desk: Desk) -> None:
    kept = desk.post("gu", "/saved", "/search?q=承包", {"name": "我家的地", "query": "q=承包&cursor=x&nonsense=1"})
    assert kept.status_code == 303
    page = desk.web.get("/saved", headers=desk.as_("gu")).text
    assert "/search?q=%E6%89%BF%E5%8C%85&#34;" not in page
    assert 'href="/search?q=%E6%89%BF%E5%8C%85"' in page
    assert "我家的地" not in desk.web.get("/saved", headers=desk.as_("shi")).text


def test_a_village_is_one_page_for_everybody_each_with_what_he_sees(desk: Desk) -> None:
    page = f"/villages/{desk.village}"
    assert "已归档 1 件" in desk.web.get(page, headers=desk.as_("gu")).text
    keeper = desk.web.get(page, headers=desk.as_("wang")).text
    assert "已归档 2 件" in keeper
    assert "缺什么" in keeper
    assert desk.web.get(f"/villages/{'0' * 32}", headers=desk.as_("gu")).status_code == 404
