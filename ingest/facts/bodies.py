"""The responsible body 责任者: who made the paper, an organisation or a person, under its full name where known.

Whether such a body exists is not known here.
"""

from __future__ import annotations

import re

from ingest.facts.paper import Paper
from ingest.facts.surnames import NAME_PATTERN, is_name
from ingest.facts.title import Heading
from ingest.reading import Fact

_KINDS = (
    "村民委员会|村委会|居民委员会|居委会|支部委员会|总支部委员会|党支部|党总支|支部|村务监督委员会|"
    "监督委员会|监委会|人民调解委员会|调解委员会|"
    "股份经济合作联合社|股份经济合作社|经济合作社|经济联合社|专业合作社|合作社|人民政府|镇委员会|"
    "乡委员会|县委员会|镇委|乡委|县委|委员会|办公室|"
    "革命委员会|管理委员会|管委会|人民公社|公社|生产大队|大队|生产队|农民协会|理事会|妇女联合会|妇联|"
    "民兵连|团支部|小学|中学|学校|卫生室|卫生院|"
    "管理站|服务站|服务中心|文化站|派出所|档案馆|档案局|农业局|水利局|民政局|林业局|土地局|国土资源局|"
    "财政局|税务所|信用社|供销社|公司|协会|工作队|村民小组|筹备组|领导小组|修谱理事会"
)
_WHOLE = re.compile(rf"(?:中共|中国共产党|共青团)?[\u4e00-\u9fff]{{2,24}}?(?:{_KINDS})")
_LABELLED = re.compile(
    r"(?:填报单位|报送单位|编制单位|立合同单位|制表单位|记录单位|组织单位|支部名称|单位名称|单位|发包方|"
    r"出租方|甲方|填表单位|主办单位)(?:[（(][^（()）]{0,8}[）)])?\s*[:：]\s*(?P<body>[^\s\u3000（(，,。"
    r"；]{4,30})"
)
_PERSONAL = re.compile(
    rf"(?:承诺人|申请人|请假人|保证人|检讨人|借款人|欠款人|收款人|报告人|述职人|具结人|立据人|立契人|"
    rf"立賣契人|立卖契人|撰文|撰稿|作者|立遗嘱人|整理人|采集人|委托人|"
    rf"写信人)\s*[:：]?\s*(?P<name>{NAME_PATTERN})"
)
_PERSONAL_PAPER = re.compile(
    r"申请|承诺|请假|保证书|检讨|述职|借条|欠条|收条|遗嘱|家书|信|序|回忆|口述|日记|委托书|契|入党|思想汇报"
)
_WRITER = re.compile(rf"(?P<name>{NAME_PATTERN})[谨謹敬]?(?:识|識|撰|序|书|書|题|題|作)$")
_TOLD = re.compile(rf"(?:采集人|整理|记录整理|访谈人|采访人)\s*[:：]\s*(?P<name>{NAME_PATTERN})")
_ABOVE = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,3}县)?(?:[\u4e00-\u9fff]{2,3}?(?:镇|乡|公社)(?=[\u4e00-\u9fff]{1,8}(?:村|大队)))"
)
_LONG_BODY = re.compile(rf"[\u4e00-\u9fff]{{2,24}}(?:{_KINDS})")
_DESCENDANT = re.compile(r"世[孙孫裔](?P<given>[\u4e00-\u9fff]{1,2}?)[谨謹敬]?(?:识|識|撰|序|书|書|题|題|述)$")
_NO_BODY = re.compile(r"[的从到至把并]|撤销|成立|参加|组织$|交由|负责")
_MONEY = re.compile(r"财务|凭证|账|收支|股金|分红|报销")
_PARTY = re.compile(r"党员|党支部|支部|党费|主题党日|组织生活|党课")
_WATCH = re.compile(r"监督委员会|监委会|村务监督|监督意见|民主理财")
_PEACE = re.compile(r"调解")
_LETTERHEAD = re.compile(r"^(?P<body>[\u4e00-\u9fff]{4,30}?)(?:文件|简报|信笺)$")


def responsible(paper: Paper, title: Heading | None, village: str) -> Fact | None:
    """The author: from signature, letterhead, a labelled unit or the title; else what the kind of paper implies."""
    wording = title.text if title else paper.stem
    return (
        (_person(paper, wording) if _PERSONAL_PAPER.search(wording) else None)
        or _photographer(paper)
        or _signature(paper, village)
        or _letterhead(paper)
        or _label(paper, village)
        or _named_in_title(title, village)
        or _implied(f"{wording} {paper.stem}", village)
    )


def full_name(body: str, village: str = "") -> str:
    """村委会 and 党支部 under their full names; a bare one gets the name of the village before it."""
    name = body.strip().strip("（）()：:").removeprefix("中国共产党")
    if village and name in {"村民委员会", "村委会", "党支部", "村党支部", "村务监督委员会", "监委会", "支部委员会"}:
        name = village + name.removeprefix("村") if name.startswith("村委会") or name == "村党支部" else village + name
    name = _ABOVE.sub("", name)
    name = re.sub(r"(?<=[^村])村(?:村)?(?:民委员会|委会)$", "村村民委员会", name)
    name = re.sub(r"^(?:中共)?(?P<root>.{2,14}?)(?:党支部|支部(?:委员会)?)$", r"中共\g<root>支部委员会", name)
    name = re.sub(r"^(?P<root>.{2,12}村)监委会$", r"\g<root>村务监督委员会", name)
    return re.sub(r"^(?P<root>.{2,12}村)调解委员会$", r"\g<root>人民调解委员会", name)


