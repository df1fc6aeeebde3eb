"""The one place that reads the environment. Every setting has a default that needs nothing but Python.

Each setting is VILLAGE_ARCHIVE_<NAME>; a store is chosen by one URL, and any mixture works.
"""

from __future__ import annotations

import os
import re
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PREFIX = "VILLAGE_ARCHIVE_"
S3 = "s3://key:secret@主机:9000/桶名"
ADDRESSES = {
    "database_url": ("postgresql+psycopg://用户:口令@主机:5432/库名", ("postgresql+psycopg", "sqlite")),
    "objects_url": (S3, ("s3", "file")),
    "second_copy_url": (f"file:///文件夹 或 {S3}", ("s3", "file")),
    "backup_url": (f"file:///文件夹 或 {S3}", ("s3", "file")),
    "search_url": ("http://用户:口令@主机:9200", ("http", "https")),
    "tika_url": ("http://主机:9998", ("http", "https")),
    "public_url": ("https://主机", ("http", "https")),
    "traces_url": ("http://主机:4318", ("http", "https")),
    "oidc_issuer": ("https://主机", ("http", "https")),
    "queue_url": ("redis://:口令@主机:6379/0", ("redis", "rediss")),
}
"""How each address looks, and the schemes that are known."""

SECRETS = Path("/run/secrets")
"""A setting may also be a file in here, named like its variable: how containers are given what nobody should see."""

WRONG = {
    "string_pattern_mismatch": "只能用小写字母、数字和连字符",
    "int_parsing": "应当是整数",
    "bool_parsing": "应当是 true 或 false",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
    "literal_error": "只能是 {expected}",
    "string_too_short": "不能为空",
}


class WrongSettings(Exception):
    """The environment names a setting that there is not; the message says which was probably meant."""


