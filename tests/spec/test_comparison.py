"""What differs between two versions, and which records would change class or period."""

from __future__ import annotations

from typing import Any

from classification.comparison import compare, preview
from classification.outline import Outline, parse
from classification.retention import Stored


def _newer(document: dict[str, Any]) -> Outline:
    """The model, a year later: one series gone, one new, one with another term, one in another class."""
    document["document"]["version"] = "2027.1"
    series = {row["id"]: row for row in document["series"]}
    series["WS-GB-01"]["retention"] = 30
    series["WS-DQ-09"]["class"] = "WS-CW"
    document["series"].remove(series["WS-DQ-10"])
    document["series"].append({**series["WS-GB-01"], "id": "WS-GB-90", "zh": "巡逻表"})
    document["access_classes"][1]["zh"] = "本村村民"
    return parse(document)


def test_a_version_does_not_differ_from_itself(model: Outline) -> None:
    assert compare(model, model) == ()


def test_what_is_added_removed_and_changed_is_said_in_chinese(model: Outline, document: dict[str, Any]) -> None:
    assert [str(one) for one in compare(model, _newer(document))] == [
        "改动文件 说明：版本由“2026.1”改为“2027.1”",
        "删去条目 WS-DQ-10 主题教育、巡察反馈与整改",
        "改动条目 WS-DQ-09 共青团、妇联、民兵等群团组织材料：类目由“WS-DQ”改为“WS-CW”",
        "改动条目 WS-GB-01 值班安排表：保管期限由“定期10年”改为“定期30年”",
        "新增条目 WS-GB-90 巡逻表",
        "改动利用范围 village 本村村民：名称由“本村”改为“本村村民”",
    ]


def test_the_preview_names_the_records_whose_class_or_period_would_change(
    model: Outline, document: dict[str, Any]
) -> None:
    records: list[tuple[str, str, str, Stored]] = [
        ("1", "三月值班表", "WS-GB-01", 10),
        ("2", "民兵花名册", "WS-DQ-09", "permanent"),
        ("3", "巡察反馈意见", "WS-DQ-10", None),
        ("4", "村民会议记录", "WS-MZ-01", "permanent"),
    ]
    assert [(one.record_id, one.what) for one in preview(iter(records), model, _newer(document))] == [
        ("1", "期限由“定期10年”改为“定期30年”"),
        ("2", "类目由“文书 · 党群工作”改为“文书 · 村务管理”"),
        ("3", "新大纲里没有这个条目，须另定条目"),
    ]


def test_a_choice_that_was_made_stays_where_the_new_row_has_the_same_value(
    model: Outline, document: dict[str, Any]
) -> None:
    row = next(row for row in document["series"] if row["id"] == "WS-DQ-06")
    row["retention"] = {"important": "permanent", "ordinary": 30}
    records: list[tuple[str, str, str, Stored]] = [("1", "表彰决定", "WS-DQ-06", "permanent")]
    assert list(preview(records, model, parse(document))) == []


def test_a_changed_record_is_said_in_one_line(model: Outline, document: dict[str, Any]) -> None:
    change = next(preview([("1", "三月值班表", "WS-GB-01", 10)], model, _newer(document)))
    assert str(change) == "三月值班表（条目 WS-GB-01）：期限由“定期10年”改为“定期30年”"
