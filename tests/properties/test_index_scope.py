"""No tree is ever built that a record outside the scope could match."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.index import documents, nodes
from storage.index.nodes import Node
from storage.index.query import SearchRequest, build, scope_node
from storage.scope import Grant, Scope
from tests.contracts.search_records import record

VILLAGES = ("v1", "v2", "v3")
IDS = ("a", "b")
PEOPLE = ("zhaolan", "zhoucs")
grants = st.builds(
    Grant,
    st.frozensets(st.sampled_from([*documents.ACCESS, "unheard-of"])),
    st.none() | st.frozensets(st.sampled_from(VILLAGES)),
    st.booleans(),
)
scopes = st.builds(Scope, st.lists(grants, max_size=3).map(tuple), st.none() | st.sampled_from(PEOPLE))
readers = st.lists(st.sampled_from(PEOPLE), unique=True).map(tuple)
words = st.sampled_from(
    ["王家村", "-承包", "“土地”", "1958年", "wjc", "V012-WS", "(合同", "-(", ")", "·", "王家村土地承包合同书和族谱"]
)
texts = st.lists(words, max_size=5).map(" ".join) | st.text(max_size=40)
requests = st.builds(
    SearchRequest,
    text=texts,
    villages=st.lists(st.sampled_from(VILLAGES), max_size=2).map(tuple),
    years=st.tuples(st.none() | st.integers(1900, 2030), st.none() | st.integers(1900, 2030)),
    access=st.lists(st.sampled_from(documents.ACCESS), max_size=2).map(tuple),
)


def could_match(node: Node, keywords: dict[str, list[str]], numbers: dict[str, int]) -> bool:
    """Whether a record with these fields matches, if its text held every word and every exclusion were absent."""
    match node:
        case nodes.OneOf(field, values):
            return bool(set(values) & set(keywords[field]))
        case nodes.Between(field, low, high):
            number = numbers.get(field)
            return number is not None and (low is None or number >= low) and (high is None or number <= high)
        case nodes.All(parts, _):
            return all(could_match(part, keywords, numbers) for part in parts)
        case nodes.Some(parts, least):
            return sum(could_match(part, keywords, numbers) for part in parts) >= least
        case nodes.Worth(part, _):
            return could_match(part, keywords, numbers)
        case _:
            return True


@given(
    scopes,
    st.sampled_from(IDS),
    st.sampled_from(VILLAGES),
    st.sampled_from([*documents.ACCESS, "other"]),
    st.booleans(),
    readers,
)
def test_the_tree_of_a_scope_says_what_the_scope_says(
    scope: Scope, id_: str, village: str, access: str, archived: bool, readers: tuple[str, ...]
) -> None:
    document = record(id_, village=village, access=access, archived=archived, readers=readers)
    keywords = {name: list(values) for name, values in documents.keyword_fields(document).items()}
    seen = could_match(scope_node(scope), keywords, documents.number_fields(document))
    assert seen == scope.covers(id_, village, access, archived, readers)


@given(
    requests, scopes, st.sampled_from(IDS), st.sampled_from(VILLAGES), st.sampled_from(documents.ACCESS), st.booleans()
)
def test_every_tree_carries_the_scope(
    request: SearchRequest, scope: Scope, id_: str, village: str, access: str, archived: bool
) -> None:
    document = record(id_, village=village, access=access, archived=archived, year_from=1958, year_to=1958)
    keywords = {name: list(values) for name, values in documents.keyword_fields(document).items()}
    numbers = documents.number_fields(document)
    outside = not scope.covers(id_, village, access, archived)
    for rung in build(request, scope).rungs:
        for node in (rung.node, *rung.each):
            assert not (outside and could_match(node, keywords, numbers))


def test_no_tree_is_built_without_a_scope() -> None:
    with pytest.raises(TypeError):
        build(SearchRequest("王家村"))  # type: ignore[call-arg]  # this is what is tried
