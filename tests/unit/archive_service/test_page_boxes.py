"""Found words are marked on the picture of a page where recognition saw them, and nowhere else."""

from __future__ import annotations

from archive_service.web.pages.boxes import Box, boxes
from storage.database.records import PageText


def page(text: str, *lines: tuple[str, tuple[int, int, int, int]], vertical: bool = False) -> PageText:
    kept = [[words, 0.99, list(box)] for words, box in lines]
    return PageText(text=text, lines=kept, vertical=vertical, width=1000, height=2000)


def test_a_word_takes_its_share_of_the_line() -> None:
    # Ten Han characters over 500 pixels: each 50; the third to the sixth begin at 100 + 2 * 50.
    found = boxes(page("石门土地承包合同甲乙", ("石门土地承包合同甲乙", (100, 40, 600, 90))), [(2, 6)])
    assert found == (Box(200, 40, 200, 50),)


def test_figures_and_letters_are_half_as_wide_as_han() -> None:
    # "1983" is as wide as two Han characters: six units over 300 pixels, the word is the last two of them.
    found = boxes(page("1983承包合同", ("1983承包合同", (0, 0, 300, 30))), [(6, 8)])
    assert found == (Box(200, 0, 100, 30),)


def test_a_word_in_a_column_stands_under_the_words_before_it() -> None:
    text = "雲嶺石門王氏族譜"
    found = boxes(page(text, (text, (900, 100, 940, 900)), vertical=True), [(6, 8)])
    assert found == (Box(900, 700, 40, 200),)


def test_a_word_over_the_end_of_a_line_has_a_box_on_both() -> None:
    said = page("甲土\n地乙", ("甲土", (0, 0, 200, 50)), ("地乙", (0, 60, 200, 110)))
    assert boxes(said, [(1, 4)]) == (Box(100, 0, 100, 50), Box(0, 60, 100, 50))


def test_the_same_words_on_two_lines_are_told_apart_by_their_order() -> None:
    said = page("承包\t承包", ("承包", (0, 0, 100, 50)), ("承包", (500, 0, 600, 50)))
    assert boxes(said, [(3, 5)]) == (Box(500, 0, 100, 50),)


def test_text_that_was_not_recognised_has_no_boxes() -> None:
    assert boxes(PageText(text="土地承包", lines=None, width=0, height=0), [(0, 2)]) == ()
    assert boxes(page("土地", ("承包", (0, 0, 100, 50))), [(0, 2)]) == ()
