"""Every route, every role, the own and another village: what the table does not open is shut, and nothing leaks.

The table, `who_may_what.yaml`, is written by hand. A route without a row in it fails.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from fastapi.routing import iter_route_contexts
from openpyxl import load_workbook

from archive_service.actions.cadres import NewPost, add_post
from archive_service.permissions import OPERATOR
from storage.database.base import new_id
from storage.database.governance import Statement
from tests.journeys import appraised_county
from tests.journeys.rights_county import (
    ANONYMOUS,
    FREE,
    HOMES,
    NAMED,
    PASSWORD,
    SCRIPT,
    SIGNS,
    STAGES,
    VISITORS,
    Rights,
    png,
    rights,
    word,
)

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("who_may_what.yaml").read_text(encoding="utf-8"))
ROUTES: dict[str, dict[str, Any]] = TABLE["routes"]
REFUSED = {401, 403, 404}
Body = dict[str, Any]
ASKED = {"wanted": "承包地", "purpose": "确权", "wish": "view"}
CERTIFIED = {"receiver": "顾采薇", "purpose": "确权"}
DOSSIER = {"kind": "four_discussions", "name": "修水渠", "opened_on": "2026-03-01"}
HANDOVER = {"kind": "term", "happened_on": "2026-03-01"}
HELD = {"ground": "case", "reason": "法院要用"}


def people(named: str | list[str]) -> frozenset[str]:
    """The visitors of a group, or of several, or of single names."""
    if isinstance(named, list):
        return frozenset[str]().union(*(people(one) for one in named))
    return people(TABLE["groups"][named]) if named in TABLE["groups"] else frozenset({named})


def opens_to(route: str, place: str) -> frozenset[str]:
    row = ROUTES[route]
    return people(row["who"] if "who" in row else row[place])


def shown_to(visitor: str) -> set[str]:
    """The words that this visitor may meet."""
    return {
        word(place, stage)
        for stage, row in TABLE["sees"].items()
        for place, named in row.items()
        if visitor in people(named)
    }


EVERY_WORD = {word(place, stage) for place in SIGNS for stage in STAGES}


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rights]:
    with rights(tmp_path_factory.mktemp("rights")) as made:
        yield made


def test_every_route_has_a_row_and_every_row_a_route(county: Rights) -> None:
    found = set()
    for route in iter_route_contexts(county.app.routes):
        methods = (route.methods or {"GET"}) - {"HEAD"}
        found |= {f"{method} {route.path}" for method in methods}
    assert found == set(ROUTES)


def stated_absence(county: Rights, home: str) -> str:
    """A statement that stands."""
    now = county.archive.now()
    made = Statement(
        id=new_id(), village_id=home, record="disc_village", first=date(2026, 4, 1), last=date(2026, 6, 30),
        of=f"一{next(FREE)}", reason="停电", stated_by="顾采薇", stated_on=date(2026, 7, 1), entered_by="x",
        entered_at=now,
    )  # fmt: skip
    with county.archive.sessions.begin() as session:
        session.add(made)
        return made.id


def post_held(county: Rights, home: str) -> str:
    """Somebody in a post."""
    wish = NewPost(home, f"高{next(FREE)}", "村文书", date(2026, 1, 1))
    with county.archive.sessions.begin() as session:
        return add_post(session, OPERATOR, wish, county.archive.now()).id


def bodies(county: Rights, visitor: str, place: str) -> dict[str, Callable[[], Body]]:
    """What is sent along: enough to get past the reading of the request, so that the right is what decides."""
    home, record = county.homes[place], lambda: county.unfiled(place)
    login = NAMED if visitor in (SCRIPT, ANONYMOUS) else visitor
    outline = {"file": ("大纲.yaml", b"document: {}", "application/yaml")}
    opened = {"login": f"fresh{next(FREE)}", "name": "新来的", "role": "researcher"}
    name, fonds, town = HOMES["own"]
    quarter = {"from": "2026-01-01", "to": "2026-03-31"}
    absence = {"record": "disc_village", **quarter, "reason": "道路中断", "name": "顾采薇"}
    return {
        **appraised_county.bodies(home, county.records[place, "internal"]),
        "POST /login": lambda: {"data": {"login": login, "password": PASSWORD}},
        "POST /api/v1/session": lambda: {"json": {"login": login, "password": PASSWORD}},
        "POST /api/v1/me/password": lambda: {"json": {"old": "不是这个", "new": "另一个足够长的口令"}},
        "POST /password": lambda: {"data": {"old": "不是这个", "new": "一二三四五六七八", "again": "一二三四五六七八"}},
        "POST /api/v1/me/tokens": lambda: {"json": {"name": "脚本", "days": 3}},
        "POST /me/tokens": lambda: {"data": {"name": "脚本", "days": "3"}},
        "POST /me/second-factor/confirm": lambda: {"data": {"secret": "GEZDGNBVGY3TQOJQ", "code": "000000"}},
        "POST /me/second-factor/off": lambda: {"data": {"password": "不是这个"}},
        "POST /hand-in": lambda: {"data": {"village": home}, "files": {"files": ("a.png", png(), "image/png")}},
        "POST /api/v1/batches": lambda: {"json": {"village": home, "source": "一批"}},
        "POST /batches/{batch_id}/another": lambda: {"data": {"item": county.duplicate(place)}},
        "PUT /api/v1/batches/{batch_id}/files/{path:path}": lambda: {"content": png()},
        "POST /api/v1/batches/{batch_id}/files": lambda: {"files": {"files": ("a.png", png(), "image/png")}},
        "POST /inbox": lambda: {"data": {"record": record(), "act": "accept"}},
        "POST /inbox/{record_id}": lambda: {"data": {"title": "改过的题名", "act": "save"}},
        "POST /bulk": lambda: {"data": {"record": record()}},
        "POST /bulk/edit": lambda: {"data": {"record": record(), "step": "preview", "access": "village"}},
        "POST /bulk/edit/undo": lambda: {"data": {"at": datetime(2026, 1, 1, tzinfo=UTC).isoformat()}},
        "POST /filing": lambda: {"data": {"village": home, "year": "1901"}},
        "POST /bulk/undo": lambda: {"data": {"at": datetime(2026, 1, 1, tzinfo=UTC).isoformat()}},
        "PATCH /api/v1/records/{record_id}": lambda: {"json": {"title": "改过的题名"}},
        "POST /api/v1/records/accept": lambda: {"json": {"records": [record()]}},
        "POST /api/v1/records/archive": lambda: {"json": {"records": [record()]}},
        "POST /api/v1/records/{record_id}/withdraw": lambda: {"json": {"reason": "空白"}},
        "POST /api/v1/records/merge": lambda: {"json": {"into": record(), "others": [record()]}},
        "POST /api/v1/records/{record_id}/split": lambda: {"json": {"files": ["0"]}},
        "POST /saved": lambda: {"data": {"name": f"查找{next(FREE)}", "query": "q=水渠"}},
        "POST /api/v1/saved-searches": lambda: {"json": {"name": f"查找{next(FREE)}", "query": "q=水渠"}},
        "POST /requests": lambda: {"data": {"village": home, **ASKED}},
        "POST /api/v1/requests": lambda: {"json": {"village": home, **ASKED}},
        "POST /requests/{request_id}/decide": lambda: {"data": {"answer": "refuse", "reason": "不在本村"}},
        "POST /api/v1/requests/{request_id}/decide": lambda: {"json": {"grant": False, "reason": "不在本村"}},
        "POST /requests/{request_id}/end": lambda: {"data": {"reason": "到此为止"}},
        "POST /api/v1/requests/{request_id}/end": lambda: {"json": {"reason": "到此为止"}},
        "POST /records/{record_id}/copies": lambda: {"data": CERTIFIED},
        "POST /api/v1/records/{record_id}/copies": lambda: {"json": CERTIFIED},
        "POST /copies/{number}/withdraw": lambda: {"data": {"reason": "写错了"}},
        "POST /api/v1/copies/{number}/withdraw": lambda: {"json": {"reason": "写错了"}},
        "GET /print/file": lambda: {"params": {"form": "catalogue", "village": home, "format": "xlsx"}},
        "GET /api/v1/print/{form}": lambda: {"params": {"village": home, "format": "xlsx"}},
        "POST /list": lambda: {"files": {"file": ("清单.xlsx", b"0", "application/xlsx")}},
        "POST /list/apply": lambda: {"data": {"digest": "0" * 64}},
        "POST /api/v1/lists/records": lambda: {"params": {"format": "csv"}, "content": b"a,b\r\n"},
        "POST /records/{record_id}/place": lambda: {"data": {"box": f"{next(FREE)}"}},
        "POST /records/{record_id}/lend": lambda: {
            "data": {"due_on": "2090-01-01", "borrower": "顾采薇", "purpose": "核对"}
        },
        "POST /completeness/did-not-occur": lambda: {"data": {"village": home, **absence}},
        "POST /api/v1/completeness/did-not-occur": lambda: {"json": {"village": home, **absence}},
        "POST /dossiers": lambda: {"data": {"village": home, **DOSSIER}},
        "POST /api/v1/dossiers": lambda: {"json": {"village": home, **DOSSIER}},
        "GET /dossiers/{dossier_id}/file": lambda: {"params": {"format": "xlsx"}},
        "POST /dossiers/{dossier_id}": lambda: {"data": {"act": "head", "name": "修路"}},
        "PATCH /api/v1/dossiers/{dossier_id}": lambda: {"json": {"name": "修路"}},
        "PUT /api/v1/dossiers/{dossier_id}/steps/{step}": lambda: {"json": {"facts": {"on": "2026-03-05"}}},
        "POST /api/v1/dossiers/{dossier_id}/objections": lambda: {"json": {"raised_on": "2026-03-05", "text": "造价"}},
        "GET /ledgers/{book}": lambda: {"params": {"village": home}},
        "GET /ledgers/{book}/file": lambda: {"params": {"village": home, "year": "2026", "format": "xlsx"}},
        "POST /ledgers/{book}": lambda: {"data": {"village": home, "act": "add", "on": "2026-03-05", "person": "高远"}},
        "GET /api/v1/ledgers": lambda: {"params": {"village": home}},
        "GET /api/v1/ledgers/{book}": lambda: {"params": {"village": home}},
        "POST /api/v1/ledgers/{book}": lambda: {"json": {"village": home, "rows": [{"on": "2026-03-05"}]}},
        # Nothing was written in that year: refused by the rule, after the right was asked for.
        "POST /api/v1/ledgers/{book}/archive": lambda: {"json": {"village": home, "year": 2090}},
        "POST /handovers": lambda: {"data": {"village": home, **HANDOVER}},
        "POST /api/v1/handovers": lambda: {"json": {"village": home, **HANDOVER}},
        "GET /handovers/{handover_id}/file": lambda: {"params": {"format": "xlsx"}},
        "POST /handovers/{handover_id}": lambda: {"data": {"act": "count", "giver": "高远"}},
        "PATCH /api/v1/handovers/{handover_id}": lambda: {"json": {"giver": "高远"}},
        "POST /api/v1/handovers/{handover_id}/close": lambda: {"json": {"signed_on": "2026-03-05"}},
        "POST /holds": lambda: {"data": {"kind": "records", "record": county.records[place, "internal"], **HELD}},
        "POST /api/v1/holds": lambda: {
            "json": {"kind": "records", "records": [county.records[place, "internal"]], **HELD}
        },
        "POST /holds/{hold_id}/release": lambda: {"data": {"reason": "已结案"}},
        "POST /api/v1/holds/{hold_id}/release": lambda: {"json": {"reason": "已结案"}},
        **opening_and_transfer(county, place),
        "POST /records/{record_id}/revise": lambda: {"data": {"title": "改过的题名", "reason": ""}},
        "POST /records/{record_id}/readers": lambda: {"data": {"login": "victim"}},
        # Without words: refused by the rule, after the right was asked for.
        "POST /records/{record_id}/restriction": lambda: {"data": {"text": ""}},
        "POST /concerned": lambda: {"data": {"login": "victim", "record": county.records[place, "internal"]}},
        "PUT /api/v1/records/{record_id}/restriction": lambda: {"json": {"text": "", "readers": []}},
        "POST /api/v1/records/{record_id}/restriction/lift": lambda: {"json": {"reason": "捐赠人同意"}},
        "POST /api/v1/concerned": lambda: {"json": {"login": "victim", "records": [county.records[place, "internal"]]}},
        "POST /outline": lambda: {"files": outline},
        "POST /calendar": lambda: {"files": outline},
        "GET /completeness/report": lambda: {"params": {"village": home, "year": "2026"}},
        "GET /completeness/report/file": lambda: {"params": {"village": home, "year": "2026", "format": "xlsx"}},
        "POST /cadres": lambda: {
            "data": {
                "act": "post",
                "village": home,
                "person": f"顾{next(FREE)}",
                "post": "村文书",
                "since": "2026-06-01",
            }
        },
        "POST /completeness/take-back": lambda: {
            "data": {"statement": stated_absence(county, home), "reason": "记错了"}
        },
        **over_the_api(county, place),
        "POST /api/v1/outline": lambda: {"files": outline},
        "POST /api/v1/outline/diff": lambda: {"files": outline},
        "POST /villages": lambda: {"data": {"name": name, "fonds": fonds}},
        "POST /api/v1/villages": lambda: {"json": {"name": name, "fonds": fonds}},
        # Into itself, and to the name it has: refused by the rule, after the right was asked for.
        "POST /villages/{village_id}/rename": lambda: {"data": {"name": name, "year": "2026"}},
        "POST /villages/{village_id}/merge": lambda: {"data": {"into": county.homes["own"], "on": "2026-01-01"}},
        # To where it is, to the name it has, into itself: refused by the rule, after the right was asked for.
        "POST /villages/{village_id}/move": lambda: {"data": {"township": town, "year": "2026"}},
        "POST /townships/rename": lambda: {"data": {"township": town, "name": town, "year": "2026"}},
        "POST /townships/merge": lambda: {"data": {"township": town, "into": town, "on": "2026-01-01"}},
        "POST /api/v1/villages/{village_id}/move": lambda: {"json": {"township": town, "year": 2026}},
        "POST /api/v1/townships/rename": lambda: {"json": {"township": town, "name": town, "year": 2026}},
        "POST /api/v1/townships/merge": lambda: {"json": {"township": town, "into": town, "on": "2026-01-01"}},
        "POST /api/v1/villages/{village_id}/rename": lambda: {"json": {"name": name, "year": 2026}},
        "POST /api/v1/villages/{village_id}/merge": lambda: {
            "json": {"into_id": county.homes["own"], "on": "2026-01-01"}
        },
        "POST /accounts": lambda: {"data": opened},
        "POST /api/v1/accounts": lambda: {"json": opened},
        "POST /grants": lambda: {"data": {"login": "victim", "role": "researcher"}},
        # No log-in service is set: refused by the rule, after the right was asked for.
        "PUT /api/v1/accounts/{login}/outside": lambda: {"json": {"subject": "7f31"}},
        "POST /api/v1/accounts/{login}/grants": lambda: {"json": {"role": "researcher"}},
    }


def over_the_api(county: Rights, place: str) -> dict[str, Callable[[], Body]]:
    """What the desk and the county office send over the API."""
    home, many = county.homes[place], lambda: {"records": [county.unfiled(place)], "access": "village"}
    outline = {"file": ("日历.yaml", b"document: {}", "application/yaml")}
    of_village = {"params": {"village": home, "year": "2026"}}
    post = {"village": home, "post": "村文书", "since": "2026-06-01"}
    return {
        "PUT /api/v1/records/{record_id}/place": lambda: {"json": {"box": f"{next(FREE)}"}},
        "POST /api/v1/records/{record_id}/lend": lambda: {"json": {"due_on": "2090-01-01", "borrower": "顾采薇"}},
        "POST /api/v1/records/edit/preview": lambda: {"json": many()},
        "POST /api/v1/records/edit": lambda: {"json": many()},
        "POST /api/v1/records/edit/undo": lambda: {"json": {"at": "2026-01-01T00:00:00Z"}},
        "POST /api/v1/records/{record_id}/revise": lambda: {"json": {"title": "改过的题名", "reason": "漏字"}},
        "GET /api/v1/completeness/report": lambda: of_village,
        "GET /api/v1/completeness/report/file": lambda: {"params": {"village": home, "format": "xlsx"}},
        "GET /api/v1/completeness/did-not-occur": lambda: of_village,
        "POST /api/v1/completeness/did-not-occur/{statement_id}/take-back": lambda: {"json": {"reason": "记错了"}},
        "GET /api/v1/cadres": lambda: {"params": {"village": home}},
        "POST /api/v1/cadres/posts": lambda: {"json": {**post, "person": f"顾{next(FREE)}"}},
        "POST /api/v1/cadres/posts/{line_id}/end": lambda: {"json": {"until": "2026-06-30"}},
        "POST /api/v1/cadres/matters": lambda: {
            "json": {"village": home, "trigger": "training_held", "on": "2026-03-01", "name": f"培训{next(FREE)}"}
        },
        "POST /api/v1/cadres/{register}/{line_id}/take-back": lambda: {"json": {"reason": "记错了"}},
        "POST /api/v1/cadres/{register}/import": lambda: {"files": {"file": ("任职.xlsx", b"0", "application/xlsx")}},
        "POST /api/v1/calendar": lambda: {"files": outline},
        "POST /api/v1/calendar/diff": lambda: {"files": outline},
        # No such setting: refused by the rule, after the right was asked for.
        "POST /api/v1/calendar/settings": lambda: {"json": {"since": "2026-07-01", "values": {"none": "1"}}},
    }


def opening_and_transfer(county: Rights, place: str) -> dict[str, Callable[[], Body]]:
    """What is sent to the opening review and to transfers; what is refused by a rule was let in."""
    record, home = county.records[place, "internal"], county.homes[place]
    counted = {"records": 1, "files": 1, "bytes": 1, "sha256": "0" * 64, "signed_by": "周馆员"}
    received, going = {**counted, "received_on": "2026-03-01"}, {"village": home, "receiver": "云岭县档案馆"}
    said, one = {"outcome": "open", "code": "K1"}, [record]
    return {
        "POST /openings": lambda: {"data": {"record": record, **said}},
        "POST /openings/second": lambda: {"data": {"record": record, "act": "agree"}},
        "POST /openings/take-back": lambda: {"data": {"record": record, "said": "写错了"}},
        "POST /api/v1/openings": lambda: {"json": {"records": one, **said}},
        "POST /api/v1/openings/second": lambda: {"json": {"records": one, "agree": True}},
        "POST /api/v1/openings/take-back": lambda: {"json": {"records": one, "reason": "写错了"}},
        "POST /transfers": lambda: {"data": {**going, "source": "reviewed", "disclosure": "none"}},
        "POST /transfers/{transfer_id}/records": lambda: {"data": {"act": "stopped"}},
        "POST /transfers/{transfer_id}/receipt": lambda: {"data": received},
        "POST /transfers/{transfer_id}/cancel": lambda: {"data": {"reason": "县馆改期"}},
        "POST /api/v1/transfers": lambda: {"json": {**going, "records": one}},
        "POST /api/v1/transfers/{transfer_id}/records": lambda: {"json": {"records": one}},
        "POST /api/v1/transfers/{transfer_id}/describe": lambda: {"json": {"records": one}},
        "POST /api/v1/transfers/{transfer_id}/leave-out": lambda: {"json": {"records": []}},
        "POST /api/v1/transfers/{transfer_id}/receipt": lambda: {"json": received},
        "POST /api/v1/transfers/{transfer_id}/cancel": lambda: {"json": {"reason": "县馆改期"}},
    }


def target(county: Rights, path: str, place: str, changes: bool) -> str:
    """The record that is asked about: filed where it is looked at or lent, otherwise one that nobody has touched."""
    if path.endswith("/copies") or "/steps/" in path:
        return county.records[place, "internal"]
    if changes and (path.startswith("/records/") or path.endswith(("/place", "/lend", "/return", "/revise"))):
        return county.lent(place, out=path.endswith("/return"))
    return county.unfiled(place) if changes else county.records[place, "internal"]


def address(county: Rights, route: str, visitor: str, place: str) -> str:
    """The path with something of that village in its places, made afresh for what changes it."""
    method, asked = route.split(" ", 1)
    path = asked
    changes = method != "GET" or path.startswith("/inbox")
    whole = county.batch if changes and "another" not in path else county.batches.__getitem__
    for name, value in {
        "{register_id}": lambda: appraised_county.register_in(county.archive, county.homes[place]),
        "{record_id}": lambda: target(county, asked, place, changes),
        "{form}": lambda: "catalogue",
        "{batch_id}": lambda: (
            appraised_county.appraisal_with(county.archive, county.homes[place], county.records[place, "internal"])
            if "/appraisals/{batch_id}/records/{record_id}" in asked
            else appraised_county.appraisal_in(county.archive, county.homes[place])
            if "/appraisals/" in asked
            else whole(place)
        ),
        "{dossier_id}": lambda: county.dossier(place),
        "{step}": lambda: "fd_decide",
        "{book}": lambda: "duty_log",
        "{handover_id}": lambda: county.handover(place),
        "{file_id}": lambda: county.files[place, "internal"],
        "{item_id}": lambda: county.duplicate(place),
        "{path:path}": lambda: f"{next(FREE)}.png",
        "{saved_id}": lambda: county.saved(visitor),
        "{request_id}": lambda: county.request(place, asked.endswith("/end")),
        "{number}": lambda: county.copy(place) if "copies" in asked or "verify" in asked else "1",
        "{village_id}": lambda: county.homes["own"],
        "{login}": lambda: "victim",
        "{hold_id}": lambda: county.hold(place),
        "{transfer_id}": lambda: county.transfer(place, made=asked.endswith("/package") and not changes),
        "{grant_id}": county.grant,
        "{statement_id}": lambda: stated_absence(county, county.homes[place]),
        "{line_id}": lambda: post_held(county, county.homes[place]),
        "{register}": lambda: "posts",
        "{token_id}": lambda: county.token(visitor),
    }.items():
        if name in path:
            path = path.replace(name, value())
    return "/static/archive.css" if path == "/static" else path


def ask(county: Rights, route: str, visitor: str, place: str) -> httpx.Response:
    method = route.split(" ", 1)[0]
    send = bodies(county, visitor, place).get(route, dict)()
    headers = county.headers(visitor, fresh=method != "GET")
    county.web.cookies.clear()
    return county.web.request(method, address(county, route, visitor, place), headers=headers, **send)


def opened(answer: httpx.Response) -> bool:
    """Whether the door was open: not refused, and not sent to the log-in, except by having been logged out."""
    if answer.headers.get("location", "").startswith("/login"):
        return "session=" in answer.headers.get("set-cookie", "")
    return answer.status_code not in REFUSED


@pytest.mark.parametrize("place", ["own", "other"])
@pytest.mark.parametrize("visitor", VISITORS)
def test_what_the_table_opens_is_open_and_all_else_is_shut(county: Rights, visitor: str, place: str) -> None:
    wrong, met = [], set()
    for route, row in ROUTES.items():
        if place == "other" and "who" in row:
            continue
        answer = ask(county, route, visitor, place)
        assert answer.status_code < 500, (route, answer.text)
        if opened(answer) != (visitor in opens_to(route, place)):
            wrong.append((route, answer.status_code, answer.text[:200]))
        met |= {(route, one) for one in EVERY_WORD - shown_to(visitor) if one in answer.text}
    assert wrong == []
    assert met == set()


def text_of(answer: httpx.Response) -> str:
    """What an answer says, the cells of a workbook too."""
    if "spreadsheetml" not in answer.headers.get("content-type", ""):
        return answer.text
    sheets = load_workbook(io.BytesIO(answer.content), read_only=True).worksheets
    return "\n".join(str(cell) for sheet in sheets for row in sheet.iter_rows(values_only=True) for cell in row)


LOOKS = (
    "/api/v1/search?q={sign}",
    "/api/v1/search?q={sign}&village={home}&facets=true",
    "/search?q={sign}",
    "/search?village={home}",
    "/search?q=登记册",
    "/api/v1/records?village={home}",
    "/inbox?village={home}",
    "/bulk?village={home}",
    "/journal",
    "/api/v1/due?size=1000",
    "/batches/{batch}",
    "/api/v1/batches/{batch}/items?text=true",
    "/api/v1/batches/{batch}/sheet?format=jsonl&text=true",
    "/api/v1/batches/{batch}/sheet?format=csv",
    "/list/export?village={home}&format=csv",
    "/list/export?format=xlsx",
    "/loans?show=all",
    "/dossiers?village={home}",
    "/ledgers?village={home}",
    "/handovers?village={home}",
    "/print/file?form=catalogue&village={home}&format=xlsx",
    "/api/v1/print/transfer?format=xlsx",
    "/api/v1/print/use?format=xlsx",
)


@pytest.mark.parametrize("visitor", VISITORS)
def test_no_list_search_or_export_shows_a_word_of_what_is_hidden(county: Rights, visitor: str) -> None:
    hidden, met = EVERY_WORD - shown_to(visitor), set()
    for place, home in county.homes.items():
        for look in LOOKS:
            path = look.format(sign=SIGNS[place], home=home, batch=county.batches[place])
            answer = county.web.get(path, headers=county.headers(visitor))
            assert answer.status_code < 500, path
            # The search says again what was looked for: one sign, which is no word.
            met |= {(path, one) for one in hidden if one in text_of(answer)}
    for record in county.records.values():
        for path in (f"/journal?record={record}", f"/records/{record}", f"/inbox/{record}"):
            answer = county.web.get(path, headers=county.headers(visitor))
            assert answer.status_code < 500, path
            met |= {(path, one) for one in hidden if one in answer.text}
    assert met == set()


@pytest.mark.parametrize("visitor", [one for one in VISITORS if one != ANONYMOUS])
def test_each_record_opens_to_those_who_may_see_it_and_answers_others_as_if_it_were_not_there(
    county: Rights, visitor: str
) -> None:
    shown, headers = shown_to(visitor), county.headers(visitor)
    absent = county.web.get("/api/v1/records/nothing", headers=headers)
    for (place, stage), record in county.records.items():
        there = word(place, stage) in shown
        answer = county.web.get(f"/api/v1/records/{record}", headers=headers)
        assert answer.status_code == (200 if there else 404), (place, stage)
        file = county.web.get(f"/api/v1/files/{county.files[place, stage]}", headers=headers)
        assert file.status_code == (200 if there else 404), (place, stage)
        if not there:
            assert answer.json()["detail"] == absent.json()["detail"]


@pytest.mark.parametrize("visitor", [one for one in VISITORS if one != ANONYMOUS])
def test_counts_and_facets_count_only_what_is_shown(county: Rights, visitor: str) -> None:
    shown = shown_to(visitor)
    for place, home in county.homes.items():
        found = county.web.get(
            "/api/v1/search", params={"q": f"{SIGNS[place]}", "facets": "true"}, headers=county.headers(visitor)
        ).json()
        expected = sum(word(place, stage) in shown for stage in STAGES)
        assert found["total"] == expected
        assert sum(number for _, number in found["facets"].get("villages", [])) == expected
        assert {value for value, _ in found["facets"].get("villages", [])} <= {home}
        assert sum(number for _, number in found["facets"].get("access", [])) == expected


def test_the_walk_would_find_a_door_left_open(county: Rights, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("archive_service.permissions.can", lambda *_: True)
    answer = ask(county, "GET /system", "villager", "own")
    assert opened(answer) != ("villager" in opens_to("GET /system", "own"))
