"""The responsible body 责任者: who made the paper, an organisation or a person, under its full name where known.

What a paper says outranks what its kind implies, and nothing is implied for what no office makes: genealogies, deeds,
songs, pictures, the manual of a machine.
"""

from __future__ import annotations

import re

from ingest.facts.body_names import BODY, LONGEST_BODY, full_name
from ingest.facts.paper import Paper
from ingest.facts.signers import PERSONAL_PAPER, first_party, photographer, teller, writer
from ingest.facts.title import Heading
from ingest.reading import Fact

_LABELLED = re.compile(
    r"(?:(?:填报|报送|编制|立合同|制表|记录|组织|填表|主办|立档|调查|申报|设计|审计|使用|鉴定|评估|检测|借款|欠款|收款|付款)单位|支部名称|单位名称|"
    r"(?<![\u4e00-\u9fff])单位|(?:填发|发证|批准|颁发)(?:机关|单位)|具状人|发包方|发包人|出租方|甲方)"
    r"(?:[（(][^（()）]{0,8}[）)])?\s*[:：\t]\s*(?P<body>[^\s\u3000（(，,。；]{4,30})"
)
_NO_BODY = re.compile(r"[的从到至把并]|撤销|成立|参加|组织$|交由|负责|改[为称]|办理|欢迎")
_WHERE = re.compile(r"(?:[\u4e00-\u9fff]{0,2}地[点址]|住[址所]|时间|主持|抄送)")
_LETTERHEAD = re.compile(r"^(?P<body>[\u4e00-\u9fff]{4,30}?)(?:文件|简报|信笺)?$")
_MOST_IN_LINE, _LONGEST = 48, 26
_NOT_OF_AN_OFFICE = re.compile(
    r"[谱譜契碑诗]|世系|家规|家训|族规|字辈|礼簿|分关|家书|手稿|传略|生平|小传|口述|传说|谚|山歌|民歌|歌谣|来历|由来|习俗|做法|"
    r"说明书|合格证|印章|奖牌|锦旗|牌匾|照片|合影|航拍|翻拍|录像|录音|视频"
)
_PICTURES = re.compile(r"照片|相册|录像|录音|视频")
_CAPTION = 160
_GROUP = re.compile(
    r"(?P<number>[一二三四五六七八九十]{1,2}|\d{1,2})组(?:村民)?(?:小组)?(?:户主|群众|户代表)?(?:会|开会)"
)
_ORDINALS = "零一二三四五六七八九十"
_ELECTION = re.compile(r"选举|选民|选票|候选人")
_OTHER_ELECTION = re.compile(r"支部|党|妇联|妇女|合作社|理事")
_SHARES = re.compile(r"股金|分红|收益分配|成员代表|股权|股份|收支[\u4e00-\u9fff]{0,4}表(?!.*公[开示布])")
_MONEY = re.compile(r"财务|凭证|账|报销")
_COOPERATIVE = re.compile(r"(?:股份)?经济合作社|合作联合社")
_BRIGADE = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,4}大[队隊])(?:[^\u4e00-\u9fff]|社员|社員|第|[一二三四五六七八九十]队|会议|革|管)"
)
_WATCH = re.compile(r"监督委员会|监委会|村务监督|监督意见|民主理财")
_PEACE = re.compile(r"(?<!民事)调解")
_BY_KIND = (
    (_PEACE, "{}人民调解委员会"),
    (_WATCH, "{}村务监督委员会"),
    (re.compile(r"红白"), "{}红白理事会"),
    (re.compile(r"妇联|妇女联合会|三八"), "{}妇女联合会"),
    (re.compile(r"党员|支部|党费|党务|主题党日|组织生活|党课|党建|谈心|巡察"), "中共{}支部委员会"),
    (_SHARES, "{}股份经济合作社"),
)


def responsible(paper: Paper, title: Heading | None, village: str) -> Fact | None:
    """The author: from signature, letterhead, a labelled unit or the title; else what the kind of paper implies."""
    wording = title.text if title else paper.stem
    maker = writer(paper, wording) or photographer(paper)
    if maker or _is_picture(paper):
        return maker
    return (
        _signature(paper, village)
        or _letterhead(paper, village)
        or _label(paper, village)
        or first_party(paper, wording)
        or _named_in_title(title, village)
        or teller(paper, wording)
        or _implied(title, paper, village)
    )


def _is_picture(paper: Paper) -> bool:
    """A caption names who is to be seen, not who made it."""
    return any(_PICTURES.search(folder) for folder in paper.folders) and len(paper.text) <= _CAPTION


