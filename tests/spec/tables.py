"""The rules of retention, codes and outlines as tables. Every expected value was worked out by hand from the rule.

The tests run over these rows, and docs/rules.md is printed from them.
"""

from __future__ import annotations

from datetime import date

AFTER_4, AFTER_5, AFTER_10 = ({"event": "asset_disposed", "plus_years": years} for years in (4, 5, 10))
TWO_VALUES = {"important": "permanent", "ordinary": 30}

# written in a county document → shown as, letter in a code
PERIODS: list[tuple[object, str, str | None]] = [
    ("permanent", "永久", "Y"),
    ("永久", "永久", "Y"),
    (30, "定期30年", "D30"),
    ("30", "定期30年", "D30"),
    ("定期30年", "定期30年", "D30"),
    ("D10", "定期10年", "D10"),
    (10, "定期10年", "D10"),
    (15, "定期15年", "D15"),
    (None, "待定", None),
    ("待定", "待定", None),
    ({"event": "asset_disposed", "plus_years": 5}, "事件发生后5年", None),
    ({"event": "next_election_closed", "plus_years": 0}, "至事件发生为止", None),
    (TWO_VALUES, "重要的永久，一般的定期30年", None),
]

UNREADABLE_PERIODS: list[object] = [
    "长期",
    "永久或长期",
    0,
    -1,
    1001,
    True,
    3.5,
    "三十年",
    {"event": "", "plus_years": 5},
    {"event": "asset_disposed"},
    {"event": "asset_disposed", "plus_years": -1},
    {"important": "permanent", "ordinary": None},
    {"important": {"event": "x", "plus_years": 1}, "ordinary": 10},
]

# period, start rule, year of the record, day of the event → first day, last day
TERMS: list[tuple[object, str, int | None, date | None, date | None, date | None]] = [
    (10, "next_year", 2015, None, date(2016, 1, 1), date(2025, 12, 31)),
    (30, "next_year", 1994, None, date(1995, 1, 1), date(2024, 12, 31)),
    (30, "next_year", 2024, None, date(2025, 1, 1), date(2054, 12, 31)),
    (10, "fiscal_year_end", 2020, None, date(2021, 1, 1), date(2030, 12, 31)),
    (30, "fiscal_year_end", 2023, None, date(2024, 1, 1), date(2053, 12, 31)),
    ("permanent", "next_year", 1951, None, date(1952, 1, 1), None),
    (None, "next_year", 2010, None, date(2011, 1, 1), None),
    ({"important": "permanent", "ordinary": 10}, "next_year", 2010, None, date(2011, 1, 1), None),
    (10, "next_year", None, None, None, None),
    (AFTER_10, "event", 2020, date(2025, 6, 10), date(2025, 6, 11), date(2035, 6, 10)),
    (AFTER_5, "event", 2020, date(2024, 2, 28), date(2024, 2, 29), date(2029, 2, 28)),
    (AFTER_4, "event", 2020, date(2024, 2, 28), date(2024, 2, 29), date(2028, 2, 28)),
    (AFTER_5, "event", 2020, date(2023, 12, 31), date(2024, 1, 1), date(2028, 12, 31)),
    (AFTER_5, "event", 2020, None, None, None),
]  # fmt: skip

# end of the fiscal year (month, day), fiscal year → first day of the term
FISCAL_YEARS: list[tuple[tuple[int, int], int, date]] = [
    ((12, 31), 2023, date(2024, 1, 1)),
    ((6, 30), 2023, date(2023, 7, 1)),
    ((3, 31), 2024, date(2024, 4, 1)),
    ((2, 29), 2023, date(2023, 3, 1)),
    ((2, 29), 2024, date(2024, 3, 1)),
]

# two-valued period, choice → period
CHOICES: list[tuple[dict[str, object], str | None, str]] = [
    (TWO_VALUES, "important", "永久"),
    (TWO_VALUES, "重要的", "永久"),
    (TWO_VALUES, "ordinary", "定期30年"),
    (TWO_VALUES, "一般的", "定期30年"),
    (TWO_VALUES, None, "重要的永久，一般的定期30年"),
    ({"important": 30, "ordinary": 10}, "ordinary", "定期10年"),
]

