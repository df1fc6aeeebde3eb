"""How many statements a list takes does not depend on how much there is: no row of a list asks a question of its own.

Every page and every call that needs nothing but its address is asked, so that a new one is counted by itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

import httpx
import pytest
from fastapi import FastAPI
from fastapi.routing import iter_route_contexts
from sqlalchemy import event
from sqlalchemy.orm import Session

from archive_service.actions.accounts import add_account
from archive_service.permissions import OPERATOR, Role
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import sync_index
from archive_service.web.app import create_app
from archive_service.wiring import Archive, build
from storage.database import journal
from storage.database.batches import Batch, Item, ItemState
from storage.database.organisations import Village
from storage.database.records import File, PageText, Record, RecordState
from tests.conftest import NOON
from tests.journeys.api_county import serving

PASSWORD = "足够长的口令一二三"
VILLAGE = f"{7:032x}"
PEOPLE = ("clerk", "archivist", "boss")
FEW, MANY = 10, 200
BATCH = f"{1:032x}"
SEARCHES = ("/search?q=灌溉渠", "/api/v1/search?q=灌溉渠")
OF_ONE = (f"/batches/{BATCH}", f"/api/v1/batches/{BATCH}/items", f"/api/v1/batches/{BATCH}/items?text=true")
FILED = f"a{2:031x}"
"""The first archived record."""
MACHINES = ("/health", "/metrics", "/api/v1/openapi.json")
"""Not for people, and asked by threads of their own."""
LISTS = {"/", "/inbox", "/batches", "/due", "/journal", "/api/v1/records", "/api/v1/batches", "/api/v1/due"}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgresql"))])
def archive(request: pytest.FixtureRequest, settings: Settings) -> Iterator[Archive]:
    """An archive of one village with its clerk, one archivist of the county and one administrator."""
    url = None if request.param == "sqlite" else request.getfixturevalue("postgresql_url")
    made = build(settings.model_copy(update={"database_url": url}), lambda: NOON)
    set_up(made)
    with made.sessions.begin() as session:
        session.add(Village(id=VILLAGE, name="石门槛村", fonds="V012", township="望溪镇", aliases=[]))
        session.flush()
        for login, role, home in (
            ("clerk", Role.CLERK, VILLAGE), ("archivist", Role.ARCHIVIST, None), ("boss", Role.ADMINISTRATOR, None),
        ):  # fmt: skip
            add_account(session, OPERATOR, made.hasher, NOON, login, login, role, home, password=PASSWORD)
        session.add(Batch(id=BATCH, village_id=VILLAGE, source="旧文件夹", opened_by="clerk", opened_at=NOON))
    yield made
    made.sessions.engine.dispose()


def grow(archive: Archive, first: int, last: int) -> None:
    """Records of every state, each with a file, its text, an item, a duplicate, a batch and an entry of the journal."""
    with archive.sessions.begin() as session:
        village = session.get_one(Batch, BATCH).village_id
        for number in range(first, last):
            _one(session, number, village)
    sync_index(archive)


def _one(session: Session, number: int, village: str) -> None:
    state = (RecordState.PROPOSED, RecordState.ACCEPTED, RecordState.ARCHIVED)[number % 3]
    batch = f"{1000 + number:032x}"
    record, file, item, again = (f"{kind}{number:031x}" for kind in "abcd")
    session.add(Batch(id=batch, village_id=village, source=f"{number}号柜", opened_by="clerk", opened_at=NOON))
    session.add(
        Record(
            id=record, village_id=village, batch_id=batch, state=state, title=f"灌溉渠维修记录{number}",
            kind="document", series_id="WS-CW-02", class_id="WS-CW", retention=5, due_on=date(2020, 1, 1),
            year=2014, confident=True,
            code=f"V012-{number}" if state == RecordState.ARCHIVED else None, created_at=NOON, changed_at=NOON,
        )
    )  # fmt: skip
    session.flush()
    session.add(
        File(
            id=file, record_id=record, village_id=village, name=f"{number}.txt", path=f"{number}.txt", size=1,
            sha256=f"{number:064x}", sha512=f"{number:0128x}", storage_key=f"staging/00/{file}", received_at=NOON,
        )
    )  # fmt: skip
    session.flush()
    session.add(PageText(file_id=file, number=1, text=f"讨论灌溉渠第{number}段"))
    whole = {"village_id": village, "batch_id": BATCH, "received_at": NOON, "record_id": record, "file_id": file}
    session.add(Item(id=item, path=f"{number}.txt", state=ItemState.PROPOSED, sha256=f"{number:064x}", **whole))
    twice = {**whole, "record_id": None, "file_id": None}
    session.add(Item(id=again, path=f"又{number}.txt", state=ItemState.DUPLICATE, duplicate_of=item, **twice))
    journal.write(session, NOON, "clerk", "record_changed", "record", record, village, {"title": ["旧", "新"]})


def asked_of(app: FastAPI) -> list[str]:
    """Every address that needs nothing but itself, and those of one batch and of a search."""
    paths = {
        str(found.path)
        for found in iter_route_contexts(app.routes)
        if "GET" in (found.methods or ()) and "{" not in str(found.path)
    }
    assert paths >= LISTS
    of_use = (f"/records/{FILED}", f"/records/{FILED}?q=灌溉渠", f"/api/v1/records/{FILED}", f"/villages/{VILLAGE}")
    return [*sorted(path for path in paths if not path.startswith(MACHINES)), *SEARCHES, *OF_ONE, *of_use]


@contextmanager
def counted(archive: Archive) -> Iterator[list[str]]:
    """The statements of the block."""
    said = list[str]()

    def hear(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    event.listen(archive.sessions.engine, "before_cursor_execute", hear)
    try:
        yield said
    finally:
        event.remove(archive.sessions.engine, "before_cursor_execute", hear)


def statements(archive: Archive, web: httpx.Client, paths: list[str]) -> dict[str, tuple[int, int]]:
    """By address the status and the number of statements."""
    found = {}
    for path in paths:
        with counted(archive) as said:
            found[path] = (web.get(path).status_code, len(said))
    return found


def asked_twice(
    archive: Archive, people: dict[str, httpx.Client], paths: list[str]
) -> dict[str, dict[str, tuple[int, int]]]:
    """By person and address. What is asked once and then remembered is not counted."""
    for web in people.values():
        statements(archive, web, paths)
    return {login: statements(archive, web, paths) for login, web in people.items()}


@pytest.fixture
def address(archive: Archive) -> Iterator[str]:
    """Where the application answers."""
    with serving(archive, create_app(archive)) as web:
        yield str(web.base_url)


def visitor(address: str, login: str) -> httpx.Client:
    """The browser of this person."""
    web = httpx.Client(base_url=address, timeout=30)
    answer = web.post("/api/v1/session", json={"login": login, "password": PASSWORD})
    web.headers["Cookie"] = f"session={answer.json()['token']}"
    return web


def test_the_statements_of_a_list_do_not_grow_with_its_rows(archive: Archive, address: str) -> None:
    people = {login: visitor(address, login) for login in PEOPLE}
    paths = asked_of(create_app(archive))
    grow(archive, 0, FEW)
    few = asked_twice(archive, people, paths)
    grow(archive, FEW, MANY)
    many = asked_twice(archive, people, paths)
    assert {path for path in LISTS if all(few[login][path][0] != 200 for login in PEOPLE)} == set()
    assert [few["clerk"][path][0] for path in (*SEARCHES, *OF_ONE, "/", "/inbox")] == [200] * 7
    grown = [
        (login, path, before, many[login][path])
        for login in PEOPLE
        for path, before in few[login].items()
        if many[login][path] != before
    ]
    assert grown == []
    for web in people.values():
        web.close()


def test_the_lists_of_the_test_above_have_rows(archive: Archive, address: str) -> None:
    web = visitor(address, "clerk")
    grow(archive, 0, FEW)
    # 2, 5 and 8 are archived and due; the others are proposed or accepted.
    assert web.get("/api/v1/records").json()["total"] == 7
    assert web.get("/api/v1/search?q=灌溉渠").json()["total"] == FEW
    assert len(web.get(f"/api/v1/batches/{BATCH}/items").json()["items"]) == 2 * FEW
    assert len(web.get("/api/v1/batches").json()["batches"]) == FEW + 1
    assert "灌溉渠维修记录4" in web.get("/inbox").text
    web.close()
