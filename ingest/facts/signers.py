"""The person who wrote a paper: of an application or receipt by its signature, of a tale whoever took it down.

A chairman, a recorder of minutes, an approving hand wrote nothing of their own and are not found here.
"""

from __future__ import annotations

import re

from classification.dates import read_date
from ingest.facts.paper import Paper, Row
from ingest.facts.surnames import NAME_PATTERN, is_name
from ingest.reading import Fact

PERSONAL_PAPER = re.compile(
    r"申请(?!.*(?:审批|审核|公示|公告|表))|承诺|请假|保证书|检讨|检查书|述职|述廉|[借欠收领]条|遗嘱|"
    r"家书|家信|书信|来信|一封信|感谢信|谱序|譜序|序言?$|回忆|口述|自传|(?<![理工账])日记(?![账帐])|"
    r"委托书|授权书|声明书?$|契|[分关]书|分关|入党|思想汇报|报告[人表]|诗稿|手稿|手抄"
)
_TALE = re.compile(r"口述|访谈|采集|采访|传说|故事|来历|由来|习俗|谚|歌谣|做法|制作")
_TELLER = re.compile(r"(?:口述|讲述|演唱)(?:人|者)?\s*[:：]")
_SIGNS = re.compile(
    r"(?:承诺人|申请人|请假人|保证人|检讨人|借款人|欠款人|收款人|汇报人|领款人|领取人|今领人|报告人|述职人|具结人|立据人|"
    r"声明人|授权人|立契人|立賣契人|立卖契人|立约人|撰文|撰稿|作者|立遗嘱人|整理人|采集人|委托人|写信人|经手人)"
    rf"(?:[（(][^（()）]{{0,8}}[）)]|签[名字])?\s*[:：]?\s*(?P<name>{NAME_PATTERN})"
)
_TOOK_DOWN = (
    re.compile(rf"(?:采集人?|采访人?|访谈人|搜集人?|调查人|整理人?|记录整理)\s*[:：]\s*(?P<name>{NAME_PATTERN})"),
    re.compile(rf"记录人?\s*[:：]\s*(?P<name>{NAME_PATTERN})"),
)
_WRITES = re.compile(
    rf"(?P<name>{NAME_PATTERN})(?:[谨謹敬手]?(?:识|識|撰|序|书|書|题|題|作|录)|整理|搜集整理|执笔|口述)"
)
_WORK = re.compile(r"(?:搜集)?(?:整理|记录|采集|撰写|执笔|编写|抄录)$")
_DESCENDANT = re.compile(
    r"(?:世[孙孫裔]|[裔嗣][孙孫])(?P<given>[\u4e00-\u9fff]{1,3}?)[谨謹敬]?(?:识|識|撰|序|书|書|题|題|述)$"
)
_KINSMAN = re.compile(rf"[\u4e00-\u9fff]{{0,6}}(?:[孙孫]|后裔|族人)[ \u3000]*(?P<name>{NAME_PATTERN})")
_OFFICE = r"[\u4e00-\u9fff、“”]{0,24}(?:书记|主任|文书|会计|委员|队长|组长|校长|干部|队员|主席)"
_BELOW_TITLE = re.compile(rf"(?:{_OFFICE}[ \u3000\t]*)?(?P<name>{NAME_PATTERN})")
_I_AM = re.compile(
    rf"(?:我叫|我是|我名叫|人)(?:[\u4e00-\u9fff]{{0,12}}?(?:书记|主任|委员|会计|文书|村民))?(?P<name>{NAME_PATTERN})"
    rf"(?=[，,。今]|$)"
)
_TAKEN_BY = re.compile(
    rf"(?:摄影者?|拍摄者?|拍摄人|摄制)\s*[:：]\s*(?P<name>{NAME_PATTERN})|"
    rf"(?:^|[，。 \u3000])(?P<too>{NAME_PATTERN})摄(?:影)?[。）)]?$"
)
_FIRST_PARTY = re.compile(
    rf"(?:甲方|出租方|转出方|流出方|出让方)(?:[（(][^（()）]{{0,8}}[）)])?\s*[:：]\s*(?P<name>{NAME_PATTERN})(?![\u4e00-\u9fff])"
)
_AUTHOR = re.compile(rf"(?:作者|撰稿|撰文)人?\s*[:：]\s*(?P<name>{NAME_PATTERN})")
_SENDER = re.compile(rf"发件人\s*[:：]\s*(?P<name>{NAME_PATTERN})(?![\u4e00-\u9fff])")


def writer(paper: Paper, wording: str) -> Fact | None:
    """Whoever signs a personal paper called `wording`; None where the paper is a body's."""
    if not PERSONAL_PAPER.search(wording):
        return None
    if re.search(r"口述|访谈|采集", wording) and "授权" not in wording and (told := _taken_down(paper)):
        return told
    for row in (*reversed(paper.tail[-8:]), *paper.head[:6]):
        if _DESCENDANT.search(row.text):
            break
        if name := _named(_SIGNS.search(row.text)) or _named(_WRITES.search(row.text)):
            return _signed(name, row)
    return (
        _descendant(paper, wording)
        or _alone_on_line(paper)
        or _below_title(paper)
        or _in_text(paper)
        or _named_in_title(wording)
    )


