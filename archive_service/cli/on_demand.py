"""The commands by name, and the module of each: it is loaded when its command is asked for, or the whole help is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Any, cast

import typer
from typer.core import TyperCommand, TyperGroup

from archive_service.cli.frame import App, Group

Command = TyperCommand | TyperGroup

PARTS: dict[str, dict[str, str]] = {
    "建库、运行": {"init": "running", "serve": "running", "worker": "running", "scheduler": "running", "demo": "demo"},
    "收材料、归档、查档": {
        "ingest": "intake",
        "watch": "watching",
        "status": "intake",
        "sheet": "intake",
        "archive": "holding",
        "list": "lists",
        "search": "searching",
        "notices": "notices",
    },
    "到期、鉴定、销毁": {
        "due": "disposing",
        "hold": "disposing",
        "appraisal": "appraising",
        "register": "registers",
        "destroy": "destroying",
    },
    "开放、利用、移交": {
        "opening": "opening",
        "use": "using",
        "restrict": "readers",
        "unrestrict": "readers",
        "concerned": "readers",
        "transfer": "transfers",
        "print": "printing",
    },
    "该有什么、事项、台账": {
        "completeness": "completeness",
        "calendar": "calendar",
        "cadres": "calendar",
        "dossier": "matters",
        "ledger": "matters",
        "handover": "matters",
    },
    "大纲、账号、村": {"outline": "outline", "user": "accounts", "village": "places"},
    "检查、备份": {
        "verify": "upkeep",
        "fixity": "upkeep",
        "rebuild": "upkeep",
        "doctor": "upkeep",
        "backup": "backups",
        "restore": "backups",
        "drill": "backups",
    },
}
"""In the order of the help, under its headings: each command and its module, which hangs it up in `add_to`."""
MODULES = {name: module for part in PARTS.values() for name, module in part.items()}


@cache
def commands_of(module: str) -> dict[str, Command]:
    """The commands of one module, by name."""
    app = App()
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


class OnDemand(Group):
    """The application: it knows its commands by name, and loads the one that is used."""

    def __init__(self, **said: Any) -> None:
        super().__init__(**said)
        self.commands = cast(Any, Commands())  # never written to, though the group would let one

    def parts(self) -> dict[str, list[str]]:
        """The names of the commands under their headings."""
        return {heading: list(part) for heading, part in PARTS.items()}
