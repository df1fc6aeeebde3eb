"""Periods, starts and ends as the tables say; and why a record has its period."""

from __future__ import annotations

from datetime import date

import pytest

from classification.errors import RuleError
from classification.outline import Outline
from classification.retention import Change, due_on, parse_retention, settle, starts_on, why
from tests.spec.tables import CHOICES, FISCAL_YEARS, PERIODS, TERMS, UNREADABLE_PERIODS


@pytest.mark.parametrize(("written", "label", "code"), PERIODS)
def test_a_period_is_shown_and_coded_as_the_table_says(written: object, label: str, code: str | None) -> None:
    period = parse_retention(written)
    assert (period.label, period.code) == (label, code)


@pytest.mark.parametrize(("written", "label", "code"), PERIODS)
def test_a_stored_period_is_read_back(written: object, label: str, code: str | None) -> None:
    period = parse_retention(written)
    assert parse_retention(period.stored) == period


@pytest.mark.parametrize("written", UNREADABLE_PERIODS)
def test_what_is_no_period_is_refused(written: object) -> None:
    with pytest.raises(RuleError):
        parse_retention(written)


@pytest.mark.parametrize(("written", "rule", "year", "event_on", "start", "end"), TERMS)
def test_a_term_starts_and_ends_as_the_table_says(
    written: object, rule: str, year: int | None, event_on: date | None, start: date | None, end: date | None
) -> None:
    found = starts_on(rule, year, event_on)
    assert (found, due_on(parse_retention(written), found)) == (start, end)


@pytest.mark.parametrize(("ends", "year", "start"), FISCAL_YEARS)
def test_a_fiscal_year_ends_where_the_county_says(ends: tuple[int, int], year: int, start: date) -> None:
    assert starts_on("fiscal_year_end", year, fiscal_year_end=ends) == start


@pytest.mark.parametrize(("written", "choice", "label"), CHOICES)
def test_a_person_chooses_between_two_values(written: object, choice: str | None, label: str) -> None:
    assert settle(parse_retention(written), choice).label == label


def test_a_choice_where_there_is_none_is_refused() -> None:
    with pytest.raises(RuleError, match="才需要选择"):
        settle(parse_retention(30), "important")


def test_why_goes_from_the_banner_by_clause_and_evidence_to_who_changed_it(model: Outline) -> None:
    change = Change("罗春梅", date(2026, 2, 1), "重要程度由“未定”改为“重要的”", "上级要求")
    steps = why(model.retention_facts("WS-DQ-02", 2020, "ordinary", changes=(change,)))
    assert [step.kind for step in steps if step.kind != "evidence"] == [
        "banner", "clause", "period", "start", "due", "change",
    ]  # fmt: skip
    assert steps[1].text.endswith("2026.1 版，条目 WS-DQ-02 党小组会、党课、主题党日与组织生活会材料")
    assert steps[-1].text == "2026-02-01 罗春梅：重要程度由“未定”改为“重要的”（理由：上级要求）"


def test_a_model_is_never_shown_as_law(model: Outline) -> None:
    for series_id in model.series:
        steps = why(model.retention_facts(series_id, 2020))
        assert (
            steps[0].text
            == "示范大纲，仅供试用，须由本县正式大纲替换；不是《村级档案管理办法》（第12号令）附表，不具法律效力。"
        )
        assert all(step.mark for step in steps if step.kind in ("evidence", "period"))
        assert not any(word in step.text for step in steps[1:] for word in ("第12号令", "国家规定", "法定期限"))


@pytest.mark.parametrize(
    ("series_id", "mark"),
    [("WS-DQ-01", "据报道转述，待核"), ("WS-DQ-10", "示范取值"), ("KU-02-02", "类推自KJ79")],
)
def test_a_term_carries_the_mark_of_its_evidence(model: Outline, series_id: str, mark: str) -> None:
    period = next(step for step in why(model.retention_facts(series_id, 2020)) if step.kind == "period")
    assert period.mark.startswith(mark[:3])
    assert model.mark(model.series[series_id]) == period.mark


def test_a_period_that_is_not_decided_never_ends(model: Outline) -> None:
    steps = why(model.retention_facts("WS-DQ-10", 1960))
    assert steps[-1].text == "期限待定，不会到期，也不编含期限的档号；须由县或档案员确定"


def test_a_term_that_ended_only_puts_a_record_on_the_list(model: Outline) -> None:
    steps = why(model.retention_facts("WS-GB-01", 2010))
    assert steps[-2].text == "自归档文件所属年度的次年1月1日起算：2011-01-01 起"
    assert steps[-1].text == "2020-12-31 期满，期满只列入待鉴定名单，不会自动销毁"
