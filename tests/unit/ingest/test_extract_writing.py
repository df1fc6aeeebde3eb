"""A paper that was photographed in bad light is told from a view by its lines, and is recognised later."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageChops, ImageDraw

from ingest.extract.photo import extract
from ingest.extract.source import Source
from ingest.extract.writing import shows_lines
from ingest.identify import identify
from tests.unit.ingest import papers


def on_a_table(page: Image.Image) -> Image.Image:
    """The page askew on a dark table, the light falling off to less than half."""
    table = Image.new("L", (page.width + 260, page.height + 260), 90)
    table.paste(page.rotate(3, expand=True, fillcolor=90), (110, 110))
    light = Image.linear_gradient("L").rotate(90).resize(table.size).point(lambda value: 110 + value * 145 // 255)
    return ImageChops.multiply(table, light).convert("RGB")


def columns() -> Image.Image:
    """A page of ten ruled columns of square marks."""
    page = Image.new("L", (800, 700), 230)
    pen = ImageDraw.Draw(page)
    for left in range(60, 740, 70):
        pen.line((left - 18, 40, left - 18, 660), fill=90, width=2)
        for top in range(60, 640, 44):
            pen.rectangle((left, top, left + 30, top + 30), outline=30, width=4)
            pen.line((left + 4, top + 15, left + 26, top + 15), fill=30, width=4)
    return page


def test_rows_and_columns_are_lines_of_writing_in_bad_light_too() -> None:
    assert shows_lines(on_a_table(papers.paper()))
    assert shows_lines(on_a_table(columns()))


def test_a_view_a_blank_page_and_a_wall_of_gravel_are_not() -> None:
    assert not shows_lines(papers.landscape())
    assert not shows_lines(on_a_table(Image.new("L", (620, 877), 230)))
    assert not shows_lines(Image.effect_noise((900, 700), 120))


def test_a_photograph_of_a_paper_is_a_document_unless_its_path_says_photograph(tmp_path: Path) -> None:
    path = tmp_path / "IMG_2031.jpg"
    on_a_table(papers.paper()).save(path)

    def kind(shown: str) -> tuple[str, bool]:
        found = extract(Source(path, path.name, identify(path, path.name), shown_path=shown))
        return found.kind, found.needs_ocr

    assert kind("村委/IMG_2031.jpg") == ("document", True)
    assert kind("照片/IMG_2031.jpg") == ("photo", False)