def _signature(paper: Paper, village: str) -> Fact | None:
    """The last line of the paper that is a body and hardly more: 石门槛村村民委员会　2024年3月1日."""
    for row in reversed(paper.tail[-8:]):
        if row.text.count("\t") >= 2:
            # A cell of a table (去向：望溪镇中学) signs nothing.
            continue
        for piece in re.split(r"\t|[ \u3000]{1,}|[，,（(]", row.text):
            text = re.sub(r"[0-9〇○零一二三四五六七八九十]{1,4}年.*$", "", piece).strip("：:。 ")
            if (
                _WHOLE.fullmatch(text)
                and len(text) <= 26
                and len(row.text) <= 48
                and not _NO_BODY.search(text)
                and not re.match(r"抄送|主送|报|请|由|经|在|向", text)
                and not row.text.rstrip().endswith("：")
            ):
                return Fact(full_name(text, village), f"取自第 {row.page} 页落款")
    return None


def _letterhead(paper: Paper) -> Fact | None:
    for row in paper.head[:4]:
        if (found := _LETTERHEAD.match(row.text)) and _WHOLE.fullmatch(found["body"]):
            return Fact(full_name(found["body"]), f"取自第 {row.page} 页版头")
    return None


def _label(paper: Paper, village: str) -> Fact | None:
    for row in paper.head[:15]:
        for found in _LABELLED.finditer(row.text):
            body = _LONG_BODY.match(found["body"])
            if body:
                return Fact(
                    full_name(body.group(), village), f"取自第 {row.page} 页“{found.group().split('：')[0][:8]}”"
                )
    return None


def _person(paper: Paper, wording: str) -> Fact | None:
    rule = _TOLD if re.search(r"口述|访谈|采集", wording) else _PERSONAL
    for row in (*reversed(paper.tail[-8:]), *paper.head[:6]):
        if _DESCENDANT.search(row.text):
            break
        found = rule.search(row.text) or _WRITER.search(row.text)
        if found and is_name(found["name"]):
            return Fact(found["name"], f"取自第 {row.page} 页署名")
        if found and is_name(found["name"][:-1]):
            return Fact(found["name"][:-1], f"取自第 {row.page} 页署名")
    return _descendant(paper, wording) or _alone_on_line(paper) or _in_text(paper, wording)


def _descendant(paper: Paper, wording: str) -> Fact | None:
    """十一世孫兆麟謹識 in the genealogy of the 王氏: a descendant signs without the surname, which the title gives."""
    clan = re.search(r"(?P<surname>[\u4e00-\u9fff])氏", wording)
    for row in paper.tail[-4:]:
        if clan and (found := _DESCENDANT.search(row.text)):
            return Fact(clan["surname"] + found["given"], f"取自第 {row.page} 页署名，姓取自标题")
    return None


def _alone_on_line(paper: Paper) -> Fact | None:
    for row in reversed(paper.tail[-4:]):
        if is_name(row.text.strip()):
            return Fact(row.text.strip(), f"取自第 {row.page} 页署名")
    return None


def _in_text(paper: Paper, wording: str) -> Fact | None:
    found = re.search(
        rf"(?:我叫|我是|我名叫|人)(?:[\u4e00-\u9fff]{{0,12}}?(?:书记|主任|"
        rf"村民))?(?P<name>{NAME_PATTERN})(?=[，,。今]|$)",
        paper.text[:400],
    )
    return Fact(found["name"], "取自正文自称") if found and is_name(found["name"]) else None


def _named_in_title(title: Heading | None, village: str) -> Fact | None:
    if title is None:
        return None
    before = re.split(r"关于|(?:19|20)\d\d年|第[一二三四五六七八九十\d]+[届次]", title.text)[0]
    if _PEACE.search(title.text) or _WATCH.search(title.text):
        return _implied(title.text, village)
    found = re.match(rf"(?:中共)?[\u4e00-\u9fff]{{2,20}}?(?:{_KINDS})", before)
    if found and not re.search(r"会议|代表|党员", found.group()):
        return Fact(full_name(found.group(), village), "取自标题中的机构名称")
    return None


def _implied(wording: str, village: str) -> Fact | None:
    if not village or _PERSONAL_PAPER.search(wording):
        return None
    for rule, body in (
        (_PEACE, f"{village}人民调解委员会"),
        (_WATCH, f"{village}村务监督委员会"),
        (_PARTY, f"中共{village}支部委员会"),
        (_MONEY, f"{village}股份经济合作社"),
    ):
        if rule.search(wording):
            return Fact(body, "按文件内容推定的形成机构")
    return Fact(f"{village}村民委员会" if village.endswith("村") else f"{village}居民委员会", "按所属村推定")


def _photographer(paper: Paper) -> Fact | None:
    maker = paper.metadata.get("photo.maker", "").strip()
    return Fact(maker, "取自照片作者") if maker else None
