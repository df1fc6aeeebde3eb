"""What every search index does: the cases of Chinese search, filters, counts, paging, and never a leak."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from datetime import date
from pathlib import Path

import pytest

from storage.errors import NotReady
from storage.index.door import SearchIndex
from storage.index.elastic import ElasticIndex
from storage.index.embedded import EmbeddedIndex
from storage.index.query import SearchAnswer, SearchRequest, Sort
from storage.scope import NOTHING, Grant, Scope
from tests.contracts.search_records import ALL, RESEARCHER, record


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The embedded index always; Elasticsearch when its address is given."""
    if "kind" in metafunc.fixturenames:
        server = pytest.param("elasticsearch", marks=pytest.mark.needs("elasticsearch"))
        metafunc.parametrize("kind", ["embedded", server])


@pytest.fixture
def index(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[SearchIndex]:
    if kind == "embedded":
        yield EmbeddedIndex(tmp_path / "index")
        return
    elastic = ElasticIndex(request.config.getoption("--elasticsearch"), name=f"contract-{secrets.token_hex(6)}")
    elastic.clear()
    yield elastic
    elastic.drop()


def found(index: SearchIndex, text: str, scope: Scope = ALL, **more: object) -> list[str]:
    return [hit.id for hit in search(index, text, scope, **more).hits]


def search(index: SearchIndex, text: str, scope: Scope = ALL, **more: object) -> SearchAnswer:
    return index.search(SearchRequest(text, **more), scope)  # type: ignore[arg-type]  # fields of the request


def test_a_name_is_found_as_a_run_and_never_as_scattered_characters(index: SearchIndex) -> None:
    index.apply([record("a", "王家村土地承包合同"), record("b", "王家与李家村界址"), record("c", "……家村之王家")], [])
    assert found(index, "王家村") == ["a"]


def test_one_character_finds_all_that_hold_it(index: SearchIndex) -> None:
    index.apply([record("a", "王家村"), record("b", text="姓王的"), record("c", "李家村")], [])
    assert set(found(index, "王")) == {"a", "b"}


@pytest.mark.parametrize(("written", "asked"), [("修族譜記", "族谱"), ("修族谱记", "族譜")])
def test_traditional_and_simplified_find_each_other(index: SearchIndex, written: str, asked: str) -> None:
    index.apply([record("a", text=written), record("b", "别的")], [])
    assert found(index, asked) == ["a"]


@pytest.mark.parametrize(
    "wording", ["一九五八年修的", "五八年修的", "1958-03修的", "58年修的", "1958.3修的", "１９５８年"]
)
def test_a_year_is_found_however_it_is_written(index: SearchIndex, wording: str) -> None:
    index.apply([record("a", text=wording), record("b", text="1985年修的")], [])
    assert found(index, "1958年") == ["a"]
    assert found(index, "一九五八年") == ["a"]


def test_a_year_is_found_by_the_date_of_the_record(index: SearchIndex) -> None:
    index.apply(
        [
            record("a", "水库", date_from=date(1958, 3, 1), date_to=date(1958, 3, 31)),
            record("b", "水库", year_from=1958, year_to=1958),
            record("wide", "水库", year_from=1950, year_to=1980),
        ],
        [],
    )
    assert set(found(index, "1958年")) == {"a", "b"}
    assert found(index, "1958年3月") == ["a"]


def test_a_turned_order_is_found_below_an_exact_run(index: SearchIndex) -> None:
    index.apply([record("turned", "承包合同"), record("exact", "合同承包"), record("other", "合同")], [])
    answer = search(index, "合同承包")
    assert [(hit.id, hit.rung) for hit in answer.hits] == [("exact", 1), ("turned", 2)]


def test_a_sentence_finds_partial_matches_best_first_and_says_which_words_were_used(index: SearchIndex) -> None:
    index.apply([record("best", "王家村土地台账"), record("less", "本村土地"), record("none", "会议记录")], [])
    answer = search(index, "王家村土地承包合同书和族谱")
    assert answer.hits[0].id == "best"
    assert "none" not in [hit.id for hit in answer.hits]
    assert answer.rung == 4
    assert set(answer.used_words) == {"王家村", "土地"}


def test_a_true_hit_in_a_long_text_comes_before_a_false_short_one(index: SearchIndex) -> None:
    index.apply(
        [record("short", "合同与承包"), record("long", "卷", text="会议记录。" * 800 + "承包合同" + "散会。" * 800)], []
    )
    assert found(index, "承包合同")[0] == "long"


@pytest.mark.parametrize("asked", ["wangjiacun", "wjc", "WangJiaCun"])
def test_pinyin_finds_titles_and_names_after_what_is_written_so(index: SearchIndex, asked: str) -> None:
    index.apply([record("a", "关于王家村的报告"), record("b", "李家村"), record("written", f"代号 {asked}")], [])
    assert found(index, asked) == ["written", "a"]


def test_recognised_text_with_blanks_between_characters_is_found(index: SearchIndex) -> None:
    index.apply([record("a", text="土 地 承 包"), record("b", text="土地承包")], [])
    assert set(found(index, "土地承包")) == set(found(index, "土 地 承 包")) == {"a", "b"}


@pytest.mark.parametrize(
    "asked", ["土地 -承包", "土地 －承包", "土地 -(合同 (承包))", "(土地 (册 -承包))", "-承包 土地"]
)
@pytest.mark.parametrize("scope", [ALL, RESEARCHER])
def test_an_exclusion_lets_nothing_through(index: SearchIndex, asked: str, scope: Scope) -> None:
    index.apply(
        [
            record("a", "土地承包册"),
            record("b", "土地册", text="承 包"),
            record("c", "土地册", people=("承包",)),
            record("d", "土地册"),
        ],
        [],
    )
    assert found(index, asked, scope) == ["d"]


@pytest.mark.parametrize(
    "asked", ["云办发〔2019〕12号", "云办发[2019]12号", "云办发(2019)12号", "云办发【2019】12号", "云办发（2019）12号"]
)
def test_a_document_number_is_found_with_any_brackets(index: SearchIndex, asked: str) -> None:
    index.apply(
        [record("a", "通知", doc_number="云办发〔2019〕12号"), record("b", "通知", doc_number="云办发〔2019〕13号")], []
    )
    assert found(index, asked) == ["a"]


@pytest.mark.parametrize("dot", "·.・•．")
def test_an_archival_code_is_found_with_any_dot(index: SearchIndex, dot: str) -> None:
    index.apply([record("a", code="V012-WS·2019-Y-MZ-0007"), record("b", code="V012-WS·2019-Y-MZ-0008")], [])
    assert found(index, f"V012-WS{dot}2019-Y-MZ-0007") == ["a"]


@pytest.mark.parametrize("beginning", ["V012-WS", "v012-w", "V012", "V012-WS·2019-Y-MZ-00"])
def test_an_archival_code_is_found_by_its_beginning(index: SearchIndex, beginning: str) -> None:
    index.apply([record("a", code="V012-WS·2019-Y-MZ-0007"), record("b", code="V013-WS·2019-Y-MZ-0007")], [])
    assert found(index, beginning) == ["a"]


def test_names_are_found_by_their_beginning_and_people_come_first(index: SearchIndex) -> None:
    index.apply(
        [
            record("said", "曾经李国欧阳", text="曾曾曾欧阳欧阳李国李国"),
            record("named", "登记表", people=("李国庆", "欧阳德", "曾六")),
        ],
        [],
    )
    for name in ("曾", "欧阳", "李国"):
        assert found(index, name) == ["named", "said"]


def test_no_phrase_runs_from_one_person_into_the_next(index: SearchIndex) -> None:
    index.apply([record("a", people=("王德", "厚长清")), record("b", people=("王德", "某厚长"))], [])
    assert found(index, "“王德厚”") == []
    assert found(index, "“王德厚长”") == []


@pytest.mark.parametrize("asked", ["GPS定位2021", "gps定位２０２１", "ＧＰＳ", "定位20", "2021"])
def test_mixed_scripts_widths_and_cases_are_found(index: SearchIndex, asked: str) -> None:
    index.apply([record("a", text="用GPS定位2021次"), record("b", text="没有")], [])
    assert found(index, asked) == ["a"]


@pytest.mark.parametrize("text", ["水\n库", "水\r\n  库", "水\f库"])
def test_a_word_across_a_soft_break_is_found(index: SearchIndex, text: str) -> None:
    index.apply([record("a", text=text), record("b", text="水和库")], [])
    assert found(index, "水库") == ["a"]


def test_a_pasted_passage_finds_its_document_first(index: SearchIndex) -> None:
    passage = (
        "会议讨论了青石坳村集中建房点的选址、面积、补偿和进度，决定由村民代表分片走访，三日内收齐意见后张榜公布。" * 4
    )
    others = [
        record(f"x{number}", "会议", text=passage.replace("集中", "分散").replace("三日", "五日"))
        for number in range(9)
    ]
    index.apply([*others, record("true", "纪要", text=f"开头。{passage}结尾。")], [])
    assert found(index, passage[3:203])[0] == "true"


@pytest.mark.parametrize("asked", ["", "   ", "。，、！", "-", "()", '"', "承" * 10_000, "💧"])
def test_what_holds_nothing_to_look_for_gets_a_sentence(index: SearchIndex, asked: str) -> None:
    index.apply([record("a", "承包")], [])
    answer = search(index, asked)
    assert (answer.total, answer.hits) == (0, ())
    assert answer.note.endswith("。")


@pytest.mark.parametrize(
    "asked", [".*", "a|b", "[a-z]+(", "<b>包</b>", "title:包", "包^2 ~ \\", "%_'\";--", "AND OR NOT", "\x00\ud800"]
)
def test_signs_of_other_languages_are_never_an_error(index: SearchIndex, asked: str) -> None:
    index.apply([record("a", "承包")], [])
    assert search(index, asked).total in (0, 1)


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("𠮷田家", "𠮷"),
        ("𠮷田家", "吉田"),
        ("㐂事", "㐂"),
        ("青峯山", "青峰"),
        ("羣众会", "群众"),
        ("姓\ue123名", "\ue123"),
    ],
)
def test_rare_characters_are_found_by_themselves_and_by_their_variant(
    index: SearchIndex, written: str, asked: str
) -> None:
    index.apply([record("a", text=written), record("b", text="别的")], [])
    assert found(index, asked) == ["a"]


