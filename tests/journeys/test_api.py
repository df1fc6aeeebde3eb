"""The archive over HTTP, as its people use it: come in, hand in, catalogue, archive, find; and as the wrong one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive_service.actions.journal_reading import Wanted, read
from archive_service.permissions import OPERATOR
from tests.journeys.api_county import NOTICE, PASSWORD, County, county, read_all

PERSONAL = "石门槛村低保户申请审批表\n姓名：顾采薇\n身份证号：522401195803050028\n二〇二〇年六月\n"


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with county(tmp_path_factory.mktemp("county")) as made:
        yield made


@pytest.fixture(scope="module")
def batch(there: County) -> str:
    """What the clerk of 石门槛村 handed in: a notice that gets archived as public, the same again, an empty file."""
    files = {"会议/通知.txt": NOTICE.encode(), "空.txt": b"", "again.txt": NOTICE.encode()}
    made = there.hand_in("stone", there.stone, files)
    read_all(there)
    return made


@pytest.fixture(scope="module")
def notice(there: County, batch: str) -> str:
    """The archived record of the notice, of access class village."""
    record = there.record_of("stone", batch, "会议/通知.txt")
    who, chosen = there.as_("archivist"), {"records": [record]}
    changes = {"series": "WS-CW-02", "choice": "important", "access": "village"}
    changed = there.web.patch(f"/api/v1/records/{record}", json=changes, headers=who)
    assert changed.status_code == 200, changed.text
    assert there.web.post("/api/v1/records/accept", json=chosen, headers=who).json() == {"accepted": [record]}
    filed = there.web.post("/api/v1/records/archive", json=chosen, headers=who).json()["records"]
    assert [one["error"] for one in filed] == [None]
    read_all(there)
    return record


def cookie(there: County, login: str) -> dict[str, str]:
    return {"Cookie": f"session={there.token(login)}"}


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(there: County) -> None:
    answers = [
        there.web.post("/api/v1/session", json={"login": login, "password": "不是这个口令"})
        for login in ("stone", "nobody")
    ]
    assert [one.status_code for one in answers] == [401, 401]
    assert answers[0].json() == answers[1].json()
    assert answers[0].headers["content-type"] == "application/problem+json"


def test_nobody_gets_anything_without_logging_in(there: County) -> None:
    for path in ("/me", "/batches", "/records", "/search?q=通知", "/outline", "/villages", "/accounts", "/jobs"):
        assert there.web.get(f"/api/v1{path}").status_code == 401, path
    assert there.web.get("/api/v1/me", headers={"Authorization": "Bearer made-up"}).json()["status"] == 401


def test_a_session_ends_when_one_logs_out(there: County) -> None:
    who = there.as_("researcher")
    assert there.web.get("/api/v1/me", headers=who).json()["role"] == "researcher"
    assert there.web.delete("/api/v1/session", headers=who).status_code == 204
    assert there.web.get("/api/v1/me", headers=who).status_code == 401


def test_a_change_in_a_cookie_session_needs_its_secret_and_a_bearer_token_does_not(there: County) -> None:
    who, sent = cookie(there, "stone"), {"village": "石门槛村", "source": "一"}
    refused = there.web.post("/api/v1/batches", json=sent, headers=who)
    assert (refused.status_code, refused.json()["type"]) == (403, "urn:village-archive:problem:foreign-form")
    foreign = {**who, "X-CSRF-Token": there.web.get("/api/v1/me", headers=cookie(there, "green")).json()["csrf"]}
    assert there.web.post("/api/v1/batches", json=sent, headers=foreign).status_code == 403
    own = {**who, "X-CSRF-Token": there.web.get("/api/v1/me", headers=who).json()["csrf"]}
    assert there.web.post("/api/v1/batches", json=sent, headers=own).status_code == 201
    assert there.web.post("/api/v1/batches", json=sent, headers=there.as_("stone")).status_code == 201


def test_a_form_of_another_site_is_refused_on_the_pages(there: County) -> None:
    answer = there.web.post("/villages", data={"name": "假村", "fonds": "V999"}, headers=cookie(there, "boss"))
    assert answer.status_code == 403
    names = [one["name"] for one in there.web.get("/api/v1/villages", headers=there.as_("boss")).json()]
    assert names == ["石门槛村", "青石坳村"]


def test_a_first_password_opens_nothing_but_its_own_change(there: County) -> None:
    boss = there.as_("boss")
    opened = there.web.post(
        "/api/v1/accounts", json={"login": "fresh", "name": "新来的", "role": "reviewer"}, headers=boss
    )
    first = opened.json()["password"]
    who = {"Authorization": f"Bearer {there.token('fresh', first)}"}
    assert there.web.get("/api/v1/villages", headers=who).json()["type"].endswith(":first-password")
    short = there.web.post("/api/v1/me/password", json={"old": first, "new": "短"}, headers=who)
    assert short.status_code == 422
    changed = there.web.post("/api/v1/me/password", json={"old": first, "new": PASSWORD}, headers=who)
    assert changed.status_code == 204
    assert there.web.get("/api/v1/villages", headers=there.as_("fresh")).status_code == 200


def test_what_was_handed_in_adds_up_and_each_file_says_what_became_of_it(there: County, batch: str) -> None:
    who = there.as_("stone")
    seen = there.web.get(f"/api/v1/batches/{batch}", headers=who).json()
    assert seen["sum"]["found"] == 3
    assert (seen["sum"]["rejected"], seen["sum"]["duplicate"], seen["left"]) == (1, 1, 0)
    first = there.web.get(f"/api/v1/batches/{batch}/items?size=1", headers=who).json()
    rest = there.web.get(f"/api/v1/batches/{batch}/items?after={first['after']}", headers=who).json()
    items = {one["path"]: one for one in [*first["items"], *rest["items"]]}
    assert set(items) == {"会议/通知.txt", "空.txt", "again.txt"}
    assert items["空.txt"]["reason_code"] == "empty"
    assert items["again.txt"]["duplicate_of"] == "会议/通知.txt"


def test_the_sheet_comes_in_three_forms(there: County, batch: str) -> None:
    who = there.as_("stone")
    csv = there.web.get(f"/api/v1/batches/{batch}/sheet?format=csv", headers=who)
    assert csv.content.startswith(b"\xef\xbb\xbf")
    assert len(csv.content.decode("utf-8-sig").splitlines()) == 4
    lines = there.web.get(f"/api/v1/batches/{batch}/sheet?format=jsonl&text=true", headers=who).text.splitlines()
    assert len(lines) == 3
    assert there.web.get(f"/api/v1/batches/{batch}/sheet", headers=who).content[:2] == b"PK"


def test_the_same_file_sent_again_is_the_same_item_and_another_under_its_name_is_refused(there: County) -> None:
    who = there.as_("green")
    batch = there.web.post("/api/v1/batches", json={"village": "V013", "source": "二"}, headers=who).json()["id"]
    address = f"/api/v1/batches/{batch}/files/一/账.txt"
    first = there.web.put(address, content="收入一百元".encode(), headers=who).json()
    assert there.web.put(address, content="收入一百元".encode(), headers=who).json() == first
    other = there.web.put(address, content="收入二百元".encode(), headers=who)
    assert (other.status_code, other.json()["type"]) == (409, "urn:village-archive:problem:conflict")
    assert there.web.get(f"/api/v1/batches/{batch}", headers=who).json()["sum"]["found"] == 1


def test_a_form_brings_several_files_with_their_places(there: County) -> None:
    who = there.as_("green")
    batch = there.web.post("/api/v1/batches", json={"village": "V013", "source": "三"}, headers=who).json()["id"]
    parts = [
        ("path", (None, "照片/../说明/甲.txt".encode())),
        ("files", ("甲.txt", "甲\r\n--不是边界\r\n".encode())),
        ("files", ("乙.txt", b"B" * 3_000_000)),
        ("files", ("空.txt", b"")),
    ]
    taken = there.web.post(f"/api/v1/batches/{batch}/files", files=parts, headers=who).json()["items"]
    assert [(one["path"], one["state"]) for one in taken] == [
        ("照片/说明/甲.txt", "received"),
        ("乙.txt", "received"),
        ("空.txt", "rejected"),
    ]
    items = there.web.get(f"/api/v1/batches/{batch}/items", headers=who).json()["items"]
    assert items[0]["sha256"] == hashlib.sha256("甲\r\n--不是边界\r\n".encode()).hexdigest()
    assert items[1]["sha256"] == hashlib.sha256(b"B" * 3_000_000).hexdigest()


def test_a_form_that_is_no_form_is_refused_with_a_sentence(there: County) -> None:
    who = there.as_("green")
    batch = there.web.post("/api/v1/batches", json={"village": "V013"}, headers=who).json()["id"]
    answer = there.web.post(f"/api/v1/batches/{batch}/files", content=b"x", headers=who)
    assert (answer.status_code, answer.json()["title"]) == (422, "规则不允许")


def test_a_duplicate_can_be_another_copy_of_its_own(there: County) -> None:
    batch = there.hand_in("green", "青石坳村", {"原.txt": "水利投工登记".encode(), "副本.txt": "水利投工登记".encode()})
    who = there.as_("green")
    items = there.web.get(f"/api/v1/batches/{batch}/items", headers=who).json()["items"]
    copy = next(one for one in items if one["path"] == "副本.txt")
    address = f"/api/v1/items/{copy['item']}/another-copy"
    assert there.web.post(address, headers=there.as_("stone")).status_code == 404
    assert there.web.post(address, headers=who).json()["state"] == "received"
    assert there.web.post(address, headers=who).status_code == 404


def test_a_record_says_why_its_period_and_who_did_what(there: County, notice: str) -> None:
    record = there.web.get(f"/api/v1/records/{notice}", headers=there.as_("archivist")).json()
    assert (record["state"], record["period"]) == ("archived", "定期30年")
    assert (record["starts_on"], record["due_on"]) == ("2020-01-01", "2049-12-31")
    assert record["code"].startswith("V012-")
    assert record["why"][0]["kind"] == "banner"
    assert {"record_described", "record_accepted", "code_given", "record_archived"} <= {
        one["act"] for one in record["history"]
    }
    pages = there.web.get(f"/api/v1/records/{notice}/pages", headers=there.as_("villager")).json()
    assert "土地承包经营权" in pages["files"][0]["pages"][0]["text"]


def test_the_archived_record_is_found_with_its_marks(there: County, notice: str) -> None:
    hits = there.web.get("/api/v1/search", params={"q": "土地承包"}, headers=there.as_("villager")).json()
    assert [one["record"]["id"] for one in hits["hits"]] == [notice]
    hit = hits["hits"][0]
    assert hit["record"]["title"][slice(*hit["title_marks"][0])] == "土地承包"
    assert hit["page"] == 1
    nothing = there.web.get("/api/v1/search", params={"q": "土地承包", "from": 2021}, headers=there.as_("villager"))
    assert nothing.json()["total"] == 0


def test_the_wrong_person_is_told_nothing_not_even_that_there_is_something(there: County, notice: str) -> None:
    file = there.web.get(f"/api/v1/records/{notice}", headers=there.as_("stone")).json()["files"][0]["id"]
    for login in ("green", "researcher"):
        who = there.as_(login)
        for path in (f"/records/{notice}", f"/records/{notice}/pages", f"/files/{file}", f"/files/{file}/thumbnail"):
            hidden = there.web.get(f"/api/v1{path}", headers=who)
            absent = there.web.get(f"/api/v1{path}".replace(notice, "0" * 32).replace(file, "0" * 32), headers=who)
            assert (hidden.status_code, hidden.json()["detail"]) == (404, absent.json()["detail"]), path
        hits = there.web.get("/api/v1/search", params={"q": "土地承包"}, headers=who).json()
        assert (hits["total"], hits["hits"]) == (0, [])
        assert there.stone not in str(hits["facets"])
        assert notice not in there.web.get("/api/v1/records", headers=who).text


def test_the_clerk_of_another_village_can_do_nothing_to_a_record_or_a_batch(
    there: County, batch: str, notice: str
) -> None:
    who = there.as_("green")
    tries = [
        there.web.patch(f"/api/v1/records/{notice}", json={"title": "改"}, headers=who),
        there.web.post("/api/v1/records/accept", json={"records": [notice]}, headers=who),
        there.web.post(f"/api/v1/records/{notice}/withdraw", json={"reason": "不要"}, headers=who),
        there.web.post("/api/v1/records/merge", json={"into": notice, "others": ["0"]}, headers=who),
        there.web.post(f"/api/v1/records/{notice}/split", json={"files": ["0"]}, headers=who),
        there.web.get(f"/api/v1/batches/{batch}", headers=who),
        there.web.get(f"/api/v1/batches/{batch}/items", headers=who),
        there.web.get(f"/api/v1/batches/{batch}/sheet", headers=who),
        there.web.put(f"/api/v1/batches/{batch}/files/甲.txt", content=b"x", headers=who),
        there.web.post(f"/api/v1/batches/{batch}/close", headers=who),
        there.web.post("/api/v1/batches", json={"village": there.stone}, headers=who),
    ]
    assert [one.status_code for one in tries] == [404] * len(tries)
    mine = there.web.get("/api/v1/batches", headers=who).json()["batches"]
    assert batch not in {one["id"] for one in mine}


def test_a_personal_record_does_not_exist_for_those_who_are_not_named(there: County) -> None:
    batch = there.hand_in("stone", there.stone, {"低保.txt": PERSONAL.encode()})
    read_all(there)
    with there.archive.sessions.begin() as session:
        from storage.database.records import Record

        record = session.query(Record).filter(Record.batch_id == batch).one()
        record.access = "personal"
    read_all(there)
    for login in ("stone", "archivist", "boss"):
        who = there.as_(login)
        assert there.web.get(f"/api/v1/records/{record.id}", headers=who).status_code == 404
        assert there.web.get("/api/v1/search", params={"q": "顾采薇"}, headers=who).json()["total"] == 0
        assert record.id not in there.web.get("/api/v1/records", headers=who).text
        assert "顾采薇" not in there.web.get(f"/api/v1/batches/{batch}/items?text=true", headers=who).text


def test_what_waits_is_shown_to_those_who_maintain(there: County, batch: str) -> None:
    jobs = there.web.get("/api/v1/jobs", headers=there.as_("boss")).json()
    total = jobs["sum"]
    assert total["found"] == total["archived"] + total["waiting"] + total["rejected"] + total["duplicate"] > 2
    assert jobs["to_recognise"] == 0


def test_who_may_not_do_a_thing_is_told_so_and_nothing_changes(there: County, notice: str) -> None:
    tries = {
        "stone": [("GET", "/accounts"), ("GET", "/jobs"), ("GET", "/due")],
        "villager": [("GET", "/batches"), ("POST", "/villages")],
        "researcher": [("GET", "/batches"), ("POST", "/accounts/stone/reset")],
    }
    for login, asked in tries.items():
        for method, path in asked:
            body = {"name": "新村", "fonds": "V014"} if path == "/villages" else None
            answer = there.web.request(method, f"/api/v1{path}", headers=there.as_(login), json=body)
            assert answer.status_code == 403, (login, path)
    chosen = {"records": [notice]}
    assert there.web.post("/api/v1/records/archive", json=chosen, headers=there.as_("stone")).status_code == 403


def test_a_file_comes_whole_or_in_ranges_and_unchanged_ones_do_not_come_again(there: County, notice: str) -> None:
    who = there.as_("villager")
    file = there.web.get(f"/api/v1/records/{notice}", headers=who).json()["files"][0]
    address, whole = f"/api/v1/files/{file['id']}", NOTICE.encode()
    answer = there.web.get(address, headers=who)
    assert answer.content == whole
    assert answer.headers["etag"] == f'"{hashlib.sha256(whole).hexdigest()}"'
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert (
        answer.headers["content-disposition"] == "inline; filename=\"__.txt\"; filename*=UTF-8''%E9%80%9A%E7%9F%A5.txt"
    )
    part = there.web.get(address, headers={**who, "Range": "bytes=3-8"})
    assert (part.status_code, part.content) == (206, whole[3:9])
    assert part.headers["content-range"] == f"bytes 3-8/{len(whole)}"
    assert there.web.get(address, headers={**who, "Range": "bytes=-4"}).content == whole[-4:]
    beyond = there.web.get(address, headers={**who, "Range": f"bytes={len(whole)}-"})
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(whole)}")
    stale = there.web.get(address, headers={**who, "Range": "bytes=0-1", "If-Range": '"older"'})
    assert (stale.status_code, stale.content) == (200, whole)
    assert there.web.get(address, headers={**who, "If-None-Match": answer.headers["etag"]}).status_code == 304
    saved = there.web.get(f"{address}?download=true", headers=who)
    assert saved.headers["content-disposition"].startswith("attachment;")


def test_what_could_run_in_a_browser_is_saved_and_never_shown(there: County) -> None:
    page = "<html><head><title>村务公开</title></head><body><script>alert(1)</script>村务公开栏</body></html>"
    batch = there.hand_in("green", "青石坳村", {"公开.html": page.encode()})
    read_all(there)
    who = there.as_("green")
    record = there.record_of("green", batch, "公开.html")
    file = there.web.get(f"/api/v1/records/{record}", headers=who).json()["files"][0]["id"]
    answer = there.web.get(f"/api/v1/files/{file}", headers=who)
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_look_at_what_is_not_public_is_journaled_once_an_hour(there: County, notice: str) -> None:
    who = there.as_("villager")
    for _ in range(3):
        there.web.get(f"/api/v1/records/{notice}", headers=who)
    record = there.web.get(f"/api/v1/records/{notice}", headers=there.as_("archivist")).json()
    assert "villager" not in {one["actor"] for one in record["history"]}
    with there.archive.sessions.read() as session:
        looks = read(session, OPERATOR, Wanted(actor="villager", act="record_viewed", object_id=notice)).entries
    assert len(looks) == 1


def test_a_slip_of_the_pen_is_named_and_nothing_is_written(there: County, notice: str) -> None:
    answer = there.web.patch(f"/api/v1/records/{notice}", json={"titel": "改"}, headers=there.as_("stone"))
    assert answer.status_code == 422
    assert answer.json()["problems"] == [{"place": "body", "column": "titel", "message": "不认识这一项"}]
    archived = there.web.patch(f"/api/v1/records/{notice}", json={"title": "改"}, headers=there.as_("stone"))
    assert archived.status_code == 409
    assert "没有改动" in archived.json()["detail"]


def test_an_outline_with_faults_is_refused_with_each_of_them(there: County) -> None:
    bad = {"file": ("大纲.yaml", b"document: {id: x}\nclasses: []\n")}
    answer = there.web.post("/api/v1/outline", files=bad, headers=there.as_("boss"))
    assert answer.status_code == 422
    assert answer.json()["problems"]
    assert there.web.post("/api/v1/outline/diff", files=bad, headers=there.as_("stone")).status_code == 403
    assert len(there.web.get("/api/v1/outline/versions", headers=there.as_("stone")).json()["versions"]) == 1


def test_the_outline_in_force_differs_in_nothing_from_itself(there: County, tmp_path: Path) -> None:
    from archive_service.tasks.setting_up import model_outline

    sent = {"file": ("大纲.yaml", model_outline().read_bytes())}
    answer = there.web.post("/api/v1/outline/diff", files=sent, headers=there.as_("boss"))
    assert answer.json() == {"differences": [], "records": []}


def test_an_upload_beyond_the_limit_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with county(tmp_path, max_upload_mb=1) as small:
        who = small.as_("stone")
        batch = small.web.post("/api/v1/batches", json={"village": "V012"}, headers=who).json()["id"]
        address = f"/api/v1/batches/{batch}/files/大.bin"

        def unannounced() -> Iterator[bytes]:
            for _ in range(3):
                yield bytes(1 << 19)

        assert small.web.put(address, content=unannounced(), headers=who).status_code == 413
        assert small.web.get(f"/api/v1/batches/{batch}", headers=who).json()["sum"]["found"] == 0
        assert list(small.archive.objects.list("staging/")) == []


def test_every_answer_is_guarded_and_asks_nothing_of_another_host(there: County) -> None:
    for path in ("/login", "/api/v1/me", "/static/archive.css", "/no-such-page", "/healthz"):
        answer = there.web.get(path)
        assert "default-src 'self'" in answer.headers["content-security-policy"], path
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert there.web.get("/docs").status_code == 404
    assert there.web.get("/healthz").text == "ok"


def test_a_page_sends_who_is_not_logged_in_to_the_door_and_back(there: County) -> None:
    answer = there.web.get("/search?q=土地")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=%2Fsearch%3Fq%3D%25E5%259C%259F%25E5%259C%25B0"
