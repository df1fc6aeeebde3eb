"""The one place that reads the environment. Every setting has a default that needs nothing but Python.

Each setting is VILLAGE_ARCHIVE_<NAME>; a store is chosen by one URL, and any mixture works.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """How this installation runs."""

    model_config = SettingsConfigDict(env_prefix="VILLAGE_ARCHIVE_", frozen=True, extra="ignore")

    data: Path = Field(default=Path("data"), description="the folder of the embedded stores")
    database_url: str | None = Field(
        default=None, description="postgresql+psycopg://…; default: SQLite in the data folder"
    )
    objects_url: str | None = Field(default=None, description="s3://key:secret@host:port/bucket; default: a folder")
    search_url: str | None = Field(
        default=None, description="http://user:password@host:9200; default: tantivy in a folder"
    )
    tika_url: str | None = Field(default=None, description="http://host:9998; default: extractors in process")
    queue_url: str | None = Field(default=None, description="redis://host:6379/0; default: a worker thread")
    second_copy_url: str | None = Field(
        default=None,
        description="file:///… or s3://…: a backup or a mirror that damage is repaired from",
    )
    backup_url: str | None = Field(
        default=None, description="file:///… or s3://…: what backup, restore and drill mean when no place is named"
    )
    fixity_days: int = Field(
        default=30, ge=0, description="days within which every stored file is read again; 0: never"
    )
    clamd: str | None = Field(default=None, description="host:port or socket path of clamd; default: no malware check")
    withdrawn_days: int = Field(
        default=90, ge=1, description="days that the bytes of a withdrawn record are kept, so that a slip can be undone"
    )
    host: str = Field(default="127.0.0.1", description="address to listen on")
    port: int = Field(default=8000, ge=1, le=65535)
    metrics: Literal["loopback", "all", "off"] = Field(default="loopback", description="who may read /metrics")
    log_format: Literal["text", "json"] = Field(
        default="text", description="json: every event a line of JSON, requests too"
    )
    readers: int = Field(default=2, ge=1, le=64, description="child processes that read files")
    reader_seconds: int = Field(default=120, ge=1, description="longest time for one file")
    reader_memory_mb: int = Field(default=3072, ge=256, description="address space of one reader beyond its start")
    ocr: bool = Field(default=True, description="recognise scans in this process group")
    max_upload_mb: int = Field(default=4096, ge=1)
    session_hours: int = Field(default=12, ge=1)
    password_memory_kib: int = Field(default=65536, ge=8, description="Argon2 memory; lowered in tests only")
    county: str = Field(default="云岭县")
    secret: SecretStr | None = Field(default=None, description="reserved for signed links; none are made without it")

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
        plain = self.model_dump(mode="json", exclude={"secret"})
        return {name: masked(value) if isinstance(value, str) else value for name, value in plain.items()}


def masked(text: str) -> str:
    """A URL without what stands before its host."""
    return re.sub(r"://.*@", "://***@", text)


def load(**changes: object) -> Settings:
    """Settings from the environment; what the command line says wins."""
    return Settings(**{name: value for name, value in changes.items() if value is not None})  # type: ignore[arg-type]  # checked at run time by pydantic
