"""What a dossier consists of: its steps in order, what each step says, and the checks upon it, with their provenance.

Read from the county's calendar document, in which every check carries its mark; nothing here is law by itself.
Whether a matter fits is answered by `dossier_checks`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from classification.calendar.expected import Happening
from classification.errors import RuleError

MEETINGS = {"villagers_meeting": "村民会议", "representatives_meeting": "村民代表会议"}
"""Kinds of meeting that a quorum may depend on."""
PLAIN = {"时间": "on", "日期": "on", "应到": "of:due", "实到": "present", "起": "from", "止": "to", "地点": "place"}
"""Names of fields that the checks count with. All other names are free text."""
NOT_ASKED = frozenset({"事项", "起", "止", "事项名称", "议题", "名称", "立项日期"})
"""What stands in the head of every dossier, or at the step of its posting."""
DISCLOSURE = "disclosure"
POSTINGS = "公开类别"
"""The field of the head that says which of several records a disclosure is."""
PERIOD = "所属期间"
"""The field of the head that says which period a disclosure is about."""
OPENED = {
    "four_discussions": "matter_opened",
    "negotiation": "topic_opened",
    "regulations": "revision_started",
}
DECIDED = {"four_discussions": ("fd_decide", "matter_decided"), "regulations": ("reg_vote", "revision_adopted")}
DONE = {"four_discussions": "matter_done", "negotiation": "topic_agreed"}


@dataclass(frozen=True, slots=True)
class Check:
    """One check. `params` as in the document, its settings filled in; None where the county has not said."""

    kind: str
    params: Mapping[str, Any]
    mark: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One field of a step. `kind`: day | number | meeting | text."""

    id: str
    name: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Step:
    """One step. `also`: records of the calendar that may stand in this place, the first of which is `id`."""

    id: str
    name: str
    name_en: str
    also: tuple[str, ...]
    series: tuple[str, ...]
    checks: tuple[Check, ...] = ()
    optional: bool = False
    asks: tuple[Asked, ...] = ()
    due: tuple[str, int] | None = None
    """The trigger after which it is due, and in how many days."""


@dataclass(frozen=True, slots=True)
class DossierKind:
    """A kind of dossier. `merged`: steps that may be one, where the county allows it."""

    id: str
    name: str
    head: tuple[str, ...]
    steps: tuple[Step, ...]
    merged: frozenset[str] = frozenset()
    bodies: Mapping[str, str] = field(default_factory=dict)

    def step(self, step_id: str) -> Step:
        """The step of that id.

        Raises:
            RuleError: there is none.
        """
        for one in self.steps:
            if one.id == step_id:
                return one
        raise RuleError(f"“{self.name}”没有这一步，没有改动。")


@dataclass(frozen=True, slots=True)
class Matter:
    """What is known of one matter. `steps`: facts by step, days as dates; `records`: how many are tied to a step."""

    name: str
    opened_on: date
    done_on: date | None = None
    steps: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    records: Mapping[str, int] = field(default_factory=dict)
    objections: Sequence[tuple[date, date | None]] = ()

    def day(self, step_id: str) -> date | None:
        """The day of a step: when it was held, else from when it was posted."""
        facts = self.steps.get(step_id, {})
        found = facts.get("on") or facts.get("from")
        return found if isinstance(found, date) else None

    def there(self, step_id: str) -> bool:
        """Whether anything of that step is known."""
        return bool(self.records.get(step_id)) or self.day(step_id) is not None


def kinds_in(document: Mapping[str, Any]) -> dict[str, DossierKind]:
    """The kinds of dossiers in a calendar document, by id. The document was checked as a calendar before.

    Raises:
        KeyError: a step names a record that the calendar does not have.
    """
    settings = {row["id"]: row.get("value") for row in document.get("settings", ())}
    records = {row["id"]: row for system in document.get("systems", ()) for row in system.get("records", ())}
    bodies = {row["id"]: row["zh"] for row in document.get("bodies", ())}
    return {row["id"]: _kind(row, records, settings, bodies) for row in document.get("dossiers", ())}


def _kind(
    row: Mapping[str, Any], records: Mapping[str, Any], settings: Mapping[str, Any], bodies: Mapping[str, str]
) -> DossierKind:
    places = [one if isinstance(one, list) else [one] for one in row["steps"]]
    optional = frozenset(row.get("optional", ()))
    steps = [_step([records[one] for one in place], settings, bodies, place[0] in optional) for place in places]
    if row["id"] == DISCLOSURE:
        steps[1] = _ordered(steps[1], steps[0], row["order"])
    merge = row.get("may_merge", {})
    merged = frozenset(merge.get("steps", ())) if settings.get(merge.get("setting")) else frozenset[str]()
    head = tuple(one for one in row.get("head", ()) if one not in NOT_ASKED)
    return DossierKind(row["id"], row["zh"], head, tuple(steps), merged, bodies)


