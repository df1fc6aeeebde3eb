"""The papers of the sample county come out as they were written: at least 99 of 100 characters, page by page."""

from __future__ import annotations

import json
from difflib import SequenceMatcher
from typing import Any

import pytest

from tests.unit.ingest.files_to_read import COUNTY, SAMPLES, bare, texts

FORMATS = {"docx", "doc", "wps", "xlsx", "xls", "et", "pptx", "ppt", "dps", "odt", "ods", "odp", "rtf", "html", "txt",
           "csv", "md", "ofd", "json", "xml"}  # fmt: skip
PAPERS = [
    paper
    for paper in map(json.loads, (SAMPLES / "manifest.jsonl").read_text(encoding="utf-8").splitlines())
    if paper["path"].rsplit(".", 1)[-1] in FORMATS and "text" in paper
]


@pytest.mark.parametrize("paper", PAPERS, ids=[paper["path"] for paper in PAPERS])
def test_the_text_of_a_sample_is_its_written_text(paper: dict[str, Any]) -> None:
    found = texts(COUNTY / paper["path"])
    assert len(found) == len(paper["text"])
    for page, written in zip(found, paper["text"], strict=True):
        assert agreement(bare(page), bare(written)) >= 0.99


def test_the_table_covers_the_office_formats_of_the_samples() -> None:
    assert {paper["path"].rsplit(".", 1)[-1] for paper in PAPERS} >= {
        "docx", "doc", "wps", "xlsx", "xls", "et", "ppt", "odt", "ods", "rtf", "html", "txt", "csv",
    }  # fmt: skip


def agreement(found: str, written: str) -> float:
    """Share of characters in common and in order, of the longer of the two."""
    blocks = SequenceMatcher(None, found, written, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(len(found), len(written), 1)
