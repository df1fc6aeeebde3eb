"""The reconciliation sheet as a file: XLSX for people, CSV and JSON lines for programs. Rows are streamed."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable
from typing import Any, TextIO

from archive_service.exchange.new_books import heads, new_book

COLUMNS: tuple[tuple[str, str], ...] = (
    ("path", "文件"),
    ("state_zh", "状态"),
    ("reason", "原因"),
    ("remedy", "怎么办"),
    ("title", "题名"),
    ("class", "类目"),
    ("series", "条目"),
    ("period", "保管期限"),
    ("code", "档号"),
    ("date_wording", "日期（原文）"),
    ("earliest", "最早"),
    ("latest", "最晚"),
    ("doc_number", "文号"),
    ("responsible", "责任者"),
    ("people", "人物"),
    ("access", "利用范围"),
    ("duplicate_of", "与何者重复"),
    ("format", "格式"),
    ("page_count", "页数"),
    ("size", "字节"),
    ("sha256", "SHA-256"),
)

STATES = {
    "received": "已收，待读",
    "proposed": "待整理",
    "archived": "已归档",
    "destroyed": "归档后已销毁",
    "duplicate": "重复",
    "rejected": "退回",
    "unreadable": "待查（读不了）",
}


def _shown(row: dict[str, Any], period: Any) -> list[str | int]:
    said = {**row, "state_zh": STATES.get(row["state"], row["state"]), "period": period(row.get("retention"))}
    if not row.get("record"):
        said["period"] = ""
    return [_cell(said.get(name)) for name, _ in COLUMNS]


def _cell(value: Any) -> str | int:
    if value is None:
        return ""
    if isinstance(value, int):
        return value
    text = "、".join(str(one) for one in value) if isinstance(value, list) else str(value)
    # A spreadsheet runs what begins like a formula; names of files are not ours to trust.
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text


def write_csv(rows: Iterable[dict[str, Any]], target: TextIO, period: Any) -> int:
    """Write CSV with a header of Chinese column names; returns the number of rows."""
    writer = csv.writer(target)
    writer.writerow([zh for _, zh in COLUMNS])
    written = 0
    for row in rows:
        writer.writerow(_shown(row, period))
        written += 1
    return written


def write_xlsx(rows: Iterable[dict[str, Any]], target: Any, period: Any, banner: str = "") -> int:
    """Write a workbook to a path or binary stream, row by row; returns the number of rows."""
    book = new_book()
    sheet = book.create_sheet("移交对账单")
    sheet.freeze_panes = "A3" if banner else "A2"
    if banner:
        sheet.append([banner])
    sheet.append(heads(sheet, (zh for _, zh in COLUMNS)))
    written = 0
    for row in rows:
        sheet.append([_printable(cell) for cell in _shown(row, period)])
        written += 1
    book.save(target)
    return written


def _printable(cell: str | int) -> str | int:
    return "".join(ch for ch in cell if ch >= " " or ch == "\n")[:32000] if isinstance(cell, str) else cell


def write_jsonl(rows: Iterable[dict[str, Any]], target: TextIO, _period: Any = None) -> int:
    """Write one JSON document a line; returns the number of rows."""
    written = 0
    for row in rows:
        target.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")
        written += 1
    return written
