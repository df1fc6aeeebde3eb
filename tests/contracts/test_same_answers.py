"""The embedded index and Elasticsearch give the same answers over one county: sample papers and invented records.

The same: how many, which records on which rung, words used, terms to mark (and so the highlights), counts, the order by
date. Of the order by weight: whole runs come before the rest, and who leads clearly in one leads in the other. Below
that they may differ: the engines weigh rare words differently, and equal records come in any order.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench.search_corpus import Corpus
from storage.index.documents import IndexDocument
from storage.index.door import SearchIndex
from storage.index.elastic import ElasticIndex
from storage.index.embedded import EmbeddedIndex
from storage.index.highlight import excerpt, mark
from storage.index.query import TIER, SearchAnswer, SearchRequest
from storage.scope import Grant, Scope
from tests.contracts.search_records import ALL, RESEARCHER, record

pytestmark = [pytest.mark.needs("elasticsearch"), pytest.mark.xdist_group("same answers")]

MANIFEST = Path(__file__).resolve().parents[1] / "samples" / "manifest.jsonl"
VILLAGES = {"石门槛村": "v901", "青石坳村": "v902"}
CLEARLY = 1.5
CLERK = Scope(
    (Grant(frozenset({"public"})), Grant(frozenset({"public", "village", "internal"}), frozenset({"v902"}), True))
)
GENERATED = 300
A_PAGE = 20


def paper(number: int, row: dict[str, Any]) -> IndexDocument:
    """A sample paper with its true text and facts."""
    dated = row.get("date") or {}
    first, last = (date.fromisoformat(dated[end]) if dated else None for end in ("earliest", "latest"))
    return record(
        f"paper{number:03}", row.get("title") or Path(row["path"]).stem, "\f".join(row.get("text") or ()),
        doc_number=row.get("doc_number") or "", responsible=row.get("responsible") or "",
        people=tuple(row.get("people") or ()), places=tuple(row.get("places") or ()),
        village=VILLAGES.get(row.get("village") or "", "v903"), kind=row.get("kind") or "document",
        access=row.get("access") or "internal", series=row.get("series") or "", date_from=first, date_to=last,
        class_path=tuple(dict.fromkeys(((row.get("class") or "WS")[:2], row.get("class") or "WS"))),
        archived=number % 3 != 0, batch=f"b{number % 4}",
    )  # fmt: skip


def county() -> dict[str, IndexDocument]:
    """Everything that is looked through, by id."""
    rows = [json.loads(line) for line in MANIFEST.read_text(encoding="utf-8").splitlines()]
    papers = [paper(number, row) for number, row in enumerate(rows)]
    return {one.id: one for one in [*papers, *Corpus().documents(GENERATED, 200)]}


DOCUMENTS = county()
LONG = next(one for one in DOCUMENTS.values() if len(one.text) > 400)
PASSAGE = LONG.text[100:300]
WITH_A_SLIP = PASSAGE[:90] + "醴陵" + PASSAGE[92:]


@pytest.fixture(scope="module")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedIndex:
    index = EmbeddedIndex(tmp_path_factory.mktemp("index"))
    index.apply([*DOCUMENTS.values()], [])
    return index


@pytest.fixture(scope="module")
def elastic(request: pytest.FixtureRequest) -> Iterator[ElasticIndex]:
    index = ElasticIndex(request.config.getoption("--elasticsearch"), name=f"same-{secrets.token_hex(6)}")
    index.apply([*DOCUMENTS.values()], [])
    yield index
    index.drop()


def pages(index: SearchIndex, request: SearchRequest, scope: Scope) -> list[SearchAnswer]:
    """Every page of an answer."""
    found = [index.search(request, scope)]
    while found[-1].cursor:
        found.append(index.search(replace(request, cursor=found[-1].cursor), scope))
    return found


def by_rung(found: list[SearchAnswer]) -> dict[int, list[str]]:
    """Ids by rung, none lost or twice."""
    rungs: dict[int, list[str]] = {}
    for hit in (hit for answer in found for hit in answer.hits):
        rungs.setdefault(hit.rung, []).append(hit.id)
    return {rung: sorted(ids) for rung, ids in rungs.items()}


def in_tiers(found: list[SearchAnswer]) -> bool:
    """Whether what holds every run as typed comes before what does not."""
    lower = [hit.score < TIER for answer in found for hit in answer.hits]
    return lower == sorted(lower)


def leader(answer: SearchAnswer) -> str | None:
    """The record at the top, where it leads by more than the engines differ."""
    scores = [hit.score for hit in answer.hits]
    return answer.hits[0].id if len(scores) > 1 and scores[0] > CLEARLY * scores[1] else None


def counted(answer: SearchAnswer) -> dict[str, list[tuple[str, int]]]:
    """Counts without the order of those that are equal."""
    return {name: sorted(values) for name, values in answer.facets.items()}


def highlights(found: list[SearchAnswer]) -> dict[str, object]:
    """What is marked in the title and in the text of every hit."""
    shown: dict[str, object] = {}
    for answer in found:
        for hit in answer.hits:
            one = DOCUMENTS[hit.id]
            text = excerpt([*enumerate(one.text.split("\f"), 1)], answer.terms)
            shown[hit.id] = (mark(one.title, answer.terms), text)
    return shown


LINES = (
    "村民 王 会 土地承包 承包合同 合同承包 族譜 族谱 2019年 一九五八年 1958年3月 2024-03 民国 王德厚 孙晓梅",
    "王德 德厚王 欧阳 何 wangdehou wdh shimenkan 石门槛 石門檻村 大堰塘 岩头上 村民代表会议记录 -会议 “村民代表”",
    "三十六万 36万 GPS gps2021 V001-WS V012-WS·2019-Y-0007 〔2019〕12号 [2019] 2019 20 村规民约 白坪村 村民委员会",
    "的 zzz 王家村土地承包合同书和族谱 关于石门槛村灌溉渠维修的会议记录和预算 没有这样的词语存在于此",
    "修路投工投劳的决定 红沟村次个在需上烧",
)
TYPED = ["青坳村 2001年", "会议 记录", "土 地 承 包", "记录 -会议", "村民 -(土地 (合同))", "“王德厚” 会议"]
ASKED = [*" ".join(LINES).split(), *TYPED, PASSAGE, PASSAGE[:60], WITH_A_SLIP]
NARROWED: list[dict[str, Any]] = [
    {"villages": ("v901",)}, {"villages": ("v901", "v010")}, {"classes": ("WS",)}, {"series": ("WS-MZ-02",)},
    {"kinds": ("photo",)}, {"periods": ("permanent", "30")}, {"access": ("public",)}, {"batches": ("b1",)},
    {"years": (1950, 1979)}, {"years": (None, 1960)}, {"years": (2010, None), "villages": ("v902",)},
    {"states": ("archived",)},
]  # fmt: skip


@pytest.mark.parametrize("scope", [ALL, RESEARCHER, CLERK], ids=["all", "researcher", "clerk"])
@pytest.mark.parametrize("asked", ASKED)
def test_both_find_the_same_on_the_same_rung_and_mark_the_same(
    embedded: EmbeddedIndex, elastic: ElasticIndex, asked: str, scope: Scope
) -> None:
    request = SearchRequest(asked, size=A_PAGE, facets=True)
    one, other = pages(embedded, request, scope), pages(elastic, request, scope)
    assert by_rung(one) == by_rung(other)
    assert in_tiers(one)
    assert in_tiers(other)
    assert leader(one[0]) in (None, other[0].hits[0].id if other[0].hits else None)
    assert leader(other[0]) in (None, one[0].hits[0].id if one[0].hits else None)
    assert [answer.total for answer in one] == [answer.total for answer in other]
    assert (one[0].used_words, one[0].terms, one[0].note) == (other[0].used_words, other[0].terms, other[0].note)
    assert counted(one[0]) == counted(other[0])
    assert highlights(one) == highlights(other)


@pytest.mark.parametrize("asked", ["", "村民", "会议记录"])
@pytest.mark.parametrize("narrowed", NARROWED, ids=str)
def test_both_narrow_alike(
    embedded: EmbeddedIndex, elastic: ElasticIndex, asked: str, narrowed: dict[str, Any]
) -> None:
    request = SearchRequest(asked, size=A_PAGE, facets=True, **narrowed)
    one, other = pages(embedded, request, ALL), pages(elastic, request, ALL)
    assert by_rung(one) == by_rung(other)
    assert counted(one[0]) == counted(other[0])


@pytest.mark.parametrize("sort", ["oldest", "newest"])
@pytest.mark.parametrize("asked", ["村民", "会议", "2019年", "王"])
def test_both_sort_by_date_alike(embedded: EmbeddedIndex, elastic: ElasticIndex, asked: str, sort: str) -> None:
    request = SearchRequest(asked, size=A_PAGE, sort=sort)
    one, other = (
        [hit.id for answer in pages(index, request, ALL) for hit in answer.hits] for index in (embedded, elastic)
    )
    assert sorted(one) == sorted(other)
    assert [day(id_, sort) for id_ in one] == [day(id_, sort) for id_ in other]


def day(id_: str, sort: str) -> date | None:
    """What a record is sorted by."""
    return DOCUMENTS[id_].date_from if sort == "oldest" else DOCUMENTS[id_].date_to


def test_a_passage_is_found_as_it_stands_and_with_a_slip_by_its_telling_words(
    embedded: EmbeddedIndex, elastic: ElasticIndex
) -> None:
    for index in (embedded, elastic):
        as_it_stands, slipped = (index.search(SearchRequest(text), ALL) for text in (PASSAGE, WITH_A_SLIP))
        assert [(hit.id, hit.rung) for hit in as_it_stands.hits] == [(LONG.id, 1)]
        assert slipped.hits[0].id == LONG.id
        assert slipped.rung > 1


def test_the_county_is_large_enough_to_tell_engines_apart() -> None:
    assert len(DOCUMENTS) >= 380
    assert len({one.village for one in DOCUMENTS.values()}) > 50
