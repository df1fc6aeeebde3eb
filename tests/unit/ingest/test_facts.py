"""What invented papers of a village are proposed to be. Each value was decided from the paper before it was run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import pytest

from ingest.facts import propose
from ingest.reading import Facts, Page

RECEIVED = date(2024, 11, 20)


def facts(
    text: str, name: str = "a.docx", folder: str = "枫树塘村", metadata: Mapping[str, str] | None = None
) -> Facts:
    pages = [Page(number, page) for number, page in enumerate(text.split("\f"), 1)] if text else []
    return propose(name, f"{folder}/{name}", metadata or {}, pages, ["枫树塘村"], received=RECEIVED)


@dataclass(frozen=True)
class Case:
    """A paper and what it should be proposed to be; a field that is None must stay empty."""

    text: str
    title: str
    day: str | None
    author: str | None
    number: str | None = None
    name: str = "a.docx"
    people: frozenset[str] = field(default_factory=frozenset)


CASES = {
    "minutes": Case(
        "枫树塘村村民小组会议记录\n时间：2021年9月2日晚\n地点：贺家坪晒坝\n主持人：贺长松　记录人：田秀英\n"
        "讨论秋冬修水沟的事，要在2021年12月31日前完工。\n散会。",
        "枫树塘村村民小组会议记录", "2021-09-02 2021-09-02", "枫树塘村村民小组",
        people=frozenset({"贺长松", "田秀英"}),
    ),
    "notice": Case(
        "望溪镇人民政府文件\n望政发〔2020〕8号\n关于做好2020年秋季森林防火工作的\n通知\n各村民委员会：\n"
        "根据云政发〔2019〕30号文件，从2020年10月1日起进入防火期。\n望溪镇人民政府\n2020年9月21日",
        "关于做好2020年秋季森林防火工作的通知", "2020-09-21 2020-09-21", "望溪镇人民政府", "望政发〔2020〕8号",
    ),
    "reply": Case(
        "云岭县民政局\n云民复[2018]14号\n关于同意枫树塘村建设公益性公墓的批复\n望溪镇人民政府：\n你镇《请示》收悉。同意。\n"
        "云岭县民政局\n二〇一八年六月四日",
        "关于同意枫树塘村建设公益性公墓的批复", "2018-06-04 2018-06-04", "云岭县民政局", "云民复〔2018〕14号",
    ),
    "request": Case(
        "枫树塘村民委员会\n关于解决人畜饮水工程资金的请示\n镇人民政府：\n我村缺水，请予解决。\n枫树塘村村委会\n2016年4月11日",
        "枫树塘村民委员会关于解决人畜饮水工程资金的请示", "2016-04-11 2016-04-11", "枫树塘村村民委员会",
    ),
    "contract": Case(
        "山坪塘承包合同\n甲方：枫树塘村民委员会\n乙方：田国富\n一、承包期自2015年1月1日起至2024年12月31日止，共10年。\n"
        "甲方代表：贺长松　　乙方：田国富\n签订日期：2014年12月20日",
        "山坪塘承包合同", "2014-12-20 2014-12-20", "枫树塘村村民委员会",
        people=frozenset({"贺长松", "田国富"}),
    ),
    "application": Case(
        "申 请 书\n镇民政办：\n我叫龚玉芳，家里房子在2023年7月4日的大雨里垮了半边，请求救助。"
        "\n申请人：龚玉芳\n2023年7月10日",
        "龚玉芳申请书", "2023-07-10 2023-07-10", "龚玉芳",
        people=frozenset({"龚玉芳"}),
    ),
    "promise": Case(
        "禁止野外用火承诺书\n我承诺不在林区用火。\n承诺人：贺大明\n2024年2月18日",
        "贺大明禁止野外用火承诺书", "2024-02-18 2024-02-18", "贺大明",
        people=frozenset({"贺大明"}),
    ),
    "receipt": Case(
        "收　条\n今收到枫树塘村付来水泥款叁仟贰佰元整（3200.00元）。\n收款人：邹运来\n2009年5月7日",
        "收条（邹运来）", "2009-05-07 2009-05-07", "邹运来",
    ),
    "proof": Case(
        "证　明\n兹有我村三组村民龚玉芳，1962年8月3日出生，系低保户。\n"
        "特此证明。\n枫树塘村村民委员会（章）\n2022年3月9日",
        "关于龚玉芳的证明", "2022-03-09 2022-03-09", "枫树塘村村民委员会",
    ),
    "mediation": Case(
        "人民调解协议书\n枫调字（2021）第3号\n当事人：贺大明，男，住一组；邹运来，男，住二组。\n2021年5月2日两家为田埂争吵。\n"
        "调解员：田秀英\n枫树塘村人民调解委员会\n2021年5月6日",
        "人民调解协议书", "2021-05-06 2021-05-06", "枫树塘村人民调解委员会", "枫调字〔2021〕第3号",
        people=frozenset({"贺大明", "邹运来", "田秀英"}),
    ),
    "public notice": Case(
        "公　示\n经2024年4月2日会议评议，以下农户纳入。\n"
        "公示时间：2024年4月3日至4月9日。\n枫树塘村村民委员会\n2024年4月3日",
        "枫树塘村公示", "2024-04-03 2024-04-09", "枫树塘村村民委员会",
    ),
    "duty": Case(
        "枫树塘村2023年7月值班记录\n7月1日\t贺长松\t无事\n7月2日\t田秀英\t接电话两次\n7月3日\t邹运来\t无事",
        "枫树塘村2023年7月值班记录", "2023-07-01 2023-07-31", "枫树塘村村民委员会",
    ),
    "accounts": Case(
        "枫树塘村2022年第三季度财务收支明细表\n项目\t收入\t支出\n上月结存\t100\t\n公开时间：2022年10月8日",
        "枫树塘村2022年第三季度财务收支明细表", "2022-07-01 2022-09-30", "枫树塘村股份经济合作社",
    ),
    "visits": Case(
        "来访登记\n日期\t姓名\t事项\n2023-01-05\t龚玉芳\t低保\n2023-02-11\t贺大明\t修路\n2023-03-30\t邹运来\t水费",
        "枫树塘村来访登记", "2023-01-05 2023-03-30", "枫树塘村村民委员会",
        people=frozenset({"龚玉芳", "贺大明", "邹运来"}),
    ),
    "party": Case(
        "党员大会会议记录\n时间：2022年6月30日下午3点\n参加人员：贺长松、田秀英、邹运来\n主持人：贺长松",
        "党员大会会议记录", "2022-06-30 2022-06-30", "中共枫树塘村支部委员会",
        people=frozenset({"贺长松", "田秀英", "邹运来"}),
    ),
    "oral history": Case(
        "邹老太口述：大食堂那几年\n讲述人：邹桂英　采集人：田秀英\n"
        "采集时间：2023年10月6日\n五八年秋天吃食堂，六一年散伙。",
        "邹老太口述：大食堂那几年", "2023-10-06 2023-10-06", "田秀英",
    ),
    "genealogy": Case(
        "贺氏族谱序\n我贺氏自康熙年间由楚入蜀，旧谱成于光绪十年。\n民国二十五年三月十六日\n十二世孙文翰谨撰",
        "贺氏族谱序", "1936-03-16 1936-03-16", "贺文翰",
    ),
    "deed of the Republic": Case(
        "立卖山林契人贺文翰今因移业就业\n将祖遗山林一块出卖与邹姓管业\n中华民国三十一年十月初八日　立契人贺文翰",
        "贺文翰卖山林契", "1942-11-15 1942-11-15", "贺文翰",
    ),
    "chronicle": Case(
        "枫树塘村大事记（1949—2019）\n1956年办高级社。\n2008年5月12日地震，召开大会救灾。\n2019年通自来水。",
        "枫树塘村大事记（1949—2019）", None, "枫树塘村村民委员会",
    ),
    "rules passed": Case(
        "枫树塘村村规民约\n（二〇一五年三月八日村民会议通过）\n第一条 爱护公物。\n本规定自2015年4月1日起施行。",
        "枫树塘村村规民约", "2015-03-08 2015-03-08", "枫树塘村村民委员会",
    ),
    "production team": Case(
        "生产队分粮方案\n按工分分配，六成口粮四成工分。\n望溪公社枫树塘大队第二生产队\n一九七六年十月四日",
        "生产队分粮方案", "1976-10-04 1976-10-04", "枫树塘大队第二生产队",
    ),
    "two lines under a red head": Case(
        "云岭县水利局文件\n★\n云水复〔2020〕17号\n关于枫树塘村饮水工程\n实施方案的批复\n望溪镇人民政府：\n同意实施。\n"
        "云岭县水利局\n2020年6月9日\n抄送：县财政局。\n望溪镇党政综合办公室　2020年6月9日印发",
        "关于枫树塘村饮水工程实施方案的批复", "2020-06-09 2020-06-09", "云岭县水利局", "云水复〔2020〕17号",
    ),
    "judgement": Case(
        "云岭县人民法院\n民事判决书\n（2020）云民初318号\n原告：枫树塘村村民委员会。\n二〇二〇年十二月十一日",
        "云岭县人民法院民事判决书", "2020-12-11 2020-12-11", "云岭县人民法院", "（2020）云民初318号",
    ),
    "petition": Case(
        "民事起诉状\n原告：枫树塘村村民委员会\n此致\n云岭县人民法院\n具状人：枫树塘村村民委员会\n2020年8月12日",
        "枫树塘村民事起诉状", "2020-08-12 2020-08-12", "枫树塘村村民委员会",
    ),
    "form over its subject": Case(
        "“四议两公开”工作记录\n关于修建晒坝的提议\n2023年3月2日\n提请两委会商议。",
        "关于修建晒坝的提议", "2023-03-02 2023-03-02", "枫树塘村村民委员会",
    ),
    "notice by its word": Case(
        "公示\n现将枫树塘村水渠维修结果公示如下：\n花费三千元。\n枫树塘村村委会\n2024年1月5日",
        "关于枫树塘村水渠维修结果的公示", "2024-01-05 2024-01-05", "枫树塘村村民委员会",
    ),
    "minutes without a title": Case(
        "时间：2023年8月15日\n地点：村活动室\n主持：贺长松\n到会代表25人\n同意。",
        "枫树塘村村民代表会议记录", "2023-08-15 2023-08-15", "枫树塘村村民委员会", name="815.jpg",
    ),
    "between two people": Case(
        "农村土地经营权出租合同\n甲方（出租方）：邹运来\n乙方：龚玉芳\n自2020年1月10日起十年。\n签约日期：2020年1月6日",
        "农村土地经营权出租合同", "2020-01-06 2020-01-06", "邹运来", people=frozenset({"邹运来", "龚玉芳"}),
    ),
    "opinion under an application": Case(
        "建房申请书\n枫树塘村村委会：\n申请拆旧建新。\n申请人：邹运来\n2021年8月3日\n村委会意见：同意。2021年8月10日",
        "邹运来建房申请书", "2021-08-03 2021-08-03", "邹运来",
    ),
    "tale": Case(
        "枫树塘的传说\n从前有口塘。\n讲述人：龚玉芳\n整理人：贺大明\n2019年5月",
        "枫树塘的传说", "2019-05-01 2019-05-31", "贺大明",
    ),
    "rules of a clan": Case("贺氏家规\n一曰孝父母\n二曰睦宗族", "贺氏家规", None, None),
    "stele": Case(
        "重修枫树桥碑记\n首事贺文翰募化重修。\n大清嘉庆十一年仲冬月立",
        "重修枫树桥碑记", "1806-02-18 1807-02-06", None, people=frozenset({"贺文翰"}),
    ),
    "quarter in the title": Case(
        "枫树塘村2023年一季度资产负债表\n编制单位：枫树塘村股份经济合作社　2023年3月31日\n资产\t年初数\t期末数",
        "枫树塘村2023年一季度资产负债表", "2023-01-01 2023-03-31", "枫树塘村股份经济合作社",
    ),
    "half a year below the title": Case(
        "枫树塘村值班日志\n2019年7月—12月\n7月1日 晴 值班：贺长松\n7月2日 雨 值班：贺大明",
        "枫树塘村值班日志", "2019-07-01 2019-12-31", "枫树塘村村民委员会",
    ),
    "letter": Case(
        "主题：报送厕所改造数据\n发件人：田秀英\n日期：2023-04-11 16:20\n数据截至2023年3月31日，请查收。",
        "报送厕所改造数据", "2023-04-11 2023-04-11", "田秀英",
    ),
    "form of a bureau": Case(
        "不可移动文物登记表\n名称\t贺家大院\n调查单位\t云岭县文物管理所\n调查日期\t2009年8月12日\n调查人\t贺大明",
        "不可移动文物登记表", "2009-08-12 2009-08-12", "云岭县文物管理所", people=frozenset({"贺大明"}),
    ),
    "title broken in the middle": Case(
        "枫树塘村村民委员会关于\n修建活动室的\n请示\n望溪镇人民政府：\n请批准。\n枫树塘村村民委员会\n二〇〇九年四月十二日",
        "枫树塘村村民委员会关于修建活动室的请示", "2009-04-12 2009-04-12", "枫树塘村村民委员会",
    ),
    "first point under a title": Case(
        "枫树塘村2024年重点工作\n一、发展党员情况\n二、修水渠。\n枫树塘村民委员会\n2024年1月8日",
        "枫树塘村2024年重点工作", "2024-01-08 2024-01-08", "枫树塘村村民委员会",
    ),
    "slip without a heading": Case(
        "今收到枫树塘村村委会付保洁工资2400元\n收款人 龚玉芳\n2024年1月10日",
        "收条（龚玉芳）", "2024-01-10 2024-01-10", "龚玉芳",
    ),
    "audit": Case(
        "关于枫树塘村2018年度村账审计情况的通报\n镇农经站对2018年1月至12月账务进行了审计。\n望溪镇农经站\n2019年3月20日",
        "关于枫树塘村2018年度村账审计情况的通报", "2019-03-20 2019-03-20", "望溪镇农经站",
    ),
    "names at the head of rows": Case(
        "礼簿\n一九八七年正月初三\n邹运来 礼金贰元\n龚玉芳 礼金壹元",
        "枫树塘村礼簿", "1987-01-31 1987-01-31", None, people=frozenset({"邹运来", "龚玉芳"}),
    ),
    "village that begins like a name": Case(
        "农户承包协议\n甲方：柳林铺村村民委员会\n乙方：贺大明\n2018年2月26日",
        "农户承包协议", "2018-02-26 2018-02-26", "柳林铺村村民委员会", people=frozenset({"贺大明"}),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_village_paper_says_what_it_is(case: Case) -> None:
    found = facts(case.text, case.name)
    span = f"{found.date.earliest} {found.date.latest}" if found.date else None
    assert (found.title.value if found.title else None, span) == (case.title, case.day)
    assert (found.responsible.value if found.responsible else None) == case.author
    assert (found.doc_number.value if found.doc_number else None) == case.number
    assert case.people <= {fact.value for fact in found.people}


NAMES = [
    ("20231118村民代表会.docx", "枫树塘村", "2023-11-18"),
    ("3.12代表会记录.docx", "枫树塘村/2024年会议", "2024-03-12"),
    ("两委会0506.doc", "枫树塘村/2022", "2022-05-06"),
    ("IMG_20240419_083012.jpg", "枫树塘村/照片", "2024-04-19"),
    ("微信图片_20240703101544.jpg", "枫树塘村", "2024-07-03"),
    # 1708783961 s = 2024-02-24 14:12:41 UTC, the same day in Beijing
    ("mmexport1708783961022.jpg", "枫树塘村", "2024-02-24"),
    # 2024-06-30 16:30:00 UTC is already July in Beijing
    ("mmexport1719765000000.jpg", "枫树塘村", "2024-07-01"),
    ("2019-03-05 会议.pdf", "枫树塘村", "2019-03-05"),
]


@pytest.mark.parametrize(("name", "folder", "day"), NAMES)
def test_a_file_without_text_is_dated_by_its_name_and_folder(name: str, folder: str, day: str) -> None:
    found = facts("", name, folder).date
    assert found is not None
    assert (str(found.earliest), str(found.latest)) == (day, day)


def test_a_picture_has_its_caption_for_a_title_and_its_maker_for_an_author() -> None:
    caption = "枫树塘村水渠开工，左二为贺长松。2023年6月1日，田秀英摄"
    found = facts(caption, "DSC_0211.jpg", "枫树塘村/照片")
    assert found.title is not None
    assert found.responsible is not None
    assert found.date is not None
    assert (found.title.value, found.responsible.value) == ("枫树塘村水渠开工", "田秀英")
    assert str(found.date.earliest) == "2023-06-01"


def test_a_place_that_begins_like_a_name_is_nobody() -> None:
    found = facts("承包协议\n甲方：枫树塘村村民委员会\n乙方：贺家塝村民小组\n2018年2月26日")
    assert found.people == ()


def test_two_digits_in_a_file_name_are_a_year_of_the_last_century() -> None:
    found = facts("", "83年合同 贺长松.jpg").date
    assert found is not None
    assert (found.wording, str(found.earliest), str(found.latest)) == ("83年", "1983-01-01", "1983-12-31")


@pytest.mark.parametrize("name", ["照片.jpg", "承包期30年.docx", "第3次会议.docx", "3组名单.docx"])
def test_a_name_without_a_date_gives_none(name: str) -> None:
    assert facts("", name).date is None


def test_the_time_in_a_photo_wins_over_its_name() -> None:
    metadata = {"photo.time": "2022:05:01 09:00:00", "photo.caption": "栽秧", "photo.maker": "贺长松"}
    found = facts("", "微信图片_20240703101544.jpg", metadata=metadata)
    assert found.date is not None
    assert str(found.date.earliest) == "2022-05-01"
    assert found.title is not None
    assert found.title.value == "栽秧"
    assert found.responsible is not None
    assert found.responsible.value == "贺长松"


NUMBERS = [
    ("云办发〔2019〕12号", "云办发〔2019〕12号"),
    ("云办发[2019]12号", "云办发〔2019〕12号"),
    ("云办发（2019）12号", "云办发〔2019〕12号"),
    ("云办发【2019】第12号", "云办发〔2019〕第12号"),
    ("云办发〔2019〕 12 号　　签发人：贺长松", "云办发〔2019〕12号"),
    ("合同编号：枫流〔2020〕03号", "枫流〔2020〕03号"),
    ("望枫承字第0217号", "望枫承字第0217号"),
]


@pytest.mark.parametrize(("line", "number"), NUMBERS)
def test_a_document_number_has_one_form_of_bracket(line: str, number: str) -> None:
    found = facts(f"{line}\n关于春耕的通知\n各组：").doc_number
    assert found is not None
    assert found.value == number


@pytest.mark.parametrize(
    "line", ["根据云办发〔2019〕12号文件精神，现通知如下。", "电话：65432198号", "2019年12号", "住望溪路12号"]
)
def test_a_number_that_is_cited_is_not_the_number_of_the_paper(line: str) -> None:
    assert facts(f"关于春耕的通知\n{line}").doc_number is None


@pytest.mark.parametrize(
    ("line", "mark"),
    [("机密★10年", "机密★10年"), ("绝 密", "绝密"), ("秘密☆", "秘密☆"), ("000012\t机密★长期", "机密★长期")],
)
def test_a_secrecy_marking_at_the_head_is_found(line: str, mark: str) -> None:
    found = facts(f"{line}\n关于有关事项的通知").secrecy
    assert found is not None
    assert found.value == mark


@pytest.mark.parametrize(
    "line", ["内部资料 注意保存", "保密承诺书", "秘密投票结果", "要保守国家秘密", "机密文件管理制度"]
)
def test_the_word_secret_in_a_text_is_no_marking(line: str) -> None:
    assert facts(f"{line}\n正文在此").secrecy is None


NAME_TITLES = [
    ("枫树塘水渠验收(1).pdf", "枫树塘水渠验收"),
    ("枫树塘水渠验收 - 副本.pdf", "枫树塘水渠验收"),
    ("枫树塘水渠验收（扫描件）.pdf", "枫树塘水渠验收"),
    ("枫树塘水渠验收终稿.pdf", "枫树塘水渠验收"),
    ("2、枫树塘水渠验收.pdf", "枫树塘水渠验收"),
]


@pytest.mark.parametrize(("name", "title"), NAME_TITLES)
def test_without_text_the_cleaned_file_name_is_the_title(name: str, title: str) -> None:
    found = facts("", name).title
    assert found is not None
    assert (found.value, found.source) == (title, "取自文件名")


@pytest.mark.parametrize("junk", ["Untitled", "文档1", "新建 Microsoft Word 文档", "Microsoft Word - a.doc", "", "1"])
def test_a_title_in_the_properties_that_says_nothing_is_not_used(junk: str) -> None:
    found = facts("", "水渠验收.pdf", metadata={"title": junk}).title
    assert found is not None
    assert found.value == "水渠验收"


def test_a_list_without_a_heading_is_called_by_its_file_and_village() -> None:
    found = facts("姓名\t金额\t日期\n贺大明\t100\t2022.1.3", "2022参保.csv").title
    assert found is not None
    assert found.value == "枫树塘村2022参保"


def test_a_paper_is_signed_before_its_attachments() -> None:
    table = "\n".join(f"{number}\t枫树塘村\t{number * 3}" for number in range(1, 60))
    found = facts(
        "关于报送秋粮面积的通知\n各村民委员会：\n附件：秋粮面积表\n望溪镇人民政府\n2023年9月4日\n附件\n秋粮面积表\n"
        f"{table}\n制表：云岭县农业农村局　2022年8月1日"
    )
    assert found.date is not None
    assert found.responsible is not None
    assert (str(found.date.earliest), found.responsible.value) == ("2023-09-04", "望溪镇人民政府")


def test_a_form_of_decision_is_told_apart_by_its_matter() -> None:
    found = facts("四议两公开工作记录（第三步）\n事项：修建晒坝\n同意。").title
    assert found is not None
    assert found.value == "四议两公开工作记录（第三步）（修建晒坝）"


def test_a_title_in_the_properties_is_used_where_the_page_has_none() -> None:
    found = facts("", "1.pdf", metadata={"title": "枫树塘村水渠验收报告"}).title
    assert found is not None
    assert (found.value, found.source) == ("枫树塘村水渠验收报告", "取自文件属性中的标题")


def test_an_attachment_label_is_not_part_of_the_title() -> None:
    found = facts("附件1\n枫树塘村2023年危房改造花名册\n序号\t姓名\n1\t贺大明").title
    assert found is not None
    assert found.value == "枫树塘村2023年危房改造花名册"


def test_places_are_named_and_people_are_not_places() -> None:
    found = facts("修路记录\n时间：2020年3月1日\n从贺家坪到鹰嘴岩的路由罗银山负责。主持人：罗银山")
    assert {"贺家坪", "鹰嘴岩"} <= {fact.value for fact in found.places}
    assert "罗银山" not in {fact.value for fact in found.places}
    assert {fact.value for fact in found.people} == {"罗银山"}


def test_a_long_roster_is_not_spelt_out() -> None:
    rows = "\n".join(f"{number}\t贺大明\t一组" for number in range(1, 40))
    assert facts(f"枫树塘村2023年农户花名册\n序号\t姓名\t组别\n{rows}").people == ()


def test_an_empty_file_without_a_telling_name_proposes_no_fact_but_its_name() -> None:
    found = propose("1.bin", "1.bin", {}, [], received=RECEIVED)
    assert found.title is not None
    assert (found.title.value, found.date, found.responsible, found.people) == ("1", None, None, ())


@pytest.mark.parametrize("line", ["# 枫树塘的来历", "主题：枫树塘的来历", "标题：枫树塘的来历"])
def test_marks_before_a_heading_are_not_part_of_the_title(line: str) -> None:
    title = facts(f"{line}\n老辈人讲，这里原来有三棵枫树。", "a.md").title
    assert title is not None
    assert title.value == "枫树塘的来历"


def test_blanks_between_characters_and_figures_are_not_part_of_the_title() -> None:
    title = facts("关于开展 2024 年秋季清沟的通知\n各组：\n请按时参加。").title
    assert title is not None
    assert title.value == "关于开展2024年秋季清沟的通知"


def test_a_genealogy_as_data_is_called_by_its_file_name() -> None:
    title = facts("田国富，男，生：1871，卒：1938，字辈：国", "田氏世系.ged").title
    assert title is not None
    assert title.value == "田氏世系"


def test_a_cell_of_a_roster_is_no_signature() -> None:
    author = facts("枫树塘小学毕业生名册\n序号\t姓名\t去向\n1\t田国富\t望溪镇中学").responsible
    assert author is not None
    assert author.value == "枫树塘小学"


def test_a_lone_year_in_a_file_name_dates_a_file_without_another_date() -> None:
    day = facts("姓名\t金额\n田国富\t350", "参保2022.csv").date
    assert day is not None
    assert (day.earliest, day.latest) == (date(2022, 1, 1), date(2022, 12, 31))


def test_a_picture_of_an_old_print_has_the_date_of_its_caption() -> None:
    said = {"photo.time": "2024:08:14 10:00:00", "photo.caption": "1973年冬修水库，2024年8月翻拍。"}
    day = facts("", "a.jpg", metadata=said).date
    assert day is not None
    assert day.wording == "1973年冬"


def test_the_day_beside_the_issuing_body_comes_before_the_days_of_the_plan() -> None:
    text = "暑期读书活动方案\n枫树塘村村民委员会　2023年7月1日\n活动时间：2023年7月10日至8月20日"
    day = facts(text).date
    assert day is not None
    assert day.earliest == day.latest == date(2023, 7, 1)


def test_a_register_that_names_no_village_belongs_to_the_one_that_hands_it_in() -> None:
    page = Page(1, "群众诉求登记\n日期\t事由\n2024-01-11\t水管漏水\n")
    found = propose("群众诉求登记.csv", "群众诉求登记.csv", {}, (page,), home="青石坳村", received=date(2026, 3, 1))
    assert found.village is not None
    assert found.village.value == "青石坳村"
    assert found.responsible is not None
    assert found.responsible.value == "青石坳村村民委员会"
