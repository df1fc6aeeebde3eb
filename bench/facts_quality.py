"""How well the facts of the sample papers are proposed, from their true text: prints a table, and what was missed.

python -m bench.facts_quality [--missed]
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from ingest.facts import propose
from ingest.reading import Facts, Page

MANIFEST = Path(__file__).resolve().parent.parent / "tests" / "samples" / "manifest.jsonl"
RECEIVED = date(2025, 3, 1)


def facts_of(paper: dict[str, Any]) -> Facts:
    """The proposal from the true text; photos get their time as it stands in the file."""
    pages = [Page(number, text) for number, text in enumerate(paper["text"], 1)]
    metadata = {"photo.time": paper["date"]["wording"]} if paper["kind"] == "photo" and paper["date"] else {}
    villages = ["石门槛村", "青石坳村"]
    return propose(Path(paper["path"]).name, paper["path"], metadata, pages, villages, received=RECEIVED)


def alike(one: str, other: str) -> float:
    """Share of character pairs that two titles have in common (Dice)."""
    first, second = (Counter(pairwise(text)) for text in (one, other))
    return 2 * (first & second).total() / max(first.total() + second.total(), 1)


def judge(paper: dict[str, Any], facts: Facts) -> dict[str, tuple[bool, str, str]]:
    """For each fact: right or not, what was proposed, what is true."""
    title, span = facts.title.value if facts.title else "", facts.date
    proposed = f"{span.earliest} {span.latest}" if span else "None"
    true_date = f"{paper['date']['earliest']} {paper['date']['latest']}" if paper["date"] else "None"
    number, author = facts.doc_number, facts.responsible
    return {
        "title exact": (title == paper["title"], title, paper["title"]),
        "title alike": (alike(title, paper["title"]) >= 0.5 or title in paper["title"], title, paper["title"]),
        "date": (proposed == true_date, f"{proposed} {span.source if span else ''}", true_date),
        "number": ((number.value if number else None) == paper["doc_number"], str(number), str(paper["doc_number"])),
        "responsible": (bool(author) and author.value == paper["responsible"], str(author), paper["responsible"]),
    }


OF_THE_FILE = {"title exact", "title alike", "responsible"}
"""What a photo tells by its embedded caption and maker only, which are not in the true text."""


def main() -> None:
    papers = [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()]
    papers = [paper for paper in papers if "text" in paper]
    right: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for paper in papers:
        facts = facts_of(paper)
        for name, (good, proposed, true) in judge(paper, facts).items():
            if paper["kind"] == "photo" and name in OF_THE_FILE:
                continue
            right[name] += good
            asked[name] += 1
            if not good and "--missed" in sys.argv:
                print(f"{name:12} {paper['path']}\n    proposed {proposed}\n    true     {true}")
        for kind, found in (("people", facts.people), ("places", facts.places)):
            values, true_ones = {fact.value for fact in found}, set(paper[kind])
            hits[kind] += len(values & true_ones)
            hits[f"{kind} proposed"] += len(values)
            hits[f"{kind} true"] += len(true_ones)
            if "--missed" in sys.argv and values ^ true_ones:
                print(f"{kind:12} {paper['path']} extra {values - true_ones} missing {true_ones - values}")
    for name, count in right.items():
        print(f"{name:12} {100 * count / asked[name]:5.1f} % of {asked[name]}")
    for kind in ("people", "places"):
        precision, recall = (100 * hits[kind] / max(hits[f"{kind} {side}"], 1) for side in ("proposed", "true"))
        print(f"{kind:12} precision {precision:5.1f} %  recall {recall:5.1f} %")


if __name__ == "__main__":
    main()