HIDDEN = [
    record("secret", "低保名单 周长寿", text="低保 1958年", access="personal", people=("周长寿",), village="v9"),
    record("waiting", "低保待归档", access="public", archived=False, state="proposed", village="v9"),
    record("open", "低保公示", year_from=2020, year_to=2020),
]


@pytest.mark.parametrize(
    "asked", ["低保", "低", "周长寿", "zhouchangshou", "1958年", "周长寿低保名单和族谱", "-公示", "“低保名单”"]
)
def test_nothing_of_what_is_hidden_shows(index: SearchIndex, asked: str) -> None:
    index.apply(HIDDEN, [])
    answer = search(index, asked, RESEARCHER, facets=True)
    assert {hit.id for hit in answer.hits} <= {"open"}
    assert answer.total == len(answer.hits)
    assert "v9" not in [value for value, _ in answer.facets.get("villages", [])]
    assert sum(count for _, count in answer.facets.get("access", [])) == answer.total
    assert "周长寿" not in answer.used_words


def test_an_empty_scope_sees_nothing(index: SearchIndex) -> None:
    index.apply(HIDDEN, [])
    assert search(index, "低保", NOTHING).total == 0
    assert search(index, "-别的", Scope((Grant(frozenset()),))).total == 0


def test_a_person_sees_what_is_opened_to_them_by_name(index: SearchIndex) -> None:
    mine = record("mine", "低保名单", access="personal", readers=("zhoucs", "zhaolan"))
    others = record("theirs", "低保名单", access="personal", readers=("zhaolan",))
    index.apply([*HIDDEN, mine, others], [])
    assert set(found(index, "低保", Scope(RESEARCHER.grants, "zhoucs"))) == {"mine", "open"}
    assert found(index, "低保", Scope(person="zhoucs")) == ["mine"]


