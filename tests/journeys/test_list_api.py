"""The list of records over the API: out, back, looked at first, and refused with row and column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

import pytest

from archive_service.worker import drain
from tests.journeys.api_county import NOTICE, County
from tests.journeys.api_county import county as a_county

ADDRESS = "/api/v1/lists/records"


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    """Two papers of one village wait."""
    with a_county(tmp_path_factory.mktemp("county")) as made:
        files = {"通知.txt": NOTICE.encode(), "打井.txt": NOTICE.replace("土地", "打井").encode()}
        made.hand_in("stone", made.stone, files)
        drain(made.archive)
        yield made


def exported(county: County) -> list[list[str]]:
    answer = county.web.get(ADDRESS, params={"format": "csv"}, headers=county.as_("stone"))
    assert answer.status_code == 200
    return list(csv.reader(io.StringIO(answer.text.removeprefix("\ufeff"))))


def sent(county: County, rows: list[list[str]], **params: str) -> tuple[int, dict[str, object]]:
    body = io.StringIO()
    csv.writer(body).writerows(rows)
    answer = county.web.post(
        ADDRESS, params={"format": "csv", **params}, content=body.getvalue().encode(), headers=county.as_("stone")
    )
    return answer.status_code, answer.json()


def test_a_list_goes_out_and_comes_back_looked_at_first(county: County) -> None:
    rows = exported(county)
    rows[1][rows[0].index("文号")] = "石村〔2019〕9号"
    status, told = sent(county, rows, preview="true")
    assert (status, told["rows"], told["changed"]) == (200, 2, 1)
    assert exported(county)[1] != rows[1]
    assert sent(county, rows)[1]["changed"] == 1
    assert exported(county)[1][rows[0].index("文号")] == "石村〔2019〕9号"
    assert sent(county, rows)[1]["changed"] == 0


def test_what_is_wrong_is_named_by_row_and_column(county: County) -> None:
    rows = exported(county)
    rows[2][rows[0].index("题名")] = ""
    status, told = sent(county, rows)
    assert status == 422
    assert told["problems"] == [{"place": "第 3 行", "column": "题名", "message": "没有填。"}]


def test_what_was_not_exported_here_is_refused(county: County) -> None:
    assert sent(county, [["题名"], ["修路"]])[0] == 422


def test_who_does_not_catalogue_gets_no_list(county: County) -> None:
    assert county.web.get(ADDRESS, headers=county.as_("villager")).status_code == 403
    assert county.web.post(ADDRESS, content=b"x", headers=county.as_("villager")).status_code == 403
