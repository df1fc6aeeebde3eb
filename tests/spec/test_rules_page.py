"""The page of the rules is printed from the tables, is up to date, and passes nothing off as law."""

from __future__ import annotations

from classification.outline import Outline
from tests.spec.render import PAGE, page
from tests.spec.tables import PERIODS, TERMS


def test_the_page_is_what_the_tables_say_now(model: Outline) -> None:
    assert PAGE.read_text(encoding="utf-8") == page(model), "run: python -m tests.spec.render"


def test_the_page_begins_with_the_banner_of_the_model(model: Outline) -> None:
    assert f"> **{model.document.banner}**" in page(model).split("## ")[0]


def test_every_row_of_a_table_is_on_the_page(model: Outline) -> None:
    sections = {part.split("\n", 1)[0]: part for part in page(model).split("\n## ")}
    assert sections["保管期限的写法"].count("\n|") == len(PERIODS) + 2
    assert sections["起算和期满"].count("\n|") == len(TERMS) + 2


def test_nothing_on_the_page_is_passed_off_as_law(model: Outline) -> None:
    rest = page(model).replace(model.document.banner, "")
    assert [word for word in ("第12号令", "国家规定", "法定期限") if word in rest] == []