def test_what_a_donor_restricted_shows_to_nobody_but_those_who_are_named(index: SearchIndex) -> None:
    index.apply([record("diary", "周家日记", access="restricted", readers=("zhaolan",), people=("周长寿",))], [])
    everything = Scope((Grant(frozenset({"public", "village", "internal", "personal", "party"}), unarchived=True),))
    for asked in ("日记", "周长寿", "riji", "-别的"):
        answer = search(index, asked, everything, facets=True)
        assert (answer.total, any(answer.facets.values())) == (0, False)
    assert found(index, "日记", Scope(everything.grants, "zhaolan")) == ["diary"]
    assert found(index, "日记", Scope(everything.grants, "zhoucs")) == []


def test_a_grant_holds_in_its_villages_only(index: SearchIndex) -> None:
    index.apply([record("a", "册", access="internal"), record("b", "册", access="internal", village="v2")], [])
    assert found(index, "册", Scope((Grant(frozenset({"internal"}), frozenset({"v2"})),))) == ["b"]
    assert found(index, "册", Scope((Grant(frozenset({"internal"}), frozenset()),))) == []


@pytest.mark.parametrize(
    "narrowed",
    [
        {"villages": ("v2",)},
        {"classes": ("KJ",)},
        {"series": ("KJ-01",)},
        {"kinds": ("photo",)},
        {"periods": ("permanent",)},
        {"access": ("village",)},
        {"states": ("accepted",)},
        {"batches": ("b7",)},
        {"years": (1990, 1999)},
        {"years": (None, 1999)},
        {"people": ("王满仓",)},
        {"places": ("石门槛",)},
        {"decades": ("1980",)},
        {"each_year": ("1991",)},
        {"added_after": 29},
    ],
)
def test_each_filter_narrows(index: SearchIndex, narrowed: dict[str, object]) -> None:
    other = record(
        "a", "册", village="v2", class_path=("KJ", "KJ-A"), series="KJ-01", kind="photo", retention="permanent",
        access="village", state="accepted", batch="b7", year_from=1985, year_to=1991,
        people=("王满仓", "李四海"), places=("石门槛",), added=30,
    )  # fmt: skip
    index.apply([other, record("b", "册", year_from=2000, year_to=2001), record("c", "册")], [])
    assert found(index, "册", **narrowed) == ["a"]
    assert found(index, "", **narrowed) == ["a"]


