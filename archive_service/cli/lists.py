"""list: bring in a clerk's XLSX list of records, and write the template to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_service.actions import list_columns
from archive_service.actions.accounts import actor_named
from archive_service.actions.lists import import_list
from archive_service.cli import options
from archive_service.cli.screen import progress, show_json, tell
from archive_service.exchange import list_files
from archive_service.permissions import OPERATOR
from archive_service.rulebook import rule_book
from archive_service.tasks.upkeep import sync_index
from archive_service.wiring import open_archive
from storage.database.organisations import village_named

app = typer.Typer(no_args_is_help=True)
KINDS = "、".join(f"{kind}（{name}）" for kind, name in list_columns.NAMES.items())


@app.command("import", epilog="例： village-archive list import 归档目录.xlsx --village 石门槛村")
def import_file(
    file: Annotated[Path, typer.Argument(help="XLSX 清单，一行一件。", exists=True, dir_okay=False)],
    village: options.VillageName,
    kind: Annotated[str | None, typer.Option(help=f"清单种类：{KINDS}。不写就看工作表的名字。")] = None,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """导入清单：一行成为一件待整理的材料。有一处错就全部不导入，并逐行说明；同一份清单再导入一次不会重复。"""
    archive = open_archive(data=data)
    archive.check()
    with progress(f"导入 {file.name}", quiet=json), archive.sessions.begin() as session:
        actor = actor_named(session, as_user) if as_user else OPERATOR
        home = village_named(session, village).id
        done = import_list(session, actor, home, file, kind, rule_book(session), archive.now())
    sync_index(archive)
    if json:
        show_json({"batch": done.batch_id, "records": done.records, "before": done.before})
    elif done.before:
        tell("这份清单以前导入过，没有再导入一次。")
    else:
        tell(f"已导入 {done.records} 件，等待整理。")


@app.command("template", epilog="例： village-archive list template customs 民俗.xlsx")
def template(
    kind: Annotated[str, typer.Argument(help=f"清单种类：{KINDS}。")],
    target: Annotated[Path, typer.Argument(help="写到哪个 XLSX 文件。")],
) -> None:
    """写出可以填写的清单模板。"""
    list_files.write_template(list_columns.NAMES.get(kind, kind), list_columns.columns_of(kind), target)
    tell(f"已写出 {target}；填好后用 village-archive list import 导入。")