class Settings(BaseSettings):
    """How this installation runs."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="ignore")

    data: Path = Field(default=Path("data"), description="the folder of the embedded stores")
    database_url: str | None = Field(
        default=None, description="postgresql+psycopg://…; default: SQLite in the data folder"
    )
    database_pool: int = Field(default=20, ge=2, le=500, description="connections to PostgreSQL that a process holds")
    database_statement_seconds: int = Field(
        default=60, ge=0, description="longest time of one statement on PostgreSQL; long jobs are exempt; 0: any time"
    )
    objects_url: str | None = Field(default=None, description="s3://key:secret@host:port/bucket; default: a folder")
    objects_lock_days: int = Field(
        default=0, ge=0, description="days that the bucket keeps what is archived from being removed; 0: no lock"
    )
    search_url: str | None = Field(
        default=None, description="http://user:password@host:9200; default: tantivy in a folder"
    )
    search_name: str = Field(
        default="village-archive", pattern=r"^[a-z0-9][a-z0-9-]*$", description="what the index is called on the server"
    )
    search_shards: int = Field(default=1, ge=1, le=64, description="parts of an index that is made on the server")
    search_replicas: int = Field(default=0, ge=0, le=8, description="copies of each part: one needs a second node")
    tika_url: str | None = Field(default=None, description="http://host:9998; default: extractors in process")
    queue_url: str | None = Field(default=None, description="redis://host:6379/0; default: a worker thread")
    second_copy_url: str | None = Field(
        default=None,
        description="file:///… or s3://…: a backup or a mirror that damage is repaired from",
    )
    backup_url: str | None = Field(
        default=None, description="file:///… or s3://…: what backup, restore and drill mean when no place is named"
    )
    backup_keep_days: int = Field(
        default=0, ge=0, description="days after which a backup run is let go of at the next backup; 0: never"
    )
    fixity_days: int = Field(
        default=30, ge=0, description="days within which every stored file is read again; 0: never"
    )
    clamd: str | None = Field(default=None, description="host:port or socket path of clamd; default: no malware check")
    withdrawn_days: int = Field(
        default=90, ge=1, description="days that the bytes of a withdrawn record are kept, so that a slip can be undone"
    )
    public_url: str | None = Field(
        default=None,
        description="https://host: how people reach this service; printed on certified copies to check them",
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=1, le=65535)
    metrics: Literal["loopback", "all", "off"] = Field(default="loopback", description="who may read /metrics")
    log_format: Literal["text", "json"] = Field(
        default="text", description="json: every event a line of JSON, requests too"
    )
    traces_url: str | None = Field(
        default=None, description="http://host:4318: an OpenTelemetry collector (OTLP over HTTP); default: no traces"
    )
    readers: int = Field(default=2, ge=1, le=64, description="child processes that read files")
    reader_seconds: int = Field(default=120, ge=1, description="longest time for one file")
    reader_memory_mb: int = Field(default=3072, ge=256, description="address space of one reader beyond its start")
    ocr: bool = Field(default=True, description="recognise scans in this process group")
    max_upload_mb: int = Field(default=4096, ge=1)
    session_hours: int = Field(default=12, ge=1)
    password_memory_kib: int = Field(default=65536, ge=8, description="Argon2 memory; lowered in tests only")
    county: str = Field(default="云岭县", min_length=1)
    calendar: Path | None = Field(
        default=None, description="the county's calendar of village records (YAML); default: the model"
    )
    appraisal: Path | None = Field(
        default=None, description="the county's rule of appraisal and destruction (YAML); default: the model"
    )
    opening_years: int = Field(
        default=25,
        ge=1,
        le=100,
        description="years from formation until a record is listed for opening review; law for state archives only",
    )
    oidc_issuer: str | None = Field(
        default=None, description="https://host: the county's own log-in service (OpenID Connect); default: none"
    )
    oidc_client: str | None = Field(
        default=None, validate_default=True, description="what this installation is called over there"
    )
    oidc_secret_file: Path | None = Field(default=None, description="a file with the secret of that client")
    oidc_name: str = Field(default="统一登录", description="what the link on the log-in page says")

    @field_validator(*ADDRESSES)
    @classmethod
    def _is_an_address(cls, value: str | None, info: ValidationInfo) -> str | None:
        if not value:
            return None
        example, schemes = ADDRESSES[info.field_name or ""]
        if not _fits(value, schemes):
            raise ValueError(f"应当像 {example}")
        return value

    @field_validator("calendar", "appraisal", "oidc_secret_file")
    @classmethod
    def _is_a_file(cls, value: Path | None) -> Path | None:
        if value is None or value == Path():
            return None
        if not value.is_file() or not os.access(value, os.R_OK):
            raise ValueError("没有这个文件，或者无权读它；请写文件的完整路径")
        return value

    @field_validator("data")
    @classmethod
    def _can_be_a_folder(cls, value: Path) -> Path:
        there = next(one for one in (value.absolute(), *value.absolute().parents) if one.exists())
        if not there.is_dir() or not os.access(there, os.R_OK | os.X_OK):
            raise ValueError(f"{there} 不是能用的文件夹；请写一个文件夹")
        return value

    @field_validator("clamd")
    @classmethod
    def _is_a_scanner(cls, value: str | None) -> str | None:
        if value and not value.startswith("/") and not re.fullmatch(r".+:\d{1,5}", value):
            raise ValueError("应当像 127.0.0.1:3310，或 clamd 的套接字文件 /run/clamav/clamd.ctl")
        return value or None

    @field_validator("oidc_client")
    @classmethod
    def _is_named_over_there(cls, value: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("oidc_issuer") and not value:
            raise ValueError(f"设了 {PREFIX}OIDC_ISSUER 就要写本系统在统一登录那边的名称（client id）")
        return value or None

    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{(self.data / 'archive.db').resolve()}"

    def objects(self) -> str:
        """The object store URL in force."""
        return self.objects_url or f"file://{(self.data / 'store').resolve()}"

    def index_folder(self) -> Path:
        """Where the embedded index lies."""
        return self.data / "index"

    def shown(self) -> dict[str, object]:
        """Every setting as it may be seen by anybody: without passwords and secrets."""
        plain = self.model_dump(mode="json")
        return {name: masked(value) if isinstance(value, str) else value for name, value in plain.items()}


def masked(text: str) -> str:
    """A URL without what stands before its host, even when it is not quite a URL."""
    return re.sub(r"^([a-z0-9+]+:/+)?.*@", r"\1***@", text, flags=re.IGNORECASE | re.DOTALL)


def _fits(address: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return False
    if parts.scheme in ("file", "sqlite"):
        return parts.scheme in schemes and bool(parts.path)
    whole = parts.scheme != "s3" or bool(parts.username and parts.path.strip("/"))
    return parts.scheme in schemes and bool(parts.hostname) and whole


def sentences(error: ValidationError) -> list[str]:
    """What is wrong with the settings, a sentence each: the setting, the value without secrets, the remedy."""
    said = []
    for one in error.errors():
        name, context = str(one["loc"][0]), one.get("ctx", {})
        why = str(context["error"]) if one["type"] == "value_error" else WRONG.get(one["type"], one["msg"])
        shown = masked(str(one["input"] or ""))
        remedy = why.format(**_in_chinese(context)) if one["type"] in WRONG else why
        said.append(f"设置 {PREFIX}{name.upper()} 不对：写的是 {shown!r}，{remedy}。改好后再启动，数据没有动过。")
    return said


def _in_chinese(context: dict[str, object]) -> dict[str, object]:
    """What a sentence is filled with; the checker lists choices as English does."""
    return {
        name: re.sub(r", | or ", "、", value) if name == "expected" and isinstance(value, str) else value
        for name, value in context.items()
    }


def _check_names() -> None:
    """A setting whose name is misspelt would silently not count."""
    known = [f"{PREFIX}{name.upper()}" for name in Settings.model_fields]
    for name, value in os.environ.items():
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = get_close_matches(name.upper(), known, 1)
            meant = f"是不是想写 {near[0]}？" if near else "请去掉它，或对照 docs/operation.md 改名。"
            raise WrongSettings(f"没有名为 {name} 的设置（值是 {masked(value)!r}），{meant}数据没有动过。")


def load(**changes: object) -> Settings:
    """Settings from the environment; what the command line says wins.

    Raises:
        ValidationError: a value is wrong; `sentences` says it for people.
        WrongSettings: a name is.
    """
    _check_names()
    given = {name: value for name, value in changes.items() if value is not None}
    secrets = SECRETS if SECRETS.is_dir() else None
    return Settings(_secrets_dir=secrets, **given)  # type: ignore[arg-type, call-arg]  # pydantic checks at run time
