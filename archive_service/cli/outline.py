"""outline: import, show, compare, preview, and the template workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from archive_service.actions import outlines
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import show_json, show_table, tell
from archive_service.exchange import outline_files
from archive_service.permissions import OPERATOR
from archive_service.wiring import open_archive
from classification.comparison import compare, preview
from classification.outline import parse
from storage.database.outlines import outline_versions

outline_app = App()
File = Annotated[Path, typer.Argument(help="YAML、XLSX 文件，或装着 CSV 的文件夹。", exists=True)]


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.add_typer(outline_app, name="outline", help="分类大纲和保管期限表：导入、查看、比较。")


@outline_app.command("import", epilog="例： village-archive outline import 本县大纲.xlsx")
def import_file(file: File, data: options.Data = None) -> None:
    """导入一版大纲并启用。有一处错就全部不导入，并逐行说明。"""
    archive = open_archive(data=data)
    content = outline_files.read(file)
    with archive.sessions.begin() as session:
        held = outlines.import_outline(session, OPERATOR, content, archive.now())
    tell(f"已导入并启用：{held.title} {held.version}")
    if held.kind == "model":
        tell(parse(held.content).document.banner, "red")


@outline_app.command("show")
def show(
    version: Annotated[str | None, typer.Option(help="看这一版（默认看启用的一版）。")] = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """显示大纲：版本、类目、条目和期限。"""
    with open_archive(data=data).sessions.read() as session:
        held, outline = outlines.outline_at(session, version)
        versions = [
            {"document": v.document, "version": v.version, "in_force": v.in_force} for v in outline_versions(session)
        ]
    if json:
        show_json({"versions": versions, "outline": held.content})
        return
    tell(f"{held.title} {held.version}")
    if outline.document.banner:
        tell(outline.document.banner, "red")
    rows = [
        [series.id, " · ".join(outline.class_path(series.class_id)), series.name, series.retention.label]
        for series in outline.series.values()
    ]
    show_table("", ["条目", "类目", "归档范围", "保管期限"], rows, none="这一版大纲里没有条目。")


@outline_app.command("diff", epilog="例： village-archive outline diff 新大纲.yaml")
def diff(
    file: File,
    data: options.Data = None,
    json: options.Json = False,
    limit: Annotated[int, typer.Option(help="最多列出多少件受影响的档案。")] = 50,
) -> None:
    """与启用的一版比较，并预览哪些档案的类目或期限会变。什么都不写入。"""
    new = parse(outlines.plain_json(outline_files.read(file)))
    with open_archive(data=data).sessions.read() as session:
        _, old = outlines.outline_at(session)
        differences = compare(old, new)
        changes = list(preview(outlines.records_under(session), old, new))
    if json:
        show_json({"differences": [str(one) for one in differences], "records": [str(one) for one in changes]})
        return
    for one in differences:
        tell(str(one))
    tell(f"大纲有 {len(differences)} 处不同；有 {len(changes)} 件档案的类目或期限会变。")
    for change in changes[:limit]:
        tell(f"  {change}")


@outline_app.command("template", epilog="例： village-archive outline template 本县大纲.xlsx")
def template(target: Annotated[Path, typer.Argument(help="写到哪个 XLSX 文件。")], data: options.Data = None) -> None:
    """写出可以填写的模板工作簿（以启用的大纲为底）。"""
    with open_archive(data=data).sessions.read() as session:
        held, _ = outlines.outline_at(session)
    outline_files.write_workbook(held.content, target)
    tell(f"已写出 {target}；填好后用 village-archive outline import 导入。")
