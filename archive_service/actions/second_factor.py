"""The second factor: six digits that change every half minute (RFC 6238), and recovery codes for a lost phone.

The secret never leaves this installation but on the page that shows it once to its owner.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from sqlalchemy.orm import Session

from classification.errors import RuleError
from storage.database import journal
from storage.database.accounts import Account

STEP = 30
DIGITS = 6
DRIFT = 1
"""Steps that a phone's clock may be off, either way."""
RECOVERY_CODES = 8


def fresh_secret() -> str:
    """160 bits, as authenticator programs take them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def code_at(secret: str, step: int) -> str:
    """The digits of one step since 1970 (RFC 4226 truncation over SHA-1, which every authenticator knows)."""
    digest = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    place = digest[-1] & 15
    number = int.from_bytes(digest[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def address_of(secret: str, login: str, issuer: str) -> str:
    """What an authenticator reads from a QR code, or takes by hand."""
    return f"otpauth://totp/{quote(f'{issuer}:{login}')}?{urlencode({'secret': secret, 'issuer': issuer})}"


def _step_of(secret: str, code: str, at: datetime) -> int | None:
    """The step whose code this is, of those that may count now."""
    now = int(at.timestamp()) // STEP
    near = range(now - DRIFT, now + DRIFT + 1)
    return next((step for step in near if hmac.compare_digest(code_at(secret, step).encode(), code.encode())), None)


def passes(session: Session, account: Account, code: str | None, at: datetime) -> bool:
    """Whether this code opens: the phone's, once, or a recovery code, once.

    Without a second factor anything does; None = somebody who is inside already is not asked again.
    """
    if account.totp_secret is None or code is None:
        return True
    code = code.replace(" ", "").replace("-", "").lower()
    step = _step_of(account.totp_secret, code, at)
    if step is not None:
        fresh = step > account.totp_step
        account.totp_step = max(step, account.totp_step)
        return fresh
    hashed = _hash(code)
    if hashed not in account.recovery_hashes:
        return False
    account.recovery_hashes = [one for one in account.recovery_hashes if one != hashed]
    journal.write(session, at, account.login, "recovery_code_used", "account", account.id)
    return True


def turn_on(session: Session, account_id: str, secret: str, code: str, at: datetime) -> list[str]:
    """Ask for a second factor from now on; returns the recovery codes, shown once.

    Raises:
        RuleError: the code is not the secret's, so the phone has not taken it.
    """
    account = session.get_one(Account, account_id)
    try:
        step = _step_of(secret, code.replace(" ", ""), at)
    except ValueError:
        step = None
    if step is None:
        raise RuleError("验证码不对，两步验证没有开启。请核对手机的时间，再试一次。")
    codes = [secrets.token_hex(5) for _ in range(RECOVERY_CODES)]
    account.totp_secret, account.totp_step = secret, step
    account.recovery_hashes = [_hash(one) for one in codes]
    journal.write(session, at, account.login, "second_factor_on", "account", account.id)
    return codes


def turn_off(session: Session, account: Account, by: str, at: datetime) -> None:
    """The password alone opens again."""
    account.totp_secret, account.totp_step, account.recovery_hashes = None, 0, []
    journal.write(session, at, by, "second_factor_off", "account", account.id)


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
