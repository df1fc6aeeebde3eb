"""Setting an archive up: schema, outline, the first administrator. Running it again changes nothing that is there."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from archive_service.actions import accounts, granting, outlines
from archive_service.exchange import outline_files
from archive_service.permissions import NAMED_CLASSES, OPERATOR, Role
from archive_service.wiring import Archive
from storage.database.accounts import account_named
from storage.database.outlines import outline_in_force

MODEL_OUTLINE = "yunling-model.yaml"
BESIDE = (Role.SECURITY, Role.AUDITOR, Role.ARCHIVIST)
"""What the first administrator holds too, until a county has other people for it."""


@dataclass(frozen=True, slots=True)
class Made:
    """What setting up made. `first_password` is shown once and kept nowhere."""

    outline: str | None = None
    banner: str = ""
    first_password: str | None = None


def model_outline() -> Path:
    """The shipped model outline: a model, never law."""
    return Path(str(resources.files("classification").joinpath("outlines", MODEL_OUTLINE)))


def set_up(archive: Archive, outline: Path | None = None, admin: str = "admin") -> Made:
    """Bring everything into place."""
    archive.prepare()
    name, banner = _take_outline(archive, outline)
    with archive.sessions.begin() as session:
        password = None
        if account_named(session, admin) is None:
            password = accounts.add_account(
                session,
                OPERATOR,
                archive.hasher,
                archive.now(),
                admin,
                "系统管理员",
                Role.ADMINISTRATOR,
                clearances=tuple(sorted(NAMED_CLASSES)),
            )
            for role in BESIDE:
                granting.give(session, OPERATOR, archive.now(), admin, role)
    return Made(name, banner, password)


def _take_outline(archive: Archive, outline: Path | None) -> tuple[str | None, str]:
    with archive.sessions.read() as session:
        if outline is None and outline_in_force(session) is not None:
            return None, ""
    content = outline_files.read(outline or model_outline())
    with archive.sessions.begin() as session:
        held = outlines.import_outline(session, OPERATOR, content, archive.now())
    return f"{held.title} {held.version}", str(content["document"].get("banner_zh") or "")
