"""A matter beside the county's rule: order, quorum, votes, days of posting, answers; and what it sets off."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import resources
from typing import Any

import pytest
import yaml

from classification.dossier_checks import Finding, StepReview, Verdict, review
from classification.dossiers import DossierKind, Matter, happenings, kinds_in

DOCUMENT = yaml.safe_load(
    resources.files("classification").joinpath("outlines", "governance-model.yaml").read_text(encoding="utf-8")
)
TODAY = date(2026, 10, 1)


def kind(name: str = "four_discussions", **settings: Any) -> DossierKind:
    """The kind as the model has it, with some settings of a county."""
    rows = [{**row, "value": settings.get(row["id"], row["value"])} for row in DOCUMENT["settings"]]
    return kinds_in({**DOCUMENT, "settings": rows})[name]


def day(month: int, number: int) -> date:
    return date(2026, month, number)


def matter(steps: Mapping[str, Mapping[str, Any]], **known: Any) -> Matter:
    tied = {step: 1 for step in steps}
    return Matter("修水渠", day(3, 1), steps=steps, **{"records": tied, **known})


def shown(steps: Mapping[str, Mapping[str, Any]], of: DossierKind | None = None, **known: Any) -> dict[str, StepReview]:
    return {one.step.id: one for one in review(of or kind(), matter(steps, **known), TODAY)}


def said(one: StepReview, about: str) -> Finding:
    return next(found for found in one.findings if found.said.startswith(about))


def test_the_six_steps_stand_in_their_order() -> None:
    assert [one.id for one in kind().steps] == [
        "fd_proposal", "fd_consult", "fd_deliberate", "fd_decide", "fd_publish_decision", "fd_publish_result",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("there", "states"),
    [
        ((), "nnnnnn"),
        (("fd_proposal",), "tnnnnn"),
        (("fd_proposal", "fd_decide"), "tmmtnn"),
        (("fd_publish_result",), "mmmmmt"),
    ],
)
def test_a_step_before_one_that_is_there_is_not_seen_and_a_later_one_is_not_yet(
    there: tuple[str, ...], states: str
) -> None:
    found = shown({step: {"on": day(3, 5)} for step in there})
    assert "".join(one.state.value[0] for one in found.values()) == "".join(
        {"t": "t", "m": "m", "n": "n"}[one] for one in states
    )
    assert [one.state for one in found.values()] == [
        {"t": "there", "m": "missing", "n": "not_yet"}[one] for one in states
    ]


def test_of_a_matter_that_is_done_what_is_not_there_is_not_seen() -> None:
    assert {one.state for one in shown({}, done_on=day(8, 1)).values()} == {"missing"}


def test_the_first_two_steps_may_be_one_only_where_the_county_says_so() -> None:
    steps = {"fd_consult": {"on": day(3, 5)}}
    assert shown(steps)["fd_proposal"].state == "missing"
    assert shown(steps, kind(merge_first_two_steps=True))["fd_proposal"].state == "optional"


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        ((day(3, 5), day(3, 5)), Verdict.FITS),
        ((day(3, 5), day(3, 6)), Verdict.FITS),
        ((day(3, 5), day(3, 4)), Verdict.LOOK),
    ],
)
def test_a_later_step_is_not_dated_before_an_earlier_one_and_the_same_day_is_allowed(
    days: tuple[date, date], verdict: Verdict
) -> None:
    found = shown({"fd_proposal": {"on": days[0]}, "fd_consult": {"on": days[1]}})
    assert said(found["fd_consult"], "先后次序").verdict == verdict


def test_the_order_is_seen_over_a_step_without_a_date() -> None:
    found = shown({"fd_proposal": {"on": day(3, 9)}, "fd_deliberate": {"on": day(3, 2)}})
    assert said(found["fd_deliberate"], "先后次序").said == "先后次序：2026-03-02 早于第 1 步的 2026-03-09"


def test_an_order_without_dates_is_not_checked() -> None:
    assert said(shown({"fd_consult": {}})["fd_consult"], "先后次序").verdict == Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        # Two thirds of thirty are twenty.
        ({"of:party_members_due": 30, "present": 20}, Verdict.FITS),
        ({"of:party_members_due": 30, "present": 19}, Verdict.LOOK),
        ({"of:party_members_due": 30}, Verdict.NOT_CHECKED),
        ({"present": 19}, Verdict.NOT_CHECKED),
    ],
)
def test_two_thirds_of_the_members_due_must_come_in_the_model(facts: dict[str, Any], verdict: Verdict) -> None:
    found = said(shown({"fd_deliberate": {"on": day(3, 9), **facts}})["fd_deliberate"], "到会人数")
    assert (found.verdict, found.mark) == (verdict, "local")


def test_a_share_that_the_county_left_open_is_not_checked() -> None:
    facts = {"fd_deliberate": {"on": day(3, 9), "of:party_members_due": 30, "present": 5}}
    found = said(shown(facts, kind(party_meeting_quorum=None))["fd_deliberate"], "到会人数")
    assert found.verdict == Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    ("votes", "verdict"),
    # More than half of the thirty who were due, not of the twenty who came.
    [(16, Verdict.FITS), (15, Verdict.LOOK), (None, Verdict.NOT_CHECKED)],
)
def test_the_members_vote_is_counted_of_all_who_were_due(votes: int | None, verdict: Verdict) -> None:
    facts = {"on": day(3, 9), "of:party_members_due": 30, "present": 20, "in_favour": votes}
    assert said(shown({"fd_deliberate": facts})["fd_deliberate"], "通过票数").verdict == verdict


@pytest.mark.parametrize(
    ("facts", "verdict"),
    [
        # More than half of all adults, or two thirds of the households.
        ({"meeting": "villagers_meeting", "of:adult_villagers": 100, "present": 51}, Verdict.FITS),
        ({"meeting": "villagers_meeting", "of:adult_villagers": 100, "present": 50}, Verdict.LOOK),
        ({"meeting": "villagers_meeting", "of:household_representatives": 60, "present": 40}, Verdict.FITS),
        ({"meeting": "representatives_meeting", "of:members_of_the_meeting": 30, "present": 20}, Verdict.FITS),
        ({"meeting": "representatives_meeting", "of:members_of_the_meeting": 31, "present": 20}, Verdict.LOOK),
    ],
)
def test_the_quorum_of_the_decision_is_that_of_its_meeting_and_is_the_law(
    facts: dict[str, Any], verdict: Verdict
) -> None:
    one = shown({"fd_decide": {"on": day(3, 20), **facts}})["fd_decide"]
    found = [finding for finding in one.findings if finding.said.startswith("到会人数")]
    assert [(finding.verdict, finding.mark) for finding in found] == [(verdict, "law")]


@pytest.mark.parametrize(("votes", "verdict"), [(21, Verdict.FITS), (20, Verdict.LOOK)])
def test_the_decision_needs_more_than_half_of_those_present(votes: int, verdict: Verdict) -> None:
    facts = {"on": day(3, 20), "present": 40, "in_favour": votes}
    assert said(shown({"fd_decide": facts})["fd_decide"], "通过票数").verdict == verdict


@pytest.mark.parametrize(
    ("first", "last", "verdict"),
    [
        # The first and the last day count.
        (day(4, 1), day(4, 10), Verdict.FITS),
        (day(4, 1), day(4, 9), Verdict.LOOK),
        (day(9, 28), None, Verdict.NOT_CHECKED),
        (day(9, 20), None, Verdict.FITS),
        (None, None, Verdict.NOT_CHECKED),
    ],
)
def test_ten_days_on_the_board_in_the_model(first: date | None, last: date | None, verdict: Verdict) -> None:
    facts = {"on": day(4, 1), "from": first, "to": last}
    assert said(shown({"fd_publish_decision": facts})["fd_publish_decision"], "公示天数").verdict == verdict


def test_the_decision_is_due_on_the_board_ten_days_after_it_in_the_model() -> None:
    steps = {"fd_decide": {"on": day(3, 20)}}
    assert said(shown(steps)["fd_publish_decision"], "期限").said == "期限 2026-03-30 已过，未见日期"
    late = shown({**steps, "fd_publish_decision": {"from": day(3, 31)}})["fd_publish_decision"]
    assert said(late, "期限").verdict == Verdict.LOOK
    assert said(late, "期限").mark == "model"
    intime = shown({**steps, "fd_publish_decision": {"from": day(3, 30)}})["fd_publish_decision"]
    assert said(intime, "期限").verdict == Verdict.FITS


def test_what_the_county_asks_to_be_written_is_named_where_it_is_empty() -> None:
    facts = {"on": day(3, 5), "of:due": 5, "present": 4, "内容": "修渠", "签名": "有"}
    assert said(shown({"fd_proposal": facts})["fd_proposal"], "要素").said == "要素没有填：动议事由"


def test_a_step_without_a_record_says_so() -> None:
    found = shown({"fd_proposal": {"on": day(3, 5)}}, records={})["fd_proposal"]
    assert found.findings[0].said == "还没有挂上材料"


@pytest.mark.parametrize(
    ("answered", "verdict"),
    [(day(4, 6), Verdict.FITS), (day(4, 7), Verdict.LOOK), (None, Verdict.LOOK)],
)
def test_an_objection_is_answered_within_five_days_in_the_model(answered: date | None, verdict: Verdict) -> None:
    found = shown({}, kind("disclosure"), objections=[(day(4, 1), answered)])
    assert said(found["disc_objection"], "2026-04-01 的异议").verdict == verdict


def test_an_objection_is_optional_and_the_review_is_not_dated_after_the_posting() -> None:
    steps = {"disc_plan_review": {"on": day(4, 2)}, "disc_party": {"on": day(4, 1)}}
    found = shown(steps, kind("disclosure"))
    assert found["disc_objection"].state == "optional"
    order = said(found["disc_party"], "先后次序")
    assert (order.verdict, order.mark, order.source) == (Verdict.LOOK, "local", "SD2018 arts 11, 16")


def test_the_four_of_a_negotiation_are_the_countys_to_name() -> None:
    steps = {"neg_minutes": {"on": day(4, 2), "parties": "村党组织、村委会、村监委"}}
    assert said(shown(steps, kind("negotiation"))["neg_minutes"], "参加方").verdict == Verdict.NOT_CHECKED
    four = [{"code": str(n), "zh": zh} for n, zh in enumerate(("村党组织", "村委会", "村监委", "乡贤"), 1)]
    found = said(shown(steps, kind("negotiation", four_members=four))["neg_minutes"], "参加方")
    assert (found.verdict, found.said) == (Verdict.LOOK, "参加方没有写到：乡贤")


def test_text_and_filing_of_village_regulations_come_in_either_order() -> None:
    steps = {"reg_vote": {"on": day(4, 1)}, "reg_text": {"on": day(4, 9)}, "reg_filing": {"on": day(4, 5)}}
    found = shown(steps, kind("regulations"))
    assert said(found["reg_filing"], "先后次序").verdict == Verdict.FITS


def test_a_matter_sets_off_that_it_was_opened_decided_and_done() -> None:
    known = matter({"fd_decide": {"on": day(3, 20)}}, done_on=day(8, 1))
    found = {(one.trigger, one.on, one.name) for one in happenings("four_discussions", known)}
    assert found == {
        ("matter_opened", day(3, 1), "修水渠"), ("matter_decided", day(3, 20), "修水渠"),
        ("matter_done", day(8, 1), "修水渠"),
    }  # fmt: skip


def test_a_disclosure_sets_off_its_posting_and_each_objection() -> None:
    known = matter({"disc_evidence": {"from": day(4, 3)}}, objections=[(day(4, 5), None)])
    found = {(one.trigger, one.on) for one in happenings("disclosure", known)}
    assert found == {("disclosure_posted", day(4, 3)), ("objection_raised", day(4, 5))}
