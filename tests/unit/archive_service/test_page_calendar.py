"""What the county has to say, on the page: in words, with its unit, chosen where there is a choice."""

from __future__ import annotations

import re

import pytest

from archive_service.exchange.calendar_files import county_calendar
from archive_service.web.pages.calendar_settings import choices, frequency, hint, in_words
from archive_service.web.words import english
from classification.calendar.adjusting import text_of, value_of
from classification.calendar.model import Cadence, Setting
from classification.calendar.periods import Every

MODEL = county_calendar()
LATIN = re.compile(r"[A-Za-z]{2,}")


def setting(kind: str, value: object = None, length: int | None = None) -> Setting:
    return Setting("x", "某项", value, "model", kind, length=length)


@pytest.mark.parametrize("one", MODEL.settings.values(), ids=lambda one: one.id)
def test_a_setting_of_the_model_is_shown_without_a_word_of_the_machine(one: Setting) -> None:
    shown = [one.name, one.note, one.unit, in_words(one, "zh"), hint(one), *(word for _, word in choices(one))]
    assert [text for text in shown if LATIN.search(text)] == []
    assert one.name_en
    assert [text for text in (one.note, one.unit) if text and text not in english()] == []
    assert bool(one.unit) == (one.type == "integer")


@pytest.mark.parametrize("one", MODEL.settings.values(), ids=lambda one: one.id)
def test_what_stands_in_the_form_is_understood_when_it_comes_back(one: Setting) -> None:
    typed = text_of(one.value)
    assert not choices(one) or typed in ("", *(value for value, _ in choices(one)))
    if one.type != "map" and "post" not in one.type:
        assert text_of(value_of(one.type, typed, one.length)) == typed


@pytest.mark.parametrize(
    ("one", "zh", "en"),
    [
        (setting("month | quarter", "quarter"), "每季度", "每季度"),
        (setting("boolean", False), "否", "否"),
        (setting("MM-DD of the next year", "06-30"), "次年6月30日", "06-30 of the next year"),
        (setting("list of posts", ["书记", "主任"]), "书记、主任", "书记、主任"),
        (setting("fraction", "2/3"), "2/3", "2/3"),
        (setting("integer"), "", ""),
    ],
)
def test_a_value_in_words(one: Setting, zh: str, en: str) -> None:
    assert (in_words(one, "zh"), in_words(one, "en")) == (zh, en)


def test_a_list_says_how_many_it_must_have() -> None:
    assert hint(setting("list of {code, zh}", length=8)) == "一行一项，共 {n} 项"
    assert hint(setting("list of dates")) == "一行一个日期，如 2026-10-01"


def test_how_often_in_both_languages() -> None:
    yearly = Cadence(Every.YEAR, per="cadre", window=(1, 2), due_days=15, volume=Every.YEAR, level="township")
    assert frequency(yearly, "zh") == "每名村干部每年 1 件，1至2月形成，期后 15 天内，可成册，由乡镇形成"
    assert frequency(yearly, "en") == (
        "1 every year for each cadre, formed in months 1 to 2, within 15 days after it, may be one book, "
        "formed by the township"
    )
    assert frequency(Cadence(None), "en") == "the county has not said yet"
