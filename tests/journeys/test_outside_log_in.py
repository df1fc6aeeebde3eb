"""Logging in at a county's own service: a real provider on loopback, real keys, real signed tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, parse_qsl, unquote_plus, urlencode, urlsplit

import httpx
import pytest
from argon2 import PasswordHasher
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey
from sqlalchemy import select

from archive_service.actions import accounts, outside
from archive_service.permissions import OPERATOR, Role, scope_of
from archive_service.settings import Settings
from archive_service.tasks.setting_up import set_up
from archive_service.web.app import create_app
from archive_service.wiring import Archive, build
from storage.database.accounts import Account, RoleGrant
from storage.database.journal import JournalEntry
from storage.errors import Conflict
from storage.scope import NOTHING
from tests.journeys.api_county import serving

SECRET = "一个很长的密钥 with/+%:chars"
Claims = dict[str, Any]


@dataclass
class Provider:
    """An OpenID provider: who logs in there, and what it does wrong."""

    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one", "use": "sig"}))
    signs_with: Any = None
    algorithm: str = "RS256"
    claims: Claims = field(default_factory=lambda: {"sub": "7f31", "name": "顾采薇", "preferred_username": "gucw"})
    wrong: Claims = field(default_factory=dict)
    issuer: str = ""
    announced: str | None = None
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def document(self) -> Claims:
        base = self.issuer
        return {
            "issuer": self.announced or base, "authorization_endpoint": f"{base}/authorize",
            "token_endpoint": f"{base}/token", "jwks_uri": f"{base}/keys",
        }  # fmt: skip

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent after the person has logged in there."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, Claims]:
        """A signed token for a code that is used for the first time with the verifier it was asked for with."""
        asked = self.codes.pop(sent.get("code", ""), None)
        digest = base64.urlsafe_b64encode(hashlib.sha256(sent.get("code_verifier", "").encode()).digest())
        if asked is None or asked["code_challenge"] != digest.rstrip(b"=").decode():
            return 400, {"error": "invalid_grant"}
        client, _, secret = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        if (unquote_plus(client), unquote_plus(secret)) != ("archive", SECRET):
            return 401, {"error": "invalid_client"}
        now = int(time.time())
        claims = {"iss": self.issuer, "aud": "archive", "iat": now, "exp": now + 300, "nonce": asked["nonce"]}
        claims |= self.claims | self.wrong
        claims = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": "one"}
        signed = jwt.encode(header, claims, self.signs_with or self.key, algorithms=[self.algorithm])
        return 200, {"id_token": signed, "token_type": "Bearer", "access_token": "x"}


def handler_of(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            if parts.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", provider.authorize(dict(parse_qsl(parts.query))))
                self.end_headers()
            elif parts.path == "/keys":
                self._say(200, {"keys": [provider.key.as_dict(private=False)]})
            else:
                self._say(200, provider.document())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(*provider.token(dict(parse_qsl(body)), self.headers.get("Authorization", "")))

        def _say(self, status: int, said: Claims) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(said).encode())

        def log_message(self, format: str, *args: object) -> None:
            pass

    return Handler


@dataclass
class Door:
    """The service with the provider beside it."""

    archive: Archive
    web: httpx.Client
    provider: Provider

    def away(self, onward: str = "/") -> str:
        """The browser is sent to the provider; returns where it is sent to from there."""
        first = self.web.get("/oidc", params={"next": onward})
        assert first.status_code == 303, first.text
        return httpx.get(first.headers["location"]).headers["location"]

    def back(self, there: str) -> httpx.Response:
        parts = urlsplit(there)
        return self.web.get(f"{parts.path}?{parts.query}")

    def through(self) -> httpx.Response:
        return self.back(self.away())

    def account(self, login: str) -> Account | None:
        with self.archive.sessions.read() as session:
            return session.scalars(select(Account).where(Account.login == login)).one_or_none()

    def add(self, login: str, role: Role = Role.ARCHIVIST) -> None:
        with self.archive.sessions.begin() as session:
            accounts.add_account(
                session, OPERATOR, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1), self.archive.now(), login,
                login, role, password="足够长的口令",
            )  # fmt: skip


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    provider = Provider()
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(provider))
    provider.issuer = f"http://127.0.0.1:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    (tmp_path / "secret").write_text(SECRET + "\n", encoding="utf-8")
    chosen = Settings(
        data=tmp_path / "data", password_memory_kib=8, ocr=False, oidc_issuer=provider.issuer, oidc_client="archive",
        oidc_secret_file=tmp_path / "secret",
    )  # fmt: skip
    archive = build(chosen)
    set_up(archive, None, "admin")
    with serving(archive, create_app(archive)) as web:
        yield Door(archive, web, provider)
    server.shutdown()
    server.server_close()
    thread.join()


def test_the_log_in_page_offers_the_service_where_one_is_set(door: Door) -> None:
    assert "/oidc?next=" in door.web.get("/login").text


def test_whoever_comes_for_the_first_time_gets_an_account_that_may_nothing(door: Door) -> None:
    door.provider.claims["roles"] = ["administrator", "archivist"]
    answer = door.through()
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "session=" in answer.headers["set-cookie"]
    made = door.account("gucw")
    assert made is not None
    assert made.name == "顾采薇"
    with door.archive.sessions.read() as session:
        assert session.scalars(select(RoleGrant).where(RoleGrant.account_id == made.id)).all() == []
        assert scope_of(accounts.actor_named(session, "gucw", door.archive.today())) == NOTHING
        opened = session.scalars(select(JournalEntry).where(JournalEntry.object_id == made.id)).all()
    assert [one.act for one in opened] == ["account_opened", "logged_in"]
    assert door.web.get("/me").status_code == 200
    assert door.web.get("/inbox").status_code == 403
    assert door.through().status_code == 303
    with door.archive.sessions.read() as session:
        assert len(session.scalars(select(Account).where(Account.subject.is_not(None))).all()) == 1


def test_a_name_that_is_taken_here_opens_nobody_elses_account(door: Door) -> None:
    door.add("gucw")
    assert door.through().status_code == 303
    mine = door.account("gucw")
    assert mine is not None
    assert mine.subject is None
    assert "县档案员" not in door.web.get("/").text


def test_an_account_is_tied_by_the_number_over_there_and_then_has_its_own_roles(door: Door) -> None:
    door.add("wang")
    with door.archive.sessions.begin() as session:
        outside.link(session, OPERATOR, "wang", door.provider.issuer, "7f31", door.archive.now())
    assert door.through().status_code == 303
    assert door.web.get("/inbox").status_code == 200
    assert door.account("gucw") is None
    door.add("li")
    with door.archive.sessions.begin() as session, pytest.raises(Conflict):
        outside.link(session, OPERATOR, "li", door.provider.issuer, "7f31", door.archive.now())


def test_the_administrator_ties_an_account_on_the_page_and_over_the_api(door: Door) -> None:
    door.add("wang")
    door.add("li")
    door.add("chief", Role.ADMINISTRATOR)
    token = door.web.post("/api/v1/session", json={"login": "chief", "password": "足够长的口令"}).json()["token"]
    chief = {"Authorization": f"Bearer {token}"}
    page = httpx.Client(base_url=door.web.base_url, cookies={"session": token})
    shown = page.get("/accounts").text
    assert 'action="/accounts/wang/outside"' in shown
    csrf = shown.split('name="csrf" value="')[1].split('"')[0]
    assert page.post("/accounts/wang/outside", data={"csrf": csrf, "subject": "7f31"}).status_code == 303
    assert door.through().status_code == 303
    assert door.web.get("/inbox").status_code == 200
    taken = door.web.put("/api/v1/accounts/li/outside", json={"subject": "7f31"}, headers=chief)
    assert taken.status_code == 409
    assert "已经是另一个账号的" in page.post("/accounts/li/outside", data={"csrf": csrf, "subject": "7f31"}).text
    assert door.web.put("/api/v1/accounts/wang/outside", json={"subject": ""}, headers=chief).status_code == 204
    untied = door.account("wang")
    assert untied is not None
    assert untied.subject is None
    page.close()


def test_a_closed_account_stays_closed(door: Door) -> None:
    door.through()
    with door.archive.sessions.begin() as session:
        accounts.set_active(session, OPERATOR, door.archive.now(), "gucw", False)
    answer = door.through()
    assert answer.status_code == 401
    assert "停用" in answer.text


def test_the_visitor_goes_on_to_the_page_he_wanted_and_never_to_another_host(door: Door) -> None:
    assert door.back(door.away("/search?q=水渠")).headers["location"].startswith("/search?q=")
    assert door.back(door.away("//elsewhere.example/")).headers["location"] == "/"


def _run_out(_: Provider) -> Claims:
    return {"exp": int(time.time()) - 3600}


WRONG: dict[str, Callable[[Provider], Claims]] = {
    "of another issuer": lambda _: {"iss": "https://other.example"},
    "for another client": lambda _: {"aud": "another"},
    "for several, and issued to another": lambda _: {"aud": ["archive", "another"], "azp": "another"},
    "for several, and issued to nobody named": lambda _: {"aud": ["archive", "another"]},
    "run out": _run_out,
    "without an end": lambda _: {"exp": None},
    "of another log-in": lambda _: {"nonce": "another"},
    "without a nonce": lambda _: {"nonce": None},
    "of nobody": lambda _: {"sub": ""},
}


@pytest.mark.parametrize("how", WRONG)
def test_a_token_that_is_not_for_this_log_in_opens_nothing(door: Door, how: str) -> None:
    door.provider.wrong = WRONG[how](door.provider)
    refused(door)


def refused(door: Door) -> None:
    answer = door.through()
    assert answer.status_code == 401
    assert "session=" not in answer.headers.get("set-cookie", "")
    assert door.account("gucw") is None


def test_a_token_signed_with_another_key_opens_nothing(door: Door) -> None:
    door.provider.signs_with = RSAKey.generate_key(2048, {"kid": "one"})
    refused(door)


def test_a_token_signed_with_the_shared_secret_and_no_key_opens_nothing(door: Door) -> None:
    door.provider.signs_with = OctKey.import_key(SECRET.encode())
    door.provider.algorithm = "HS256"
    refused(door)


def test_a_state_of_another_browser_opens_nothing(door: Door) -> None:
    there = door.away()
    door.web.cookies.clear()
    assert door.back(there).status_code == 401
    stolen = door.away()
    door.away()
    assert door.back(stolen).status_code == 401


def test_a_way_back_is_good_once(door: Door) -> None:
    there = door.away()
    kept = dict(door.web.cookies)
    assert door.back(there).status_code == 303
    door.web.cookies.clear()
    for name in ("oidc", "oidc-next"):
        door.web.cookies.set(name, kept[name])
    assert door.back(there).status_code == 401


def test_a_service_that_calls_itself_something_else_is_not_asked(door: Door) -> None:
    door.provider.announced = "https://other.example"
    answer = door.web.get("/oidc")
    assert answer.status_code == 401
    assert "OIDC_ISSUER" in answer.text


def test_nothing_is_sent_in_the_clear_to_another_machine(tmp_path: Path) -> None:
    archive = build(Settings(data=tmp_path, oidc_issuer="http://10.255.255.1", oidc_client="archive"))
    set_up(archive, None, "admin")
    with serving(archive, create_app(archive)) as web:
        assert web.get("/oidc").status_code == 401


def test_what_is_asked_for_is_a_code_with_a_challenge_and_no_more_than_who_it_is(door: Door) -> None:
    asked = parse_qs(urlsplit(door.web.get("/oidc").headers["location"]).query)
    assert asked["scope"] == ["openid profile"]
    assert asked["code_challenge_method"] == ["S256"]
    assert SECRET not in str(asked)
