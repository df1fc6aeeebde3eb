"""The desk and the county office over the API: what the pages do is done by a script, by the same rules."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.api_county import NOTICE, County, county, read_all

FILES = {"通知.txt": NOTICE.encode(), "另一份.txt": NOTICE.replace("登记", "核对").encode()}


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with county(tmp_path_factory.mktemp("county")) as made:
        yield made


@pytest.fixture(scope="module")
def batch(there: County) -> str:
    made = there.hand_in("stone", "石门槛村", FILES)
    read_all(there)
    return made


@pytest.fixture(scope="module")
def filed(there: County, batch: str) -> str:
    """The first of them, archived by the county's archivist."""
    record, keeper = there.record_of("stone", batch, "通知.txt"), there.as_("archivist")
    wanted = {"series": "WS-CW-02", "choice": "important", "access": "village", "title": "土地确权登记的通知"}
    assert there.web.patch(f"/api/v1/records/{record}", json=wanted, headers=keeper).status_code == 200
    assert there.web.post("/api/v1/records/accept", json={"records": [record]}, headers=keeper).status_code == 200
    done = there.web.post("/api/v1/records/archive", json={"records": [record]}, headers=keeper)
    assert done.json()["records"][0]["error"] is None
    return record


def test_an_original_has_a_place_is_lent_once_and_comes_back(there: County, filed: str) -> None:
    who, here = there.as_("stone"), f"/api/v1/records/{filed}"
    put = there.web.put(f"{here}/place", json={"box": "12", "count": 24}, headers=who).json()
    assert put == {"box": "12", "shelf": "", "carrier": "", "count": 24}
    assert there.web.put(f"{here}/place", json={"shelf": "3 排"}, headers=who).json()["box"] == "12"
    day = there.archive.today().isoformat()
    lent = there.web.post(f"{here}/lend", json={"borrower": "周明发", "due_on": day}, headers=who)
    assert (lent.status_code, lent.json()["returned_on"]) == (201, None)
    again = there.web.post(f"{here}/lend", json={"borrower": "石有贵", "due_on": day}, headers=who)
    assert (again.status_code, "周明发" in again.json()["detail"]) == (409, True)
    out = there.web.get("/api/v1/loans", headers=who).json()
    assert ([one["borrower"] for one in out["loans"]], out["total"]) == (["周明发"], 1)
    # Another village hears nothing of it.
    assert there.web.get("/api/v1/loans", headers=there.as_("green")).json()["total"] == 0
    assert there.web.post(f"{here}/return", headers=who).json()["returned_on"] == day
    assert there.web.get("/api/v1/loans", headers=who).json()["total"] == 0


def test_a_revision_makes_a_version_and_the_one_before_stays_readable(there: County, filed: str) -> None:
    who, here = there.as_("archivist"), f"/api/v1/records/{filed}"
    first = there.web.get(f"{here}/versions", headers=who).json()["versions"][0]["number"]
    sent = {"title": "土地承包经营权确权登记的通知", "reason": "题名不全", "version": first}
    assert there.web.post(f"{here}/revise", json=sent, headers=who).json() == {"changed": True}
    stale = there.web.post(f"{here}/revise", json={**sent, "title": "另一个"}, headers=who)
    assert (stale.status_code, "还没有存" in stale.json()["detail"]) == (409, True)
    lines = there.web.get(f"{here}/versions", headers=who).json()["versions"]
    assert [(one["number"], one["actor"]) for one in lines][:2] == [(first + 1, "archivist"), (first, "archivist")]
    assert "题名不全" in lines[0]["message"]
    said = [there.web.get(f"{here}/versions/{number}", headers=who).json()["title"] for number in (first, first + 1)]
    assert said == ["土地确权登记的通知", "土地承包经营权确权登记的通知"]
    assert there.web.get(f"{here}/versions/99", headers=who).status_code == 404


def test_many_are_changed_at_once_after_a_look_and_put_back(there: County, batch: str, filed: str) -> None:
    who, other = there.as_("stone"), there.record_of("stone", batch, "另一份.txt")
    sent = {"records": [other], "access": "internal", "box": "7"}
    look = there.web.post("/api/v1/records/edit/preview", json=sent, headers=who).json()["records"]
    assert look[0]["changed"]["box"] == ["", "7"]
    assert there.web.get(f"/api/v1/records/{other}/place", headers=who).json()["box"] == ""
    # What is archived is not among what can be changed so: nothing is written for the other either.
    refused = there.web.post("/api/v1/records/edit", json={**sent, "records": [other, filed]}, headers=who)
    assert refused.status_code == 409
    done = there.web.post("/api/v1/records/edit", json=sent, headers=who).json()
    assert done["changed"] == 1
    assert there.web.get(f"/api/v1/records/{other}/place", headers=who).json()["box"] == "7"
    back = there.web.post("/api/v1/records/edit/undo", json={"at": done["at"]}, headers=who).json()
    assert back == {"restored": 1, "left": 0}
    assert there.web.get(f"/api/v1/records/{other}/place", headers=who).json()["box"] == ""


