"""Do the parts of an outline fit each other? Every reference, duplicate and contradiction, each with place and column.

Cells that could not be read at all were noted by the reader. A check never looks outside the document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from classification.errors import Problem
from classification.outline_model import Outline, OutlineClass, Series, retention_key
from classification.retention import OLD_TERMS, START_RULES, Retention

Places = Mapping[tuple[str, str], str]
CONFIDENCES = ("", "reported", "analogy", "weak", "model", "county")
DEEPEST = 20


def problems_of(outline: Outline, places: Places) -> list[Problem]:
    """Everything that does not fit, in the order of the document."""
    found = [*_document(outline), *_values(outline, places), *_start_rules(outline, places)]
    for one in outline.templates:
        found += _template(outline, one, places[("code_templates", one)])
    for category in outline.classes.values():
        found += _class(outline, category, places[("classes", category.id)])
    found += _same_codes(outline, places)
    for series in outline.series.values():
        found += _series(outline, series)
    found += _evidence(outline, places)
    return found


def _document(outline: Outline) -> Iterator[Problem]:
    document, place = outline.document, "文件说明"
    if not document.title:
        yield Problem(place, "title", "必须填写")
    if document.kind == "model" and not document.banner:
        yield Problem(place, "banner_zh", "示范文件必须带“仅供试用”的说明")
    if document.effective_from is None:
        yield Problem(place, "effective_from", "必须填写施行日期，应写成 2026-01-01")
    elif document.effective_to and document.effective_to < document.effective_from:
        yield Problem(place, "effective_to", "失效日期早于施行日期")
    if document.kind == "county" and not document.issued_by:
        yield Problem(place, "issued_by", "本县文件须写明发布机关")
    if document.kind == "county" and document.fictional:
        yield Problem(place, "county", "本县文件不能带 fictional（虚构）标记")


def _values(outline: Outline, places: Places) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for value in outline.retention_values.values():
        place = places["retention_values", value.id]
        if value.id.isdigit() and value.years != int(value.id):
            yield Problem(place, "years", f"年数应与编号一致，为 {value.id}")
        if value.id not in ("permanent", "event", "open") and not value.id.isdigit():
            yield Problem(place, "id", f"“{value.id}”应为 permanent、年数、event 或空（待定）")
        if (value.id == "permanent" or value.id.isdigit()) and not value.code:
            yield Problem(place, "code", "缺档号中的期限代码，如 Y、D30")
        if value.code and value.code in seen:
            yield Problem(place, "code", f"代码“{value.code}”与{seen[value.code]}重复")
        if value.code:
            seen[value.code] = value.name


def _start_rules(outline: Outline, places: Places) -> Iterator[Problem]:
    for rule in outline.start_rules:
        if rule not in START_RULES:
            yield Problem(
                places["start_rules", rule], "id", f"软件不认识起算规则“{rule}”，可用 {'、'.join(START_RULES)}"
            )


def _template(outline: Outline, template_id: str, place: str) -> Iterator[Problem]:
    template = outline.templates[template_id]
    if template.example and template.parse(template.example) is None:
        yield Problem(place, "example", f"样例“{template.example}”不符合模板“{template.pattern}”")
    if not any(form == "number" and name in template.names for name, form in template.parts.items()):
        yield Problem(place, "pattern", "模板里没有流水号（件号、卷号……）")


def _class(outline: Outline, category: OutlineClass, place: str) -> Iterator[Problem]:
    if category.parent and category.parent not in outline.classes:
        yield Problem(place, "parent", f"没有上级类目“{category.parent}”")
    elif _circular(outline, category):
        yield Problem(place, "parent", "上级类目绕成了圈")
    if not category.template:
        yield Problem(place, "template", "没有指定档号模板")
    elif category.template not in outline.templates:
        yield Problem(place, "template", f"没有档号模板“{category.template}”")
    elif not _circular(outline, category):
        yield from _class_code(outline, category, place)


def _class_code(outline: Outline, category: OutlineClass, place: str) -> Iterator[Problem]:
    level = _depth(outline, category)
    form = outline.templates[category.template].parts.get(f"class{level}", "[A-Z0-9]+")
    if category.code and not re.fullmatch(form, category.code):
        yield Problem(place, "code", f"代码“{category.code}”不合第 {level} 级类目的形式 {form}")


def _depth(outline: Outline, category: OutlineClass) -> int:
    depth = 1
    while category.parent in outline.classes:
        depth, category = depth + 1, outline.classes[category.parent]
    return depth


def _circular(outline: Outline, category: OutlineClass) -> bool:
    current: str | None = category.id
    for _ in range(DEEPEST):
        if current is None or current not in outline.classes:
            return False
        current = outline.classes[current].parent
    return True


def _same_codes(outline: Outline, places: Places) -> Iterator[Problem]:
    seen: dict[tuple[str | None, str], str] = {}
    for category in outline.classes.values():
        first = seen.setdefault((category.parent, category.code), category.id)
        if first != category.id:
            place = places["classes", category.id]
            yield Problem(place, "code", f"代码“{category.code}”与同级类目 {first} 重复")


def _series(outline: Outline, series: Series) -> Iterator[Problem]:
    place = series.place
    known: tuple[tuple[str, str, Mapping[str, object], str], ...] = (
        ("class", series.class_id, outline.classes, "类目"),
        ("start", series.start, outline.start_rules, "起算规则"),
        ("access", series.access, outline.access_classes, "利用范围"),
    )
    for column, value, among, word in known:
        if value and value not in among:
            yield Problem(place, column, f"没有{word}“{value}”")
    for creator in series.creators:
        if creator not in outline.creators:
            yield Problem(place, "creators", f"没有立档单位“{creator}”")
    for basis in series.basis:
        if basis != "model" and basis not in outline.evidence_rows:
            yield Problem(place, "basis", f"没有依据条目“{basis}”")
    if series.confidence not in CONFIDENCES:
        yield Problem(place, "confidence", f"“{series.confidence}”应为 reported、analogy、weak、model 或空")
    yield from _series_retention(outline, series)
    yield from _series_template(outline, series)


def _series_retention(outline: Outline, series: Series) -> Iterator[Problem]:
    retention = series.retention
    for one in (retention, *(part for _, part in retention.parts)):
        if not _allowed(outline, one):
            said = f"“{one.label}”不在本文件的保管期限值里，请先在那张表里加上并给出代码"
            yield Problem(series.place, "retention", said)
    if retention.kind == "event" and retention.event not in outline.events:
        yield Problem(series.place, "retention", f"没有事件“{retention.event}”")
    if (retention.kind == "event") != (series.start == "event") and series.start in START_RULES:
        yield Problem(series.place, "start", "事件期限与“自事件发生之次日起算”须同时使用")


def _allowed(outline: Outline, retention: Retention) -> bool:
    """A two-valued row is allowed by its parts; the old accounting terms only warn."""
    if retention.kind == "split" or retention.years in OLD_TERMS:
        return True
    return retention_key(retention) in outline.retention_values


def _series_template(outline: Outline, series: Series) -> Iterator[Problem]:
    category = outline.classes.get(series.class_id)
    if category is None or _circular(outline, category):
        return
    template, depth = outline.templates.get(category.template), _depth(outline, category)
    needed = {"class1": 1, "class2": 2, "topic": 2, "class3": 3, "class4": 4}
    for part in template.names if template else ():
        if needed.get(part, 0) > depth:
            yield Problem(series.place, "class", f"类目层级不够，档号模板“{category.template}”要用到 {part}")


def _evidence(outline: Outline, places: Places) -> Iterator[Problem]:
    for row in outline.evidence_rows.values():
        if row.source not in outline.evidence_sources:
            yield Problem(places["evidence_rows", row.id], "source", f"没有依据来源“{row.source}”")
