"""In the browser: every kind of record has its form, and what is filled in there is kept."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from archive_service.forms.field_sets import field_set
from archive_service.permissions import OPERATOR
from archive_service.tasks.handing_in import hand_in
from archive_service.web.pages.fields import HELD_ELSEWHERE
from storage.database.records import Record
from tests.browser.conftest import RULES, Site, Visit, serving

pytestmark = pytest.mark.browser

KINDS = {
    "document": "WS-CW-01",
    "accounting": "KU-01-01",
    "construction": "KJ-JJ-01",
    "equipment": "KJ-SB-01",
    "photo": "ZP-01",
    "audio": "LY-01",
    "video": "LX-01",
    "object": "SW-01",
    "celebrity": "CS-RW-01",
    "customs": "CS-MS-01",
    "landscape": "CS-JG-01",
    "heritage": "CS-YC-01",
    "genealogy": "CS-JP-01",
    "rural_change": "CS-BQ-01",
    "oral_history": "CS-KS-01",
}
"""Each kind that the county files, and a series whose class asks for it."""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("papers") / "会议"
    folder.mkdir()
    shutil.copy(RULES, folder / "村规民约98年的.txt")
    with serving(tmp_path_factory.mktemp("archive")) as served:
        hand_in(served.archive, OPERATOR, "石门槛村", folder)
        yield served


def save(page: Page) -> None:
    with page.expect_navigation():
        page.click("text=只存修改")
    page.wait_for_load_state()


def test_every_kind_has_a_form_that_is_filled_in_and_kept(visit: Visit) -> None:
    page = visit.log_in("keeper")
    visit.open("/inbox")
    page.click("td.title a")
    record_id = page.url.rpartition("/")[2]
    for kind, series in KINDS.items():
        page.fill("[name=other]", series)
        save(page)
        elements = [one for one in field_set(kind) if one.id not in HELD_ELSEWHERE]
        wanted = {one.id: "甲、乙" if one.repeat else f"{kind} {one.name}" for one in elements}
        if page.locator("details.quiet:has(dl) summary", has_text="还可以填的").count():
            page.click("summary:has-text('还可以填的')")
        for id, value in wanted.items():
            page.fill(f"[name='field.{id}']", value.replace("、", "\n") if "甲" in value else value)
        save(page)
        with visit.site.archive.sessions.read() as session:
            held = session.get_one(Record, record_id).fields
        told = {id: "、".join(held[id]) if isinstance(held[id], list) else held[id] for id in wanted}
        assert told == wanted, kind
    assert visit.faults == []


def test_the_six_elements_of_a_photograph_and_consent_of_a_narrator_stand_open(visit: Visit) -> None:
    page = visit.log_in("keeper")
    visit.open("/inbox")
    page.click("td.title a")
    for series, names in (
        ("ZP-01", ("event", "time", "place", "people", "background", "photographer")),
        ("CS-KS-01", ("narrator", "authorisation", "consent", "closed_until")),
    ):
        page.fill("[name=other]", series)
        save(page)
        for name in names:
            assert page.locator(f"form > dl.card [name='field.{name}']").is_visible(), name
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_kinds_are_all_that_forms_exist_for() -> None:
    assert all(field_set(kind) for kind in KINDS)
    assert Path("classification/outlines/record-kind-fields.yaml").exists()
