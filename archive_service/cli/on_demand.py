"""The commands by name, and the module of each: it is loaded when its command is asked for, or the whole help is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

Command = TyperCommand | TyperGroup

MODULES = {
    "init": "running",
    "serve": "running",
    "worker": "running",
    "scheduler": "running",
    "ingest": "intake",
    "status": "intake",
    "sheet": "intake",
    "watch": "watching",
    "search": "searching",
    "archive": "holding",
    "notices": "notices",
    "due": "disposing",
    "hold": "disposing",
    "appraisal": "appraising",
    "register": "registers",
    "destroy": "destroying",
    "opening": "opening",
    "transfer": "transfers",
    "completeness": "completeness",
    "calendar": "calendar",
    "cadres": "calendar",
    "dossier": "matters",
    "ledger": "matters",
    "handover": "matters",
    "use": "using",
    "print": "printing",
    "list": "lists",
    "verify": "upkeep",
    "fixity": "upkeep",
    "rebuild": "upkeep",
    "doctor": "upkeep",
    "backup": "backups",
    "restore": "backups",
    "drill": "backups",
    "outline": "outline",
    "restrict": "readers",
    "unrestrict": "readers",
    "concerned": "readers",
    "user": "accounts",
    "village": "places",
    "demo": "demo",
}
"""In the order of the help. Each module hangs its commands on the application that it is given: `add_to`."""


@cache
def commands_of(module: str) -> dict[str, Command]:
    """The commands of one module, by name."""
    app = typer.Typer()
    import_module(f"archive_service.cli.{module}").add_to(app)
    return cast(dict[str, Command], typer.main.get_group(app).commands)


class Commands(Mapping[str, Command]):
    """All commands by name; looking one up loads its module."""

    def __getitem__(self, name: str) -> Command:
        return commands_of(MODULES[name])[name]

    def __iter__(self) -> Iterator[str]:
        return iter(MODULES)

    def __len__(self) -> int:
        return len(MODULES)


class OnDemand(TyperGroup):
    """The application: it knows its commands by name, and loads the one that is used."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said)
        self.commands = cast(Any, Commands())  # never written to, though the group would let one
