"""People a paper names: beside a role (主持人：…), in lists, before a verb of speech, alone between two marks.

A name is proposed where the place speaks for it; tables have a module of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.facts.paper import Paper, Row
from ingest.facts.people_in_tables import names_in_tables
from ingest.facts.surnames import NAME_PATTERN, is_hamlet, is_name
from ingest.reading import Fact

_ROLES = (
    "主持人|主持|记录人|记录|参加人员|参加人|参加|出席人员|出席|列席人员|列席|缺席|请假|甲方代表|"
    "乙方代表|甲方|乙方|丙方|承包人|承包户|承包方|发包方代表|户主|申请人|"
    "签字|签名|当事人|调解员|证明人|证明|经手人|经手|审批|审核人|审核|填表人|填表|制表|会计主管|记账|"
    "出纳|复核|核对|收款人|付款人|付款|借款人|担保人|监证人|见证人|"
    "中证人|中人|在场人|代笔人|代笔|代表人|代表|法定代表人|负责人|联系人|值班人员|值班人|值班|带班领导|"
    "带班|主任|副主任|组长|副组长|书记|支部书记|会计|文书|报账员|成员|委员|"
    "移交人|接交人|接收人|监交人|承诺人|请假人|报告人|述职人|讲述人|口述人|口述|采集人|整理人|整理|执笔|"
    "知情人|购货人|领款人|领取人|授课人|立契人|憑中証人|凭中证人|中証人|代筆人|"
    "被调解人|申请方|指挥长|副指挥长|预警组|转移组|抢险组|保障组|姓名|户主姓名|经办人|经办|汇报人|发言人|"
    "监票人|计票人|唱票人|总监票人|人大代表|法律明白人|族长|撰文|撰|主笔"
)
_LABEL = re.compile(
    rf"(?:{_ROLES})(?:[（(][^（()）]{{0,10}}[）)])?\s*[:：]?\s*(?:[（(]盖?章[）)])?\s*(?P<list>{NAME_PATTERN}(?:[、，"
    rf", \u3000]+{NAME_PATTERN})*)"
)
_LIST = re.compile(rf"(?<![\u4e00-\u9fff])(?P<list>{NAME_PATTERN}(?:[、 \u3000]+{NAME_PATTERN})+)")
_INNER_LIST = re.compile(rf"(?P<list>{NAME_PATTERN}(?:、{NAME_PATTERN})+)")
_VERBS = (
    "批评|募|捐|倡|现金|摄|作|来信|建房|家庭|说|提出|介绍|发言|负责|担任|任组长|任主任|任|表示|主持|汇报|建议|反映|问|同志|到镇|表态|认为|要求|"
    "强调|指出|通报|宣布|宣读|传达|回答|带头|出面|当选|承接|保管|未到|两个|两人|三人|没|接待|处理|来办|"
    "来人|家养|到现场|打|整理|家|等|系|请假|弃权|列席|领学|领誓|讲|接洽|经办|监督|"
    "户|不同意|同意|布置|记|算|"
    "测算|补充|代表|统一|接手|女士|先生|书记|主任|会计|老人|，[男女]|赔偿|拆除|在|与|、|（手印）|押|的"
)
_SPEAKING = re.compile(
    rf"(?:^|[，。；：、\s“”（）()]|由|请|向|和|讨论|关于|首[事士]|[借收领]到|长|为|确定|接收|免去|新增|提名|推荐|评定|授予|批准|与|给|让|欠|系|转|组|书记|主任|党员|老师|同志|代表|人|叫|是|"
    rf"母|父|对|帮|被|跟|隔壁|后人|兄弟|多亏|夜间加派|加派|反映人|村民|户主|族人|石匠|文书|会计|"
    rf"主任)(?P<name>{NAME_PATTERN}?)(?={_VERBS})"
)
_SPEAKER = re.compile(rf"(?:^|(?<=[；。]))(?P<name>{NAME_PATTERN})[:：]")
_SPACED_ROLE = re.compile(r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff])[ \u3000]+([\u4e00-\u9fff])(?=\s*[:：])")
_VILLAGE_NAME = re.compile(r"(?P<root>[\u4e00-\u9fff]{2,4})[村镇乡县]")
_PAIR = re.compile(
    rf"(?P<first>{NAME_PATTERN})[与和同跟](?P<second>{NAME_PATTERN}?)(?=[因之间的，。、\s（(相发签达系]|$)"
)
_OFFICE = re.compile(
    rf"(?:[队组连校院所站]长|书记|主任|会计|文书|委员|专干|(?:责任|负责|联系|经办|保管)人|管护员|保洁员|调解员|代表|村民|户主|烈士|立契人|凭中证?|中证人?|"
    rf"代笔人?|[卖典当]与|退回|首[事士]|由)(?P<name>{NAME_PATTERN})(?=[，。、；：\s（(）)今等]|名下|三面|$)"
)
_ANY_ROLE = re.compile(
    rf"[\u4e00-\u9fff]{{1,5}}[人员者长]\s*(?:[（(][^（()）]{{0,10}}[）)])?\s*[:：]\s*"
    rf"(?P<list>{NAME_PATTERN}(?:[、，,和 \u3000]+{NAME_PATTERN})*)"
)
_ALONE = re.compile(r"(?<![\u4e00-\u9fff\w])(?P<name>[\u4e00-\u9fff]{3})(?![\u4e00-\u9fff\w〔\[]|[（(]\d)")
_MOST = 40


def people(paper: Paper) -> tuple[Fact, ...]:
    """Names in the order in which they first stand in the paper, no name twice."""
    found: dict[str, Fact] = {}
    places = _of_places(paper)
    for row, name in (*_of_rows(paper), *names_in_tables(paper.rows)):
        if name not in places and not any(name in village for village in paper.villages):
            found.setdefault(name, Fact(name, f"取自第 {row.page} 页"))
    for name in re.split(r"[、，,;；\s]+", paper.metadata.get("photo.people", "")):
        if is_name(name):
            found.setdefault(name, Fact(name, "取自照片人物"))
    return tuple(found.values())[:_MOST]


def _of_places(paper: Paper) -> frozenset[str]:
    """What looks like a name and is the beginning of a village's: 柳林铺, 白鹤岩."""
    roots = {
        part
        for match in _VILLAGE_NAME.finditer("\n".join((*paper.villages, paper.text, *paper.folders)))
        for length in (2, 3)
        if len(part := match["root"][-4:][:length]) == length
    }
    named = {name[:length] for name in paper.villages for length in (2, 3)}
    return frozenset(roots | named)


def names_in(line: str) -> list[str]:
    """The names of one line of running text, by the place in which they stand."""
    names: list[str] = []
    line = _SPACED_ROLE.sub(r"\1\2", line)
    for rule in (_LABEL, _ANY_ROLE, _LIST, _INNER_LIST):
        for match in rule.finditer(line):
            names += re.split(r"[、，,和 \u3000]+", match["list"])
    for rule in (_SPEAKING, _SPEAKER, _OFFICE):
        names += [match["name"] for match in rule.finditer(line)]
    names += [name for match in _PAIR.finditer(line) for name in match.groups()]
    names += [match["name"] for match in _ALONE.finditer(line) if is_name(match["name"])]
    return sorted({fitted for one in names if (fitted := fit(one))}, key=line.index)


def fit(written: str) -> str:
    """The name in a string that may hold one character too many, or nothing."""
    if is_name(written):
        return written
    return written[:-1] if len(written) > 2 and not is_hamlet(written) and is_name(written[:-1]) else ""


def _of_rows(paper: Paper) -> Iterator[tuple[Row, str]]:
    for row in paper.rows:
        if row.text.count("\t") < 2:
            yield from ((row, name) for name in names_in(row.text))
