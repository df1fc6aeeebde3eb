"""Dates as written: the wording, the interval and the certainty that follow. Every row was worked out by hand."""

from __future__ import annotations

from datetime import date

import pytest

from classification.dates import find_dates, read_date

TODAY = date(2024, 11, 20)

READINGS = [
    # our own calendar
    ("2019年3月5日", "2019-03-05", "2019-03-05", "exact"),
    ("2019-03-05", "2019-03-05", "2019-03-05", "exact"),
    ("2019.3.5", "2019-03-05", "2019-03-05", "exact"),
    ("2019/3/5", "2019-03-05", "2019-03-05", "exact"),
    ("20190305", "2019-03-05", "2019-03-05", "exact"),
    ("2019 年 3 月 5 日", "2019-03-05", "2019-03-05", "exact"),
    ("２０１９年３月５日", "2019-03-05", "2019-03-05", "exact"),
    ("2019年3月5号", "2019-03-05", "2019-03-05", "exact"),
    ("公元1949年10月1日", "1949-10-01", "1949-10-01", "exact"),
    ("2024:10:22 08:14:37", "2024-10-22", "2024-10-22", "exact"),
    ("2024-02-24T19:32:41", "2024-02-24", "2024-02-24", "exact"),
    ("2024年3月12日上午9点", "2024-03-12", "2024-03-12", "exact"),
    ("2024年5月6日（星期一）上午", "2024-05-06", "2024-05-06", "exact"),
    ("1958.3", "1958-03-01", "1958-03-31", "month"),
    ("1958-03", "1958-03-01", "1958-03-31", "month"),
    ("2024年2月", "2024-02-01", "2024-02-29", "month"),
    ("2023年12月份", "2023-12-01", "2023-12-31", "month"),
    ("2019年", "2019-01-01", "2019-12-31", "year"),
    ("2023年度", "2023-01-01", "2023-12-31", "year"),
    # Han numerals
    ("二〇一九年三月", "2019-03-01", "2019-03-31", "month"),
    ("二○一九年三月五日", "2019-03-05", "2019-03-05", "exact"),
    ("二O一九年三月五日", "2019-03-05", "2019-03-05", "exact"),
    ("二0一九年十二月三十一日", "2019-12-31", "2019-12-31", "exact"),
    ("二零二三年十二月八日", "2023-12-08", "2023-12-08", "exact"),
    ("一九五八年", "1958-01-01", "1958-12-31", "year"),
    ("一九八三年三月廿五日", "1983-03-25", "1983-03-25", "exact"),
    # two digits: the latest year that ends so and is not in the future
    ("五八年", "1958-01-01", "1958-12-31", "year"),
    ("58年", "1958-01-01", "1958-12-31", "year"),
    ("83年3月5日", "1983-03-05", "1983-03-05", "exact"),
    ("七一年冬", "1971-10-01", "1972-02-29", "part"),
    ("19年6月", "2019-06-01", "2019-06-30", "month"),
    ("○八年五月十二日", "2008-05-12", "2008-05-12", "exact"),
    # parts of a year or month
    ("2019年春", "2019-02-01", "2019-05-31", "part"),
    ("1973年冬", "1973-10-01", "1974-02-28", "part"),
    ("2019年上半年", "2019-01-01", "2019-06-30", "part"),
    ("2019年下半年", "2019-07-01", "2019-12-31", "part"),
    ("2019年第一季度", "2019-01-01", "2019-03-31", "part"),
    ("2019年四季度", "2019-10-01", "2019-12-31", "part"),
    ("2019年3月上旬", "2019-03-01", "2019-03-10", "part"),
    ("2019年2月下旬", "2019-02-21", "2019-02-28", "part"),
    ("2019年3月底", "2019-03-21", "2019-03-31", "part"),
    ("2019年底", "2019-11-01", "2019-12-31", "part"),
    ("2019年初", "2019-01-01", "2019-03-31", "part"),
    # ranges
    ("2019年1月至3月", "2019-01-01", "2019-03-31", "range"),
    ("2024年1—3月", "2024-01-01", "2024-03-31", "range"),
    ("2019—2021年", "2019-01-01", "2021-12-31", "range"),
    ("2019年至2021年", "2019-01-01", "2021-12-31", "range"),
    ("2019年3月5日至7日", "2019-03-05", "2019-03-07", "range"),
    ("2019年3月5-7日", "2019-03-05", "2019-03-07", "range"),
    ("2025年1月26日至2月4日", "2025-01-26", "2025-02-04", "range"),
    ("2022年2月18日至2022年2月21日", "2022-02-18", "2022-02-21", "range"),
    ("2018年12月至2019年2月", "2018-12-01", "2019-02-28", "range"),
    ("1998.12.31-2028.12.30", "1998-12-31", "2028-12-30", "range"),
    # decades and reigns
    ("八十年代", "1980-01-01", "1989-12-31", "era"),
    ("上世纪六十年代", "1960-01-01", "1969-12-31", "era"),
    ("20世纪70年代初", "1970-01-01", "1973-12-31", "era"),
    ("1950年代", "1950-01-01", "1959-12-31", "era"),
    ("一九五〇年代", "1950-01-01", "1959-12-31", "era"),
    ("光绪年间", "1875-01-01", "1908-12-31", "era"),
    # about
    ("1958年前后", "1957-01-01", "1959-12-31", "approximate"),
    ("约1958年", "1957-01-01", "1959-12-31", "approximate"),
    ("1958年左右", "1957-01-01", "1959-12-31", "approximate"),
    # days that no calendar has: the month is what is left
    ("2019年2月30日", "2019-02-01", "2019-02-28", "approximate"),
    # the Republic and the reigns
    ("民国三十七年", "1948-01-01", "1948-12-31", "year"),
    ("民国37年", "1948-01-01", "1948-12-31", "year"),
    ("民國卅七年", "1948-01-01", "1948-12-31", "year"),
    ("民国元年", "1912-01-01", "1912-12-31", "year"),
    ("中华民国二十六年七月七日", "1937-07-07", "1937-07-07", "exact"),
    ("民國三十六年歲次丁亥正月十五日", "1947-02-05", "1947-02-05", "exact"),
    ("民国三十七年五月初三", "1948-06-09", "1948-06-09", "exact"),
    ("光绪二十年", "1894-02-06", "1895-01-25", "year"),
    ("光緒二十年三月初六日", "1894-04-11", "1894-04-11", "exact"),
    ("光绪甲午", "1894-02-06", "1895-01-25", "year"),
    ("宣统三年八月十九日", "1911-10-10", "1911-10-10", "exact"),
    ("乾隆元年", "1736-02-12", "1737-01-30", "year"),
    # the lunar calendar
    ("二〇一九年农历八月十五", "2019-09-13", "2019-09-13", "exact"),
    ("农历2019年八月十五", "2019-09-13", "2019-09-13", "exact"),
    ("2024年农历正月初一", "2024-02-10", "2024-02-10", "exact"),
    ("2023年农历闰二月初一", "2023-03-22", "2023-03-22", "exact"),
    ("2019年腊月廿三", "2020-01-17", "2020-01-17", "exact"),
    ("2025年除夕", "2025-01-28", "2025-01-28", "exact"),
    ("2024年春节", "2024-02-10", "2024-02-10", "exact"),
    ("2024年中秋节", "2024-09-17", "2024-09-17", "exact"),
    ("2024年正月", "2024-02-10", "2024-03-09", "month"),
]


