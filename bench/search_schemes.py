"""Which tokens: the figures that decided. Two ways to index the same texts in tantivy, side by side. Prints only.

    python -m bench.search_schemes 50000

`singles`: one character a token with its position, a query is a phrase of all of them. `pairs`: two neighbours a token
with its position, a query is a phrase of every other pair; single characters lie in a second field without positions.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import tantivy

from bench.search_corpus import Corpus
from bench.search_speed import queries, show
from storage.index.analysis import pairs, terms
from storage.index.nodes import Holds
from storage.index.tantivy_query import to_query

HEAP = 60_000_000
A_COMMIT = 5000
Write = Callable[[list[str]], dict[str, str]]
Ask = Callable[[tantivy.Schema, tuple[str, ...]], tantivy.Query]


def singles(tokens: list[str]) -> dict[str, str]:
    """The fields of the first way."""
    return {"text": " ".join(tokens)}


def ask_singles(schema: tantivy.Schema, tokens: tuple[str, ...]) -> tantivy.Query:
    """The query of the first way."""
    if len(tokens) == 1:
        return tantivy.Query.term_query(schema, "text", tokens[0])
    return tantivy.Query.phrase_query(schema, "text", [*tokens])


def paired(tokens: list[str]) -> dict[str, str]:
    """The fields of the second way."""
    return {"text": " ".join(pairs(tokens)), "text_1": " ".join(set(tokens))}


def ask_paired(schema: tantivy.Schema, tokens: tuple[str, ...]) -> tantivy.Query:
    """The query of the second way, as the product asks it."""
    return to_query(schema, Holds(tokens, ("text",)))


def made(folder: Path, number: int, write: Write) -> tuple[tantivy.Index, float]:
    """The index, and records a second."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace")
    builder.add_text_field("text_1", tokenizer_name="whitespace", index_option="basic")
    index = tantivy.Index(builder.build(), path=str(folder))
    analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
    index.register_tokenizer("whitespace", analyzer)
    writer, spent = index.writer(HEAP, 1), 0.0
    for place, document in enumerate(Corpus().documents(number), 1):
        start = time.perf_counter()
        writer.add_document(tantivy.Document.from_dict(write(terms(document.text))))
        if place % A_COMMIT == 0 or place == number:
            writer.commit()
        spent += time.perf_counter() - start
    writer.wait_merging_threads()
    index.reload()
    return index, number / spent


def main() -> None:
    number = int(sys.argv[1])
    asked = {kind: texts for kind, texts in queries(number, 500).items() if kind.endswith("characters")}
    ways: dict[str, tuple[Write, Ask]] = {"singles": (singles, ask_singles), "pairs": (paired, ask_paired)}
    for name, (write, ask) in ways.items():
        folder = Path(tempfile.mkdtemp(prefix="search-scheme-"))
        index, rate = made(folder, number, write)
        size = sum(path.stat().st_size for path in folder.iterdir()) / 1e6
        print(f"{name}: {rate:,.0f} records/s, {size:,.0f} MB", flush=True)
        searcher = index.searcher()
        for kind, texts in asked.items():
            times = []
            for text in texts:
                query = ask(index.schema, tuple(terms(text)))
                start = time.perf_counter()
                searcher.search(query, 20)
                times.append((time.perf_counter() - start) * 1000)
            show(f"{name}, {kind}", sorted(times))


if __name__ == "__main__":
    main()
