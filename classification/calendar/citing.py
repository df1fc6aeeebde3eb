"""Where a rule was read, in words: `VCL2018 arts 22, 26` is 村民委员会组织法第22、26条.

Rules name a source by its id, with the articles behind it; what is not such a reference stays as it was written.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from classification.calendar.model import Source

_REFERENCE = re.compile(r"(?P<id>[\w-]+)(?: arts? (?P<articles>[\d(),\s-]+))?")


def cited(said: str, sources: Mapping[str, Source], english: bool = False) -> str:
    """The references of a rule in words; several are divided by ; as they are written."""
    parts = [_one(part.strip(), sources, english) for part in said.split(";") if part.strip()]
    return ("; " if english else "；").join(parts)


def _one(said: str, sources: Mapping[str, Source], english: bool) -> str:
    found = _REFERENCE.fullmatch(said)
    source = sources.get(found["id"]) if found else None
    if found is None or source is None:
        return said
    articles = (found["articles"] or "").strip()
    if english and source.name_en:
        several = "s" if re.search("[,-]", articles) else ""
        return _short(source.name_en, " (") + (f", art{several}. {articles}" if articles else "")
    return _short(source.name, "（") + _articles(articles)


def _short(name: str, bracket: str) -> str:
    """Without what stands behind it in brackets: the edition, what has yet to be checked."""
    return name.split(bracket)[0]


def _articles(said: str) -> str:
    """第22、26条, 第26—27条, 第7条第9项."""
    if item := re.fullmatch(r"(\d+)\((\d+)\)", said):
        return f"第{item[1]}条第{item[2]}项"
    return f"第{re.sub(r', *', '、', said).replace('-', '—')}条" if said else ""