def test_the_journal_is_read_by_those_who_may(there: County, filed: str) -> None:
    asked = {"of": filed, "act": "record_archived"}
    found = there.web.get("/api/v1/journal", params=asked, headers=there.as_("boss")).json()["entries"]
    assert [(one["act"], one["object_id"]) for one in found] == [("record_archived", filed)]
    assert there.web.get("/api/v1/journal", params=asked, headers=there.as_("stone")).status_code == 403


def test_who_is_in_post_and_what_happened_is_entered_and_taken_back(there: County) -> None:
    who = there.as_("stone")
    post = {"village": there.stone, "person": "石大山", "post": "村文书", "since": "2020-01-01"}
    made = there.web.post("/api/v1/cadres/posts", json=post, headers=who)
    assert made.status_code == 201
    line = made.json()["id"]
    ended = there.web.post(f"/api/v1/cadres/posts/{line}/end", json={"until": "2021-02-28"}, headers=who).json()
    assert ended["until"] == "2021-02-28"
    matter = {"village": there.stone, "trigger": "training_held", "on": "2020-03-01", "name": "春季集中培训"}
    held = there.web.post("/api/v1/cadres/matters", json=matter, headers=who).json()
    back = there.web.post(f"/api/v1/cadres/matters/{held['id']}/take-back", json={"reason": "记重了"}, headers=who)
    assert back.status_code == 204
    found = there.web.get("/api/v1/cadres", params={"village": there.stone}, headers=who).json()
    assert [(one["person"], one["counts"]) for one in found["posts"]] == [("石大山", True)]
    assert [(one["name"], one["counts"]) for one in found["matters"]] == [("春季集中培训", False)]
    assert there.web.post("/api/v1/cadres/posts", json=post, headers=there.as_("green")).status_code == 403


def test_the_county_is_summed_reported_and_a_statement_taken_back(there: County) -> None:
    who, year = there.as_("archivist"), there.archive.today().year
    whole = there.web.get("/api/v1/completeness/county", params={"year": year}, headers=who).json()
    assert [one["name"] for one in whole["townships"]] == ["望溪镇"]
    assert [one["month"] for one in whole["months"]] == list(range(1, 13))
    village: dict[str, str | int] = {"village": there.stone, "year": year}
    report = there.web.get("/api/v1/completeness/report", params=village, headers=who).json()
    of_law = [one["name"] for one in report["statutory"] if one["mark"] == "law"]
    assert (report["village"], len(of_law), of_law[1]) == ("石门槛村", 10, "会议记录")
    absence = {"village": there.stone, "record": "disc_village", "from": f"{year}-01-01", "to": f"{year}-03-31"}
    said = {**absence, "reason": "道路中断", "name": "高远"}
    made = there.web.post("/api/v1/completeness/did-not-occur", json=said, headers=who).json()["id"]
    stands = there.web.get("/api/v1/completeness/did-not-occur", params=village, headers=who).json()
    assert [(one["id"], one["reason"]) for one in stands] == [(made, "道路中断")]
    there.web.post(f"/api/v1/completeness/did-not-occur/{made}/take-back", json={"reason": "记错了"}, headers=who)
    left = there.web.get("/api/v1/completeness/did-not-occur", params=village, headers=who).json()
    assert [(one["id"], one["withdrawn_at"] is None) for one in left] == [(made, False)]


def test_the_calendar_says_whose_rule_each_is_and_takes_the_county_s_word(there: County) -> None:
    boss = there.as_("boss")
    before = there.web.get("/api/v1/calendar", headers=boss).json()
    assert "示范" in before["banner"]
    marks = {one["id"]: one["mark"] for one in before["records"]}
    assert (marks["disc_village"], marks["duty_schedule"]) == ("law", "model")
    sent = {"since": "2027-01-01", "values": {"posted_days_min": "15"}}
    after = there.web.post("/api/v1/calendar/settings", json=sent, headers=boss)
    assert after.status_code == 201
    # What counted before is imported first, so that the days before keep it.
    assert [one["effective_from"] for one in after.json()["versions"]] == ["2026-01-01", "2027-01-01"]
    unknown = there.web.post("/api/v1/calendar/settings", json={**sent, "values": {"none": "1"}}, headers=boss)
    assert unknown.status_code == 422
