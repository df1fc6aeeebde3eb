"""Whether a matter fits the county's rule, step by step: order, dates, quorum, votes, days of posting, answers. Pure.

A check that lacks a number or a setting is not made, and says so; it is never passed. No finding refuses anything, and
none accuses: what differs is to be looked at. Days of posting count the first and the last: our own reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import Any

from classification.dossiers import MEETINGS, PLAIN, Check, DossierKind, Matter, Step, happenings


class Verdict(StrEnum):
    """The values are those of the API."""

    FITS = "fits"
    LOOK = "look"
    NOT_CHECKED = "not_checked"


VERDICTS = {Verdict.FITS: "相符", Verdict.LOOK: "请核对", Verdict.NOT_CHECKED: "未检查"}


class StepState(StrEnum):
    """The values are those of the API."""

    THERE = "there"
    MISSING = "missing"
    NOT_YET = "not_yet"
    OPTIONAL = "optional"


STATES = {
    StepState.THERE: "已有",
    StepState.MISSING: "未见",
    StepState.NOT_YET: "还没有到",
    StepState.OPTIONAL: "没有就不用",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found, in a sentence; `mark` and `source` say whose rule it is."""

    verdict: Verdict
    said: str
    mark: str
    source: str = ""


@dataclass(frozen=True, slots=True)
class StepReview:
    """One step of a matter as it stands."""

    step: Step
    number: int
    state: StepState
    findings: tuple[Finding, ...]


def review(kind: DossierKind, matter: Matter, today: date) -> tuple[StepReview, ...]:
    """Every step in order, with its state and what the checks found. Only what is there is checked."""
    last = max((number for number, step in enumerate(kind.steps) if matter.there(step.id)), default=-1)
    if matter.done_on:
        last = len(kind.steps) - 1
    return tuple(
        StepReview(step, number + 1, state, tuple(_findings(kind, step, matter, state, today)))
        for number, step in enumerate(kind.steps)
        for state in [_state(kind, step, matter, number < last or bool(matter.done_on))]
    )


def _state(kind: DossierKind, step: Step, matter: Matter, passed: bool) -> StepState:
    if matter.there(step.id) or (step.optional and matter.objections):
        return StepState.THERE
    if step.id in kind.merged and any(matter.there(one) for one in kind.merged):
        return StepState.OPTIONAL
    if step.optional:
        return StepState.OPTIONAL
    return StepState.MISSING if passed else StepState.NOT_YET


def _findings(kind: DossierKind, step: Step, matter: Matter, state: StepState, today: date) -> Iterator[Finding]:
    due = _due(kind, step, matter, today)
    if due:
        yield due
    if state != StepState.THERE:
        return
    if not matter.records.get(step.id):
        yield Finding(Verdict.LOOK, "还没有挂上材料", "model")
    facts = matter.steps.get(step.id, {})
    for check in step.checks:
        yield from _checked(kind, step, check, facts, matter, today)


def _checked(
    kind: DossierKind, step: Step, check: Check, facts: Mapping[str, Any], matter: Matter, today: date
) -> Iterator[Finding]:
    match check.kind:
        case "after":
            found = [_after(kind, step, matter)]
        case "quorum":
            found = [_quorum(check, facts, kind.bodies)]
        case "pass":
            found = [_pass(step, check, facts)]
        case "posted_days":
            found = [_posted(check, facts, today)]
        case "answer_days":
            found = [_answered(check, pair, today) for pair in matter.objections]
        case "fields":
            found = [_fields(check, facts, matter)]
        case "parties":
            found = [_parties(check, facts)]
        case _:
            found = []
    yield from (Finding(verdict, said, check.mark, check.source) for one in found if one for verdict, said in [one])


Found = tuple[Verdict, str] | None


def _before(kind: DossierKind, step: Step) -> Iterator[str]:
    """Every step that this one must not be dated before, the nearest first."""
    for check in step.checks:
        if check.kind == "after":
            named = next((one for one in kind.steps if one.id == check.params["record"]), None)
            if named:
                yield named.id
                yield from _before(kind, named)


def _after(kind: DossierKind, step: Step, matter: Matter) -> Found:
    day = matter.day(step.id)
    dated = [(there, one) for one in _before(kind, step) if (there := matter.day(one))]
    if day is None or not dated:
        return Verdict.NOT_CHECKED, "先后次序：缺日期"
    latest, named = max(dated)
    if day < latest:
        number = [one.id for one in kind.steps].index(named) + 1
        return Verdict.LOOK, f"先后次序：{day} 早于第 {number} 步的 {latest}"
    return Verdict.FITS, f"先后次序：{day} 不早于 {latest}"


def _reaches(number: int, whole: int, rule: Mapping[str, Any]) -> tuple[bool, str] | None:
    """Whether `number` of `whole` is enough, and the share in words. None where the rule has no value."""
    share = Fraction(number, whole)
    if rule.get("at_least") is not None:
        return share >= Fraction(str(rule["at_least"])), f"不少于 {rule['at_least']}"
    if rule.get("more_than") is not None:
        return share > Fraction(str(rule["more_than"])), f"超过 {rule['more_than']}"
    return None


