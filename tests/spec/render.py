"""Print the tables of the rules as a page: `python -m tests.spec.render` writes docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

import yaml

from classification.outline import Outline, parse
from classification.retention import parse_retention
from tests.spec import tables
from tests.spec.test_dates import READINGS

ROOT = Path(__file__).resolve().parents[2]
MODEL = ROOT / "classification" / "outlines" / "yunling-model.yaml"
PAGE = ROOT / "docs" / "rules.md"
START_NAMES = {"next_year": "次年1月1日", "fiscal_year_end": "会计年度终了次日", "event": "事件次日"}
CERTAINTIES = {"exact": "日", "month": "月", "year": "年", "part": "一段时间"}
HEAD = """# 规则

本页由 `python -m tests.spec.render` 从 `tests/spec/` 的规则表印出；每一行都是一项测试，改规则就改表。

> **{banner}**
>
> 本页的类目、条目和期限都取自示范大纲，只说明软件怎样计算，不能当作任何规定引用。各县以本县发布的大纲和保管期限表为准。
"""


def page(outline: Outline) -> str:
    """The whole page."""
    parts = [HEAD.format(banner=outline.document.banner)]
    for title, words, names, rows in _sections():
        parts.append(f"## {title}\n\n{words}\n\n{_table(names, rows)}\n")
    return "\n".join(parts)


Section = tuple[str, str, Sequence[str], Iterable[Sequence[object]]]


def _sections() -> Iterable[Section]:
    yield (
        "保管期限的写法",
        "大纲里可以这样写期限。待定、事件期限和两档期限没有档号里的期限代码。",
        ("写法", "显示为", "期限代码"),
        ((_written(written), label, code or "无") for written, label, code in tables.PERIODS),
    )
    yield (
        "起算和期满",
        "期限到最后一年的最后一天为止。期满只列入待鉴定名单，不会自动销毁；永久、待定和未选择的两档期限永不到期。",
        ("期限", "起算规则", "年度", "事件日期", "起算", "期满"),
        (
            (parse_retention(written).label, START_NAMES[rule], year, event_on, start, end)
            for written, rule, year, event_on, start, end in tables.TERMS
        ),
    )
    yield (
        "会计年度",
        "会计年度在哪一天终了由本县规定，期限从次日起算。",
        ("年度终了", "会计年度", "起算"),
        ((f"{month}月{day}日", year, start) for (month, day), year, start in tables.FISCAL_YEARS),
    )
    yield (
        "重要的和一般的",
        "分两档的条目由档案员选择；选择以前按待定处理。",
        ("条目的期限", "选择", "这件的期限"),
        ((parse_retention(written).label, choice or "未选", label) for written, choice, label in tables.CHOICES),
    )
    yield from _later_sections()


def _later_sections() -> Iterable[Section]:
    yield (
        "档号",
        "全宗号以 V012 为例。期限未定的不编档号，显示“待编”；事件期限没有代码，档号里略去这一段。号码不重复使用。",
        ("类目", "期限", "年度", "流水号", "档号"),
        (
            (class_id, parse_retention(written).label, year, number, code or "待编")
            for class_id, written, year, number, code in tables.CODES
        ),
    )
    yield (
        "同一个档号的不同写法",
        "比较时不分全角半角、不管空格，几种间隔点视为一种。",
        ("写法", "与它相同"),
        tables.SAME_CODES,
    )
    yield (
        "大纲的检查",
        "导入时全部检查完再说，有一处错就什么都不导入。例如把示范大纲的一格改成下面的值：",
        ("改哪里", "改成", "会看到"),
        ((" · ".join(map(str, path)), _written(value), said) for path, value, said in tables.FAULTS),
    )
    yield (
        "日期的写法",
        "以 2024 年 11 月 20 日为今天。年份只写两位的，取不晚于今天的最近一个。",
        ("写法", "最早", "最晚", "精确到"),
        ((*row[:3], CERTAINTIES.get(row[3], row[3])) for row in READINGS),
    )
    yield (
        "归到哪里（建议）",
        "按题名、文件名、文件夹和开头的文字建议条目；不像村里的材料就不建议。建议要有人采用才算数。",
        ("题名", "开头", "位置", "建议的条目"),
        ((title, text, path, series or "不建议") for title, text, path, _, series in tables.PROPOSALS),
    )
    yield (
        "谁可以看（建议）",
        "取条目的默认范围；内容涉及个人信息或写明内部的，从严。",
        ("题名", "正文", "利用范围"),
        tables.ACCESS,
    )


def _written(value: object) -> str:
    if isinstance(value, Mapping):
        return "，".join(f"{name}: {one}" for name, one in value.items())
    return "（空）" if value is None or value == [] else str(value)


def _table(names: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [_line(names), _line(["---"] * len(names)), *(_line(row) for row in rows)]
    return "\n".join(lines)


def _line(cells: Sequence[object]) -> str:
    return "| " + " | ".join(_cell(one) for one in cells) + " |"


def _cell(value: object) -> str:
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    return " ".join(text.replace("|", "\\|").replace("\n", " ↵ ").split())


def main() -> None:
    """Write the page."""
    outline = parse(yaml.safe_load(MODEL.read_text(encoding="utf-8")))
    PAGE.write_text(page(outline), encoding="utf-8")


if __name__ == "__main__":
    main()
