"""How good is everything that is proposed for a paper that no rule was made for: series, class, access and facts.

`python -m bench.unseen_quality [--failures] [FILE …]` scores the odd and the even papers of all sets, or of those named, each half
on its own, and shows what went wrong in the odd ones. What the sets scored when they were new stands in `README.md`;
whoever makes rules better writes a new set first.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from classification.dates import read_date
from classification.outline import Outline, parse
from classification.suggestion import Suggester, Suggestion
from ingest.facts import propose
from ingest.reading import Facts, Page

HERE = Path(__file__).parent
MODEL = HERE.parent / "classification" / "outlines" / "yunling-model.yaml"
FILES = tuple(f"papers_unseen{part}.yaml" for part in ("", "_second", "_third", "_fourth", "_fifth"))
RECEIVED = date(2025, 3, 1)
VILLAGES = ("石门槛村", "青石坳村", "柳林铺村", "白鹤岩村", "枫树塘村")
ENOUGH_ALIKE = 0.5
HALVES = ("odd papers", "even papers")


@dataclass(frozen=True, slots=True)
class Verdict:
    """One thing judged of one paper: what was proposed, what is true."""

    what: str
    right: bool
    proposed: str
    true: str


def main() -> None:
    """Print a table of both halves, and with `--failures` what was wrong in the first."""
    files = [name for name in sys.argv[1:] if not name.startswith("--")] or [str(HERE / name) for name in FILES]
    outline = parse(yaml.safe_load(MODEL.read_text(encoding="utf-8")))
    suggester = Suggester(outline)
    right: dict[str, Counter[str]] = {half: Counter() for half in HALVES}
    asked: dict[str, Counter[str]] = {half: Counter() for half in HALVES}
    for half, paper in (pair for name in files for pair in _halved(Path(name))):
        for verdict in _verdicts(paper, suggester, outline):
            asked[half][verdict.what] += 1
            right[half][verdict.what] += verdict.right
            if not verdict.right and half == HALVES[0] and "--failures" in sys.argv:
                print(f"{verdict.what:14} {paper['path']}\n  proposed {verdict.proposed}\n  true     {verdict.true}")
    print(f"{'':20}" + "".join(f"{half:>20}" for half in HALVES))
    for what in asked[HALVES[0]]:
        shares = (f"{right[half][what] / asked[half][what]:10.3f} of {asked[half][what]:4}  " for half in HALVES)
        print(f"{what:20}" + "".join(f"{share:>20}" for share in shares))


def _halved(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, paper in enumerate(yaml.safe_load(file.read_text(encoding="utf-8"))):
        yield HALVES[number % 2], paper


def _verdicts(paper: dict[str, Any], suggester: Suggester, outline: Outline) -> Iterator[Verdict]:
    path, text, kind = paper["path"], paper["text"], paper.get("kind", "document")
    home = next((name for name in VILLAGES if name in path), VILLAGES[2])
    pages = [Page(1, text)]
    facts = propose(PurePosixPath(path).name, path, {}, pages, VILLAGES, home=home, received=RECEIVED)
    title = facts.title.value if facts.title else PurePosixPath(path).stem
    suggestion = suggester.suggest(title, text, path=path, kind=kind)
    yield from _of_series(paper["series"], suggestion, outline)
    if paper.get("title"):
        yield from _of_facts(paper, facts)


def _of_series(true: str | None, suggestion: Suggestion, outline: Outline) -> Iterator[Verdict]:
    ids = [one.series_id for one in suggestion.series]
    shown = "  ".join(f"{one.series_id} {one.score:.1f} {'/'.join(one.reasons[:2])}" for one in suggestion.series[:3])
    if true is None:
        yield Verdict("none: not confident", not suggestion.confident, shown, "")
        yield Verdict("none: silent", not ids, shown, "")
    else:
        row = outline.series[true]
        yield Verdict("first", ids[:1] == [true], shown, f"{true} {row.name}")
        yield Verdict("three", true in ids[:3], shown, f"{true} {row.name}")
        yield Verdict("class", bool(ids) and suggestion.series[0].class_id == row.class_id, shown, row.class_id)
        yield Verdict("access", suggestion.access == row.access, suggestion.access_reason, row.access)
    yield Verdict("sure", suggestion.confident or true is None, shown, str(true))
    if suggestion.confident:
        yield Verdict("sure is right", ids[:1] == [true], shown, str(true))


def _of_facts(paper: dict[str, Any], facts: Facts) -> Iterator[Verdict]:
    title, true_title = facts.title.value if facts.title else "", paper["title"]
    yield Verdict("title exact", title == true_title, title, true_title)
    close = _alike(title, true_title) >= ENOUGH_ALIKE or (bool(title) and title in true_title)
    yield Verdict("title alike", close, title, true_title)
    span, true_span = facts.date, _interval(paper.get("date"))
    shown = f"{span.earliest} {span.latest} {span.source}" if span else "none"
    right_date = (span.earliest, span.latest) == true_span if span else true_span is None
    yield Verdict("date", right_date, shown, str(true_span))
    for what, fact, true in (
        ("number", facts.doc_number, paper.get("number")),
        ("responsible", facts.responsible, paper.get("by")),
    ):
        value = fact.value if fact else None
        yield Verdict(what, value == (true or None), str(fact), str(true))
    for what, found in (("people", facts.people), ("places", facts.places)):
        values, names = {fact.value for fact in found}, set((paper.get(what) or "").split())
        for name in sorted(values):
            yield Verdict(f"{what}: precision", name in names, name, " ".join(sorted(names)))
        for name in sorted(names):
            yield Verdict(f"{what}: recall", name in values, " ".join(sorted(values)), name)


def _interval(written: str | int | date | None) -> tuple[date, date] | None:
    if written is None:
        return None
    readings = [read_date(_in_words(part), RECEIVED) for part in str(written).split("..")]
    first, last = readings[0], readings[-1]
    if first is None or last is None:
        raise ValueError(written)
    return first.earliest, last.latest


def _in_words(part: str) -> str:
    return "".join(figure + unit for figure, unit in zip(part.split("-"), "年月日", strict=False))


def _alike(one: str, other: str) -> float:
    first, second = (Counter(pairwise(text)) for text in (one, other))
    return 2 * (first & second).total() / max(first.total() + second.total(), 1)


if __name__ == "__main__":
    main()
