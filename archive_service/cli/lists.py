"""list: take the list of records out to be edited and bring it back, bring in new lists, write templates for them."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_service.actions import list_columns
from archive_service.actions.accounts import actor_named
from archive_service.actions.lists import import_list, is_exported
from archive_service.actions.record_lists import Wanted
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import progress, show_json, show_table, tell
from archive_service.exchange import list_files
from archive_service.permissions import OPERATOR, Actor
from archive_service.rulebook import rule_book
from archive_service.tasks.listing import apply_list, export_list, preview_list
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.web.words import STATES
from archive_service.wiring import Archive, open_archive
from storage.database.organisations import village_named

list_app = App()
STATES_SAID = "、".join(f"{one}（{STATES[one]}）" for one in ("proposed", "accepted", "archived"))
KINDS = "、".join(f"{kind}（{name}）" for kind, name in list_columns.NAMES.items())


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(list_app, name="list", help="清单：导出来改、再导回去；导入新的目录或村史清单，写出模板。")


@list_app.command("export", epilog="例： village-archive list export 石门槛村.xlsx --village 石门槛村 --class WS")
def export(
    target: Annotated[Path, typer.Argument(help="写到哪个文件：.xlsx 给 Excel、WPS，.csv 给程序。", dir_okay=False)],
    village: options.MaybeVillage = None,
    state: Annotated[str | None, typer.Option(help=f"只要这种状态：{STATES_SAID}。")] = None,
    class_id: Annotated[str | None, typer.Option("--class", help="只要这个类目（和它下面的），如 WS。")] = None,
    series: Annotated[str | None, typer.Option(help="只要这个条目，如 WS-DQ-01。")] = None,
    first: Annotated[int | None, typer.Option("--from", help="从哪一年起。")] = None,
    last: Annotated[int | None, typer.Option("--to", help="到哪一年止。")] = None,
    as_user: options.As = None,
    data: options.Data = None,
) -> None:
    """导出清单：一行一件，带编号和各项著录；在 Excel 或 WPS 里改好，用 list import 导回来。"""
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
    wanted = Wanted(home, None, state, None, class_id, series, first, last)
    with progress(f"导出 {target.name}"):
        number = export_list(archive, actor, wanted, target)
    tell(f"已导出 {number} 件到 {target}；改好后用 village-archive list import 导回来。")


@list_app.command("import", epilog="例： village-archive list import 归档目录.xlsx --village 石门槛村")
def import_file(
    file: Annotated[Path, typer.Argument(help="XLSX 或 CSV 清单，一行一件。", exists=True, dir_okay=False)],
    village: options.MaybeVillage = None,
    kind: Annotated[str | None, typer.Option(help=f"新清单的种类：{KINDS}。不写就看工作表的名字。")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只看会改什么，什么都不改。")] = False,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """导入清单：导出后改过的清单，改动原来的材料；新清单，一行成为一件待整理的材料（要写 --village）。

    有一处错就全部不导入，并逐行逐列说明；同一份清单再导入一次什么也不会变。
    """
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
    if is_exported(file):
        _change(archive, actor, file, dry_run, json)
    elif village is None or dry_run:
        raise typer.BadParameter("这是新清单，要写明 --village 村名，不能 --dry-run；没有改动。")
    else:
        _add(archive, actor, file, village, kind, json)


def _change(archive: Archive, actor: Actor, file: Path, dry_run: bool, json: bool) -> None:
    with progress(f"核对 {file.name}", quiet=json):
        done = (preview_list if dry_run else apply_list)(archive, actor, file)
    if not dry_run:
        sync_index(archive)
        seal_journal(archive)
    if json:
        shown = [
            {"row": one.number, "record": one.record.id, "title": one.record.title, "changes": one.lines}
            for one in done.shown
        ]
        show_json({"rows": done.rows, "changed": done.number, "new_versions": len(done.revised), "changes": shown})
        return
    lines = [[str(one.number), name, before, after] for one in done.shown for name, before, after in one.lines]
    show_table("", ["行", "列", "原来", "改成"], lines, none="没有改动。")
    verb = "会改动" if dry_run else "已改动"
    tell(f"共 {done.rows} 行，{verb} {done.number} 件，其中已归档、另存新版本的 {len(done.revised)} 件。")


def _add(archive: Archive, actor: Actor, file: Path, village: str, kind: str | None, json: bool) -> None:
    with progress(f"导入 {file.name}", quiet=json), archive.sessions.begin() as session:
        home = village_named(session, village).id
        done = import_list(session, actor, home, file, kind, rule_book(session), archive.now())
    sync_index(archive)
    if json:
        show_json({"batch": done.batch_id, "records": done.records, "before": done.before})
    elif done.before:
        tell("这份清单以前导入过，没有再导入一次。")
    else:
        tell(f"已导入 {done.records} 件，等待整理。")


@list_app.command("template", epilog="例： village-archive list template customs 民俗.xlsx")
def template(
    kind: Annotated[str, typer.Argument(help=f"清单种类：{KINDS}。")],
    target: Annotated[Path, typer.Argument(help="写到哪个 XLSX 文件。")],
) -> None:
    """写出可以填写的清单模板。"""
    list_files.write_template(list_columns.NAMES.get(kind, kind), list_columns.columns_of(kind), target)
    tell(f"已写出 {target}；填好后用 village-archive list import 导入。")
