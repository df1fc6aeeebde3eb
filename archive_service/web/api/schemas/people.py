"""Sessions, accounts and villages, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from archive_service.permissions import Permission, Role
from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent


class LogIn(Sent):
    """Who wants to come in. `code`: the six digits or a recovery code, where the account has a second factor."""

    model_config = sent({"login": "shimenkan", "password": "一个足够长的口令"})
    login: str = Field(max_length=60)
    password: str = Field(max_length=1000)
    code: str = Field(default="", max_length=40)


class SessionOut(BaseModel):
    """An open session. The token is shown once; it goes into the header `Authorization: Bearer …`."""

    model_config = answered(examples.SESSION)
    token: str
    expires_at: datetime
    must_change_password: bool


class PasswordChange(Sent):
    """The old password and the new one."""

    model_config = sent({"old": "初始口令", "new": "一个足够长的口令"})
    old: str = Field(max_length=1000)
    new: str = Field(max_length=1000)


class RoleHeld(BaseModel):
    """A role that counts today, and the villages it is held for; null = the whole county."""

    model_config = answered({"role": "clerk", "villages": [examples.VILLAGE_ID]})
    role: Role
    villages: list[str] | None


class Me(BaseModel):
    """Who is logged in. `village_id`: the village of somebody who works for one only."""

    model_config = answered(examples.ME)
    login: str
    name: str
    role: Role
    village_id: str | None
    roles: list[RoleHeld]
    permissions: list[Permission]
    clearances: list[str]
    must_change_password: bool
    csrf: str


class VillageOut(BaseModel):
    """A village of the county."""

    model_config = answered(examples.VILLAGE)
    id: str
    name: str
    fonds: str
    township: str
    aliases: list[dict[str, Any]]
    former_townships: list[dict[str, Any]]
    merged_into_id: str | None
    merged_on: date | None


class Renamed(Sent):
    """The name of a village from a year on."""

    model_config = sent({"name": "石门新村", "year": 2026})
    name: str = Field(min_length=1, max_length=80)
    year: int = Field(ge=1900, le=2200)


class Merged(Sent):
    """The village that another went into, and when."""

    model_config = sent({"into_id": examples.OTHER_ID, "on": "2026-01-01"})
    into_id: str = Field(max_length=32)
    on: date


class Moved(Sent):
    """The township that a village belongs to from a year on."""

    model_config = sent({"township": "岩口镇", "year": 2026})
    township: str = Field(max_length=80)
    year: int = Field(ge=1900, le=2200)


class TownshipRenamed(Sent):
    """The name of a township from a year on."""

    model_config = sent({"township": "望溪乡", "name": "望溪镇", "year": 2003})
    township: str = Field(max_length=80)
    name: str = Field(max_length=80)
    year: int = Field(ge=1900, le=2200)


class TownshipMerged(Sent):
    """The township that another went into, and when."""

    model_config = sent({"township": "岩口乡", "into": "望溪镇", "on": "2026-01-01"})
    township: str = Field(max_length=80)
    into: str = Field(max_length=80)
    on: date


class TownshipOut(BaseModel):
    """A township by the name it has now, and those it had."""

    model_config = answered({"name": "望溪镇", "aliases": [{"name": "望溪乡", "from": None, "to": 2003}]})
    name: str
    aliases: list[dict[str, Any]]


class NewVillage(Sent):
    """A village to be registered. Aliases: former names with years, {"name", "from", "to"}."""

    model_config = sent({name: examples.VILLAGE[name] for name in ("name", "fonds", "township", "aliases")})
    name: str = Field(min_length=1, max_length=80)
    fonds: str = Field(min_length=1, max_length=20)
    township: str = Field(default="", max_length=80)
    aliases: tuple[dict[str, Any], ...] = ()


class GrantOut(BaseModel):
    """A role held for a village, for a township by its name, or where both are null for the whole county."""

    model_config = answered(examples.GRANT)
    id: str
    role: Role
    village_id: str | None
    township: str | None
    begins_on: date | None
    ends_on: date | None
    granted_by: str


class NewGrant(Sent):
    """A role to be given. Both days count; without `ends_on` it is held for good."""

    model_config = sent({"role": "contractor", "township": "望溪镇", "ends_on": "2026-12-31"})
    role: Role
    village_id: str | None = Field(default=None, max_length=32)
    township: str | None = Field(default=None, max_length=80)
    begins_on: date | None = None
    ends_on: date | None = None


class OutsideIdentity(Sent):
    """Who an account is at the county's own log-in service: its `sub` there; empty: nobody."""

    model_config = sent({"subject": "3f2a9c"})
    subject: str = Field(default="", max_length=255)


class NewToken(Sent):
    """A key for a script. Without permissions it only looks."""

    model_config = sent({"name": "夜间移交脚本", "permissions": ["hand_in"], "days": 90})
    name: str = Field(min_length=1, max_length=80)
    permissions: tuple[Permission, ...] = ()
    days: int = Field(default=90, ge=1, le=366)


class TokenOut(BaseModel):
    """A key for a script, without the key."""

    model_config = answered(examples.TOKEN)
    id: str
    name: str
    permissions: list[Permission]
    made_at: datetime
    expires_at: datetime


class MadeToken(BaseModel):
    """The key itself. It is shown once and kept nowhere."""

    model_config = answered({"token": "vat_kWq3…", "held": examples.TOKEN})
    token: str
    held: TokenOut


class AccountOut(BaseModel):
    """A person who may log in. `role` is what the account was opened for; what counts are the grants."""

    model_config = answered(examples.ACCOUNT)
    login: str
    name: str
    role: Role
    village_id: str | None
    clearances: list[str]
    active: bool
    must_change_password: bool
    grants: list[GrantOut] = []


class NewAccount(Sent):
    """An account to be opened, for a village, a township by its name, or the whole county."""

    model_config = sent(examples.NEW_ACCOUNT)
    login: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=80)
    role: Role
    village_id: str | None = None
    township: str | None = Field(default=None, max_length=80)
    ends_on: date | None = None
    clearances: tuple[Literal["personal", "party"], ...] = ()


class FirstPassword(BaseModel):
    """A first password. It is shown once, kept nowhere, and has to be changed."""

    model_config = answered({"login": "shimenkan", "password": "x3Fq0Zr8sT1u"})
    login: str
    password: str
