"""The JSON API under /api/v1: one module per thing. Handlers open a transaction, call one action, and answer."""

from __future__ import annotations

from fastapi import Depends, FastAPI

from archive_service.web.api import (
    accounts,
    appraising,
    batches,
    cadres,
    calendar,
    completeness,
    county,
    disposing,
    dossiers,
    editing,
    files,
    handovers,
    jobs,
    journal,
    ledgers,
    lists,
    notices,
    opening,
    originals,
    outline,
    printing,
    readers,
    receiving,
    records,
    registers,
    removing,
    revisions,
    search,
    session,
    townships,
    transfers,
    using,
    villages,
)
from archive_service.web.api.errors import document, refusals
from archive_service.web.context import by_header

__all__ = ["DESCRIPTION", "TAGS", "add_to", "document"]

DESCRIPTION = """
先用 `POST /api/v1/session` 登录，得到 token，以后每次请求带上 `Authorization: Bearer <token>`。
在网页的登录里调用时，凡是改动都要带 `X-CSRF-Token`（见 `GET /api/v1/me`）。
出错时回答 `application/problem+json`：`detail` 说发生了什么，`safe` 说什么没有受影响，`next` 说接下来怎么办。
看不到的东西，回答和不存在的一样（404）。
"""
TAGS = [
    {"name": "session", "description": "登录与退出"},
    {"name": "batches", "description": "移交：开批次、传文件、看结果、对账单"},
    {"name": "records", "description": "整理与归档"},
    {"name": "appraisal", "description": "鉴定与销毁清册"},
    {"name": "search", "description": "查档"},
    {"name": "use", "description": "利用：申请、答复、复制件证明、记住的查找"},
    {"name": "opening", "description": "开放审核：到年限的清单、初审、复核、复审"},
    {"name": "transfer", "description": "移交档案馆：移交包、四性检测、接收凭证"},
    {"name": "files", "description": "原件与页面图"},
    {"name": "outline", "description": "分类大纲与保管期限表"},
    {"name": "villages", "description": "各村"},
    {"name": "accounts", "description": "账号"},
    {"name": "completeness", "description": "齐全情况：该有的记录有没有"},
    {"name": "matters", "description": "事项卷、台账、移交"},
    {"name": "journal", "description": "操作日志"},
    {"name": "jobs", "description": "后台"},
    {"name": "print", "description": "打印：目录、备考表、标签、清册、统计"},
]

MODULES = (
    session, batches, receiving, lists, records, disposing, search, files, outline, villages, accounts, jobs,
    printing, completeness, using, readers, appraising, registers, removing,
    opening, transfers, notices,
    dossiers, ledgers, handovers,
    editing, originals, revisions, journal,
    county, calendar, cadres, townships,
)  # fmt: skip


def add_to(app: FastAPI) -> None:
    """Hang the API on the application, one module after the other: of nested routers all would be made three times."""
    responses = refusals(401, 403, 422, 503)
    for module in MODULES:
        app.include_router(module.router, prefix="/api/v1", dependencies=[Depends(by_header)], responses=responses)