def test_a_class_is_found_under_every_class_above_it(index: SearchIndex) -> None:
    index.apply([record("a", "册", class_path=("WS", "WS-MZ")), record("b", "册", class_path=("KJ",))], [])
    assert found(index, "册", classes=("WS",)) == found(index, "册", classes=("WS-MZ",)) == ["a"]


def test_counts_are_of_what_was_found(index: SearchIndex) -> None:
    index.apply(
        [
            record("a", "册", year_from=1958, year_to=1960, retention="permanent"),
            record("b", "册", year_from=1958, year_to=1958, village="v2"),
            record("c", "簿", year_from=1958, year_to=1958),
        ],
        [],
    )
    facets = search(index, "册", facets=True).facets
    assert sorted(facets["villages"]) == [("v1", 1), ("v2", 1)]
    assert sorted(facets["periods"]) == [("30", 1), ("permanent", 1)]
    assert facets["years"][0] == ("1958", 2)
    assert sorted(facets["decades"]) == [("1950", 2), ("1960", 1)]
    assert facets["classes"] == [("WS", 2), ("WS-MZ", 2)] or facets["classes"] == [("WS-MZ", 2), ("WS", 2)]


def test_people_and_places_are_counted_whole(index: SearchIndex) -> None:
    of_two = record("a", "册", people=("王满仓", "李四海"), places=("石门槛",))
    index.apply([of_two, record("b", "册", people=("王满仓",)), record("c", "簿", people=("赵六",))], [])
    facets = search(index, "册", facets=True).facets
    assert facets["people"] == [("王满仓", 2), ("李四海", 1)]
    assert facets["places"] == [("石门槛", 1)]


