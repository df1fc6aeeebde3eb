"""The table of appraisal: its page is current, no way to destruction skips a signature, counties only grow stricter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from importlib import resources
from itertools import combinations

import pytest
import yaml

from classification.appraisal import BEFORE_REMOVAL, MOVES, STEPS, Act, RegisterState, Stage
from classification.appraisal_opinions import Agreement, Said, judged
from classification.appraisal_rules import AppraisalRules, AppraisalRulesInvalid, parse_rules
from classification.appraisal_seats import LEAST, Seat, clashes, pair
from classification.registers import years_kept
from tests.spec.render_appraisal import PAGE, page

DOCUMENT = {"id": "x", "version": "1", "title_zh": "试"}


def test_the_page_is_what_the_tables_say_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run: python -m tests.spec.render_appraisal"


def ways(start: Stage, end: Stage, without: Seat) -> bool:
    """Whether there is a way that this seat never touches."""
    open_, seen = [start], {start}
    while open_:
        here = open_.pop()
        for move in MOVES:
            if move.start == here and without not in move.by and move.end not in seen:
                seen.add(move.end)
                open_.append(move.end)
    return end in seen


@pytest.mark.parametrize(
    "seat",
    [Seat.LEADER, Seat.APPROVER, Seat.WITNESS_FIRST, Seat.WITNESS_SECOND, Seat.OPERATOR, Seat.PROPOSER],
)
def test_no_way_to_destroyed_goes_past_a_signature(seat: Seat) -> None:
    assert not ways(Stage.ACTIVE, Stage.DESTROYED, seat)


def test_there_is_a_way_and_every_stage_is_on_one() -> None:
    assert ways(Stage.ACTIVE, Stage.REGISTER_FILED, Seat.ACCOUNTING_HEAD)
    assert all(ways(Stage.ACTIVE, stage, Seat.ACCOUNTING_HEAD) for stage in Stage)


def test_a_hold_takes_a_record_out_of_every_stage_before_it_is_gone() -> None:
    held = {move.start for move in MOVES if move.end == Stage.HELD}
    assert held == set(BEFORE_REMOVAL)
    assert {move.end for move in MOVES if move.start == Stage.HELD} == {Stage.DUE}


def test_time_alone_moves_a_record_only_onto_the_list() -> None:
    by_time = {(move.start, move.end) for move in MOVES if not move.by and move.end != Stage.HELD}
    back = {(Stage.EXTENDED, Stage.ACTIVE), (Stage.PERMANENT, Stage.ACTIVE), (Stage.TRANSFER, Stage.ACTIVE),
            (Stage.HELD, Stage.DUE)}  # fmt: skip
    assert by_time == {(Stage.ACTIVE, Stage.DUE)} | back


def test_a_register_reaches_its_end_only_step_by_step() -> None:
    order = [Act.APPROVED, Act.COUNTED, Act.BEGUN, Act.REMOVED, Act.WITNESSED, Act.ARCHIVED]
    state = RegisterState.SUBMITTED
    for act in order:
        assert [one for one in order if state in STEPS[one].froms] == [act]
        state = STEPS[act].to or state
    assert state == RegisterState.FILED


def test_the_approver_the_witnesses_and_the_operator_are_four_people_and_the_approver_judged_nothing() -> None:
    around = (Seat.APPROVER, Seat.WITNESS_FIRST, Seat.WITNESS_SECOND, Seat.OPERATOR)
    assert all(pair(one, other) in LEAST for one, other in combinations(around, 2))
    for one in (Seat.PROPOSER, Seat.ARCHIVIST, Seat.LEADER, Seat.MEMBER):
        assert clashes(Seat.APPROVER, [one], LEAST) == [one]
    assert clashes(Seat.ARCHIVIST, [Seat.PROPOSER], LEAST) == []


def model() -> Mapping[str, object]:
    text = resources.files("classification").joinpath("outlines", "appraisal-model.yaml").read_text(encoding="utf-8")
    said: Mapping[str, object] = yaml.safe_load(text)
    return said


def test_the_model_is_a_model_says_so_and_marks_every_setting() -> None:
    rules = parse_rules(model())
    assert "示范" in rules.banner
    marks = {name: one["provenance"] for name, one in model().items() if isinstance(one, dict) and name != "document"}
    assert set(marks.values()) <= {"law", "local", "second", "model"}
    assert len(marks) == 13


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("signers", []),
        ("accounting_signers", ["leader"]),
        ("signers", ["leader", "approver"]),
        ("witnesses", 1),
        ("cooling_days", -1),
        ("group_least", 2),
        ("second_opinion", "sometimes"),
        ("apart", [["approver", "approver"]]),
        ("apart", [["approver", "king"]]),
        ("accounting_classes", []),
        ("accounting_classes", {"KU": 1}),
        ("forms", {"register": {"title": ""}}),
        ("forms", None),
        ("together", [["approver", "operator"]]),
    ],
)
def test_a_county_cannot_be_looser_than_the_least(name: str, value: object) -> None:
    with pytest.raises(AppraisalRulesInvalid) as refused:
        parse_rules({"document": DOCUMENT, name: {"value": value}})
    assert {one.column for one in refused.value.problems} == {name}


def test_accounting_has_its_own_signers_whatever_classes_a_county_adds() -> None:
    rules = parse_rules({"document": DOCUMENT, "accounting_classes": ["ZC"]})
    assert [rules.is_accounting(one) for one in ("KU", "KU-01", "ZC-02", "WS", "KUA", None)] == [
        True, True, True, False, False, False,
    ]  # fmt: skip


def test_a_county_can_be_stricter() -> None:
    said = {"cooling_days": 365, "filing": "before", "second_opinion": "all", "apart": [["leader", "witness_first"]]}
    rules = parse_rules({"document": DOCUMENT, **said})
    assert (rules.cooling_days, rules.filing) == (365, "before")
    assert rules.apart == LEAST | {(Seat.LEADER, Seat.WITNESS_FIRST)}


FIRST, SECOND = Said("1", "destroy"), Said("2", "destroy")


@pytest.mark.parametrize(
    ("first", "second", "deciding", "agreement", "by"),
    [
        (None, None, None, Agreement.NONE, None),
        (FIRST, None, None, Agreement.SECOND_MISSING, None),
        (FIRST, SECOND, None, Agreement.SETTLED, FIRST),
        (Said("1", "permanent"), None, None, Agreement.SETTLED, Said("1", "permanent")),
        (Said("1", "extend", "10"), Said("2", "extend", "30"), None, Agreement.DISAGREED, None),
        (FIRST, Said("2", "extend", "30"), Said("3", "extend", "30"), Agreement.SETTLED, Said("3", "extend", "30")),
        # Somebody changed a mind after the decision: it has to be decided again.
        (Said("4", "permanent"), Said("2", "extend", "30"), Said("3", "destroy"), Agreement.DISAGREED, None),
    ],
)
def test_what_opinions_come_to(
    first: Said | None, second: Said | None, deciding: Said | None, agreement: Agreement, by: Said | None
) -> None:
    found = judged(first, second, deciding, AppraisalRules("试", "1", "试"))
    assert (found.agreement, found.by) == (agreement, by)


@pytest.mark.parametrize(
    ("start", "on", "years"),
    [
        (date(2011, 1, 1), date(2020, 12, 31), 9),
        (date(2011, 1, 1), date(2021, 1, 1), 10),
        (date(2012, 2, 29), date(2021, 2, 28), 8),
        (date(2012, 2, 29), date(2021, 3, 1), 9),
        (None, date(2021, 1, 1), 0),
        (date(2030, 1, 1), date(2021, 1, 1), 0),
    ],
)
def test_how_long_a_record_was_kept(start: date | None, on: date, years: int) -> None:
    assert years_kept(start, on) == years


@pytest.mark.parametrize(
    ("class_id", "expected"), [("KU", True), ("KU-01", True), ("KUX", False), ("WS-CW", False), (None, False)]
)
def test_what_accounting_is(class_id: str | None, expected: bool) -> None:
    assert AppraisalRules("试", "1", "试").is_accounting(class_id) is expected
