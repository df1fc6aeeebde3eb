"""A county's own rule of appraisal and destruction: read from plain values, checked, and never looser than the least.

It does not know files; the model that comes with the software is a proposal and says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from classification.appraisal_seats import ACCOUNTING_SIGNERS, IN_GROUP, LEAST, SIGNERS, Pair, Seat, pair
from classification.errors import Problem, RuleError
from classification.form_layout_reading import layouts, wrong
from classification.form_layouts import MODEL, Layout

SecondOpinion = Literal["none", "destroy", "all"]
ExtensionStart = Literal["next_year", "appraisal_day", "term_end"]
Filing = Literal["none", "before", "after"]
CHOICES: dict[str, tuple[str, ...]] = {
    "second_opinion": ("none", "destroy", "all"),
    "extension_start": ("next_year", "appraisal_day", "term_end"),
    "filing": ("none", "before", "after"),
}
NUMBERS = {"cycle_years": (1, 100), "group_least": (3, 50), "cooling_days": (0, 3660), "witnesses": (2, 2)}
"""The least and the most that a county may say. Two witnesses have a seat each; for more there is none."""
SOURCES = {
    "group_least": "鉴定小组由负责人、档案员和形成部门的人组成，少于三人就缺一方（几个单位的规定）",
    "witnesses": "销毁要有两位监销人（读到的规定都这样要求）",
}
"""Who asks for the least, where a rule of some place does; no law was read that gives a number."""
LEAST_SIGNERS = {"signers": SIGNERS, "accounting_signers": ACCOUNTING_SIGNERS}
MAY_SIGN = IN_GROUP - {Seat.MEMBER}
ACCOUNTING = frozenset({"KU"})
"""The class of accounting by its national code (DA/T 13-2022): a county may add classes, and cannot leave it out."""
LISTS = ("accounting_classes", "filed_under")
KNOWN = frozenset({"schema_version", "document", "apart", "forms", *LISTS, *CHOICES, *NUMBERS, *LEAST_SIGNERS})


class AppraisalRulesInvalid(RuleError):
    """A county's rule was refused whole; `problems` lists everything that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        super().__init__(f"鉴定销毁规则未通过检查，共 {len(problems)} 处问题，没有采用。第一处：{problems[0]}")


@dataclass(frozen=True, slots=True)
class AppraisalRules:
    """One county's rule. `apart`: every pair of seats forbidden to one person, the least among them."""

    document: str
    version: str
    title: str
    banner: str = ""
    banner_en: str = ""
    cycle_years: int = 1
    second_opinion: SecondOpinion = "destroy"
    extension_start: ExtensionStart = "next_year"
    group_least: int = 3
    cooling_days: int = 0
    filing: Filing = "none"
    signers: tuple[Seat, ...] = SIGNERS
    accounting_signers: tuple[Seat, ...] = ACCOUNTING_SIGNERS
    accounting_classes: frozenset[str] = ACCOUNTING
    filed_under: tuple[str, ...] = ("WS-DA-03", "KU-04-03")
    """The permanent series of the outline that a finished register goes into; the last is for accounting."""
    apart: frozenset[Pair] = field(default=LEAST)
    forms: Mapping[str, Layout] = field(default_factory=lambda: MODEL)
    """How the forms are printed, by the names of `form_layouts.FORMS`."""

    def is_accounting(self, class_id: str | None) -> bool:
        """Whether records of this class have the signers of accounting: the class itself, or one below it."""
        return any(class_id == one or (class_id or "").startswith(f"{one}-") for one in self.accounting_classes)

    def signers_of(self, accounting: bool) -> tuple[Seat, ...]:
        """The seats that must have signed a register before it may be approved."""
        return self.accounting_signers if accounting else self.signers

    def wants_second(self, verdict: str) -> bool:
        """Whether an opinion of this sort needs another person's."""
        return self.second_opinion == "all" or (self.second_opinion == "destroy" and verdict == "destroy")

    def new_start(self, closed_on: date, due_on: date | None) -> date:
        """The first day of an extended term, for an appraisal that is closed on this day."""
        if self.extension_start == "appraisal_day":
            return closed_on
        if self.extension_start == "term_end" and due_on is not None:
            return due_on + timedelta(days=1)
        return date(closed_on.year + 1, 1, 1)

    def stated(self) -> dict[str, object]:
        """The rule as it is frozen into a register."""
        return {
            "document": self.document,
            "version": self.version,
            "second_opinion": self.second_opinion,
            "cooling_days": self.cooling_days,
            "filing": self.filing,
            "signers": [str(one) for one in self.signers],
            "accounting_signers": [str(one) for one in self.accounting_signers],
            "apart": sorted([str(one), str(other)] for one, other in self.apart),
        }


