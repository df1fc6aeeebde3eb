"""How good are the proposals? Invented cases and the sample county, each split scored on its own.

`python -m bench.suggestion_quality [--failures]` prints ratios; failures only of the half that is for development.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import yaml

from classification.outline import Outline, parse
from classification.suggestion import Suggester, Suggestion

ROOT = Path(__file__).parent.parent
CASES = tuple(ROOT / "bench" / f"suggestion_cases{part}.yaml" for part in ("", "_later", "_last"))
MODEL = ROOT / "classification" / "outlines" / "yunling-model.yaml"
SAMPLES = ROOT / "tests" / "samples" / "manifest.jsonl"


@dataclass(frozen=True, slots=True)
class Case:
    """One paper as the suggester gets it, and the series it belongs to (None: to none)."""

    split: str
    series: str | None
    title: str
    text: str
    path: str
    kind: str


@dataclass
class Tally:
    """Counts over one split."""

    papers: int = 0
    first: int = 0
    three: int = 0
    right_class: int = 0
    sure: int = 0
    sure_right: int = 0

    def add(self, case: Case, suggestion: Suggestion, outline: Outline) -> bool:
        """Count one proposal; whether it was right."""
        ids = [one.series_id for one in suggestion.series]
        right = ids[0] == case.series if ids and case.series else not suggestion.confident and not case.series
        self.papers += 1
        self.first += right
        self.three += case.series in ids[:3] if case.series else not ids
        if case.series and ids:
            self.right_class += suggestion.series[0].class_id == outline.series[case.series].class_id
        self.sure += suggestion.confident
        self.sure_right += suggestion.confident and right
        return right


def cases() -> Iterator[Case]:
    """Every case: the invented ones in two halves, the hard ones and those that fit nothing, and the samples."""
    content = {}
    for file in CASES:
        content.update(yaml.safe_load(file.read_text(encoding="utf-8")))
    for group, rows in content.items():
        for number, (series, path, title, text, *kind) in enumerate(rows):
            half = "development" if number % 2 == 0 else "held out"
            stem = PurePosixPath(path).stem
            yield Case(f"{group}, {half}", series, str(title) or stem, text, path, kind[0] if kind else "document")
    for line in SAMPLES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row.get("series"):
            text = "\n".join(row.get("text") or ())[:2000]
            for split, title in (
                ("samples by title", row["title"]),
                ("samples by name", PurePosixPath(row["path"]).stem),
            ):
                yield Case(split, row["series"], title, text, row["path"], row["kind"])


def main() -> None:
    """Print a line a split, and the time of one proposal."""
    outline = parse(yaml.safe_load(MODEL.read_text(encoding="utf-8")))
    suggester = Suggester(outline)
    tallies: dict[str, Tally] = {}
    started, count = time.perf_counter(), 0
    for case in cases():
        suggestion = suggester.suggest(case.title, case.text, path=case.path, kind=case.kind)
        count += 1
        right = tallies.setdefault(case.split, Tally()).add(case, suggestion, outline)
        if not right and "--failures" in sys.argv and "held out" not in case.split:
            _show(case, suggestion)
    spent = (time.perf_counter() - started) / count
    print(f"{'split':24}{'papers':>8}{'first':>8}{'three':>8}{'class':>8}{'sure':>8}{'of these right':>16}")
    for split, tally in tallies.items():
        _line(split, tally)
    print(f"one proposal: {spent * 1000:.2f} ms")


def _line(split: str, tally: Tally) -> None:
    shares = [f"{part / tally.papers:8.3f}" for part in (tally.first, tally.three, tally.right_class, tally.sure)]
    right = f"{tally.sure_right / tally.sure:16.3f}" if tally.sure else f"{'-':>16}"
    print(f"{split:24}{tally.papers:8}{''.join(shares)}{right}")


def _show(case: Case, suggestion: Suggestion) -> None:
    best = [f"{one.series_id} {one.score:.1f} {'/'.join(one.reasons[:2])}" for one in suggestion.series[:3]]
    sure = "!" if suggestion.confident else " "
    print(f"{sure} {case.series} <- {case.path} | {case.title} | {case.text[:60]!r}\n    " + "\n    ".join(best))


if __name__ == "__main__":
    main()
