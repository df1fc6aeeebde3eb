"""Titles as villages write them (invented): which record of the model calendar each is, and of which period."""

from __future__ import annotations

from datetime import date

import pytest

from classification.calendar.reader import parse
from classification.calendar.recognition import Paper, Recogniser
from tests.spec.test_calendar import MODEL

RECOGNISER = Recogniser(parse(MODEL))


def span(first: str, last: str) -> tuple[date, date]:
    return date.fromisoformat(f"2026-{first}"), date.fromisoformat(f"2026-{last}")


YEAR = span("01-01", "12-31")
Q1, Q2, Q3, Q4 = (span(f"{m:02}-01", end) for m, end in ((1, "03-31"), (4, "06-30"), (7, "09-30"), (10, "12-31")))
H1, H2 = span("01-01", "06-30"), span("07-01", "12-31")

# title, record, first and last day of the period; every paper is filed under 2026
TITLES = [
    ("值班表3月", "duty_schedule", span("03-01", "03-31")),
    ("石门槛村2026年11月值班安排表", "duty_schedule", span("11-01", "11-30")),
    ("村部值班表（2026.02）", "duty_schedule", span("02-01", "02-28")),
    ("202606排班表", "duty_schedule", span("06-01", "06-30")),
    ("十二月份轮值表", "duty_schedule", span("12-01", "12-31")),
    ("2026年度值班记录簿", "duty_log", YEAR),
    ("坐班日志 2026", "duty_log", YEAR),
    ("2026年群众来访登记", "reception_register", YEAR),
    ("高远请假条2026年5月8日", "leave_form", span("05-08", "05-08")),
    ("2026年请销假台账", "leave_ledger", YEAR),
    ("关于举办村干部培训班的通知", "training_plan", None),
    ("村干部集中培训签到表2026年4月", "training_attendance", span("04-01", "04-30")),
    ("集中培训考核成绩2026年", "training_result", YEAR),
    ("集中培训现场照片2026年4月2日", "training_media", span("04-02", "04-02")),
    ("2026年第12周例会记录", "weekly_minutes", span("03-16", "03-22")),
    ("2026年3月17日两委联席会议记录", "weekly_minutes", span("03-16", "03-22")),
    ("集中办公签到表3月17日", "office_signin", span("03-16", "03-22")),
    ("2026年三会一课记录本", "branch_minutes", YEAR),
    ("林禾同志公开承诺书（2026年）", "commitment", YEAR),
    ("承诺事项公示照片2026年2月", "commitment_post", YEAR),
    ("2026年述诺评诺测评表", "commitment_review", YEAR),
    ("村干部重要事项报告表2026年8月3日", "matter_report", span("08-03", "08-03")),
    ("上半年谈心谈话记录", "conversation_half", H1),
    ("2026年下半年镇党委书记与村书记谈话记录", "conversation_half", H2),
    ("与村干部谈话记录2026", "conversation_year", YEAR),
    ("提醒谈话记录2026年9月1日", "conversation_warning", span("09-01", "09-01")),
    ("修渠事项党支部提议记录2026年3月2日", "fd_proposal", span("03-02", "03-02")),
    ("修渠事项村两委会商议记录2026年3月5日", "fd_consult", span("03-05", "03-05")),
    ("修渠事项党员大会审议记录2026年3月9日", "fd_deliberate", span("03-09", "03-09")),
    ("修渠事项村民代表会议决议2026年3月12日", "fd_decide", span("03-12", "03-12")),
    ("修渠事项决议公示2026年3月13日", "fd_publish_decision", span("03-13", "03-13")),
    ("修渠工程实施结果公开2026年9月30日", "fd_publish_result", span("09-30", "09-30")),
    ("2026年上半年党务公开", "disc_party", H1),
    ("二〇二六年第二季度村务公开", "disc_village", Q2),
    ("4月财务公开", "disc_finance", span("04-01", "04-30")),
    ("第三季度财务公开", "disc_finance", Q3),
    ("2026年7月份财务收支情况公示栏公布（财务公示）", "disc_finance", span("07-01", "07-31")),
    ("村务公开异议答复2026年5月6日", "disc_objection", span("05-06", "05-06")),
    ("民主协商议题征集表2026年6月1日", "neg_topic", span("06-01", "06-01")),
    ("民主协商会议记录2026年6月8日", "neg_minutes", span("06-08", "06-08")),
    ("民主协商成果落实情况2026年7月1日", "neg_result", span("07-01", "07-01")),
    ("2026年村民大会会议记录", "vm_villagers", YEAR),
    ("2026年第四季度村民代表会议记录", "vm_reps", Q4),
    ("2026年2月10日村民代表会议记录", "vm_reps", Q1),
    ("第三村民小组会议记录2026年4月4日", "vm_group", span("04-04", "04-04")),
    ("村委会2026年度工作报告", "vm_annual_report", YEAR),
    ("2026年下半年村务监督委员会工作报告", "vm_supervision_report", H2),
    ("石门槛村股份经济合作社2026年成员大会记录", "vm_rceo", YEAR),
    ("民主评议村干部实施方案2026", "eval_plan", YEAR),
    ("石磊2026年述职述廉报告", "eval_self_report", YEAR),
    ("2026年民主评议结果汇总", "eval_result", YEAR),
    ("村规民约（2026年修订）", "reg_text", YEAR),
    ("村规民约备案回执2026年", "reg_filing", YEAR),
    ("村规民约征求意见记录2026年", "reg_opinions", YEAR),
    ("2026年归档文件目录", "arch_catalogue", YEAR),
    ("2026年一季度档案库房检查记录", "arch_inspection", Q1),
    ("档案销毁清册2026年", "arch_destruction_register", YEAR),
]