def _quorum(check: Check, facts: Mapping[str, Any], bodies: Mapping[str, str]) -> Found:
    when = check.params.get("when")
    if when and facts.get("meeting") and facts["meeting"] != when:
        return None
    said = f"到会人数（{MEETINGS[when]}）" if when else "到会人数"
    if when and not facts.get("meeting"):
        return Verdict.NOT_CHECKED, f"{said}：没有写会议种类"
    present, short = facts.get("present"), ""
    for rule in check.params["any_of"]:
        whole = facts.get(f"of:{rule['of']}")
        judged = _reaches(present, whole, rule) if present is not None and whole else None
        if judged and judged[0]:
            return Verdict.FITS, f"{said}：实到 {present}，{bodies[rule['of']]} {whole}，{judged[1]}"
        if judged:
            short = f"{said}：实到 {present}，{bodies[rule['of']]} {whole}，要{judged[1]}"
    return (Verdict.LOOK, short) if short else (Verdict.NOT_CHECKED, f"{said}：缺应到或实到人数")


def _pass(step: Step, check: Check, facts: Mapping[str, Any]) -> Found:
    of, votes = check.params["of"], facts.get("in_favour")
    whole = facts.get("present") if of == "present" else facts.get(f"of:{of}") or _due_number(step, facts)
    judged = _reaches(votes, whole, check.params) if votes is not None and whole else None
    if judged is None:
        return Verdict.NOT_CHECKED, "通过票数：缺人数或票数"
    word = "实到" if of == "present" else "应到"
    need = judged[1] if judged[0] else f"要{judged[1]}"
    return Verdict.FITS if judged[0] else Verdict.LOOK, f"通过票数：赞成 {votes}，{word} {whole}，{need}"


def _due_number(step: Step, facts: Mapping[str, Any]) -> int | None:
    """Where a vote is counted of all who were due: the number that the quorum was counted of."""
    named = [one.id for one in step.asks if one.id.startswith("of:")]
    return next((facts[one] for one in named if facts.get(one)), None)


def _posted(check: Check, facts: Mapping[str, Any], today: date) -> Found:
    least, first = check.params.get("value"), facts.get("from")
    if least is None:
        return Verdict.NOT_CHECKED, "公示天数：县里还没有定"
    if first is None:
        return Verdict.NOT_CHECKED, "公示天数：缺起止日期"
    last = facts.get("to")
    if last is None and (today - first).days + 1 < least:
        return Verdict.NOT_CHECKED, f"公示天数：还在公示，到 {first + timedelta(days=least - 1)} 满 {least} 天"
    days = ((last or today) - first).days + 1
    return Verdict.FITS if days >= least else Verdict.LOOK, f"公示天数：{days} 天，要 {least} 天"


def _answered(check: Check, pair: tuple[date, date | None], today: date) -> Found:
    most, (raised, answered) = check.params.get("value"), pair
    if most is None:
        return Verdict.NOT_CHECKED, "答复天数：县里还没有定"
    until = raised + timedelta(days=most)
    if answered is None:
        verdict = Verdict.LOOK if today > until else Verdict.NOT_CHECKED
        return verdict, f"{raised} 的异议还没有答复，期限是 {until}"
    said = f"{raised} 的异议 {answered} 答复，期限是 {until}"
    return Verdict.FITS if answered <= until else Verdict.LOOK, said


def _fields(check: Check, facts: Mapping[str, Any], matter: Matter) -> Found:
    names: Sequence[str] = check.params["required"]
    empty = [one for one in names if one != "事项" and not _filled(one, facts, matter)]
    return (Verdict.LOOK, f"要素没有填：{'、'.join(empty)}") if empty else (Verdict.FITS, "要素齐全")


def _filled(name: str, facts: Mapping[str, Any], matter: Matter) -> bool:
    if name == "异议" and matter.objections:
        return True
    found = facts.get(PLAIN.get(name, name))
    if name == "应到":
        found = found or next((value for key, value in facts.items() if key.startswith("of:")), None)
    return found not in (None, "")


def _parties(check: Check, facts: Mapping[str, Any]) -> Found:
    wanted = check.params.get("value") or check.params.get("required")
    if not wanted:
        return Verdict.NOT_CHECKED, "参加方：县里还没有定固定的四方"
    names = [one["zh"] if isinstance(one, Mapping) else str(one) for one in wanted]
    away = [one for one in names if one not in str(facts.get("parties", ""))]
    return (Verdict.LOOK, f"参加方没有写到：{'、'.join(away)}") if away else (Verdict.FITS, "参加方齐全")


def _due(kind: DossierKind, step: Step, matter: Matter, today: date) -> Finding | None:
    """Whether a step that is due some days after another came in time. The days are a model's until the county says."""
    if step.due is None:
        return None
    trigger, days = step.due
    since = next((one.on for one in happenings(kind.id, matter) if one.trigger == trigger), None)
    if since is None:
        return None
    until, day = since + timedelta(days=days), matter.day(step.id)
    if day is None:
        return Finding(Verdict.LOOK, f"期限 {until} 已过，未见日期", "model") if today > until else None
    verdict = Verdict.FITS if day <= until else Verdict.LOOK
    return Finding(verdict, f"期限 {until}，实际 {day}", "model")
