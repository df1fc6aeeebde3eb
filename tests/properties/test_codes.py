"""Codes and periods, whatever the values: what is printed is read back, and a longer term never ends earlier."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml
from hypothesis import assume, given
from hypothesis import strategies as st

from classification.codes import normalise, same_code
from classification.outline import parse
from classification.retention import Retention, due_on, parse_retention, starts_on
from classification.templates import NUMBER, Template

MODEL = Path(__file__).resolve().parents[2] / "classification" / "outlines" / "yunling-model.yaml"
TEMPLATES = tuple(parse(yaml.safe_load(MODEL.read_text(encoding="utf-8"))).templates.values())
DAYS = st.dates(date(1800, 1, 1), date(2200, 12, 31))
YEARS = st.integers(1, 1000)


@st.composite
def codes(draw: st.DrawFn) -> tuple[Template, dict[str, str | int]]:
    """A template of the model with parts that have the forms it asks for."""
    template = draw(st.sampled_from(TEMPLATES))
    parts: dict[str, str | int] = {}
    for name in template.names:
        form = template.parts[name]
        parts[name] = draw(st.integers(1, 10**6)) if form == NUMBER else draw(st.from_regex(form, fullmatch=True))
    return template, parts


@given(codes())
def test_a_printed_code_is_read_back(made: tuple[Template, dict[str, str | int]]) -> None:
    template, parts = made
    assert template.parse(template.format(parts)) == parts


@given(codes(), st.sampled_from(".・•"))
def test_a_code_is_read_back_with_any_separator(made: tuple[Template, dict[str, str | int]], dot: str) -> None:
    template, parts = made
    code = template.format(parts)
    typed = code.replace("·", dot)
    assert same_code(code, typed)
    assert template.parse(typed) == parts


@given(codes(), st.integers(1, 10**6), st.integers(1, 10**6))
def test_two_numbers_give_two_codes_in_one_scope(
    made: tuple[Template, dict[str, str | int]], one: int, other: int
) -> None:
    assume(one != other)
    template, parts = made
    first, second = ({**parts, template.last_counter: number} for number in (one, other))
    assert template.format(first) != template.format(second)
    assert template.scope(first) == template.scope(second)
    assert normalise(template.format(first)).startswith(template.scope(first))


@given(YEARS, YEARS, DAYS)
def test_a_longer_term_never_ends_earlier(one: int, other: int, start: date) -> None:
    shorter, longer = sorted((one, other))
    ends = [due_on(Retention("years", years=years), start) for years in (shorter, longer)]
    assert ends[0] is not None
    assert ends[1] is not None
    assert start <= ends[0] <= ends[1]


@given(YEARS, st.integers(1800, 2200))
def test_a_term_from_new_year_ends_on_the_last_day_of_a_year(years: int, year: int) -> None:
    assert due_on(Retention("years", years=years), starts_on("next_year", year)) == date(year + years, 12, 31)


@given(DAYS)
def test_what_has_no_end_never_ends(start: date) -> None:
    forever: list[object] = ["permanent", None, {"important": "permanent", "ordinary": 10}]
    assert [due_on(parse_retention(written), start) for written in forever] == [None, None, None]
