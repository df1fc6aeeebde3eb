"""Sessions, accounts and villages, as sent and answered. No rule is held here."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from archive_service.permissions import Permission, Role
from archive_service.web.api import examples
from archive_service.web.api.schemas.shape import Sent, answered, sent


class LogIn(Sent):
    """Who wants to come in."""

    model_config = sent({"login": "shimenkan", "password": "一个足够长的口令"})
    login: str = Field(max_length=60)
    password: str = Field(max_length=1000)


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


class NewVillage(Sent):
    """A village to be registered. Aliases: former names with years, {"name", "from", "to"}."""

    model_config = sent({name: value for name, value in examples.VILLAGE.items() if name != "id"})
    name: str = Field(min_length=1, max_length=80)
    fonds: str = Field(min_length=1, max_length=20)
    township: str = Field(default="", max_length=80)
    aliases: tuple[dict[str, Any], ...] = ()


class AccountOut(BaseModel):
    """A person who may log in."""

    model_config = answered(examples.ACCOUNT)
    login: str
    name: str
    role: Role
    village_id: str | None
    clearances: list[str]
    active: bool
    must_change_password: bool


class NewAccount(Sent):
    """An account to be opened."""

    model_config = sent(examples.NEW_ACCOUNT)
    login: str = Field(min_length=1, max_length=60)
    name: str = Field(min_length=1, max_length=80)
    role: Role
    village_id: str | None = None
    clearances: tuple[Literal["personal", "party"], ...] = ()


class FirstPassword(BaseModel):
    """A first password. It is shown once, kept nowhere, and has to be changed."""

    model_config = answered({"login": "shimenkan", "password": "x3Fq0Zr8sT1u"})
    login: str
    password: str
