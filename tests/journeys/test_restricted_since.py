"""What is in the middle of its use when its donor restricts it: lent, asked for, copied, chosen, damaged, tied.

From that moment nobody who is not named meets its word, in whatever it stood before.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
from sqlalchemy import select

from archive_service.actions.restricting import Wish
from archive_service.permissions import OPERATOR
from archive_service.tasks import restricting
from archive_service.worker import drain
from classification.transfer import COUNTED
from storage.database import transfers
from storage.database.accounts import account_named
from storage.database.fixity import FixityFault
from storage.database.records import File
from storage.database.using import CertifiedCopy, UseRequest
from storage.objects.areas import package_key
from tests.journeys.rights_county import ANONYMOUS, NAMED, VISITORS, Rights, rights, word
from tests.journeys.test_who_may_what import text_of

READER = "victim"
"""To whom a request opened the record before, and who got a certified copy of it."""
WORD = word("own", "internal")


class Since:
    """The county, and everything that the internal record of the own village stood in when it was restricted."""

    def __init__(self, county: Rights) -> None:
        self.county, self.record = county, county.records["own", "internal"]
        county.lent("own", out=True)
        self.request, self.copy = county.request("own", granted=True), county.copy("own")
        self.packed = county.transfer("own", made=True)
        self.hold, self.dossier = county.hold("own"), county.dossier("own")
        with county.archive.sessions.begin() as session:
            copy = session.scalars(select(CertifiedCopy).where(CertifiedCopy.number == self.copy)).one()
            copy.request_id = self.request
            held = transfers.transfer(session, self.packed)
            held.package = {**(held.package or {}), **dict.fromkeys(COUNTED, 1), "package_bytes": len(WORD.encode())}
            transfers.bind(session, self.packed, [self.record], "active", "")
            file = session.get_one(File, county.files["own", "internal"])
            file.path = f"{WORD}.png"
            fault = FixityFault(
                key=f"archive/a/content/files/{WORD}.png", unit="x", record_id=self.record, name=f"《{WORD}》",
                kind="missing", expected="", seen="", found_at=county.archive.now(),
            )  # fmt: skip
            session.add(fault)
        county.archive.objects.put(package_key(self.packed), io.BytesIO(WORD.encode()))

    def paths(self) -> tuple[str, ...]:
        """Where it stood."""
        village = self.county.homes["own"]
        return (
            "/", "/me", "/loans?show=all", "/loans", "/api/v1/loans", "/requests", "/api/v1/requests",
            "/requests?show=all", "/requests?show=open", "/api/v1/requests?show=all",
            f"/requests/{self.request}", f"/api/v1/requests/{self.request}",
            f"/requests/{self.request}/records/{self.record}",
            f"/requests/{self.request}/records/{self.record}/files/{self.county.files['own', 'internal']}",
            f"/copies/{self.copy}", f"/api/v1/copies/{self.copy}",
            "/transfers", "/api/v1/transfers", f"/transfers/{self.packed}", f"/api/v1/transfers/{self.packed}",
            f"/transfers/{self.packed}/package", f"/api/v1/transfers/{self.packed}/package",
            "/holds", "/api/v1/holds", f"/holds/{self.hold}", f"/api/v1/holds/{self.hold}",
            f"/dossiers/{self.dossier}", f"/dossiers/{self.dossier}/file", f"/api/v1/dossiers/{self.dossier}",
            "/system", "/saved", "/api/v1/saved-searches", f"/villages/{village}", f"/yearly?village={village}",
            f"/completeness?village={village}&year=2019", f"/api/v1/completeness?village={village}&year=2019",
            "/due", "/api/v1/due", "/openings", "/api/v1/openings", "/concerned", "/journal", "/api/v1/journal",
            "/api/v1/print/use?format=xlsx", "/api/v1/print/transfer?format=xlsx", "/list/export?format=xlsx",
            f"/records/{self.record}", f"/records/{self.record}/history", f"/records/{self.record}/versions",
            f"/api/v1/records/{self.record}/versions", f"/api/v1/records/{self.record}/history",
            f"/api/v1/suggest?q={WORD[:2]}", f"/search?q={WORD[:2]}", f"/api/v1/search?q={WORD[:2]}&facets=true",
            f"/batches/{self.county.batches['own']}", f"/api/v1/batches/{self.county.batches['own']}/items?text=true",
        )  # fmt: skip


@pytest.fixture(scope="module")
def since(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Since]:
    with rights(tmp_path_factory.mktemp("rights")) as county:
        made = Since(county)
        # Before, it is met: by the reader whose request it was, by the administrator of what is damaged.
        assert {READER, "archivist", "administrator"} <= {one for one in (*VISITORS, READER) if met(made, one)}
        restricting.restrict(county.archive, OPERATOR, [made.record], Wish("本人在世时不公开", (NAMED,)))
        drain(county.archive)
        yield made


def met(since: Since, visitor: str) -> list[str]:
    """Where this visitor meets the word of the record."""
    headers = since.county.headers(visitor)
    found = []
    for path in since.paths():
        answer = since.county.web.get(path, headers=headers)
        assert answer.status_code < 500, path
        # A search says again what it was asked: two signs of three.
        if WORD in text_of(answer):
            found.append(path)
    return found


@pytest.mark.parametrize("visitor", [one for one in (*VISITORS, READER) if one != NAMED])
def test_nobody_who_is_not_named_meets_what_a_donor_restricted_meanwhile(since: Since, visitor: str) -> None:
    assert met(since, visitor) == []


def test_whom_the_restriction_names_still_works_with_it(since: Since) -> None:
    assert {"/loans?show=all", f"/transfers/{since.packed}", f"/records/{since.record}"} <= set(met(since, NAMED))


def test_the_certified_copy_is_not_printed_again_for_its_reader_and_none_is_issued_to_him(since: Since) -> None:
    web, reader = since.county.web, since.county.headers(READER)
    assert web.get(f"/copies/{since.copy}", headers=reader).status_code == 404
    said = {"receiver": "顾采薇", "purpose": "确权", "request": since.request}
    named = since.county.headers(NAMED)
    assert web.post(f"/api/v1/records/{since.record}/copies", json=said, headers=named).status_code == 404
    # That the number is good, anybody may check, and learns no more.
    checked = web.get(f"/verify/{since.copy}", headers=since.county.headers(ANONYMOUS))
    assert checked.status_code == 200
    assert WORD not in checked.text


def test_a_package_with_it_is_taken_away_by_nobody_who_is_not_named(since: Since) -> None:
    answers = {
        one: since.county.web.get(f"/api/v1/transfers/{since.packed}/package", headers=since.county.headers(one))
        for one in ("archivist", NAMED)
    }
    assert {one: answer.status_code for one, answer in answers.items()} == {"archivist": 403, NAMED: 200}


def test_the_reader_has_no_request_of_it_in_his_list(since: Since) -> None:
    listed = since.county.web.get("/api/v1/requests", headers=since.county.headers(READER)).json()
    with since.county.archive.sessions.read() as session:
        account = account_named(session, READER)
        assert account is not None
        asked = set(session.scalars(select(UseRequest.id).where(UseRequest.account_id == account.id)))
    lines = {one["id"]: one["records"] for one in listed["requests"]}
    assert set(lines) == asked
    assert lines[since.request] == []
