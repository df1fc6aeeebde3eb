"""Archival codes 档号 for the records of an outline: which template, which parts, within what scope a number counts.

Numbers are allocated in a transaction elsewhere (storage) and never reused; the form of a code is in `templates`.
Sources: DA/T 13-2022 and DA/T 22-2015 as far as read; see docs/reference/classification-and-codes.yaml.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from classification.errors import RuleError
from classification.outline_model import Outline
from classification.retention import Retention
from classification.templates import DEFAULT_PARTS, PART_NAMES, Template, normalise

__all__ = [
    "DEFAULT_PARTS",
    "PART_NAMES",
    "Template",
    "counter_scope",
    "normalise",
    "parts_for",
    "read_code",
    "same_code",
    "template_for",
]

PENDING = "待编"
"""Shown in the place of a code while a record has no settled period: kept and findable, not numbered."""


def template_for(outline: Outline, class_id: str, retention: Retention) -> Template:
    """The template of a class for a record with this period; an event term has no letter, so its code goes without.

    Raises RuleError when the period is not settled (待定, or two values without a choice): the code stays 待编.
    """
    category = outline.ancestors(class_id)[-1]
    if category.template not in outline.templates:
        raise RuleError(f"类目“{category.name}”没有档号模板。")
    template = outline.templates[category.template]
    if not retention.settled:
        raise RuleError("保管期限未定，档号待编；定下期限后再编号。")
    return template.without_retention() if retention.kind == "event" else template


def parts_for(
    outline: Outline, class_id: str, retention: Retention, fonds: str, year: int, project: str = ""
) -> dict[str, str | int]:
    """The parts of a code that come from the outline and the record; the numbers are added by the counter.

    class1 … class4 are the codes from the top; topic is the code of the second class.
    """
    chain = outline.ancestors(class_id)
    parts: dict[str, str | int] = {f"class{level}": one.code for level, one in enumerate(chain, 1)}
    if len(chain) > 1:
        parts["topic"] = chain[1].code
    letter = outline.retention_code(retention)
    if letter:
        parts["retention"] = letter
    if project:
        parts["project"] = project
    return {**parts, "fonds": fonds, "year": f"{year:04d}"}


def counter_scope(template: Template, parts: Mapping[str, str | int], counter: str = "") -> str:
    """Everything left of the number to be allocated: numbers are counted within this text.

    `counter` names an inner number (the item in a volume), else the template's own is meant.
    """
    return template.scope(parts, counter)


def same_code(one: str, other: str) -> bool:
    """Whether two spellings are the same code."""
    return normalise(one) == normalise(other)


def read_code(templates: Iterable[Template], code: str) -> tuple[tuple[Template, dict[str, str | int]], ...]:
    """Every template that reads this code, with the parts it finds; several may, for some differ in separators only."""
    readings = ((template, template.parse(code)) for template in templates)
    return tuple((template, parts) for template, parts in readings if parts is not None)