@pytest.mark.parametrize(("title", "record", "period"), TITLES, ids=[title for title, _, _ in TITLES])
def test_a_title_is_the_record_and_the_period_people_mean(
    title: str, record: str, period: tuple[date, date] | None
) -> None:
    found = RECOGNISER.recognise(Paper("p", title, year=2026))
    assert found is not None
    covers = (found.covers.first, found.covers.last) if found.covers else None
    assert (found.record, covers) == (record, period)
    assert all(found.reasons)


OTHERS = ["灌溉渠维修记录", "石门槛村老照片", "高氏家谱", "土地承包合同", "关于做好防汛工作的通知", "村民张贴的启事"]


@pytest.mark.parametrize("title", OTHERS)
def test_a_paper_of_no_system_is_no_record_of_the_calendar(title: str) -> None:
    assert RECOGNISER.recognise(Paper("p", title, year=2026)) is None


def test_the_first_words_tell_what_a_title_hides() -> None:
    found = RECOGNISER.recognise(Paper("p", "扫描件0012", "石门槛村2026年第二季度村务公开\n一、惠农补贴", year=2026))
    assert found is not None
    assert found.covers is not None
    assert (found.record, found.covers.name) == ("disc_village", "第二季度")
    assert found.reasons[0] == "开头里有“村务公开”"


def test_a_title_outweighs_the_first_words() -> None:
    found = RECOGNISER.recognise(Paper("p", "值班表3月", "附：村务公开栏说明", year=2026))
    assert found is not None
    assert found.record == "duty_schedule"


def test_a_series_decides_between_records_of_the_same_words() -> None:
    said = {"WS-GB-01": "duty_schedule", "WS-GB-02": "duty_log"}
    for series, record in said.items():
        found = RECOGNISER.recognise(Paper("p", "2026年值班表及值班簿", series=series, year=2026))
        assert found is not None
        assert found.record == record


def test_a_series_that_one_record_has_is_enough() -> None:
    found = RECOGNISER.recognise(Paper("p", "扫描件0013", series="WS-GB-08", year=2026))
    assert found is not None
    assert (found.record, found.reasons[0]) == ("matter_report", "条目 WS-GB-08 只有这一种记录")
    assert RECOGNISER.recognise(Paper("p", "扫描件0013", series="WS-GB-10", year=2026)) is None