# class of the model, period, year, allocated number → code of fonds V012; None = no code yet
CODES: list[tuple[str, object, int, int, str | None]] = [
    ("WS-DQ", "permanent", 2024, 3, "V012-WS·2024-Y-DQ-0003"),
    ("WS-GB", 10, 2024, 12, "V012-WS·2024-D10-GB-0012"),
    ("WS-TD", 30, 1998, 10000, "V012-WS·1998-D30-TD-10000"),
    ("KU-01", 30, 2023, 11, "V012-KU·01·2023-011-001"),
    ("ZP", "permanent", 2024, 5, "V012-ZP·2024·Y-005-001"),
    ("LY", 30, 2024, 1, "V012-LY·2024-D30-0001"),
    ("SW", "permanent", 2024, 1, "V012-SW·2024·Y-001"),
    ("CS-JP", "permanent", 2025, 1, "V012-CS·JP·2025-Y-0001"),
    ("ZY-TC", "permanent", 1998, 2, "V012-ZY·TC·1998-002-001"),
    ("WS-GB", {"event": "asset_disposed", "plus_years": 5}, 2024, 3, "V012-WS·2024-GB-0003"),
    ("WS-GB", None, 2024, 3, None),
    ("WS-DQ", {"important": "permanent", "ordinary": 30}, 2024, 3, None),
]

# spellings of one and the same code
SAME_CODES: list[tuple[str, str]] = [
    ("V012-WS·2024-Y-DQ-0003", "V012-WS.2024-Y-DQ-0003"),
    ("V012-WS·2024-Y-DQ-0003", "V012-WS・2024-Y-DQ-0003"),
    ("V012-WS·2024-Y-DQ-0003", "V012-WS•2024-Y-DQ-0003"),
    ("V012-WS·2024-Y-DQ-0003", "Ｖ０１２－ＷＳ·２０２４－Ｙ－ＤＱ－０００３"),
    ("V012-WS·2024-Y-DQ-0003", " V012-WS·2024-Y-DQ-0003 "),
]

# what a county changes in its copy (path of the cell, value) → the problem it is shown
FAULTS: list[tuple[tuple[str | int, ...], object, str]] = [
    (("document", "kind"), "law", "文件说明·kind：“law”应为 model（示范）或 county（本县）"),
    (("document", "version"), None, "文件说明·version：必须填写"),
    (("document", "banner_zh"), None, "文件说明·banner_zh：示范文件必须带“仅供试用”的说明"),
    (("document", "effective_from"), "明年", "文件说明·effective_from：“明年”不是日期，应写成 2026-01-01"),
    (("document", "effective_to"), "2025-12-31", "文件说明·effective_to：失效日期早于施行日期"),
    (("series", 0, "class"), "WS-XX", "归档范围条目第1行（WS-DQ-01）·类目 class：没有类目“WS-XX”"),
    (("series", 0, "start"), "someday", "归档范围条目第1行（WS-DQ-01）·起算 start：没有起算规则“someday”"),
    (("series", 0, "access"), "secret", "归档范围条目第1行（WS-DQ-01）·利用范围 access：没有利用范围“secret”"),
    (("series", 0, "creators"), ["army"], "归档范围条目第1行（WS-DQ-01）·形成机构 creators：没有立档单位“army”"),
    (("series", 0, "basis"), ["GB-1"], "归档范围条目第1行（WS-DQ-01）·依据 basis：没有依据条目“GB-1”"),
    (
        ("series", 0, "retention"), "长期",
        "归档范围条目第1行（WS-DQ-01）·保管期限 retention：保管期限“长期”无法识别，应为 永久、年数（如 30）或 待定。",
    ),
    (
        ("series", 0, "retention"), 20,
        (
            "归档范围条目第1行（WS-DQ-01）·保管期限 retention："
            "“定期20年”不在本文件的保管期限值里，请先在那张表里加上并给出代码"
        ),
    ),
    (
        ("series", 0, "retention"), {"event": "asset_disposed", "plus_years": 5},
        "归档范围条目第1行（WS-DQ-01）·起算 start：事件期限与“自事件发生之次日起算”须同时使用",
    ),
    (
        ("series", 1, "id"), "WS-DQ-01",
        "归档范围条目第2行（WS-DQ-01）·编号 id：编号“WS-DQ-01”重复，前一处在归档范围条目第1行（WS-DQ-01）",
    ),
    (("classes", 1, "parent"), "XX", "类目第2行（WS-DQ）·上级 parent：没有上级类目“XX”"),
    (("classes", 0, "parent"), "WS-DQ", "类目第1行（WS）·上级 parent：上级类目绕成了圈"),
    (("classes", 2, "code"), "DQ", "类目第3行（WS-GB）·代码 code：代码“DQ”与同级类目 WS-DQ 重复"),
    (("classes", 0, "template"), "none", "类目第1行（WS）·档号模板 template：没有档号模板“none”"),
    (
        ("code_templates", 0, "example"), "V012",
        (
            "档号模板第1行（ws_item）·样例 example：样例“V012”不符合模板"
            "“{fonds}-{class1}·{year}-{retention}-{topic}-{item:04d}”"
        ),
    ),
    (("retention_values", 1, "code"), "Y", "保管期限值第2行·代码 code：代码“Y”与永久重复"),
    (("start_rules", 0, "fiscal_year_end"), {"month": 13, "day": 1},
     "起算规则第1行（next_year）·会计年度终了 fiscal_year_end：会计年度终了日应写明月（1—12）和日（1—31）"),
    (("series",), [], "归档范围条目·series：没有这张表，或表是空的"),
]  # fmt: skip

