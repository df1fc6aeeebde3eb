"""The index in a folder: tantivy, opened by several processes, written by one at a time.

The writer is held only while something is written. A reader looks at the folder's mark before each search and reopens
when another process has committed; so a search sees everything applied before it. An index is made anew in a folder
beside the one that answers; a small file names the folder that counts, and changing it is the whole switch.
"""

from __future__ import annotations

import os
import secrets
import shutil
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import tantivy

from storage.errors import NotReady
from storage.index.analysis import VERSION
from storage.index.documents import (
    AREAS,
    KEYWORDS,
    NUMBERS,
    IndexDocument,
    keyword_fields,
    number_fields,
    token_fields,
)
from storage.index.door import Counts, Look, Place, WrongPlace, climb
from storage.index.nodes import Node, OneOf
from storage.index.query import SearchAnswer, SearchRequest, Sort
from storage.index.tantivy_counts import Counter, counter
from storage.index.tantivy_order import Hits, by_field, in_order
from storage.index.tantivy_query import to_query
from storage.scope import Scope

HEAP = 60_000_000
"""Bytes a writer may hold before it writes a segment."""
PATIENCE = 20.0
"""Seconds to wait for another process to finish writing."""
_PAUSE = 0.05
_MOST_OFFSET = 2**31
FIRST = f"v{VERSION}"
"""The folder of the first index; those made anew have a word after it."""
_BUSY = "另一个程序正在写检索库，这次没有写入；原始资料不受影响，请稍后再试。"


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in KEYWORDS:
        told = name in ("id", "mark")
        builder.add_text_field(name, stored=told, fast=not told, tokenizer_name="raw", index_option="basic")
    for name in NUMBERS:
        builder.add_unsigned_field(name, indexed=True, fast=True)
    for name in AREAS:
        builder.add_text_field(name, tokenizer_name="tokens", index_option="position")
        builder.add_text_field(f"{name}_1", tokenizer_name="tokens", index_option="basic")
    return builder.build()


