"""An outline as a file: YAML, a workbook, or a folder of CSV, read to the one plain document the rule book takes.

The workbook has one sheet a section and one row an entry; a folder has one CSV a section with the same columns. The
rule book judges the content; here only what cannot be read at all is refused, with sheet, row and column.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from classification.errors import OutlineInvalid, Problem

DOCUMENT = "文件"
SECTIONS: dict[str, tuple[str, tuple[str, ...]]] = {
    "series": (
        "归档范围",
        (
            "id",
            "class",
            "zh",
            "retention",
            "start",
            "access",
            "creators",
            "basis",
            "confidence",
            "serves",
            "keywords",
            "kinds",
            "examples",
            "note",
            "en",
        ),
    ),
    "classes": ("类目", ("id", "code", "zh", "parent", "template", "national", "history_kind", "note", "en")),
    "code_templates": (
        "档号模板",
        ("id", "standard", "zh", "pattern", "counter", "inner_counter", "example", "alternative_to"),
    ),
    "retention_values": ("保管期限", ("id", "zh", "code", "years", "en")),
    "start_rules": ("起算规则", ("id", "zh", "evidence", "fiscal_year_end", "en")),
    "events": ("事件", ("id", "zh", "en")),
    "access_classes": ("利用范围", ("id", "zh", "who", "en")),
    "creators": ("立档单位", ("id", "zh", "en")),
    "evidence_sources": ("依据来源", ("id", "zh", "en", "names_only", "cite_as_law")),
    "evidence_rows": ("依据", ("id", "source", "zh", "term_as_read")),
}
LISTS = frozenset({"creators", "basis", "serves", "keywords", "kinds", "examples"})
NESTED = frozenset({"retention", "fiscal_year_end"})
FLAGS = frozenset({"national", "names_only", "cite_as_law"})
TEXTS = frozenset({"id", "code", "version"})
COLUMN_NAMES = {
    "id": "编号",
    "class": "类目",
    "zh": "名称",
    "retention": "保管期限",
    "start": "起算",
    "access": "利用范围",
    "creators": "形成机构",
    "basis": "依据",
    "confidence": "依据程度",
    "serves": "对应台账",
    "keywords": "关键词",
    "kinds": "文种",
    "examples": "举例",
    "note": "说明",
    "en": "英文",
    "code": "代码",
    "parent": "上级",
    "template": "档号模板",
    "national": "国家代码",
    "history_kind": "村史类别",
    "standard": "标准",
    "pattern": "格式",
    "counter": "流水号",
    "inner_counter": "卷内流水号",
    "example": "样例",
    "alternative_to": "可替代",
    "years": "年数",
    "evidence": "出处",
    "fiscal_year_end": "会计年度终了",
    "who": "谁可以看",
    "source": "来源",
    "term_as_read": "所见期限",
    "names_only": "只列名目",
    "cite_as_law": "可作法律引用",
}
FIELD_OF = {zh: field for field, zh in COLUMN_NAMES.items()}


def read(path: Path) -> dict[str, Any]:
    """The plain document in a file or folder.

    Raises:
        OutlineInvalid: the file cannot be read, or a cell cannot be understood; every such cell is named.
    """
    if path.is_dir():
        return _assembled({file.stem: list(_csv_rows(file)) for file in sorted(path.glob("*.csv"))})
    match path.suffix.lower():
        case ".yaml" | ".yml":
            return _yaml(path)
        case ".xlsx":
            return _assembled(_sheets(path))
    raise _unreadable(path.name, "只能导入 YAML、XLSX，或装着 CSV 的文件夹。")


def _unreadable(place: str, message: str, column: str = "") -> OutlineInvalid:
    return OutlineInvalid((Problem(place, column, message),))


def _yaml(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"第 {mark.line + 1} 行" if mark else path.name
        raise _unreadable(place, "这一行的写法读不懂。", f"第 {mark.column + 1} 列" if mark else "") from error
    if not isinstance(content, dict):
        raise _unreadable(path.name, "文件里没有大纲内容。")
    return content


def _csv_rows(path: Path) -> Iterator[Sequence[Any]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.reader(file)


def _sheets(path: Path) -> dict[str, list[Sequence[Any]]]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:
        raise _unreadable(path.name, "这个工作簿打不开，可能不是 XLSX 或已损坏。") from error
    try:
        return {sheet.title: [row for row in sheet.iter_rows(values_only=True)] for sheet in book}
    finally:
        book.close()


def _assembled(sheets: Mapping[str, Sequence[Sequence[Any]]]) -> dict[str, Any]:
    problems: list[Problem] = []
    content: dict[str, Any] = {}
    for name, value in _pairs(sheets.get(DOCUMENT, sheets.get("document", ()))):
        _put(content, name, value, problems)
    for section, (title, _) in SECTIONS.items():
        rows = sheets.get(title, sheets.get(section))
        if rows is not None:
            content[section] = list(_entries(title, rows, problems))
    if problems:
        raise OutlineInvalid(tuple(problems))
    return content


def _pairs(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[str, Any]]:
    for row in rows:
        if len(row) >= 2 and row[0] and str(row[0]) != "项目":
            yield str(row[0]).strip(), row[1]


def _put(content: dict[str, Any], name: str, value: Any, problems: list[Problem]) -> None:
    parts = name.split(".")
    place: Any = content
    for part in parts[:-1]:
        place = place.setdefault(part, {})
    try:
        place[parts[-1]] = json.loads(value) if isinstance(value, str) and value[:1] in "[{" and value else value
    except json.JSONDecodeError:
        problems.append(Problem(DOCUMENT, name, "这一格的写法读不懂。"))


def _entries(title: str, rows: Sequence[Sequence[Any]], problems: list[Problem]) -> Iterator[dict[str, Any]]:
    header = [str(cell).strip() if cell is not None else "" for cell in (rows[0] if rows else ())]
    fields = [FIELD_OF.get(name, name) for name in header]
    for number, row in enumerate(rows[1:], 2):
        if not any(cell not in (None, "") for cell in row):
            continue
        entry: dict[str, Any] = {}
        for field, name, cell in zip(fields, header, row, strict=False):
            if not field or (cell in (None, "") and field not in ("retention", "parent")):
                continue
            try:
                entry[field] = _value(field, cell)
            except ValueError as error:
                problems.append(Problem(f"{title} 第 {number} 行", name, str(error)))
        yield entry


def _value(field: str, cell: Any) -> Any:
    if field in LISTS:
        return [one.strip() for one in str(cell).replace("；", ";").split(";") if one.strip()]
    if field in NESTED:
        return _nested(cell)
    if field in FLAGS:
        return str(cell).strip().lower() in ("是", "true", "1", "yes")
    if field == "years":
        return int(cell) if str(cell).strip().isdigit() else None
    if cell in (None, ""):
        return None
    return str(cell).strip()


WORDS = {"永久": "permanent", "待定": None, "": None, "none": None, "permanent": "permanent"}


def _nested(cell: Any) -> Any:
    """永久, 30, 30年, 定期30年, 待定, {"event": …}, 重要的永久/一般的30年."""
    text = "" if cell is None else str(cell).strip()
    if text.lower() in WORDS:
        return WORDS[text.lower()]
    if text.startswith("{"):
        try:
            return json.loads(text)
        except json.JSONDecodeError as error:
            raise ValueError("花括号里的写法读不懂。") from error
    if "重要" in text and "一般" in text:
        important, _, ordinary = text.partition("/")
        return {
            "important": _nested(important.replace("重要的", "")),
            "ordinary": _nested(ordinary.replace("一般的", "")),
        }
    number = text.removeprefix("定期").removesuffix("年").removesuffix(".0")
    if number.isdigit():
        return int(number)
    raise ValueError(f"“{text}”不是保管期限：写 永久、30、10、待定，或 重要的永久/一般的30年。")


def write_workbook(content: Mapping[str, Any], path: Path) -> None:
    """Write a document as a workbook that a clerk can change and import again."""
    book = Workbook()
    book.remove(book.active)
    sheet = book.create_sheet(DOCUMENT)
    _header(sheet, ["项目", "内容", "怎么填"])
    for name, value in _flat({k: v for k, v in content.items() if k not in SECTIONS}):
        sheet.append([name, _text(value), _hint(name)])
    _widths(sheet, [32, 60, 60])
    for section, (title, fields) in SECTIONS.items():
        sheet = book.create_sheet(title)
        _header(sheet, [COLUMN_NAMES[field] for field in fields])
        for entry in content.get(section, ()):
            sheet.append([_cell(field, entry.get(field)) for field in fields])
        _widths(sheet, [{"zh": 40, "examples": 50, "keywords": 40, "note": 40}.get(field, 16) for field in fields])
    book.save(path)


def write_csv_folder(content: Mapping[str, Any], folder: Path) -> None:
    """Write a document as a folder of CSV files with the same columns."""
    folder.mkdir(parents=True, exist_ok=True)
    rows = [
        ["项目", "内容"],
        *([n, _text(v)] for n, v in _flat({k: v for k, v in content.items() if k not in SECTIONS})),
    ]
    _write_csv(folder / f"{DOCUMENT}.csv", rows)
    for section, (title, fields) in SECTIONS.items():
        entries = [[_cell(field, entry.get(field)) for field in fields] for entry in content.get(section, ())]
        _write_csv(folder / f"{title}.csv", [[COLUMN_NAMES[field] for field in fields], *entries])


def _write_csv(path: Path, rows: Iterable[Sequence[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, one in value.items():
        if isinstance(one, Mapping) and one:
            yield from _flat(one, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", one


def _text(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else value


def _cell(field: str, value: Any) -> Any:
    if field in LISTS:
        return ";".join(str(one) for one in value or ())
    if field == "retention":
        return {None: "待定", "permanent": "永久"}.get(value, value) if not isinstance(value, Mapping) else _text(value)
    if isinstance(value, bool):
        return "是" if value else ""
    return _text(value) if field in NESTED else value


def _hint(name: str) -> str:
    return {
        "document.kind": "本县正式大纲填 county；示范大纲为 model",
        "document.version": "每次导入换一个版本号",
        "document.issued_by": "发布机关",
        "document.issued_number": "发布文号",
        "document.effective_from": "生效日期，如 2026-01-01",
        "document.banner_zh": "正式大纲留空",
    }.get(name, "")


def _header(sheet: Any, names: Sequence[str]) -> None:
    sheet.append(list(names))
    for cell in sheet[1]:
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="center")
    sheet.freeze_panes = "B2"


def _widths(sheet: Any, widths: Sequence[int]) -> None:
    for number, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
