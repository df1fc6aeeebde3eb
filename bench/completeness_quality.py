"""How well papers are known as the records of the calendar, and the periods they are about.

`python -m bench.completeness_quality [--failures] [FILE …]` reads each paper as the service does (facts, series, then
recognition) and prints recall and precision of the record, and the share of those with a period that have both right.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from archive_service.exchange.calendar_files import county_calendar
from classification.calendar.periods import Period
from classification.calendar.recognition import Paper, Recogniser
from classification.outline import parse
from classification.suggestion import Suggester
from ingest.facts import propose
from ingest.reading import Page

HERE = Path(__file__).parent
MODEL = HERE.parent / "classification" / "outlines" / "yunling-model.yaml"
FILES = tuple(f"completeness_unseen{part}.yaml" for part in ("", "_second", "_third"))
NONE = "none"


@dataclass(frozen=True, slots=True)
class Judged:
    """One paper: what it is and was taken for, with the reasons."""

    path: str
    record: str
    period: str
    taken_for: str
    covers: str
    why: str


def main() -> None:
    """Print a line a file, and with `--failures` what was taken for something else."""
    files = [name for name in sys.argv[1:] if not name.startswith("--")] or [str(HERE / name) for name in FILES]
    for name in files:
        judged = list(judge(yaml.safe_load(Path(name).read_text(encoding="utf-8"))))
        print(f"{Path(name).name}: {len(judged)} papers; " + "; ".join(_shares(judged)))
        if "--failures" in sys.argv:
            for one in judged:
                if one.record != one.taken_for or (one.period and one.period != one.covers):
                    print(
                        f"{one.path}\n  true {one.record} {one.period}\n  read {one.taken_for} {one.covers}  {one.why}"
                    )


def judge(collection: dict[str, Any]) -> Iterator[Judged]:
    """Every paper as the service would take it."""
    calendar, suggester = county_calendar(), Suggester(parse(yaml.safe_load(MODEL.read_text(encoding="utf-8"))))
    recogniser, home = Recogniser(calendar), collection["village"]
    received = date.fromisoformat(str(collection["received"]))
    for number, one in enumerate(collection["papers"]):
        path, text = one["path"], one["text"]
        facts = propose(PurePosixPath(path).name, path, {}, [Page(1, text)], [home], home=home, received=received)
        title = facts.title.value if facts.title else PurePosixPath(path).stem
        suggested = suggester.suggest(title, text, path=path, kind="document").series
        dated = facts.date
        paper = Paper(
            str(number), title, text, suggested[0].series_id if suggested else "",
            dated.latest.year if dated else None, dated.earliest if dated else None, dated.latest if dated else None,
        )  # fmt: skip
        found = recogniser.recognise(paper)
        why = f"“{title}” {paper.series} " + " ".join(found.reasons if found else ())
        covers = name_of(found.covers) if found and found.covers else ""
        yield Judged(path, one["record"], one.get("period", ""), found.record if found else NONE, covers, why)


def name_of(period: Period) -> str:
    """A period as the collections write it: 2025, 2025-H1, 2025-Q3, 2025-03, 2025-W14; else its two days."""
    first, last = period.first, period.last
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    if first.day == 1 and (last.replace(day=28) - first).days > 26:
        names = {12: f"{first.year}", 6: f"{first.year}-H{1 + first.month // 7}", 1: f"{first.year}-{first.month:02}"}
        if months == 3:
            return f"{first.year}-Q{1 + first.month // 3}"
        if months in names:
            return names[months]
    if first.isoweekday() == 1 and (last - first).days == 6:
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return f"{first}..{last}"


def _shares(judged: Sequence[Judged]) -> Iterator[str]:
    true = [one for one in judged if one.record != NONE]
    said = [one for one in judged if one.taken_for != NONE]
    right = [one for one in true if one.taken_for == one.record]
    timed = [one for one in true if one.period]
    both = [one for one in timed if one.taken_for == one.record and one.covers == one.period]
    yield f"record recall {len(right) / len(true):.2f}, precision {len(right) / len(said):.2f}"
    yield f"record and period, of those that have one {len(both) / len(timed):.2f}"


if __name__ == "__main__":
    main()
