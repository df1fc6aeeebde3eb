"""The small parts of the pages: marks, dates, addresses, the timeline, forms as people fill them in."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from starlette.datastructures import FormData

from archive_service.actions.bulk_editing import Edited
from archive_service.web import rendering, words
from archive_service.web.asked import Asked
from archive_service.web.pages.bulk_edit import widens
from archive_service.web.pages.fields import changed, fields_of
from archive_service.web.pages.form import listed
from archive_service.web.pages.years import bars
from classification.retention import Retention
from storage.database.records import Record


def test_marks_are_set_and_everything_else_is_escaped() -> None:
    assert rendering.marked("<b>土地承包</b>", [(3, 5), (5, 7)]) == (
        "&lt;b&gt;<mark>土地</mark><mark>承包</mark>&lt;/b&gt;"
    )


@pytest.mark.parametrize(
    ("said", "year", "shown"),
    [
        ("民国三十七年", 1948, "民国三十七年（1948）"),
        ("2019年3月5日", 2019, "2019年3月5日"),
        ("", 1998, "1998"),
        ("", None, ""),
        ("2024-07-03T10:15:44", 2024, "2024-07-03"),
    ],
)
def test_a_date_is_shown_in_the_words_of_the_source(said: str, year: int | None, shown: str) -> None:
    assert rendering.wording(Record(date_wording=said, year=year)) == shown


@pytest.mark.parametrize("stamp", ["20240419083012", "mmexport1713486612000"])
def test_a_stamp_of_a_program_is_shown_as_the_day_it_means(stamp: str) -> None:
    found = Record(date_wording=stamp, year=2024, earliest=date(2024, 4, 19), latest=date(2024, 4, 19))
    assert rendering.wording(found) == "2024-04-19"


@pytest.mark.parametrize(
    ("said", "first", "last", "shown"),
    [
        ("2023年11月18日", date(2023, 11, 18), date(2023, 11, 18), "2023-11-18"),
        ("2020年2月", date(2020, 2, 1), date(2020, 2, 29), "2020-02"),
        ("民国三十七年", date(1948, 1, 1), date(1948, 12, 31), "1948"),
        ("1月26日至2月4日", date(2025, 1, 26), date(2025, 2, 4), "1月26日至2月4日（2025）"),
        ("七十年代", None, None, "七十年代（1970）"),
    ],
)
def test_a_date_in_a_table_is_numbers_where_it_is_a_day_a_month_or_a_year(
    said: str, first: date | None, last: date | None, shown: str
) -> None:
    year = first.year if first else 1970
    assert rendering.tabled(Record(date_wording=said, year=year, earliest=first, latest=last)) == shown


def test_a_sentence_spells_its_days_and_a_table_does_not() -> None:
    day, moment = date(2023, 11, 8), rendering.on_the_clock(datetime(2026, 11, 25, 22, 2, tzinfo=UTC))
    assert words.say("zh", "{day} 起施行", day=day) == "2023年11月8日起施行"
    assert words.say("en", "{day} 起施行", day=day) == "in force from 2023-11-08"
    assert words.say("zh", "原件借出，{day} 应还", day=day) == "原件借出，2023年11月8日应还"
    assert words.say("zh", "{day} 立批", day=moment) == "2026年11月26日 06:02 立批"
    assert words.say("zh", "{day} 归还", day=str(day)) == "2023-11-08 归还"


def test_the_interval_of_a_date_has_both_ends() -> None:
    found = Record(earliest=date(1948, 1, 1), latest=date(1948, 12, 31))
    assert rendering.interval(found) == "1948-01-01 … 1948-12-31"
    assert rendering.interval(Record(earliest=date(2019, 3, 5), latest=date(2019, 3, 5))) == "2019-03-05"


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "records", "/a\nb"])
def test_a_redirect_stays_on_this_service(elsewhere: str) -> None:
    assert rendering.local(elsewhere) == "/"


def test_a_redirect_keeps_an_address_of_this_service() -> None:
    assert rendering.local("/inbox?state=proposed") == "/inbox?state=proposed"


@pytest.mark.parametrize(("bytes_", "shown"), [(0, "0 B"), (1023, "1023 B"), (1536, "1.5 KB"), (5 << 30, "5.0 GB")])
def test_sizes_are_short(bytes_: int, shown: str) -> None:
    assert rendering.size(bytes_) == shown


def test_a_filter_is_put_on_and_taken_off_and_begins_at_the_first_page() -> None:
    asked = Asked([("q", "土地"), ("village", "a"), ("cursor", "x"), ("evil", "1")])
    assert asked.toggled("village", "b") == "/search?q=%E5%9C%9F%E5%9C%B0&village=a&village=b"
    assert asked.toggled("village", "a") == "/search?q=%E5%9C%9F%E5%9C%B0"
    assert asked.spanning(1980, 1989) == "/search?q=%E5%9C%9F%E5%9C%B0&village=a&from=1980&to=1989"


def test_what_was_asked_becomes_a_request_and_nonsense_is_left_out() -> None:
    request = Asked([("from", "1980"), ("to", "soon"), ("sort", "upwards"), ("kind", "photo")]).request()
    assert (request.text, request.years, request.sort, request.kinds) == ("", (1980, None), "newest", ("photo",))


def test_nothing_asked_for_lists_what_is_archived() -> None:
    assert Asked([("sort", "oldest")]).request().states == ("archived",)
    assert Asked([("q", "土地")]).request().states == ()


def test_the_timeline_shows_gaps_and_marks_the_chosen_years() -> None:
    shown = bars(Asked([("from", "1983"), ("to", "1983")]), [("1981", 2), ("1983", 4)])
    assert [(bar.name, bar.number, bar.height, bar.on) for bar in shown] == [
        ("1981", 2, 50, False),
        ("1982", 0, 1, False),
        ("1983", 4, 100, True),
    ]


def test_a_long_timeline_is_drawn_in_decades() -> None:
    shown = bars(Asked([]), [("1735", 1), ("2024", 2), ("2025", 1)])
    assert len(shown) <= 40
    assert (shown[0].name, shown[-1].name, shown[-1].number) == ("1730—1739", "2020—2029", 3)


def test_names_are_divided_as_people_divide_them() -> None:
    assert listed(FormData([("people", "王守仁，李四、 张三;赵五 ")]), "people") == ["王守仁", "李四", "张三", "赵五"]


def test_a_photograph_has_its_elements_and_keeps_what_else_it_brought() -> None:
    found = Record(kind="photo", fields={"event": "修渠", "lens": "50 mm"}, class_id=None)
    shown = {one.id: one.value for one in fields_of(found, None)}
    assert (shown["event"], shown["photographer"], shown["lens"]) == ("修渠", "", "50 mm")


def test_an_element_left_empty_is_not_written_and_one_that_is_emptied_is() -> None:
    found = Record(fields={"event": "修渠", "people": ["王守仁"]})
    typed = {"event": "", "people": "王守仁、李四", "background": ""}
    assert changed(found, typed) == {"event": "", "people": ["王守仁", "李四"]}


def test_a_period_is_in_the_words_of_the_visitor() -> None:
    split = Retention("split", important=Retention("permanent"), ordinary=Retention("years", 30))
    assert rendering.period(split, "en") == "Permanent if important, 30 years if ordinary"
    assert rendering.period(Retention("years", 10), "en") == "10 years"
    assert rendering.period(Retention("years", 10), "zh") == "定期10年"


@pytest.mark.parametrize(
    ("changed", "wider"),
    [
        ({"access": ["personal", "village"]}, True),
        ({"access": ["party", "public"]}, True),
        ({"access": ["village", "public"]}, False),
        ({"access": ["personal", "party"]}, False),
        ({"access": ["village", "personal"]}, False),
        ({"title": ["一", "二"]}, False),
    ],
)
def test_a_bulk_edit_that_opens_what_is_for_named_persons_is_told(changed: dict[str, list[str]], wider: bool) -> None:
    assert widens(Edited(Record(), changed)) is wider
