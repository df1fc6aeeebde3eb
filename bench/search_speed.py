"""How fast the embedded index takes records in and finds them, and whether it finds them all. Prints; asserts nothing.

    python -m bench.search_speed 100000 [characters] [folder]

With a folder that holds an index of that size already, only the searches are measured. The time to make the records is
not counted; the time to analyse, write and commit them is.
"""

from __future__ import annotations

import random
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from bench.search_corpus import LENGTH, Corpus
from storage.index.analysis import terms
from storage.index.documents import IndexDocument
from storage.index.embedded import EmbeddedIndex
from storage.index.query import SearchRequest, Sort
from storage.scope import Grant, Scope

A_TIME = 500
SAMPLED = 400
A_KIND = 60
EVERYONE = Grant(frozenset({"public"}))
SCOPES = {
    "operator": Scope(
        (EVERYONE, Grant(frozenset({"public", "village", "internal", "personal", "party"}), unarchived=True))
    ),
    "clerk": Scope((EVERYONE, Grant(frozenset({"public", "village", "internal"}), frozenset({"v017"}), True))),
    "researcher": Scope((EVERYONE,)),
}


def batches(documents: Iterator[IndexDocument]) -> Iterator[list[IndexDocument]]:
    """As the outbox brings them."""
    while batch := list(islice(documents, A_TIME)):
        yield batch


def fill(index: EmbeddedIndex, number: int, length: int) -> float:
    """Records a second."""
    spent = 0.0
    for count, batch in enumerate(batches(Corpus().documents(number, length)), 1):
        start = time.perf_counter()
        index.apply(batch, [])
        spent += time.perf_counter() - start
        if count % 40 == 0:
            print(f"  {count * A_TIME:9,} records, {count * A_TIME / spent:6,.0f}/s", flush=True)
    return number / spent


def queries(number: int, length: int) -> dict[str, list[str]]:
    """Substrings of real texts by length, two at once, sentences."""
    chance = random.Random(3)
    texts = ["".join(terms(document.text)) for document in Corpus().documents(min(number, SAMPLED), length)]
    han = [text for text in texts if len(text) > 300]

    def cut(size: int) -> str:
        while True:
            text = chance.choice(han)
            at = chance.randrange(len(text) - size)
            if not any(one.isascii() for one in text[at : at + size]):
                return text[at : at + size]

    found = {f"{size} characters": [cut(size) for _ in range(A_KIND)] for size in range(1, 9)}
    found["two words"] = [f"{cut(2)} {cut(2)}" for _ in range(A_KIND)]
    found["word and exclusion"] = [f"{cut(2)} -{cut(2)}" for _ in range(A_KIND)]
    found["a date"] = [f"{chance.randrange(1950, 2025)}年" for _ in range(A_KIND)]
    found["200 characters"] = [chance.choice(han)[50:250] for _ in range(A_KIND)]
    return found


def measure(index: EmbeddedIndex, asked: list[str], scope: Scope, **more: object) -> list[float]:
    """Milliseconds of each, in order."""
    times = []
    for text in asked:
        start = time.perf_counter()
        index.search(SearchRequest(text, **more), scope)  # type: ignore[arg-type]  # keywords of the request
        times.append((time.perf_counter() - start) * 1000)
    return sorted(times)


def show(name: str, times: list[float]) -> None:
    """One line of the table."""
    print(f"  {name:34} p50 {times[len(times) // 2]:7.2f}  p99 {times[int(len(times) * 0.99)]:7.2f} ms", flush=True)


def speed(index: EmbeddedIndex, asked: dict[str, list[str]]) -> None:
    """The table of times, for each scope."""
    for who, scope in SCOPES.items():
        everything = []
        for kind, texts in asked.items():
            measure(index, texts[:5], scope)
            times = measure(index, texts, scope)
            everything += times
            show(f"{who}, {kind}", times)
        show(f"{who}, ALL", sorted(everything))
    show("operator, two characters, facets", measure(index, asked["2 characters"], SCOPES["operator"], facets=True))
    show(
        "operator, two characters, newest", measure(index, asked["2 characters"], SCOPES["operator"], sort=Sort.NEWEST)
    )


def recall(index: EmbeddedIndex, number: int, length: int, asked: dict[str, list[str]]) -> None:
    """Every record that holds the characters in a row, by brute force, against the answers."""
    wanted = [text for kind, texts in asked.items() if kind.endswith("characters") for text in texts[:15]]
    truth: dict[str, set[str]] = {text: set() for text in wanted}
    for document in Corpus().documents(number, length):
        held = "\n".join(["".join(terms(document.title)), "".join(terms(document.text))])
        for text in wanted:
            if text in held:
                truth[text].add(document.id)
    found = missed = 0
    for text, ids in truth.items():
        answer = index.search(SearchRequest(text, size=number), SCOPES["operator"])
        found += len(ids)
        missed += len(ids - {hit.id for hit in answer.hits})
    print(f"  recall {(found - missed) / found:.4f} over {len(wanted)} queries and {found:,} true hits", flush=True)


def main() -> None:
    number = int(sys.argv[1])
    length = int(sys.argv[2]) if len(sys.argv) > 2 else LENGTH
    folder = Path(sys.argv[3]) if len(sys.argv) > 3 else Path(tempfile.mkdtemp(prefix="search-bench-"))
    index = EmbeddedIndex(folder)
    if index.count() != number:
        index.clear()
        print(f"{number:,} records of {length} characters", flush=True)
        print(f"  index {fill(index, number, length):,.0f} records/s", flush=True)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    status = Path("/proc/self/status").read_text(encoding="ascii")
    own = int(status.partition("RssAnon:")[2].split()[0]) // 1024
    print(f"  {size / 1e6:,.0f} MB on disk; memory without the mapped index {own} MB", flush=True)
    asked = queries(number, length)
    speed(index, asked)
    recall(index, min(number, 100_000), length, asked) if number <= 100_000 else None


if __name__ == "__main__":
    main()