class EmbeddedIndex:
    """A SearchIndex in a folder, which is made when first needed."""

    abreast = 1
    """There is one writer."""

    def __init__(self, folder: Path, heap: int = HEAP, patience: float = PATIENCE, beside: str | None = None) -> None:
        """`beside` names the folder of an index that is being made anew; without it, it is the one that counts."""
        self._home, self._beside = folder, beside
        self._named = folder / f"{FIRST}.current"
        self._folder = self._live()
        self._heap, self._patience = heap, patience
        self._opening = threading.Lock()
        self._writing = threading.Lock()
        self._open: tantivy.Index | None = None
        self._seen: tuple[int, int] | None = None
        self._counter: Counter | None = None

    def apply(
        self, documents: Sequence[IndexDocument], removed_ids: Sequence[str], more: bool = False
    ) -> Mapping[str, str]:
        """See SearchIndex. One commit, seen at once; a crash leaves the state before it. It refuses none by itself."""
        if not documents and not removed_ids:
            return {}
        schema = self._index().schema
        with self._writer() as writer:
            for record_id in removed_ids:
                writer.delete_documents_by_term("id", record_id)
            for document in documents:
                writer.delete_documents_by_term("id", document.id)
                writer.add_document(_to_document(document, schema))
        return {}

    def clear(self) -> None:
        """See SearchIndex. What cannot be opened any more is made anew."""
        try:
            self._index()
        except NotReady:
            shutil.rmtree(self._live(), ignore_errors=True)
        with self._writer() as writer:
            writer.delete_all_documents()

    @contextmanager
    def anew(self, go_on: bool = False) -> Iterator[EmbeddedIndex]:
        """See SearchIndex. Until the end of the block the old one answers, and nobody writes into it.

        Raises:
            NotReady: another process is writing, perhaps making the index anew as well.
        """
        with self._held():
            old = self._live()
            half = self._half_made(old) if go_on else None
            fresh = half or self._next(f"{FIRST}-{secrets.token_hex(4)}")
            self._remove_left_over({old, fresh._live()})
            fresh._index()
            yield fresh
            with _translated():
                self._switch_to(fresh._live())
        shutil.rmtree(old, ignore_errors=True)

    def count(self) -> int:
        """See SearchIndex."""
        with _translated():
            return int(self._searcher().num_docs)

    def marks(self, ids: Sequence[str]) -> Mapping[str, str]:
        """See SearchIndex."""
        with _translated():
            query, searcher = to_query(self._index().schema, OneOf("id", tuple(ids))), self._searcher()
            found = [searcher.doc(address) for _, address in searcher.search(query, max(len(ids), 1)).hits]
        return {document["id"][0]: document["mark"][0] for document in found}

    def search(self, request: SearchRequest, scope: Scope) -> SearchAnswer:
        """See SearchIndex."""
        with _translated():
            return climb(self, request, scope)

    def look(self, node: Node, size: int, sort: Sort, after: Place | None, counted: Sequence[str] = ()) -> Look:
        """See Engine. The place is the number of hits before it."""
        offset = _offset(after)
        schema, searcher = self._index().schema, self._searcher()
        if sort == Sort.RELEVANCE:
            found = searcher.search(to_query(schema, node), max(size, 1), offset=offset)
            total: int = found.count  # type: ignore[attr-defined]  # the stub of the library leaves it out
            hits = [(searcher.doc(address)["id"][0], float(score)) for score, address in found.hits[:size]]
        else:
            total, in_order = _sorted(schema, searcher, node, sort, size, offset)
            hits = [(searcher.doc(address)["id"][0], 0.0) for _, address in in_order]
        counts = self._counts(node, counted) if total and counted else {field: [] for field in counted}
        return Look(total, hits, [offset + len(hits)], counts)

    def _counts(self, node: Node, fields: Sequence[str]) -> Counts:
        self._searcher()  # a commit since the last question makes another counter
        assert self._counter is not None
        return {field: list(values) for field, values in self._counter(node, tuple(fields)).items()}

    def _index(self) -> tantivy.Index:
        with self._opening:
            while self._open is None or self._folder != self._live():
                folder = self._live()
                with _translated():
                    folder.mkdir(parents=True, exist_ok=True)
                    index = tantivy.Index(_schema(), path=str(folder), reuse=True)
                index.register_tokenizer("tokens", tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build())
                index.config_reader("manual")
                self._open, self._folder, self._seen = index, folder, None
            return self._open

    def _live(self) -> Path:
        """The folder that counts."""
        if self._beside:
            return self._home / self._beside
        try:
            return self._home / self._named.read_text(encoding="utf-8")
        except FileNotFoundError:
            return self._home / FIRST

    def _switch_to(self, folder: Path) -> None:
        """One rename: before it the old index counts, after it the new one."""
        written = self._home / f"{folder.name}.named"
        with written.open("w", encoding="utf-8") as out:
            out.write(folder.name)
            out.flush()
            os.fsync(out.fileno())
        written.replace(self._named)

    def _next(self, name: str) -> EmbeddedIndex:
        return EmbeddedIndex(self._home, self._heap, self._patience, name)

    def _half_made(self, live: Path) -> EmbeddedIndex | None:
        """The newest that is beside the one that counts and can be opened."""
        beside = [left for left in self._home.glob(f"{FIRST}-*") if left.is_dir() and left != live]
        tried = (self._next(one.name) for one in sorted(beside, key=lambda one: one.stat().st_mtime_ns, reverse=True))
        return next((one for one in tried if one._can_be_opened()), None)

    def _remove_left_over(self, needed: set[Path]) -> None:
        """What a killed process left: an index half made anew, or the one that it had replaced."""
        for left in (*self._home.glob(FIRST), *self._home.glob(f"{FIRST}-*")):
            if left.is_dir() and left not in needed:
                shutil.rmtree(left, ignore_errors=True)
            elif left.suffix == ".named":
                left.unlink(missing_ok=True)

    def _searcher(self) -> tantivy.Searcher:
        """A searcher over the last commit of whichever process."""
        index = self._index()
        try:
            mark = (self._folder / "meta.json").stat()
        except FileNotFoundError:
            # Made anew by another process since the line before.
            index = self._index()
            mark = (self._folder / "meta.json").stat()
        seen = (mark.st_mtime_ns, mark.st_ino)
        if seen != self._seen:
            index.reload()
            self._counter = counter(index.schema, index.searcher())
            self._seen = seen
        return index.searcher()

    @contextmanager
    def _writer(self) -> Iterator[tantivy.IndexWriter]:
        with self._turn():
            writer = self._locked_writer()
            try:
                with _translated():
                    yield writer
                    writer.commit()
            finally:
                # Lets go of the lock; merges that were begun are finished first, or they would never be.
                writer.wait_merging_threads()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """One thread of this process at a time."""
        if not self._writing.acquire(timeout=self._patience):
            raise NotReady(_BUSY)
        try:
            yield
        finally:
            self._writing.release()

    @contextmanager
    def _held(self) -> Iterator[None]:
        """Nobody else writes. Into an index that cannot be opened nobody can."""
        with self._turn():
            try:
                writer = self._locked_writer()
            except NotReady:
                if self._can_be_opened():
                    raise
                writer = None
            try:
                yield
            finally:
                if writer is not None:
                    writer.wait_merging_threads()

    def _can_be_opened(self) -> bool:
        try:
            self._index()
        except NotReady:
            return False
        return True

    def _locked_writer(self) -> tantivy.IndexWriter:
        until = time.monotonic() + self._patience
        while True:
            index, folder = self._index(), self._folder
            try:
                writer = index.writer(self._heap, 1)
            except ValueError as error:
                if "lock" not in str(error).lower():
                    raise
                if time.monotonic() > until:
                    raise NotReady(_BUSY) from error
                time.sleep(_PAUSE)
                continue
            if folder == self._live():
                return writer
            # Made anew while we waited: what is written here would be lost.
            writer.wait_merging_threads()


@contextmanager
def _translated() -> Iterator[None]:
    """The library says ValueError to everything: a folder it cannot read, a full disk."""
    try:
        yield
    except (ValueError, OSError) as error:
        raise NotReady(
            "检索库打不开或写不进去，档案不受影响；先看磁盘是否已满，再运行 village-archive rebuild index 重建。"
        ) from error


def _sorted(
    schema: tantivy.Schema, searcher: tantivy.Searcher, node: Node, sort: Sort, size: int, offset: int
) -> tuple[int, Hits]:
    if sort == Sort.NEWEST:
        return by_field(schema, searcher, node, sort.fields[0], tantivy.Order.Desc, size, offset)
    return in_order(schema, searcher, node, sort.fields, size, offset)


def _offset(place: Place | None) -> int:
    match place:
        case None:
            return 0
        case [int(number)] if 0 <= number < _MOST_OFFSET:
            return number
    raise WrongPlace


def _to_document(document: IndexDocument, schema: tantivy.Schema) -> tantivy.Document:
    fields: dict[str, object] = {**token_fields(document), **number_fields(document)}
    fields |= {name: list(values) for name, values in keyword_fields(document).items() if values}
    return tantivy.Document.from_dict(fields, schema)
