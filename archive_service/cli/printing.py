"""print: catalogues, notes, labels, hand-over lists, registers and statistics as PDF to sign or XLSX to work on."""

from __future__ import annotations

from typing import Annotated

import typer

from archive_service.actions.accounts import actor_named
from archive_service.actions.printing_rows import Asked
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.printed import Output, format_of
from archive_service.cli.screen import progress, show_json, tell
from archive_service.forms.printed.cards import SPINES
from archive_service.forms.printed.layouts import FORMS
from archive_service.permissions import OPERATOR
from archive_service.tasks.printing import print_form
from archive_service.wiring import open_archive
from storage.database.organisations import village_named

TERMS = "permanent（永久）、30、10、event（按事件）、open（待定）"


def add_to(app: App) -> None:
    """Hang this command on the application."""
    epilog = "例： village-archive print catalogue --village 石门槛村 --year 2019 -o 归档文件目录.pdf"
    app.command("print", epilog=epilog)(print_a_form)


def print_a_form(
    form: Annotated[str, typer.Argument(help=f"哪种表：{options.in_words(FORMS)}。")],
    output: Output,
    village: options.MaybeVillage = None,
    year: Annotated[int | None, typer.Option(min=1000, max=9998, help="年度；年度统计不写就是今年。")] = None,
    class_id: Annotated[str | None, typer.Option("--class", help="类目，例如 WS；连同下级。")] = None,
    period: Annotated[str | None, typer.Option(help=f"保管期限：{TERMS}。")] = None,
    per_box: Annotated[int, typer.Option(min=1, max=1000, help="每盒多少件。")] = 50,
    thick: Annotated[int, typer.Option(min=min(SPINES), max=max(SPINES), help="档案盒厚多少毫米。")] = 30,
    as_user: options.As = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """打印：目录、备考表、归档章、盒标签、盒脊、移交清册、利用登记、汇总、年度统计，写成 PDF 或 XLSX。"""
    options.known(form, FORMS, "表")
    format = format_of(output)
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
    asked = Asked(form, home, year, class_id, period, per_box, thick)
    with progress(f"写 {output.name}", quiet=json):
        rows = print_form(archive, actor, asked, format, output)
    if json:
        show_json({"form": form, "file": str(output), "rows": rows})
    else:
        tell(f"已写出 {output}，共 {rows} 项。")