# title or file name, start of the text, path, kind → series proposed first; None = nothing fits
PROPOSALS: list[tuple[str, str, str, str, str | None]] = [
    ("代表会记录", "应到代表35人，实到31人", "2024/会议/3.12.docx", "document", "WS-MZ-02"),
    ("党员大会审议记录", "事项：修水池", "四议两公开/3.doc", "document", "WS-MZ-06"),
    ("假条", "因家里有事请假两天", "值班/假条.jpg", "photo", "WS-GB-04"),
    ("7月份", "科目余额表\n科目编码\t期初余额\t期末余额", "会计/7月份.xlsx", "table", "KU-03-01"),
    ("7月份", "财务收支公开表\n民主理财小组审核", "公开/7月份.xlsx", "table", "WS-GK-03"),
    ("名册", "低保对象花名册\n户主\t保障人口\t月保障金", "民政/名册.xlsx", "table", "WS-SH-01"),
    ("土地流转合同", "甲方将承包地流转给乙方", "土地/1.doc", "document", "WS-TD-02"),
    ("土地承包合同", "发包方、承包户，承包期三十年", "老档案/1.jpg", "photo", "ZY-TC-03"),
    ("全村航拍", "", "照片/DJI_0001.jpg", "photo", "ZP-01"),
    ("王氏族譜 卷一", "九世 廷秀 配周氏 生子二", "家谱/1.jpg", "genealogy", "CS-JP-01"),
    ("关于举办村干部培训班的通知", "望溪镇人民政府文件\n各村民委员会：", "收文/9.pdf", "document", "WS-GB-05"),
    ("党员大会选举结果", "到会党员28名", "支部/1.doc", "document", "WS-DQ-03"),
    ("血压计说明书", "电子血压计使用方法 袖带绑法", "下载/1.pdf", "document", None),
    ("手机套餐优惠", "尊敬的客户，套餐含流量60G，限时优惠", "下载/1.docx", "document", None),
    ("三年级作文", "我的妈妈每天很早起床", "私/作文.docx", "document", None),
    ("IMG_9921", "", "IMG_9921.jpg", "photo", None),
]

# series proposed (by a title that is sure), text → access class
ACCESS: list[tuple[str, str, str]] = [
    ("村规民约", "村规民约 第一条", "public"),
    ("村务公开栏内容", "姓名 身份证号\n王某 990329199001011234", "personal"),
    ("村民代表会议记录", "应到代表35人", "village"),
    ("村民代表会议记录（内部，勿外传）", "应到代表35人", "internal"),
    ("党员大会会议记录", "应到党员20人", "party"),
    ("低保花名册", "户主 保障人口", "personal"),
    ("集体分红到户表", "姓名\t股数\t银行账号\n", "personal"),
    ("xyz", "", "internal"),
]