TITLED = {
    "two": "二组账", "one": "一组账", "earth": "土地", "peace": "安民公约", "white": "白水", "tenth": "第10组",
    "latin": "A区", "second": "第2组", "number": "1958年", "king": "王家",
}  # fmt: skip


def test_titles_are_sorted_by_sound_with_numbers_by_their_value_before_letters(index: SearchIndex) -> None:
    index.apply([record(id_, title) for id_, title in TITLED.items()], [])
    by_sound = ["number", "latin", "peace", "white", "second", "tenth", "two", "earth", "king", "one"]
    assert found(index, "", kinds=("document",), sort="pinyin") == by_sound


def test_titles_are_sorted_by_the_strokes_of_their_characters(index: SearchIndex) -> None:
    """一 1, 二 2, 土 3, 王 4, 白 5, 安 6, 第 11 strokes."""
    index.apply([record(id_, title) for id_, title in TITLED.items()], [])
    by_strokes = ["number", "latin", "one", "two", "earth", "king", "white", "peace", "second", "tenth"]
    assert found(index, "", kinds=("document",), sort="strokes") == by_strokes


def test_titles_that_begin_alike_keep_their_order_over_the_pages(index: SearchIndex) -> None:
    """The village and the year are the same in all; what differs stands behind the first signs."""
    tails = ["安全", "白水", "承包", "第2组", "第10组", "二组", "黄土", "王家", "一组", "张家"]
    index.apply([record(f"r{place}", f"石门槛村2019年村民{tail}") for place, tail in enumerate(tails)], [])
    got, cursor = [], None
    for _ in range(4):
        page = search(index, "", kinds=("document",), sort="pinyin", size=3, cursor=cursor)
        got += [hit.id for hit in page.hits]
        cursor = page.cursor
    assert got == [f"r{place}" for place in range(10)]
    assert cursor is None


def test_hits_can_be_sorted_by_date_and_the_undated_come_last(index: SearchIndex) -> None:
    index.apply(
        [
            record("undated", "册"),
            record("new", "册", date_from=date(2019, 3, 5), date_to=date(2019, 3, 5)),
            record("old", "册", year_from=1950, year_to=1950),
        ],
        [],
    )
    assert found(index, "册", sort=Sort.OLDEST) == ["old", "new", "undated"]
    assert found(index, "册", sort="newest") == ["new", "old", "undated"]


@pytest.mark.parametrize("sort", list(Sort))
def test_paging_goes_to_the_last_hit_without_a_gap_or_a_double(index: SearchIndex, sort: Sort) -> None:
    index.apply(
        [record(f"r{number:03}", "承包册", year_from=1900 + number % 7, year_to=2000) for number in range(95)], []
    )
    seen: list[str] = []
    cursor: str | None = None
    while True:
        answer = search(index, "承包", size=10, cursor=cursor, sort=sort)
        assert answer.total == 95
        seen += [hit.id for hit in answer.hits]
        cursor = answer.cursor
        if cursor is None:
            break
    assert sorted(seen) == [f"r{number:03}" for number in range(95)]


def test_a_cursor_stays_on_its_rung(index: SearchIndex) -> None:
    index.apply([record(f"r{number}", "王家村土地" if number % 2 else "族谱") for number in range(12)], [])
    first = search(index, "王家村土地承包合同书和族谱", size=5)
    second = search(index, "王家村土地承包合同书和族谱", size=5, cursor=first.cursor)
    assert first.hits[0].rung == second.hits[0].rung == 4
    assert not {hit.id for hit in first.hits} & {hit.id for hit in second.hits}


