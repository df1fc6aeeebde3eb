"""Logging in at the county's own service (OpenID Connect, authorization code with PKCE): away, and back with a code.

The library verifies the signed token; here is what is asked for and what must stand in it. Nothing but who somebody is
is taken from the service.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import quote_plus, urlencode, urlsplit

import urllib3
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from urllib3.exceptions import HTTPError
from urllib3.util import make_headers

from archive_service.actions.outside import Outsider
from archive_service.permissions import Refused
from archive_service.wiring import Archive
from storage.errors import NotReady

ALGORITHMS = ("RS256", "PS256", "ES256", "EdDSA")
"""Signatures with a public key. One made with the shared secret, or none at all, is not taken."""
LEEWAY = 60
"""Seconds by which the two clocks may differ."""
PATIENCE = urllib3.Timeout(connect=5.0, read=10.0)
LARGEST = 1 << 20
WELL_KNOWN = "/.well-known/openid-configuration"
_REFUSED = "统一登录没有成功，没有登录；请再试一次，或用账号和口令登录。"
_AWAY = "统一登录的服务现在连不上，或答得不对；请用账号和口令登录，或请系统管理员看 OIDC_ISSUER。"
_client = urllib3.PoolManager(retries=False, timeout=PATIENCE)
Answer = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Journey:
    """What ties the way back to the browser that went away; it travels in a cookie of that browser."""

    state: str
    nonce: str
    verifier: str

    def packed(self) -> str:
        """As the value of a cookie."""
        return ".".join((self.state, self.nonce, self.verifier))


def unpacked(value: str) -> Journey:
    """The journey of a cookie.

    Raises:
        Refused: there is none.
    """
    parts = value.split(".")
    if len(parts) != 3 or not all(parts):
        raise Refused(_REFUSED)
    return Journey(*parts)


def begin(archive: Archive, back: str) -> tuple[str, Journey]:
    """Where to send the browser, and what it keeps meanwhile. `back` is the address it comes back to.

    Raises:
        NotReady: the service is away.
    """
    journey = Journey(*(secrets.token_urlsafe(32) for _ in range(3)))
    digest = hashlib.sha256(journey.verifier.encode()).digest()
    asked = {
        "response_type": "code",
        "client_id": archive.settings.oidc_client,
        "redirect_uri": back,
        "scope": "openid profile",
        "state": journey.state,
        "nonce": journey.nonce,
        "code_challenge": base64.urlsafe_b64encode(digest).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    there = _address(_discovered(archive), "authorization_endpoint")
    return f"{there}{'&' if '?' in there else '?'}{urlencode(asked)}", journey


def finish(archive: Archive, journey: Journey, state: str, code: str, back: str) -> Outsider:
    """Who came back: the code is exchanged, and the token that it brings is verified.

    Raises:
        Refused: another browser's way, no code, or a token that is not for us, not signed or run out.
        NotReady: the service is away.
    """
    if not code or not secrets.compare_digest(state.encode(), journey.state.encode()):
        raise Refused(_REFUSED)
    service = _discovered(archive)
    asked = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "client_id": archive.settings.oidc_client or "",
        "code_verifier": journey.verifier,
    }
    answer = _post(_address(service, "token_endpoint"), asked, _secret_header(archive))
    claims = _verified(archive, service, str(answer.get("id_token", "")), journey.nonce)
    name, login = (str(claims.get(one) or "") for one in ("name", "preferred_username"))
    return Outsider(issuer_of(archive), str(claims["sub"]), name, login)


def issuer_of(archive: Archive) -> str:
    """The service that is set.

    Raises:
        Refused: none is.
    """
    if not archive.settings.oidc_issuer or not archive.settings.oidc_client:
        raise Refused("没有设统一登录，请用账号和口令登录。")
    return archive.settings.oidc_issuer


def _discovered(archive: Archive) -> Answer:
    issuer = issuer_of(archive)
    found = _get(_safe(issuer.rstrip("/") + WELL_KNOWN))
    if found.get("issuer") != issuer:
        raise NotReady(_AWAY)
    return found


def _verified(archive: Archive, service: Answer, token: str, nonce: str) -> Answer:
    client = archive.settings.oidc_client or ""
    wanted = jwt.JWTClaimsRegistry(
        now=int(archive.now().timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": issuer_of(archive)},
        aud={"essential": True, "value": client},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    keys = _get(_address(service, "jwks_uri"))
    try:
        # The document is a JSON object; whether it is one of keys is what the library looks at.
        claims = jwt.decode(token, KeySet.import_key_set(dict(keys)), algorithms=ALGORITHMS).claims  # type: ignore[arg-type]  # as said
        wanted.validate(claims)
    except (JoseError, ValueError, TypeError, KeyError) as wrong:
        raise Refused(_REFUSED) from wrong
    several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
    if (several or "azp" in claims) and claims.get("azp") != client:
        raise Refused(_REFUSED)
    return claims


def _secret_header(archive: Archive) -> dict[str, str]:
    place = archive.settings.oidc_secret_file
    if place is None:
        return {}
    try:
        secret = place.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise NotReady("读不到统一登录的密钥文件，没有登录；请系统管理员看 OIDC_SECRET_FILE。") from error
    # RFC 6749, 2.3.1: both parts are form-encoded before they are joined.
    both = f"{quote_plus(archive.settings.oidc_client or '')}:{quote_plus(secret)}"
    return dict(make_headers(basic_auth=both))


def _address(service: Answer, name: str) -> str:
    return _safe(str(service.get(name, "")))


def _safe(url: str) -> str:
    """An address that nobody on the way can read along; on this very machine there is no way."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and _is_here(parts.hostname or "")):
        return url
    raise NotReady(_AWAY)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _get(url: str) -> Answer:
    return _asked("GET", url, {}, None)


def _post(url: str, fields: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    return _asked("POST", url, {**headers, **form}, urlencode(fields))


def _asked(verb: str, url: str, headers: Mapping[str, str], body: str | None) -> Answer:
    """One answer as JSON. Redirects are not followed: the addresses were named by the service itself."""
    said = {"Accept": "application/json", **headers}
    try:
        answer = _client.request(verb, url, headers=said, body=body, redirect=False, preload_content=False)
        try:
            content = answer.read(LARGEST, decode_content=True)
        finally:
            answer.close()
        found = json.loads(content)
    except (HTTPError, ValueError) as error:
        raise NotReady(_AWAY) from error
    if 400 <= answer.status < 500:
        raise Refused(_REFUSED)
    if answer.status != 200 or not isinstance(found, dict):
        raise NotReady(_AWAY)
    return found