def set_by_county(second_opinion: str) -> tuple[str, ...]:
    """What a form says where a county asks for less than the model: the county's choice, no law or rule forbids it."""
    if second_opinion != "none":
        return ()
    return ("本县规定不要第二人的复核意见；软件的示范规则是拟销毁的要有，这一点没有读到法律规定。",)


def parse_rules(said: Mapping[str, object]) -> AppraisalRules:
    """Read a county's rule, as the model writes it; what is left out is as in `AppraisalRules`.

    Raises:
        AppraisalRulesInvalid: a value that is unknown, impossible, or looser than the least.
    """
    problems = [Problem("鉴定销毁规则", name, "没有这一项") for name in said if name not in KNOWN]
    values = {name: _value(said[name]) for name in said if name in KNOWN - {"schema_version", "document"}}
    for name, value in values.items():
        problems += [Problem("鉴定销毁规则", name, message) for message in _wrong(name, value)]
    document = said.get("document")
    if not isinstance(document, Mapping) or not all(document.get(one) for one in ("id", "version", "title_zh")):
        problems.append(Problem("鉴定销毁规则", "document", "应写明 id、version、title_zh"))
    if problems or not isinstance(document, Mapping):
        raise AppraisalRulesInvalid(tuple(problems))
    return _made(document, values)


def _value(said: object) -> object:
    return said["value"] if isinstance(said, Mapping) and "value" in said else said


def _wrong(name: str, value: object) -> list[str]:
    if name in CHOICES:
        return [] if value in CHOICES[name] else [f"应为 {'、'.join(CHOICES[name])} 之一"]
    if name in NUMBERS:
        least, most = NUMBERS[name]
        fits = isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
        why = f"：{SOURCES[name]}" if name in SOURCES else ""
        return [] if fits else [f"应为 {least} 至 {most} 的整数，只能比它更严{why}"]
    if name == "forms":
        return list(wrong(value))
    if not isinstance(value, list):
        return ["应为列表"]
    if name in LEAST_SIGNERS:
        return _wrong_signers(value, LEAST_SIGNERS[name])
    if name == "apart":
        return [f"“{one}”应为两个不同的席位" for one in value if not _is_pair(one)]
    return [] if value and all(isinstance(one, str) and one for one in value) else ["应为类目编号的列表"]


def _wrong_signers(value: list[object], least: Iterable[Seat]) -> list[str]:
    wrong = [f"“{one}”不是可以签字的席位" for one in value if one not in {str(seat) for seat in MAY_SIGN}]
    return wrong + [f"不能少了{seat.zh}" for seat in least if seat not in value]


def _is_pair(one: object) -> bool:
    seats = {str(seat) for seat in Seat}
    return isinstance(one, list) and len(one) == 2 and one[0] != one[1] and set(map(str, one)) <= seats


def _made(document: Mapping[object, object], values: Mapping[str, object]) -> AppraisalRules:
    made = {name: value for name, value in values.items() if name in CHOICES or name in NUMBERS}
    made.pop("witnesses", None)
    made |= {name: tuple(map(Seat, _list(values[name]))) for name in LEAST_SIGNERS if name in values}
    if "accounting_classes" in values:
        made["accounting_classes"] = ACCOUNTING | frozenset(map(str, _list(values["accounting_classes"])))
    if "filed_under" in values:
        made["filed_under"] = tuple(_list(values["filed_under"]))
    if "forms" in values:
        made["forms"] = layouts(values["forms"])  # type: ignore[arg-type]  # as below
    more = [pair(Seat(both[0]), Seat(both[1])) for both in _list(values.get("apart", []))]
    model = document.get("kind") == "model"
    made |= {"banner_en": str(document.get("banner_en") or "")} if model else {}
    banner = str(document.get("banner_zh") or "") if model else ""
    return AppraisalRules(
        str(document["id"]),
        str(document["version"]),
        str(document["title_zh"]),
        banner,
        apart=LEAST | frozenset(more),
        **made,  # type: ignore[arg-type]  # each was checked by `_wrong` for its field
    )


def _list(value: object) -> list[str]:
    return value if isinstance(value, list) else []
