"""No page shows a person a link that is shut to him: every room is walked by every role, as far as its links lead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest

from storage.database import journal
from storage.database.accounts import account_named
from tests.journeys.rights_county import HOMES, NAMED, ROLES, Rights, rights

LINK = re.compile(r'<a [^>]*href="([^"#]+)')
ID = re.compile(r"[0-9a-f]{32}")
NOT_WALKED = re.compile(r"/language|/api/|/search\?|/static/|.*(/file|/print|/template|\.xlsx)\b")
"""Other languages, files, forms on paper, and the endless combinations of what a search is narrowed by."""
MOST = 120


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rights]:
    with rights(tmp_path_factory.mktemp("county")) as made:
        yield made


def kind(address: str) -> str:
    """Pages of one kind: the same but for the ids and what they are asked."""
    path, _, asked = ID.sub("*", address).partition("?")
    return path + "".join(sorted(one.split("=")[0] for one in asked.split("&")))


def shut(made: Rights, visitor: str) -> list[str]:
    """The addresses that pages led this person to in vain, each with the page that did."""
    waiting, seen, found = [("/", "")], Counter[str](), list[str]()
    while waiting and sum(seen.values()) < MOST:
        address, said_by = waiting.pop(0)
        if seen[kind(address)]:
            continue
        seen[kind(address)] += 1
        answer = made.web.get(address, headers=made.headers(visitor))
        if answer.status_code >= 400:
            found.append(f"{answer.status_code} {kind(address)} from {kind(said_by)}")
        if answer.headers["content-type"].startswith("text/html"):
            waiting += [(one, address) for one in _links(answer.text, address) if not NOT_WALKED.match(one)]
    return found


def _links(page: str, address: str) -> list[str]:
    links = [one.replace("&amp;", "&") for one in LINK.findall(page)]
    here = address.partition("?")[0]
    return [here + one if one.startswith("?") else one for one in links if one.startswith(("/", "?"))]


@pytest.mark.parametrize("visitor", [*ROLES, NAMED])
def test_no_page_shows_a_link_that_is_shut(county: Rights, visitor: str) -> None:
    assert shut(county, visitor) == []


def test_the_due_list_is_linked_for_those_who_may_see_it_only(county: Rights) -> None:
    pages = {one: county.web.get("/appraisals", headers=county.headers(one)).text for one in ("reviewer", "witness")}
    assert 'href="/due"' in pages["reviewer"]
    assert 'href="/due"' not in pages["witness"]
    assert county.web.get("/due", headers=county.headers("witness")).status_code == 403


def test_a_batch_is_linked_from_the_journal_for_those_who_may_open_it_only(county: Rights) -> None:
    link = f'href="/batches/{county.batches["own"]}"'
    pages = {
        one: county.web.get("/journal?act=batch_opened", headers=county.headers(one))
        for one in ("archivist", "auditor")
    }
    assert link in pages["archivist"].text
    assert link not in pages["auditor"].text
    assert "这一批移交" in pages["auditor"].text


def test_who_handed_in_is_called_by_name(county: Rights) -> None:
    with county.archive.sessions.begin() as session:
        account = account_named(session, "archivist")
        assert account is not None
        account.name = "罗文清"
    made = county.web.post(
        "/api/v1/batches", json={"village": HOMES["own"][0], "source": "一柜旧纸"}, headers=county.headers("archivist")
    )
    assert made.status_code < 300, made.text
    assert "罗文清" in county.web.get("/batches", headers=county.headers("archivist")).text


def test_a_batch_says_how_many_of_its_files_are_not_shown_and_never_which(county: Rights) -> None:
    page = county.web.get(f"/batches/{county.batches['own']}", headers=county.headers("clerk")).text
    assert "另有 3 件您不能查看" in page
    everything = county.web.get(f"/batches/{county.batches['own']}", headers=county.headers(NAMED)).text
    assert "件您不能查看" not in everything


def test_who_changed_a_record_is_called_by_name(county: Rights) -> None:
    record = county.records["own", "public"]
    with county.archive.sessions.begin() as session:
        found = account_named(session, "archivist")
        assert found is not None
        found.name = "严归档"
        journal.write(
            session, county.archive.now(), found.login, "record_changed", "record", record, county.homes["own"]
        )
    page = county.web.get(f"/records/{record}", headers=county.headers("clerk")).text
    assert '<td class="day">严归档</td>' in page
