"""The county's clock: moments are kept in UTC; on which day one lies, this says."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

COUNTY_TIME = ZoneInfo("Asia/Shanghai")


def day_of(moment: datetime) -> date:
    """The day of a moment, as the calendar on the county's wall has it."""
    return moment.astimezone(COUNTY_TIME).date()


def day_in_words(day: date) -> str:
    """A day in a sentence: 2023年11月18日. Tables have 2023-11-18."""
    return f"{day.year}年{day.month}月{day.day}日"
