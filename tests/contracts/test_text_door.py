"""What every reader of documents promises, over our own and, with `--tika URL`, a Tika server: the samples' text.

Agreed differences of the server, which is asked only where ours has failed:
- it is not asked for plain text, CSV, Markdown, HTML, mail, OFD, pictures and sound;
- it knows pages of PDF, sheets and slides; papers of DOCX, DOC, WPS, ODT and RTF come as one page;
- it names the only sheet of a workbook too, and shows cells by its own reading of number formats;
- slides of ODP come as one page, with the words of the master slide in front;
- a file without text is unsupported to it, where ours say what the file is instead;
- what it has read carries a warning, because a person should look at a file that ours could not read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import Corrupt, Protected, Truncated, Unsupported
from ingest.extract import choose, tika
from ingest.extract.source import Server, Source
from ingest.identify import identify
from ingest.reading import Extraction, Limits
from tests.unit.ingest.compound_files import compound, records
from tests.unit.ingest.files_to_read import COUNTY, DOCX, PPT, SAMPLES, XLS, bare

PAPERS = [
    paper
    for paper in map(json.loads, (SAMPLES / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    if paper.get("text") and not paper["ocr"] and paper["format"] in tika.DOCUMENTS
]
PAGED = frozenset({"pdf", "xls", "et", "xlsx", "ppt", "dps", "pptx"})
"""Endings for which every reader knows the pages."""

MOST_ADDED = 30
"""Characters that a reader may add: names of sheets, words of a master slide."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Over every implementation; over a real server too when `--tika` gives its URL."""
    if "server" in metafunc.fixturenames:
        server = Server(metafunc.config.getoption("--tika") or "", 60)
        tika_too = pytest.param(server, id="tika", marks=pytest.mark.needs("tika"))
        metafunc.parametrize("server", [pytest.param(None, id="own"), tika_too])


def read(path: Path, server: Server | None, limits: Limits | None = None) -> Extraction:
    """What a reader has to say of a file."""
    source = Source(path, path.name, identify(path, path.name), limits or Limits(), server=server)
    return (tika.extract if server else choose(source.format.mime))(source)


def written(pages: Iterable[str]) -> str:
    """All pages as one text without white space."""
    return bare("\n".join(pages))


@pytest.mark.parametrize("paper", PAPERS, ids=[paper["path"] for paper in PAPERS])
def test_the_text_of_a_sample_is_its_written_text(paper: dict[str, Any], server: Server | None) -> None:
    found, truth = written(page.text for page in read(COUNTY / paper["path"], server).pages), written(paper["text"])
    blocks = SequenceMatcher(None, found, truth, autojunk=False).get_matching_blocks()
    assert sum(block.size for block in blocks) >= 0.99 * len(truth)
    assert len(found) <= len(truth) + MOST_ADDED


@pytest.mark.parametrize("ending", sorted(PAGED & {paper["path"].rsplit(".")[-1] for paper in PAPERS}))
def test_each_page_holds_its_own_text(ending: str, server: Server | None) -> None:
    for paper in PAPERS:
        if paper["path"].endswith(f".{ending}"):
            pages = read(COUNTY / paper["path"], server).pages
            assert [page.number for page in pages] == list(range(1, len(paper["text"]) + 1))
            for page, truth in zip(pages, paper["text"], strict=True):
                assert written(truth.split("\n")[:1]) in written([page.text])


def test_rows_of_a_table_are_lines_with_tabs(server: Server | None) -> None:
    # Seen in WPS: the head of the table on the sheet.
    heads = "姓名\t职务\t基本报酬\t绩效\t误工补贴\t应发合计\t代扣养老保险\t实发"
    assert heads in read(XLS, server).pages[0].text.split("\n")


def test_lines_of_a_pdf_stay_lines(server: Server | None) -> None:
    lines = [line.strip() for line in read(COUNTY / "石门槛村/水利/验收.pdf", server).pages[0].text.split("\n")]
    assert lines[:3] == ["下河坝提灌站工程竣工验收报告", "工程名称：下河坝提灌站", "建设单位：石门槛村村民委员会"]


def test_author_and_time_of_making_are_told(server: Server | None) -> None:
    found = read(DOCX, server).metadata
    assert (found["author"], found["created"].removesuffix("Z")) == ("村文书", "2024-06-03T09:12:00")


def test_a_workbook_with_a_password_says_so(server: Server | None, tmp_path: Path) -> None:
    # BOF of BIFF8, FILEPASS with the XOR method, its key and verifier, EOF.
    locked = records((0x809, bytes.fromhex("000605006c0dcd07")), (0x2F, bytes.fromhex("0000593d2d8e")), (0x0A, b""))
    path = tmp_path / "locked.xls"
    path.write_bytes(compound({"Workbook": locked}))
    with pytest.raises(Protected):
        read(path, server)


def test_a_document_whose_inside_is_overwritten_is_no_text(server: Server | None, tmp_path: Path) -> None:
    path = tmp_path / "broken.ppt"
    path.write_bytes(PPT.read_bytes()[:512] + bytes(range(256)) * 40)
    with pytest.raises((Corrupt, Truncated, Unsupported)):
        read(path, server)


def test_text_beyond_the_limit_is_left_out_and_said(server: Server | None) -> None:
    extraction = read(DOCX, server, Limits(characters=100))
    assert sum(len(page.text) for page in extraction.pages) <= 100
    assert any("超出上限" in warning for warning in extraction.warnings)