@pytest.mark.parametrize("cursor", ["x", "", "W10=", "WzksIFswXV0=", "WzAsIFsieCJdXQ==", "WzAsIFstMV1d", "💧"])
def test_a_broken_cursor_is_answered_and_not_an_error(index: SearchIndex, cursor: str) -> None:
    index.apply([record("a", "承包")], [])
    answer = search(index, "承包", cursor=cursor)
    assert answer.total == (1 if cursor == "" else 0)


def test_pieces_of_a_word_are_marked_only_where_the_search_came_down_to_them(index: SearchIndex) -> None:
    index.apply([record("a", "王家村"), record("b", "红旗，还有大队")], [])
    assert search(index, "王家村").terms == ("王家村",)
    pieces = search(index, "红旗大队")
    assert (pieces.rung, pieces.total) in ((2, 1), (3, 1))
    assert {"红旗", "大队"} <= set(pieces.terms)


def test_a_record_put_in_twice_is_there_once_and_as_it_is_now(index: SearchIndex) -> None:
    index.apply([record("a", "旧题名")], [])
    index.apply([record("a", "新题名"), record("b", "新题名")], [])
    assert index.count() == 2
    assert found(index, "旧题名") == []
    index.apply([], ["a", "never there"])
    assert (index.count(), found(index, "新题名")) == (1, ["b"])


def test_clearing_leaves_nothing(index: SearchIndex) -> None:
    index.apply([record("a", "册")], [])
    index.clear()
    assert (index.count(), search(index, "册").total) == (0, 0)
    index.apply([record("b", "册")], [])
    assert found(index, "册") == ["b"]


def test_pages_go_on_where_they_were_while_the_index_changes(index: SearchIndex) -> None:
    index.apply([record(f"{number:03}", "承包合同") for number in range(30)], [])
    first = search(index, "承包", size=10)
    second = search(index, "承包", size=10, cursor=first.cursor)
    index.apply([], [hit.id for hit in first.hits])
    third = search(index, "承包", size=10, cursor=second.cursor)
    seen = [hit.id for page in (first, second, third) for hit in page.hits]
    assert len(seen) == len(set(seen))
    assert len(seen) >= 20


def test_the_index_tells_what_it_holds_of_each_record(index: SearchIndex) -> None:
    kept, changed, new = record("a", "承包"), record("b", "承包", text="旧"), record("b", "承包", text="新")
    index.apply([kept, changed], [])
    assert index.marks(["a", "b", "nobody"]) == {"a": kept.mark(), "b": changed.mark()}
    index.apply([new], ["a"])
    assert index.marks(["a", "b"]) == {"b": new.mark()}
    assert new.mark() != changed.mark()


@pytest.fixture
def elastic(request: pytest.FixtureRequest) -> Iterator[ElasticIndex]:
    made = ElasticIndex(request.config.getoption("--elasticsearch"), name=f"contract-{secrets.token_hex(6)}")
    made.clear()
    yield made
    made.drop()


@pytest.mark.needs("elasticsearch")
def test_the_pages_of_elasticsearch_from_the_second_on_are_of_one_moment(elastic: ElasticIndex) -> None:
    elastic.apply([record(f"{number:03}", "承包合同") for number in range(30)], [])
    second = search(elastic, "承包", size=10, cursor=search(elastic, "承包", size=10).cursor)
    elastic.apply([record(f"{number:03}", "承包合同") for number in range(100, 200)], ["025"])
    third = search(elastic, "承包", size=10, cursor=second.cursor)
    assert [hit.id for hit in third.hits] == [f"{number:03}" for number in range(20, 30)]


