"""Which record of the calendar a paper is, and which period it covers, with reasons. A proposal: a person may say else.

Words count by their letters, those of the title before those of the first words. A series that fits speaks for a
record, one that does not speaks against it. Where no word is found, a series that only one record has is enough.
What calls to a thing, rules it or explains it is not its record; nor is a form that nobody has filled in.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from classification.calendar.model import Calendar, RecordKind
from classification.calendar.periods import Every, Period, last_of_month, periods
from classification.dates import find_dates

SERIES_FITS, SERIES_DIFFERS = 2.0, -1.0
FIRST_WORDS = 120
HALVES = {"上半年": (1, 6), "下半年": (7, 12)}
_HALF = re.compile("(?:(\\d{4})年)?(?:度)?(上半年|下半年)")
_WEEK = re.compile(r"第?\s*(\d{1,2})\s*周(?!年)")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)(?=年|\D|$)")
_RUN_TOGETHER = re.compile(r"(?<!\d)((?:19|20)\d\d)(0[1-9]|1[0-2])(?!\d)")
_ABOUT = re.compile(
    "(通知|制度|办法|规定|细则|指导意见|实施意见|安排意见|工作要点|讲话|解读|学习资料)$|(一封信|倡议书|宣传稿|新闻稿|学习体会)"
)
"""A title with these is of a paper about the thing, unless the record itself is known by that word."""
_UNFILLED = re.compile("样表|样式|模板|空白|范本")
_BLANK = re.compile("[_＿]{2,}|…{2,}")
_HOW_TO_FILL = re.compile("填表说明|一式[两二三四]份")
_BOOK = re.compile("[簿本册]|台账|汇编|全年|年度")
_IN_BRACKETS = re.compile("[（(][^（）()]*[）)]$")
_COPY = re.compile(r"[\s　《》“”\"_\-]+")


@dataclass(frozen=True, slots=True)
class Paper:
    """What is known of one paper. `year`: the year it is filed under; `first` and `last`: the interval of its date."""

    id: str
    title: str
    first_words: str = ""
    series: str = ""
    year: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """A paper as a record of the calendar. `covers` None = no period can be read; `reasons` in the order of weight."""

    paper: Paper
    record: str
    covers: Period | None
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Words:
    kind: RecordKind
    order: int
    keywords: tuple[frozenset[str], ...]


@dataclass(frozen=True, slots=True)
class _Heard:
    """Where a word must begin to be heard, its parts there, and those of the whole paper; see `_about`."""

    where: str
    needed: frozenset[str]
    parts: frozenset[str]
    about: str


class Recogniser:
    """The words of one calendar, made ready once for many papers."""

    def __init__(self, calendar: Calendar) -> None:
        self._words = [
            _Words(kind, order, tuple(frozenset(word.split("+")) for word in kind.keywords))
            for order, kind in enumerate(calendar.records)
        ]
        self._by_part: dict[str, list[_Words]] = {}
        for one in self._words:
            for part in frozenset(part for word in one.keywords for part in word):
                self._by_part.setdefault(part, []).append(one)
        self._alone = _alone(calendar.records)

    def recognise(self, paper: Paper) -> Recognised | None:
        """The record this paper most probably is, or None."""
        found = self._best(paper)
        if found is None:
            return None
        kind, reasons = found
        covers, read_from = period_of(kind, paper)
        return Recognised(paper, kind.id, covers, (*reasons, read_from))

    def _best(self, paper: Paper) -> tuple[RecordKind, tuple[str, ...]] | None:
        if _unfilled(paper):
            return None
        about = _about(paper.title)
        title, words = self._parts_in(paper.title), self._parts_in(paper.first_words[:FIRST_WORDS])
        for where, needed in (("题名", title), ("开头", words)):
            # Only a record that one of its words speaks for can win.
            spoken = {one.order: one for part in needed for one in self._by_part[part]}
            heard = _Heard(where, needed, title | words, about)
            scored = [one for held in spoken.values() if (one := _score(held, heard, paper.series))]
            if scored:
                _, _, kind, reasons = max(scored, key=lambda one: one[:2])
                return kind, reasons
        alone = self._alone.get(paper.series) if not about else None
        return (alone, (f"条目 {paper.series} 只有这一种记录",)) if alone else None

    def _parts_in(self, text: str) -> frozenset[str]:
        flat = _COPY.sub("", text)
        return frozenset(part for part in self._by_part if part in flat)


def _alone(kinds: Iterable[RecordKind]) -> dict[str, RecordKind]:
    """The series that only one record has."""
    by_series: dict[str, list[RecordKind]] = {}
    for kind in kinds:
        for series in kind.series:
            by_series.setdefault(series, []).append(kind)
    return {series: held[0] for series, held in by_series.items() if len(held) == 1}


def _unfilled(paper: Paper) -> bool:
    """A form to be filled in: it says so, or has nothing but blanks where something should stand."""
    words = paper.first_words[:FIRST_WORDS]
    empty = len(_BLANK.findall(words)) > 1 or bool(_HOW_TO_FILL.search(words))
    return bool(_UNFILLED.search(paper.title)) or (empty and paper.first is None)


def _about(title: str) -> str:
    """The word by which a title says that its paper is only about something; empty as a rule."""
    found = _ABOUT.search(title) or _ABOUT.search(_IN_BRACKETS.sub("", title.strip()))
    return found[0] if found else ""


def _score(one: _Words, heard: _Heard, series: str) -> tuple[float, int, RecordKind, tuple[str, ...]] | None:
    words = (word for word in one.keywords if word & heard.needed)
    about = heard.about
    said = _longest((word for word in words if not about or any(about in part for part in word)), heard.parts)
    worth = float(_letters(said))
    if not worth:
        return None
    reasons = [f"{heard.where}里有“{'、'.join(sorted(said))}”"]
    if series in one.kind.series:
        worth += SERIES_FITS
        reasons.append(f"条目 {series} 相符")
    elif series:
        worth += SERIES_DIFFERS
    return worth, -one.order, one.kind, tuple(reasons)


def _longest(keywords: Iterable[frozenset[str]], parts: frozenset[str]) -> frozenset[str]:
    """The keyword of most letters that is wholly there; empty if none is."""
    return max((word for word in keywords if word <= parts), key=_letters, default=frozenset()) if parts else parts


def _letters(parts: Iterable[str]) -> int:
    return sum(map(len, parts))


def period_of(kind: RecordKind, paper: Paper) -> tuple[Period | None, str]:
    """The period a paper covers and where it was read: its title, its first words, its date, in this order."""
    year, every = paper.year or (paper.first.year if paper.first else None), kind.cadence.every
    named = _written(paper.title, year, every)
    begun = _written(paper.first_words[:FIRST_WORDS], year, every)
    if named and begun and not _BOOK.search(paper.title) and _is_finer(kind, named, begun):
        return _whole(kind, begun), f"开头写明{begun.name}"
    for where, read in (("题名", named), ("开头", begun)):
        if read is not None:
            return _whole(kind, read), f"{where}写明{read.name}"
    if paper.first and paper.last:
        dated = Period(paper.first, paper.last, _span(paper.first, paper.last))
        return _whole(kind, dated), f"按形成日期 {dated.name}"
    return None, "看不出属于哪一期"


def _is_finer(kind: RecordKind, named: Period, begun: Period) -> bool:
    """Whether the title names more than one period of the cadence, and the first words one of these."""
    fits, one = _whole(kind, named), _whole(kind, begun)
    return fits.holds(one.first, one.last) and one.last - one.first < fits.last - fits.first


def _whole(kind: RecordKind, read: Period) -> Period:
    """The period of the cadence that holds what was read; a book keeps all it covers, and so does what is longer."""
    every = kind.cadence.every
    if every is None or every in (Every.EVENT, Every.TERM):
        return read
    year = read.first.isocalendar().year if every is Every.WEEK else read.first.year
    return next((one for one in periods(every, year) if one.holds(read.first, read.last)), read)


def _written(text: str, year: int | None, every: Every | None) -> Period | None:
    """What a text says of the period. A year alone is the year, unless the text says more."""
    flat = _RUN_TOGETHER.sub(r"\1年\2月", text)
    stated = _YEAR.search(flat)
    year = int(stated[1]) if stated else year
    named = _half(flat, year) or (_week(flat, year) if every is Every.WEEK else None)
    if named or year is None:
        return named
    found = [one.reading for one in find_dates(flat, date(year, 12, 31), year)]
    if not found:
        return Period(date(year, 1, 1), date(year, 12, 31), f"{year}年") if stated else None
    whole = [one for one in found if every and _is_one(every, one.earliest, one.latest)]
    nearest = min(whole or found, key=lambda one: one.latest - one.earliest)
    return Period(nearest.earliest, nearest.latest, nearest.wording)


def _is_one(every: Every, first: date, last: date) -> bool:
    """Whether these two days are just one period of the cadence: a month that is named says more than a day."""
    if every in (Every.EVENT, Every.TERM):
        return False
    return any((one.first, one.last) == (first, last) for one in periods(every, first.year))


def _half(text: str, year: int | None) -> Period | None:
    found = _HALF.search(text)
    if not found or year is None:
        return None
    first, last = HALVES[found[2]]
    return Period(date(year, first, 1), last_of_month(year, last), f"{year}年{found[2]}")


def _week(text: str, year: int | None) -> Period | None:
    found = _WEEK.search(text)
    weeks = periods(Every.WEEK, year) if found and year else ()
    number = int(found[1]) if found else 0
    return weeks[number - 1] if 1 <= number <= len(weeks) else None


def _span(first: date, last: date) -> str:
    return first.isoformat() if first == last else f"{first.isoformat()} 至 {last.isoformat()}"