def _signature(paper: Paper, village: str) -> Fact | None:
    """The last line of the paper that is a body and hardly more: 石门槛村村民委员会　2024年3月1日."""
    rows = paper.tail[-8:]
    for place in range(len(rows) - 1, -1, -1):
        row = rows[place]
        addressed = place > 0 and rows[place - 1].text.rstrip("：: ").endswith("此致")
        if row.text.rstrip().endswith("印发") or addressed or _WHERE.match(row.text):
            # The imprint under the last line, whom a petition goes to, where a meeting was held.
            continue
        if row.text.count("\t") >= 2 or len(row.text) > _MOST_IN_LINE or row.text.rstrip().endswith(("：", "。")):
            # A cell of a table (去向：望溪镇中学) signs nothing, nor does a sentence.
            continue
        for piece in re.split(r"\t|[ \u3000]{1,}|[，,（(]", row.text):
            text = re.sub(r"[0-9〇○零一二三四五六七八九十]{1,4}年.*$", "", piece).strip("：:。 ")
            if _may_sign(text):
                # Of several bodies one under the other the first is the one that answers for the paper.
                while place and _may_sign(rows[place - 1].text.strip()):
                    place, text = place - 1, rows[place - 1].text.strip()
                return Fact(full_name(text, village), f"取自第 {row.page} 页落款")
    return None


def _may_sign(text: str) -> bool:
    return (
        BODY.fullmatch(text) is not None
        and len(text) <= _LONGEST
        and not _NO_BODY.search(text)
        and not re.match(r"抄送|主送|报|请|由|经|在|向", text)
    )


def _letterhead(paper: Paper, village: str) -> Fact | None:
    """A body alone on one of the first lines, with or without 文件."""
    for row in paper.head[:4]:
        if row.text.startswith("此致"):
            break
        if (found := _LETTERHEAD.match(row.text)) and _may_sign(found["body"]):
            return Fact(full_name(found["body"], village), f"取自第 {row.page} 页版头")
    return None


def _label(paper: Paper, village: str) -> Fact | None:
    for row in (*paper.head[:15], *paper.tail[-4:]):
        for found in _LABELLED.finditer(row.text):
            if body := LONGEST_BODY.match(found["body"]):
                label = re.split(r"[：:\t]", found.group())[0][:8]
                return Fact(full_name(body.group(), village), f"取自第 {row.page} 页“{label}”")
    return None


def _named_in_title(title: Heading | None, village: str) -> Fact | None:
    if title is None or _NOT_OF_AN_OFFICE.search(title.text):
        return None
    before = re.split(r"关于|(?:19|20)\d\d年|第[一二三四五六七八九十\d]+[届次]", title.text)[0]
    if village and (_PEACE.search(title.text) or _WATCH.search(title.text)):
        return Fact(_body_of(title.text, village), "按文件内容推定的形成机构")
    found = BODY.match(before)
    if found and not re.search(r"会议|代表|党员", found.group()):
        return Fact(full_name(found.group(), village), "取自标题中的机构名称")
    return None


def _implied(title: Heading | None, paper: Paper, village: str) -> Fact | None:
    """What the kind of paper implies, and only for papers that an office makes."""
    says = title.text if title and "页" in title.source else f"{title.text if title else ''} {paper.stem}"
    if not village or PERSONAL_PAPER.search(says) or _NOT_OF_AN_OFFICE.search(says):
        return None
    wording = f"{says} {paper.stem}"
    if brigade := _BRIGADE.match(wording):
        return Fact(brigade["name"], "取自标题中的大队")
    if _MONEY.search(wording) and (named := _COOPERATIVE.search(paper.text)):
        return Fact(village + named.group(), "按文件内容推定的形成机构")
    body = _body_of(wording, village)
    if body:
        return Fact(body, "按文件内容推定的形成机构")
    return Fact(f"{village}村民委员会" if village.endswith("村") else f"{village}居民委员会", "按所属村推定")


def _body_of(wording: str, village: str) -> str:
    """The body of the village whose work the words tell of; empty for its committee."""
    if found := _GROUP.search(wording):
        number = found["number"]
        return f"{village}第{_ORDINALS[int(number)] if number in {*'123456789'} else number}村民小组"
    if _ELECTION.search(wording) and not _OTHER_ELECTION.search(wording):
        return f"{village}村民选举委员会"
    return next((body.format(village) for rule, body in _BY_KIND if rule.search(wording)), "")