@pytest.mark.parametrize(("wording", "earliest", "latest", "certainty"), READINGS)
def test_a_wording_stands_for_an_interval(wording: str, earliest: str, latest: str, certainty: str) -> None:
    reading = read_date(wording, TODAY)
    assert reading is not None
    assert (reading.wording, str(reading.earliest), str(reading.latest), reading.certainty) == (
        wording,
        earliest,
        latest,
        certainty,
    )


@pytest.mark.parametrize(
    "wording",
    ["", "不详", "解放前", "建国初", "1958年以前", "3月5日", "第三年", "三十年不变", "2019年13月", "99999年",
     "年", "村委会",
     "2019年3月5日通过的决议", "〇〇〇〇年", "2019", "12345678", "光绪九十年", "公元前"],
)  # fmt: skip
def test_what_names_no_date_has_none(wording: str) -> None:
    assert read_date(wording, TODAY) is None


def test_a_year_of_the_cycle_has_candidates_and_the_latest_past_one_is_the_interval() -> None:
    reading = read_date("甲午年", TODAY)
    assert reading is not None
    assert (reading.earliest, reading.latest) == (date(2014, 1, 31), date(2015, 2, 18))
    assert reading.certainty == "candidates"
    assert [one.earliest.year for one in reading.candidates] == [1654, 1714, 1774, 1834, 1894, 1954, 2014]


def test_a_year_of_the_cycle_that_has_not_come_yet_is_no_candidate() -> None:
    before = read_date("甲午年", date(1960, 1, 1))
    assert before is not None
    assert before.earliest.year == 1954


def test_a_lunar_day_without_a_year_may_be_of_any_recent_year() -> None:
    reading = read_date("农历八月十五", TODAY)
    assert reading is not None
    assert (reading.earliest, reading.certainty) == (date(2024, 9, 17), "candidates")
    assert date(2019, 9, 13) in [one.earliest for one in reading.candidates]


RUNNING = [
    ("经2017年8月3日村民代表会议同意，自2018年1月起施行。", ["2017年8月3日", "2018年1月"]),
    ("土地承包期三十年不变，1998年12月31日起至2028年12月30日止", ["1998年12月31日", "2028年12月30日"]),
    ("五八年九月并入望溪公社，七一年冬月间动工", ["五八年九月", "七一年冬月"]),
    ("租期30年，共20年，满5年后，近40年来", []),
    ("本合同期限为2020—2025年，每亩每年260元。", ["2020—2025年"]),
    ("电话13812345678，身份证510329195805121234，金额1958.35元", []),
    ("生光绪甲午年八月初九日", ["光绪甲午年八月初九日"]),
    ("2023年3月10日（农历二月十九）", ["2023年3月10日"]),
    ("他三十岁那年，八个月后；九十年代那回", ["九十年代"]),
    ("IMG_20240419_083012", ["20240419"]),
    ("石政发〔2019〕12号", []),
]


@pytest.mark.parametrize(("text", "wordings"), RUNNING)
def test_dates_are_found_in_running_text(text: str, wordings: list[str]) -> None:
    found = find_dates(text, TODAY)
    assert [one.reading.wording for one in found] == wordings
    assert [text[one.start : one.end] for one in found] == wordings


def test_a_date_that_leaves_out_the_year_is_read_in_the_year_given() -> None:
    found = find_dates("（1月26日至2月4日，每天8:30—17:30在岗）", TODAY, year=2025)
    assert [(one.reading.earliest, one.reading.latest) for one in found] == [(date(2025, 1, 26), date(2025, 2, 4))]


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [("2024年春节文艺汇演", "2024-01-01", "2024-12-31"), ("1975年年终决算分配表", "1975-01-01", "1975-12-31")],
)
def test_what_is_named_after_a_day_is_only_dated_by_its_year(text: str, earliest: str, latest: str) -> None:
    found = find_dates(text, TODAY)
    assert [(str(one.reading.earliest), str(one.reading.latest)) for one in found] == [(earliest, latest)]
