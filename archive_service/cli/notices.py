"""notices: what waits for a person today. Nothing is sent; a county's own scheduler may ask and tell people."""

from __future__ import annotations

from dataclasses import asdict

from archive_service.actions.accounts import actor_named
from archive_service.actions.notices import notices as waiting
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import show_json, tell
from archive_service.permissions import OPERATOR
from archive_service.wiring import open_archive

HOW = {
    "to_catalogue": ("逐件核对建议，采用", "list export 待整理.xlsx --state proposed"),
    "to_archive": ("按年归档", "archive"),
    "requests": ("答复利用申请", "use requests"),
    "loans_overdue": ("催还，归还后登记", ""),
    "due": ("列入鉴定", "due"),
    "opinions": ("提出鉴定意见", "appraisal list"),
    "registers_sign": ("看清册，签字", "register list"),
    "registers_approve": ("看清册，批准或不批准", "register list"),
    "registers_count": ("逐件清点，登记", "register list"),
    "registers_remove": ("看清册，销毁", "register list"),
    "registers_witness": ("销毁以后监销签字", "register list"),
    "registers_file": ("把清册归档", "register list"),
    "holds_to_review": ("复核：继续停止处置，或者解除", "hold list"),
    "openings_second": ("复核开放意见", "opening list --show waiting"),
    "openings_again": ("重新审核是否开放", "opening list --show again"),
    "to_transfer": ("立一次移交", "transfer list"),
    "receipts": ("登记接收凭证", "transfer list"),
    "damaged": ("看哪些文件坏了", "fixity"),
}
"""What is to be done on the page of each notice, and the command that does it or lists it, where there is one."""


def add_to(app: App) -> None:
    """Hang these commands on the application."""
    app.command(epilog="例： village-archive notices --as wang --json")(notices)


def notices(as_user: options.As = None, data: options.Data = None, json: options.Json = False) -> None:
    """今天有什么等着我：到期、意见、清册、监销、复审、停止处置的复核、过期未还、接收凭证。只算出来，什么都不发。"""
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        found = waiting(session, actor, archive.now(), archive.today())
    if json:
        show_json([asdict(one) for one in found])
        return
    shown = [one for one in found if one.number]
    if not shown:
        tell("今天没有等着办的事。")
    where = archive.settings.public_url or f"http://{archive.settings.host}:{archive.settings.port}"
    for one in shown:
        tell(f"{one.number} {one.title}", "bold")
        page, command = HOW[one.key]
        tell(f"  网页：{page}  {where.rstrip('/')}{one.address}")
        if command:
            tell(f"  命令：village-archive {command}")
