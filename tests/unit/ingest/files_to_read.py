"""Small real files made on the spot, and one way to read them: identify, choose, extract."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping
from pathlib import Path

from ingest.extract import choose
from ingest.extract.source import Source
from ingest.identify import identify
from ingest.reading import Extraction, Limits

SAMPLES = Path(__file__).parents[2] / "samples"
COUNTY = SAMPLES / "county"
DOC = COUNTY / "石门槛村/镇上发的/附件2参训回执.doc"
XLS = COUNTY / "青石坳村/财务/工资1-3月.xls"
PPT = COUNTY / "青石坳村/会议记录/2020年工作报告.ppt"
DOCX = COUNTY / "青石坳村/应急/防汛预案2024.docx"
XLSX = COUNTY / "石门槛村/公开/6月.xlsx"
ODT = COUNTY / "青石坳村/换届/移交清单.odt"


def extraction(path: Path, limits: Limits | None = None) -> Extraction:
    """What the extractor for this file gets out of it."""
    form = identify(path, path.name)
    return choose(form.mime)(Source(path, path.name, form, limits or Limits()))


def texts(path: Path) -> list[str]:
    """The text of each page."""
    return [page.text for page in extraction(path).pages]


def text_of(path: Path) -> str:
    """All the text, pages parted by form feeds."""
    return "\f".join(texts(path))


def packed(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A zip of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def repacked(source: Path, target: Path, changes: Mapping[str, str | bytes]) -> Path:
    """A copy of a zip with some parts replaced or added."""
    with zipfile.ZipFile(source) as old:
        parts: dict[str, str | bytes] = {name: old.read(name) for name in old.namelist()}
    return packed(target, parts | changes)


def bare(text: str) -> str:
    """Text without white space; cells that are figures without the zeros that only a number format would show."""
    return "".join(_figure(word) for word in text.split())


def _figure(word: str) -> str:
    return word.rstrip("0").rstrip(".") if re.fullmatch(r"\d+\.\d+", word) else word
