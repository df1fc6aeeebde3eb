"""Dates as people wrote them: an interval, how sure it is, and the wording itself.

`read_date` reads a wording that is nothing but a date, `find_dates` finds those of a running text. Neither looks at a
clock, and neither guesses: what names no year that can be worked out has no date.
"""

from classification.dates.reading import Certainty, DateReading, FoundDate, Interval
from classification.dates.search import find_dates, read_date

__all__ = ["Certainty", "DateReading", "FoundDate", "Interval", "find_dates", "read_date"]