def _ordered(step: Step, before: Step, order: Mapping[str, Any]) -> Step:
    """The step with the rule of the order as a check of its own."""
    rule = Check("after", {"record": before.id}, order.get("provenance", "model"), str(order.get("source", "")))
    return Step(step.id, step.name, step.name_en, step.also, step.series, (*step.checks, rule), asks=step.asks)


def _step(
    rows: Sequence[Mapping[str, Any]], settings: Mapping[str, Any], bodies: Mapping[str, str], optional: bool
) -> Step:
    first = rows[0]
    checks = tuple(_check(one, settings) for one in first.get("checks", ()))
    cadence = first.get("cadence", {})
    days = _filled(cadence.get("due_days"), settings)
    answers = any(one.kind == "answer_days" for one in checks)
    due = (cadence["trigger"], days) if isinstance(days, int) and cadence.get("trigger") and not answers else None
    return Step(
        first["id"], "／".join(one["zh"] for one in rows), " / ".join(one.get("en", "") for one in rows),
        tuple(one["id"] for one in rows), tuple(dict.fromkeys(one["series"] for one in rows)), checks, optional,
        tuple(dict.fromkeys(_asked(checks, bodies))), due,
    )  # fmt: skip


def _check(row: Mapping[str, Any], settings: Mapping[str, Any]) -> Check:
    params = {name: value for name, value in row.items() if name not in ("kind", "provenance", "source", "note")}
    if "setting" in params:
        params["value"] = settings.get(params.pop("setting"))
    elif row["kind"] in ("posted_days", "notice_days"):
        params["value"] = params.get("min")
    return Check(row["kind"], _filled(params, settings), row.get("provenance", "model"), str(row.get("source", "")))


def _filled(value: Any, settings: Mapping[str, Any]) -> Any:
    """With the value of every setting in its place."""
    if isinstance(value, Mapping):
        if set(value) == {"setting"}:
            return settings.get(value["setting"])
        return {name: _filled(one, settings) for name, one in value.items()}
    return [_filled(one, settings) for one in value] if isinstance(value, list) else value


def _asked(checks: Sequence[Check], bodies: Mapping[str, str]) -> Iterator[Asked]:
    """What a step is asked for, so that its checks can be made."""
    yield Asked("on", "日期", "day")
    if any("when" in one.params for one in checks):
        yield Asked("meeting", "会议种类", "meeting")
    for check in checks:
        if check.kind == "quorum":
            yield from (Asked(f"of:{one['of']}", bodies.get(one["of"], one["of"]), "number") for one in _any_of(check))
    if any(one.kind in ("quorum", "pass") for one in checks):
        yield from (Asked("present", "实到", "number"), Asked("in_favour", "赞成", "number"))
    if any(one.kind == "posted_days" for one in checks):
        yield from (Asked("from", "公示起", "day"), Asked("to", "公示止", "day"), Asked("place", "地点"))
    if any(one.kind == "parties" for one in checks):
        yield Asked("parties", "参加方")
    for check in checks:
        if check.kind == "fields":
            yield from _texts(check.params["required"])


def _any_of(check: Check) -> Sequence[Mapping[str, Any]]:
    found: Sequence[Mapping[str, Any]] = check.params.get("any_of", ())
    return found


def _texts(names: Sequence[str]) -> Iterator[Asked]:
    for name in names:
        if PLAIN.get(name) in ("of:due", "present"):
            yield Asked(PLAIN[name], name, "number")
        elif name not in PLAIN and name not in NOT_ASKED:
            yield Asked(name, name)


def happenings(kind_id: str, matter: Matter) -> tuple[Happening, ...]:
    """What a matter sets off in the calendar: that it was opened, decided, done; a posting, an objection."""
    decided, trigger = DECIDED.get(kind_id, ("", ""))
    found = [(OPENED.get(kind_id, ""), matter.opened_on), (trigger, matter.day(decided))]
    found.append((DONE.get(kind_id, ""), matter.done_on))
    if kind_id == DISCLOSURE:
        found.append(("disclosure_posted", posted_on(matter)))
        found += [("objection_raised", raised) for raised, _ in matter.objections]
    return tuple(Happening(what, on, matter.name) for what, on in found if what and on)


def posted_on(matter: Matter) -> date | None:
    """The first day on which anything of a matter was posted."""
    days = [facts["from"] for facts in matter.steps.values() if facts.get("from")]
    return min(days, default=None)
