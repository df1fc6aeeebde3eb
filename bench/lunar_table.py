"""Derives the lunar table of the rule book (1600–2100) from lunar-python and writes classification/dates/lunar_table.py.

Only the data goes into the product; a test compares every month of the table with the library again. The compact form of
a year: offset of its first day from 1 January (days), number of the leap month (0 = none), one bit a month (1 = 30 days).
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

from lunar_python import LunarYear

FIRST, LAST = 1600, 2100
TARGET = Path(__file__).resolve().parent.parent / "classification" / "dates" / "lunar_table.py"


def packed(year: int) -> int:
    """One year as a number: offset << 17 | leap << 13 | month bits (first month lowest)."""
    months = [month for month in LunarYear.fromYear(year).getMonths() if month.getYear() == year]
    months.sort(key=lambda month: month.getFirstJulianDay())
    first = months[0].getFirstJulianDay()
    new_year = date.fromordinal(int(first + 0.5) - 1721425)
    leap = next((-month.getMonth() for month in months if month.getMonth() < 0), 0)
    bits = sum(1 << place for place, month in enumerate(months) if month.getDayCount() == 30)
    return ((new_year - date(year, 1, 1)).days << 17) | (leap << 13) | bits


def main() -> None:
    words = [f"{packed(year):06x}" for year in range(FIRST, LAST + 1)]
    rows = ["".join(words[at : at + 16]) for at in range(0, len(words), 16)]
    lines = [
        '"""The lunar calendar as data, written by bench/lunar_table.py from lunar-python; do not edit by hand.',
        "",
        "Six hexadecimal digits a year: days from 1 January to the first day of the year (<< 17), number of the leap month",
        "(<< 13, 0 = none), one bit a month in order, the first month lowest (1 = 30 days, 0 = 29).",
        '"""',
        "",
        f"FIRST_YEAR = {FIRST}",
        f"LAST_YEAR = {LAST}",
        "YEARS = (",
        *(f'    "{row}"' for row in rows),
        ")",
        "",
    ]
    TARGET.write_text("\n".join(lines), encoding="utf-8")
    print(f"{TARGET.name}: {len(words)} years, {sum(map(len, rows))} digits")


if __name__ == "__main__":
    main()
