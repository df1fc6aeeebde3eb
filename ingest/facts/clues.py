"""What the rules of the date look at: the paper, the wording of its title, and the year that years left out mean.

A rule takes clues and gives a proposal or None; which rule is asked first is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from classification.dates import Certainty, DateReading, FoundDate, find_dates
from ingest.facts.paper import Paper, Row
from ingest.facts.title import Heading
from ingest.reading import ProposedDate

YEAR = re.compile(r"(?<!\d)(?P<year>19[4-9]\d|20[0-4]\d)(?!\d)")
FINE = frozenset({Certainty.EXACT, Certainty.RANGE, Certainty.MONTH, Certainty.PART})
LONGEST_PERIOD = timedelta(days=370)
_FULL_YEAR = re.compile(r"(?<!\d)(?P<year>19[4-9]\d|20[0-4]\d)年")
_HEADING_LINES = 4
_AHEAD = timedelta(days=400)
_DEADLINE = re.compile(r"^\s*(?:以?前|之前|内|起|止|以后|之后|开始|施行|执行|实施|到期|届满|底前)")
_NOT_OF_THE_PAPER = re.compile(r"[自从至到于截止]\s*$|(?:经|根据|按照)$|出生|[生卒歿殁没葬]于?$|享年|截至$")

Rule = Callable[["Clues"], ProposedDate | None]


class Clues:
    """The paper with what several rules need."""

    def __init__(self, paper: Paper, title: Heading | None) -> None:
        self.paper, self.title = paper, title
        self.wording = title.text if title else ""
        self.below = paper.head[title.rows if title else 0 :][:_HEADING_LINES]
        self.year = self._year()

    def dates(self, text: str, year: int | None = None) -> list[FoundDate]:
        """The dates of a text up to a year after receipt: what lies further ahead is a term, not a date."""
        last = self.paper.received + _AHEAD
        return [one for one in find_dates(text, self.paper.received, year) if one.reading.earliest <= last]

    def _year(self) -> int | None:
        for text in (self.wording, self.paper.stem, *reversed(self.paper.folders), *(row.text for row in self.below)):
            found = find_dates(text, self.paper.received)
            if found and found[0].reading.earliest.year >= found[0].reading.latest.year - 1:
                return found[0].reading.earliest.year
            if (bare := YEAR.search(text)) and int(bare["year"]) <= self.paper.received.year:
                return int(bare["year"])
        named = {int(found["year"]) for found in _FULL_YEAR.finditer(self.paper.text)}
        return named.pop() if len(named) == 1 else None


def tells(line: str, found: FoundDate) -> bool:
    """Is it neither a deadline nor the beginning of a term, nor somebody's birth or death?"""
    return not _DEADLINE.match(line[found.end :]) and not _NOT_OF_THE_PAPER.search(line[: found.start])


def proposed(reading: DateReading, source: str) -> ProposedDate:
    """A reading as a proposal, with where it was found."""
    return ProposedDate(reading.wording, reading.earliest, reading.latest, str(reading.certainty), source)


def after_label(clues: Clues, label: re.Pattern[str], rows: Sequence[Row]) -> ProposedDate | None:
    """The first date that stands directly behind such a label."""
    for row in rows:
        for stands in label.finditer(row.text):
            found = [one for one in clues.dates(row.text[stands.end() :], clues.year) if one.start <= 1]
            if found:
                words = stands.group().strip(" ：:\u3000\t")
                return proposed(found[0].reading, f"取自第 {row.page} 页“{words}”")
    return None


def first_page(paper: Paper) -> Paper:
    """The paper without its further pages: of a letter, what is not attached."""
    rows = tuple(row for row in paper.head if row.page == 1 and not row.text.startswith("附件："))
    return replace(paper, head=rows, tail=rows[-25:])
