"""Many documents to Elasticsearch at once: patient with a busy server, and exact about what it would not take.

A refusal of one document is told by its id; what concerns the whole server (away, no room, no right) is an error.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from elasticsearch import Elasticsearch, helpers

from storage.index.documents import IndexDocument, keyword_fields, number_fields, token_fields

A_TIME = 250
MOST_BYTES = 8 << 20
"""Of one request: far below what a server takes by default (100 MB), and enough to be fast."""
ATTEMPTS, FIRST_PAUSE, LONGEST_PAUSE = 6, 0.5, 15
"""For a server that says it is busy (429): about half a minute in all."""
_TOO_LARGE = 413
_NOTHING_THERE = 404
Action = dict[str, Any]


def actions(documents: Sequence[IndexDocument], removed_ids: Sequence[str], index: str) -> Iterator[Action]:
    """What the bulk interface is told."""
    for record_id in removed_ids:
        yield {"_op_type": "delete", "_index": index, "_id": record_id}
    for document in documents:
        keywords = {name: list(values) for name, values in keyword_fields(document).items()}
        fields = {**token_fields(document), **number_fields(document), **keywords}
        yield {"_op_type": "index", "_index": index, "_id": document.id, "_source": fields}


class IndexGone(Exception):
    """The index is not on the server (any more). It is not made in passing: what it held would be missing unseen."""


def apply(
    client: Elasticsearch, documents: Sequence[IndexDocument], removed_ids: Sequence[str], index: str, by_alias: bool
) -> dict[str, str]:
    """Take these out and put those in; returns the ids that were refused, each with the server's reason.

    Raises:
        IndexGone: there is no index (or alias, with `by_alias`) of that name.
        ApiError, TransportError: the server as a whole could not or would not.
    """
    refused: dict[str, str] = {}
    outcomes = helpers.streaming_bulk(
        client, actions(documents, removed_ids, index), chunk_size=A_TIME, max_chunk_bytes=MOST_BYTES,
        raise_on_error=False, raise_on_exception=False,
        max_retries=ATTEMPTS, initial_backoff=FIRST_PAUSE, max_backoff=LONGEST_PAUSE,
        require_alias=by_alias,
    )  # fmt: skip
    for went_well, outcome in outcomes:
        ((kind, said),) = outcome.items()
        if went_well:
            continue
        _raise_what_concerns_all(said)
        if kind == "delete" and said.get("status") == _NOTHING_THERE:
            continue
        refused[said["_id"]] = _reason(said)
    return refused


def _raise_what_concerns_all(said: dict[str, Any]) -> None:
    """An answer to a whole request comes back at each of its documents; only "too large" is their own matter."""
    error = said.get("exception")
    if isinstance(error, Exception) and said.get("status") != _TOO_LARGE:
        raise error
    if isinstance(said.get("error"), dict) and said["error"].get("type") == "index_not_found_exception":
        raise IndexGone


def _reason(said: dict[str, Any]) -> str:
    error = said.get("error")
    if isinstance(error, dict):
        return f"{error.get('type')}: {error.get('reason')}"
    return str(error or said.get("status"))
