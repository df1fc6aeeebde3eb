"""Two versions of a county's outline side by side: what differs, and which records would change class or period.

Nothing is changed here, and archived records keep the version that gave them their period, whatever this shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from classification.outline_model import Document, Named, Outline, OutlineClass, Series
from classification.retention import Stored, parse_retention
from classification.templates import Template

Fate = Literal["added", "removed", "changed"]
FATES: dict[Fate, str] = {"added": "新增", "removed": "删去", "changed": "改动"}
NOTHING = "（空）"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `part` is its list (类目, 条目 …); `field`, `before` and `after` belong to a change."""

    part: str
    id: str
    name: str
    fate: Fate
    field: str = ""
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        what = f"{FATES[self.fate]}{self.part} {self.id} {self.name}".rstrip()
        return f"{what}：{self.field}由“{self.before}”改为“{self.after}”" if self.field else what


@dataclass(frozen=True, slots=True)
class Change:
    """A record that another version would file or keep differently. Periods and classes are in words, ready to show."""

    record_id: str
    title: str
    series_id: str
    what: str

    def __str__(self) -> str:
        return f"{self.title}（条目 {self.series_id}）：{self.what}"


Described = tuple[str, Mapping[str, str]]
"""The name of an entry, and its fields in words."""


def compare(old: Outline, new: Outline) -> tuple[Difference, ...]:
    """Everything that differs, list by list, in the order of the documents; empty for equal contents."""
    before, after = _described(old), _described(new)
    return tuple(found for part in before for found in differences(part, before[part], after[part]))


def differences(part: str, before: Mapping[str, Described], after: Mapping[str, Described]) -> Iterator[Difference]:
    """What differs between two lists of the same name, entry by entry: gone, new, then each changed field."""
    for one, (name, _) in before.items():
        if one not in after:
            yield Difference(part, one, name, "removed")
    for one, (name, fields) in after.items():
        if one not in before:
            yield Difference(part, one, name, "added")
            continue
        was = before[one][1]
        for field, value in fields.items():
            if was[field] != value:
                yield Difference(part, one, name, "changed", field, was[field] or NOTHING, value or NOTHING)


def _described(outline: Outline) -> dict[str, dict[str, Described]]:
    values = outline.retention_values.values()
    return {
        "文件": {"说明": ("", _document(outline.document))},
        "类目": {one.id: (one.name, _class(one)) for one in outline.classes.values()},
        "条目": {one.id: (one.name, _series(one)) for one in outline.series.values()},
        "保管期限": {
            v.id: (v.name, {"名称": v.name, "代码": v.code or "", "年数": str(v.years or "")}) for v in values
        },
        "起算规则": {
            rule.id: (rule.name, {"名称": rule.name, "会计年度终了": "{}月{}日".format(*rule.fiscal_year_end)})
            for rule in outline.start_rules.values()
        },
        "事件": _named(outline.events),
        "利用范围": _named(outline.access_classes),
        "立档单位": _named(outline.creators),
        "档号模板": {name: ("", _template(one)) for name, one in outline.templates.items()},
    }


def _document(one: Document) -> Mapping[str, str]:
    return {
        "编号": one.id,
        "版本": one.version,
        "题名": one.title,
        "性质": "示范" if one.kind == "model" else "本县规定",
        "发布机关": one.issued_by,
        "发布文号": one.issued_number,
        "施行日期": str(one.effective_from or ""),
        "失效日期": str(one.effective_to or ""),
    }


def _class(one: OutlineClass) -> Mapping[str, str]:
    return {
        "代码": one.code,
        "名称": one.name,
        "上级": one.parent or "",
        "档号模板": one.template,
        "村史类别": one.history_kind,
        "说明": one.note,
    }


def _series(one: Series) -> Mapping[str, str]:
    return {
        "类目": one.class_id,
        "名称": one.name,
        "保管期限": one.retention.label,
        "起算": one.start,
        "利用范围": one.access,
        "形成机构": "、".join(one.creators),
        "依据": "、".join(one.basis),
        "依据程度": one.confidence,
        "关键词": "、".join(one.keywords),
        "文种": "、".join(one.kinds),
        "说明": one.note,
    }


def _template(one: Template) -> Mapping[str, str]:
    return {"格式": one.pattern, "样例": one.example}


def _named(entries: Mapping[str, Named]) -> dict[str, Described]:
    return {one.id: (one.name, {"名称": one.name, "谁可以看": one.who}) for one in entries.values()}


def preview(records: Iterable[tuple[str, str, str, Stored]], old: Outline, new: Outline) -> Iterator[Change]:
    """The records whose class or period would be another under `new`.

    Args:
        records: (id, title, series, the period as stored with the record), in any number; they are not kept.
        old: the version in force; a record whose series is not even in it is judged by its series in `new`.
        new: the version that might come.
    """
    for record_id, title, series_id, stored in records:
        said = "；".join(_consequences(series_id, stored, old, new))
        if said:
            yield Change(record_id, title, series_id, said)


def _consequences(series_id: str, stored: Stored, old: Outline, new: Outline) -> Iterator[str]:
    was, becomes = old.series.get(series_id), new.series.get(series_id)
    if becomes is None:
        yield "新大纲里没有这个条目，须另定条目"
        return
    if was is not None and was.class_id != becomes.class_id:
        yield f"类目由“{_path(old, was)}”改为“{_path(new, becomes)}”"
    kept = parse_retention(stored)
    if was is not None and was.retention == becomes.retention:
        return
    chosen = [part for _, part in becomes.retention.parts]
    if kept != becomes.retention and kept not in chosen:
        yield f"期限由“{kept.label}”改为“{becomes.retention.label}”"


def _path(outline: Outline, series: Series) -> str:
    return " · ".join(outline.class_path(series.class_id))