@pytest.mark.needs("elasticsearch")
def test_a_moment_that_the_server_has_forgotten_is_replaced(elastic: ElasticIndex) -> None:
    elastic.apply([record(f"{number:03}", "承包合同") for number in range(30)], [])
    first = search(elastic, "承包", sort=Sort.OLDEST, size=10)
    second = search(elastic, "承包", sort=Sort.OLDEST, size=10, cursor=first.cursor)
    with elastic.anew() as fresh:
        # The index of that moment goes with the switch.
        fresh.apply([record(f"{number:03}", "承包合同") for number in range(40)], [])
    third = search(elastic, "承包", sort=Sort.OLDEST, size=10, cursor=second.cursor)
    assert [hit.id for hit in third.hits] == [f"{number:03}" for number in range(20, 30)]


@pytest.mark.needs("elasticsearch")
def test_a_record_that_elasticsearch_refuses_is_told_by_its_id_and_the_others_go_in(elastic: ElasticIndex) -> None:
    # A keyword may have 32,766 bytes.
    too_long = record("long", "承包合同", village="x" * 40_000)
    refused = elastic.apply([record("a", "承包"), too_long, record("b", "承包")], ["nobody"])
    assert refused.keys() == {"long"}
    assert "field [village]" in refused["long"]
    assert found(elastic, "承包") == ["a", "b"]


@pytest.mark.needs("elasticsearch")
def test_an_oversized_record_is_found_by_its_first_and_its_last_words(elastic: ElasticIndex) -> None:
    elastic.apply([record("long", text="开头" + "水" * 3_000_000 + "结尾"), record("short", text="开头")], [])
    assert found(elastic, "结尾") == ["long"]
    assert set(found(elastic, "开头")) == {"long", "short"}


@pytest.mark.needs("elasticsearch")
def test_while_elasticsearch_makes_an_index_anew_the_old_one_answers(elastic: ElasticIndex) -> None:
    elastic.apply([record("a", "承包")], [])
    with suppress(KeyError), elastic.anew() as fresh:
        fresh.apply([record("half", "承包")], [])
        raise KeyError
    assert found(elastic, "承包") == ["a"]
    with elastic.anew() as fresh:
        fresh.apply([record("b", "承包")], [])
        assert found(elastic, "承包") == ["a"]
    assert found(elastic, "承包") == ["b"]
    elastic.apply([record("c", "承包")], [])
    assert set(found(elastic, "承包")) == {"b", "c"}
    assert elastic.indices() == 1


def test_an_index_that_was_left_half_made_is_gone_on_with_when_that_is_asked_for(index: SearchIndex) -> None:
    index.apply([record("a", "承包")], [])
    with suppress(KeyError), index.anew() as fresh:
        fresh.apply([record("b", "承包"), record("c", "承包")], [])
        raise KeyError
    with index.anew(go_on=True) as half:
        assert half.count() == 2
        assert half.marks(["a", "b"]) == {"b": record("b", "承包").mark()}
        half.apply([record("d", "承包")], ["c"])
    assert found(index, "承包") == ["b", "d"]
    with index.anew(go_on=True) as nothing_left:
        assert nothing_left.count() == 0
    assert index.count() == 0


@pytest.mark.needs("elasticsearch")
def test_two_who_come_first_at_once_make_one_index(request: pytest.FixtureRequest) -> None:
    name = f"contract-{secrets.token_hex(6)}"
    both = [ElasticIndex(request.config.getoption("--elasticsearch"), name=name) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda one: one.apply([record("a", "承包")], []), both))
    assert (both[0].indices(), both[0].count()) == (1, 1)
    both[0].drop()


@pytest.mark.needs("elasticsearch")
def test_an_index_that_vanished_is_said_and_not_made_in_passing(elastic: ElasticIndex) -> None:
    elastic.apply([record("a", "承包")], [])
    index = copy(elastic)
    elastic.drop()
    with pytest.raises(NotReady, match="rebuild index"):
        index.apply([record("b", "承包")], [])
    assert index.indices() == 0
