"""Printing over HTTP: the file as a browser and a script get it, for whom, and what is refused in which words."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pypdfium2
import pytest
from openpyxl import load_workbook

from tests.journeys.api_county import NOTICE, County, county, read_all


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """A county in which one notice of 石门槛村 is archived, of access class internal."""
    with county(tmp_path_factory.mktemp("county")) as made:
        batch = made.hand_in("stone", made.stone, {"通知.txt": NOTICE.encode()})
        read_all(made)
        record = made.record_of("stone", batch, "通知.txt")
        who, chosen = made.as_("archivist"), {"records": [record]}
        changes = {"series": "WS-CW-02", "choice": "important", "access": "internal"}
        assert made.web.patch(f"/api/v1/records/{record}", json=changes, headers=who).status_code == 200
        assert made.web.post("/api/v1/records/accept", json=chosen, headers=who).status_code == 200
        filed = made.web.post("/api/v1/records/archive", json=chosen, headers=who).json()["records"]
        assert [one["error"] for one in filed] == [None]
        yield made


def codes(there: County, login: str, **asked: str) -> list[str]:
    """The codes in the catalogue that this person gets."""
    params = {"format": "xlsx", **asked}
    answer = there.web.get("/api/v1/print/catalogue", params=params, headers=there.as_(login))
    assert answer.status_code == 200, answer.text
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    return [str(row[1]) for row in sheet.iter_rows(values_only=True) if str(row[1]).startswith("V0")]


def test_the_same_list_is_what_each_person_may_see(there: County) -> None:
    assert codes(there, "archivist") == codes(there, "stone") == ["V012-WS·2019-D30-CW-0001"]
    assert codes(there, "green") == codes(there, "villager") == codes(there, "researcher") == []
    assert codes(there, "green", village=there.stone) == []
    assert codes(there, "stone", year="2020") == []


@pytest.mark.parametrize(
    "form", ["catalogue", "note", "stamps", "labels", "spines", "transfer", "summary", "statistics"]
)
def test_a_form_is_a_pdf_that_names_the_village(there: County, form: str) -> None:
    params = {"village": there.stone}
    answer = there.web.get(f"/api/v1/print/{form}", params=params, headers=there.as_("stone"))
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    page = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    assert "示范大纲" in page
    assert "V012" in page


def test_the_register_of_use_is_for_those_who_read_the_journal(there: County) -> None:
    refused = there.web.get("/api/v1/print/use", headers=there.as_("stone"))
    assert (refused.status_code, refused.headers["content-type"]) == (403, "application/problem+json")
    assert there.web.get("/api/v1/print/use", headers=there.as_("archivist")).status_code == 200


def test_what_there_is_not_is_refused_before_any_byte(there: County) -> None:
    who = there.as_("archivist")
    for path, status in (
        ("nothing", 422), ("catalogue?year=3", 422), ("catalogue?period=20", 404), ("catalogue?village=nowhere", 404),
        ("spines?thick=90", 422),
    ):  # fmt: skip
        answer = there.web.get(f"/api/v1/print/{path}", headers=who)
        assert (answer.status_code, answer.json()["status"]) == (status, status), path


def test_the_page_offers_the_forms_and_opens_the_file_without_a_script(there: County) -> None:
    who = {"Cookie": f"session={there.token('stone')}"}
    page = there.web.get("/print", headers=who).text
    assert "归档文件目录" in page
    assert "利用登记" not in page
    assert "石门槛村（V012）" in page
    assert "青石坳村" not in page
    chosen = "form=labels&village=&year=&class=&period=&per_box=10&thick=40&format=pdf"
    answer = there.web.get(f"/print/file?{chosen}", headers=who)
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_a_print_is_in_the_journal(there: County, tmp_path: Path) -> None:
    there.web.get("/api/v1/print/summary?year=2019", headers=there.as_("archivist"))
    page = there.web.get("/journal?act=form_printed", headers={"Cookie": f"session={there.token('archivist')}"}).text
    assert "目录汇总" in page
