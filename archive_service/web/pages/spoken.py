"""Words for the visitor: sentences in the visitor's language, names of classes and series, the banner of a model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from sqlalchemy.orm import Session

from archive_service.web import words
from archive_service.web.context import Visitor
from classification.calendar.citing import cited
from classification.calendar.model import Calendar
from classification.outline import Outline, OutlineClass, Series
from storage.database.accounts import accounts_named


def say(visitor: Visitor, sentence: str, **values: object) -> str:
    """A sentence in the visitor's language."""
    return words.say(visitor.lang, sentence, **values)


def banner(outline: Outline | None, lang: str) -> str:
    """What a model outline says of itself wherever its terms are shown; empty for a county's own."""
    if outline is None:
        return ""
    return warning(outline.document, lang)


class Warned(Protocol):
    """A document of rules that may be a model."""

    @property
    def banner(self) -> str: ...
    @property
    def banner_en(self) -> str: ...


def warning(document: Warned, lang: str) -> str:
    """What a model document says of itself."""
    return document.banner_en if lang == "en" and document.banner_en else document.banner


def named(one: OutlineClass | Series, lang: str) -> str:
    """The name of a class or series."""
    return one.name_en if lang == "en" and one.name_en else one.name


def cite(calendar: Calendar, lang: str, source: str) -> str:
    """The source of a rule of the calendar: VCL2018 art 30 is 村民委员会组织法第30条."""
    return cited(source, calendar.sources, lang == "en")


def called(session: Session, logins: Iterable[str]) -> dict[str, str]:
    """What those who acted are called, by their log-ins: one query for a whole page."""
    return words.WHO | {login: one.name for login, one in accounts_named(session, set(logins)).items()}


def path_of(outline: Outline, class_id: str, lang: str) -> str:
    """文书 · 民主决策与监督"""
    return " · ".join(named(one, lang) for one in outline.ancestors(class_id))
