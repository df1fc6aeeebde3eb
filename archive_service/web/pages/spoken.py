"""Words for the visitor: sentences in the visitor's language, names of classes and series, the banner of a model."""

from __future__ import annotations

from archive_service.web import words
from archive_service.web.context import Visitor
from classification.outline import Outline, OutlineClass, Series


def say(visitor: Visitor, sentence: str, **values: object) -> str:
    """A sentence in the visitor's language."""
    return words.say(visitor.lang, sentence, **values)


def banner(outline: Outline | None, lang: str) -> str:
    """What a model outline says of itself wherever its terms are shown; empty for a county's own."""
    if outline is None:
        return ""
    document = outline.document
    return document.banner_en if lang == "en" and document.banner_en else document.banner


def named(one: OutlineClass | Series, lang: str) -> str:
    """The name of a class or series."""
    return one.name_en if lang == "en" and one.name_en else one.name


def path_of(outline: Outline, class_id: str, lang: str) -> str:
    """文书 · 民主决策与监督"""
    return " · ".join(named(one, lang) for one in outline.ancestors(class_id))
