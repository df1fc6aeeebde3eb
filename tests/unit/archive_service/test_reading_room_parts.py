"""Small parts of the pages of use: the name over a picture, a citation, cells of a table, the throttle."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import numpy
import pytest
from PIL import Image

from archive_service.forms.citation import Cited, citation
from archive_service.forms.watermark import marked
from archive_service.web.pages.sheets import Cell, rows
from archive_service.web.throttling import Throttle, TooOften
from ingest.kinds import OOXML
from tests.conftest import NOON

XLSX = OOXML + "spreadsheetml.sheet"


@pytest.mark.parametrize("paper", ["white", "black"])
def test_a_name_stands_over_every_part_of_a_page_light_or_dark(paper: str) -> None:
    plain = BytesIO()
    Image.new("RGB", (900, 1300), paper).save(plain, "JPEG", quality=95)
    with Image.open(BytesIO(marked(plain.getvalue(), "顾采薇 2026-03-01 仅供查阅"))) as drawn:
        assert (drawn.format, drawn.size) == ("JPEG", (900, 1300))
        greys = numpy.asarray(drawn.convert("L")).astype(int)
    changed = abs(greys - (255 if paper == "white" else 0)) > 20
    # Cut into nine fields: nobody can cut a useful part out without the name.
    fields = [part for band in numpy.array_split(changed, 3) for part in numpy.array_split(band, 3, axis=1)]
    assert all(field.any() for field in fields)
    assert changed.mean() < 0.2


def test_another_name_makes_another_picture() -> None:
    plain = BytesIO()
    Image.new("RGB", (300, 300), "white").save(plain, "JPEG")
    assert marked(plain.getvalue(), "顾采薇") != marked(plain.getvalue(), "石大山")


def test_a_citation_names_what_is_known_and_leaves_out_the_rest() -> None:
    whole = Cited(
        "灌溉渠维修记录。",
        "V012-WS·2014-D10-0001",
        "石门槛村民委员会",
        "云岭县村级档案",
        "石门槛村",
        "V012",
        "2014年5月",
        2,
    )
    assert citation(whole) == (
        "石门槛村民委员会. 灌溉渠维修记录[A]. 云岭县村级档案: 石门槛村全宗（V012）, V012-WS·2014-D10-0001, 2014年5月, "
        "第 2 版."
    )
    bare = Cited("照片", "V012-1", "", "云岭县村级档案", "石门槛村", "V012", "")
    assert citation(bare) == "照片[A]. 云岭县村级档案: 石门槛村全宗（V012）, V012-1."


def test_a_table_s_text_becomes_cells_with_the_marks_that_fall_into_each() -> None:
    #        0123 4567
    text = "姓名\t亩数\n王满仓\t3.5"
    assert rows(XLSX, text, [(6, 8)]) == [
        [Cell("姓名", ()), Cell("亩数", ())],
        [Cell("王满仓", ((0, 2),)), Cell("3.5", ())],
    ]
    assert rows(XLSX, "没有表格", []) == rows("text/plain", text, []) == []


def test_a_mark_over_two_cells_is_cut_at_their_border() -> None:
    assert rows(XLSX, "王满\t仓", [(1, 4)]) == [[Cell("王满", ((1, 2),)), Cell("仓", ((0, 1),))]]


def test_an_address_that_asks_too_often_waits_and_others_do_not() -> None:
    throttle = Throttle(2, timedelta(minutes=1))
    for _ in range(2):
        throttle.take("a", NOON)
    with pytest.raises(TooOften):
        throttle.take("a", NOON + timedelta(seconds=59))
    throttle.take("b", NOON)
    throttle.take("a", NOON + timedelta(seconds=61))
