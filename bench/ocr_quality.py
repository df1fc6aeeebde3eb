"""How well scanned papers are recognised: characters wrong, lines out of order, seconds and memory.

python -m bench.ocr_quality [--hard] [--texts]     the sample papers, or the hard pages of `ocr_cases`
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
import unicodedata
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from ingest.ocr import recognise
from ingest.reading import Page

SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "samples"
MIMES = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg"}


def bare(text: str) -> str:
    """The characters that count: without blanks, and full-width forms like half-width ones."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def edits(one: str, other: str) -> int:
    """Characters to insert, delete or replace to get from one text to the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for above, first in enumerate(one, 1):
        last, row[0] = row[0], above
        for at, second in enumerate(other, 1):
            last, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, last + (first != second))
    return row[-1]


def out_of_order(truth: str, page: Page) -> int:
    """Recognised pieces of four or more characters that stand before one that precedes them in the true text."""
    places = [truth.find(bare(line.text)) for line in page.lines if len(bare(line.text)) >= 4]
    places = [place for place in places if place >= 0]
    return sum(later < earlier for earlier, later in pairwise(places))


def measured(path: Path, number: int, text: str, name: str, show: bool) -> tuple[int, int]:
    """Prints one page; returns wrong and true characters."""
    started = time.process_time()
    page = recognise(path, MIMES[path.suffix], number)
    seconds = time.process_time() - started
    truth = bare(text)
    wrong = edits(truth, bare(page.text))
    kind = "vertical" if page.vertical else "rows"
    print(
        f"{wrong / len(truth):7.2%} {wrong:4} of {len(truth):4} order {out_of_order(truth, page)} {kind:8} "
        f"conf {page.confidence:.3f} {seconds:5.1f} s  {name}",
        flush=True,
    )
    if show:
        print(page.text, text, sep="\n--- true\n", end="\n\n")
    return wrong, len(truth)


def samples(show: bool) -> Iterator[tuple[int, int]]:
    """Every page of every sample that waits for recognition."""
    papers = [json.loads(line) for line in (SAMPLES / "manifest.jsonl").read_text(encoding="utf-8").splitlines()]
    for paper in papers:
        if paper.get("ocr") and "text" in paper:
            for number, text in enumerate(paper["text"], 1):
                yield measured(SAMPLES / "county" / paper["path"], number, text, f"{paper['path']} p. {number}", show)


def hard(show: bool) -> Iterator[tuple[int, int]]:
    """Pages that are turned, leaning, photographed, faded, coarse, sealed."""
    # The makers of samples import each other by bare names; last, so that they hide no package of the product.
    sys.path.append(str(Path(__file__).resolve().parent))
    from ocr_cases import cases

    with tempfile.TemporaryDirectory() as folder:
        for case in cases():
            path = Path(folder) / "page.jpg"
            path.write_bytes(case.stored())
            yield measured(path, 1, case.text, case.name, show)


def main() -> None:
    """The pages asked for, and their sum."""
    pages = list((hard if "--hard" in sys.argv else samples)("--texts" in sys.argv))
    wrong, true = (sum(column) for column in zip(*pages, strict=True))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{wrong / true:7.2%} of {true} characters on {len(pages)} pages; peak memory {peak} MB")


if __name__ == "__main__":
    main()