def teller(paper: Paper, wording: str) -> Fact | None:
    """Whoever took down a tale, put a history together, signed with name and date, or sent the letter."""
    if (_TALE.search(wording) or _TELLER.search(paper.text)) and (told := _taken_down(paper)):
        return told
    return _author(paper) or _dated_signature(paper) or _below_title(paper) or _sender(paper)


def first_party(paper: Paper, wording: str) -> Fact | None:
    """甲方：彭水生 of a contract between two people."""
    if not re.search(r"合同|协议", wording):
        return None
    rows = (*paper.head[:8],)
    return next((_signed(name, row) for row in rows if (name := _named(_FIRST_PARTY.search(row.text)))), None)


def photographer(paper: Paper) -> Fact | None:
    """Whoever took the picture, by the file or by its caption."""
    maker = paper.metadata.get("photo.maker", "").strip()
    if maker:
        return Fact(maker, "取自照片作者")
    return next((_signed(name, row) for row in paper.rows if (name := _named(_TAKEN_BY.search(row.text)))), None)


def _signed(name: str, row: Row) -> Fact:
    return Fact(name, f"取自第 {row.page} 页署名")


def _named(found: re.Match[str] | None) -> str:
    """The name of a match; a pattern may have taken one character too many."""
    if found is None:
        return ""
    written = next(one for one in found.groups() if one)
    return next((name for name in (written, written[:-1]) if is_name(name)), "")


def _author(paper: Paper) -> Fact | None:
    """作者：罗小燕 under the title or at the end."""
    rows = (*paper.head[:4], *paper.tail[-3:])
    return next((_signed(name, row) for row in rows if (name := _named(_AUTHOR.search(row.text)))), None)


def _taken_down(paper: Paper) -> Fact | None:
    for rule in _TOOK_DOWN:
        for row in (*reversed(paper.tail[-8:]), *paper.head[:6]):
            if name := _named(rule.search(row.text)):
                return _signed(name, row)
    return None


def _descendant(paper: Paper, wording: str) -> Fact | None:
    """十一世孫兆麟謹識 in the genealogy of the 王氏: a descendant signs without the surname, which the title gives."""
    clan = re.search(r"(?P<surname>[\u4e00-\u9fff])氏", wording)
    for row in paper.tail[-4:]:
        if (found := _DESCENDANT.search(row.text)) and len(found["given"]) == 3 and is_name(found["given"]):
            return _signed(found["given"], row)
        if clan and (found := _DESCENDANT.search(row.text)):
            return Fact(clan["surname"] + found["given"], f"取自第 {row.page} 页署名，姓取自标题")
    return None


def _alone_on_line(paper: Paper) -> Fact | None:
    rows = (row for row in reversed(paper.tail[-4:]) if is_name(row.text.strip()))
    return next((_signed(row.text.strip(), row) for row in rows), None)


def _below_title(paper: Paper) -> Fact | None:
    """The name, with or without the office, that stands alone below the title."""
    for row in paper.head[1:4]:
        if name := _named(_BELOW_TITLE.fullmatch(row.text.strip(" \u3000（）()"))):
            return _signed(name, row)
    return None


def _dated_signature(paper: Paper) -> Fact | None:
    """田子良　2018年10月, 彭启贤整理: the last lines of what one person wrote, or the first below its title."""
    for row in (*reversed(paper.tail[-3:]), *paper.head[1:3]):
        name, _, rest = row.text.strip(" \u3000（）()").replace("\u3000", " ").partition(" ")
        if is_name(name) and read_date(_WORK.sub("", rest), paper.received):
            return _signed(name, row)
        if kin := _named(_KINSMAN.fullmatch(row.text.strip())):
            return _signed(kin, row)
        if written := _named(_WRITES.fullmatch(name)):
            return _signed(written, row)
    return None


def _sender(paper: Paper) -> Fact | None:
    for row in paper.head[:6]:
        if name := _named(_SENDER.search(row.text)):
            return Fact(name, "取自邮件的发件人")
    return None


def _named_in_title(wording: str) -> Fact | None:
    """李文魁家书: of what one person wrote, the title begins with the name."""
    for length in (3, 2, 4):
        if is_name(wording[:length]) and PERSONAL_PAPER.match(wording[length:]):
            return Fact(wording[:length], "取自标题中的姓名")
    return None


def _in_text(paper: Paper) -> Fact | None:
    found = _I_AM.search(paper.text[:400])
    return Fact(found["name"], "取自正文自称") if found and is_name(found["name"]) else None
