"""A county's outline and retention table: one document in, checked whole, one `Outline` out.

YAML, CSV and XLSX are read to plain rows elsewhere; which version is in force is the desk's business.
"""

from __future__ import annotations

from collections.abc import Mapping

from classification.errors import OutlineInvalid
from classification.outline_checks import problems_of
from classification.outline_model import (
    Document,
    EvidenceRow,
    EvidenceSource,
    Named,
    Outline,
    OutlineClass,
    RetentionValue,
    Series,
    retention_key,
)
from classification.outline_reader import Reader

__all__ = [
    "Document",
    "EvidenceRow",
    "EvidenceSource",
    "Named",
    "Outline",
    "OutlineClass",
    "RetentionValue",
    "Series",
    "parse",
    "retention_key",
]


def parse(document: Mapping[str, object]) -> Outline:
    """Read and check a county document.

    Args:
        document: the whole document as plain values, in the shape of `outlines/yunling-model.yaml`. A row may carry
            `_place` (分类表第12行): problems then name it.

    Raises:
        OutlineInvalid: with every problem found; nothing of the document is taken.
    """
    reader = Reader(document)
    outline = reader.read()
    problems = [*reader.problems, *problems_of(outline, reader.places)]
    if problems:
        raise OutlineInvalid(tuple(problems))
    return outline