def test_without_words_the_date_tells_the_period() -> None:
    day = date(2026, 5, 20)
    found = RECOGNISER.recognise(Paper("p", "村务公开", year=2026, first=day, last=day))
    assert found is not None
    assert found.covers is not None
    assert (found.covers.name, found.reasons[-1]) == ("第二季度", "按形成日期 2026-05-20")


def test_the_year_in_the_title_outweighs_the_year_it_is_filed_under() -> None:
    found = RECOGNISER.recognise(Paper("p", "2025年第四季度村务公开", year=2026))
    assert found is not None
    assert found.covers is not None
    assert found.covers.last == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("title", "words"),
    [
        ("关于召开村民代表会议的通知", ""),
        ("岩口乡人民政府关于做好第三季度村务公开工作的通知", ""),
        ("村干部请销假制度", ""),
        ("在谈心谈话活动动员会上的讲话", ""),
        ("致全体村民的一封信——共同遵守村规民约", ""),
        ("村民代表会议共商发展（宣传稿）", ""),
        ("值班安排表（样表）", ""),
        ("请假条", "请假人：＿＿＿ 事由：＿＿＿ 批准人：＿＿＿"),
        ("村干部请假审批表", "姓名 职务 事由（此表一式两份）"),
    ],
)
def test_what_calls_to_a_thing_rules_it_or_is_an_empty_form_is_not_its_record(title: str, words: str) -> None:
    assert RECOGNISER.recognise(Paper("p", title, words)) is None


def test_a_notice_of_a_training_is_a_record_as_the_calendar_asks_for_notices() -> None:
    found = RECOGNISER.recognise(Paper("p", "关于举办2026年第一期村干部培训班的通知", year=2026))
    assert found is not None
    assert found.record == "training_plan"


@pytest.mark.parametrize(
    ("title", "words", "record"),
    [
        ("党支部委员会会议记录", "提议事项：实施人畜饮水工程", "fd_proposal"),
        ("村两委会议记录", "商议事项：人畜饮水工程实施方案", "fd_consult"),
        ("党员大会会议记录", "审议事项：人畜饮水工程", "fd_deliberate"),
        ("村民代表会议会议记录", "决议事项：人畜饮水工程", "fd_decide"),
        ("公示", "经村民代表会议决议，同意实施。公示期十天", "fd_publish_decision"),
        ("村两委会议记录", "议题：春耕生产", "weekly_minutes"),
        ("村民会议记录", "审议村委会年度工作报告", "vm_villagers"),
        ("谈心谈话登记表", "谈话对象 村委会委员", "conversation_year"),
        ("谈话记录", "谈话对象：村党支部书记", "conversation_half"),
    ],
)
def test_a_title_that_says_little_is_completed_by_the_first_words(title: str, words: str, record: str) -> None:
    found = RECOGNISER.recognise(Paper("p", title, words, year=2026))
    assert found is not None
    assert found.record == record


@pytest.mark.parametrize(
    ("title", "words", "period"),
    [
        ("2026年第三次村民代表会议记录", "时间：2026年8月26日", (date(2026, 7, 1), date(2026, 9, 30))),
        ("2026年村民代表会议记录簿", "时间：2026年2月27日", (date(2026, 1, 1), date(2026, 12, 31))),
        ("村务公开内容", "公开时间：2026年4月8日 公开时段：一季度", (date(2026, 1, 1), date(2026, 3, 31))),
    ],
)
def test_the_period_is_the_one_the_paper_is_about(title: str, words: str, period: tuple[date, date]) -> None:
    found = RECOGNISER.recognise(Paper("p", title, words, year=2026))
    assert found is not None
    assert found.covers is not None
    assert (found.covers.first, found.covers.last) == period
