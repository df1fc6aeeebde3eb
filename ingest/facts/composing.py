"""The title as an archivist would put it where the paper has none, or only one that names its kind.

A title that says anything of its own stays as it is written.
"""

from __future__ import annotations

import re

from ingest.facts.paper import Paper
from ingest.facts.surnames import NAME_PATTERN, is_name
from ingest.facts.title import Heading
from ingest.reading import Fact

_BARE_LENGTH, _PERSONAL_LENGTH, _LONGEST_NAME, _NAMED_ENOUGH = 6, 12, 4, 4
_BEGINNING = 600
_PERSONAL = re.compile(r"申请|承诺|请假|保证书|检讨|述职|[收借欠领]条|收据|遗嘱|委托|声明|思想汇报|证明")
_NOTE = re.compile(r"[收借欠领假]条$")
_AS_WRITTEN = re.compile(r"[谱譜契]|口述|世系|碑|家规|家训|族规|合同|协议|说明书|\d|村|镇|乡|大队|关于")
_ELSEWHERE = re.compile(r"[谱譜契]|口述|世系|碑|村|镇|乡|大队|关于|照片|录音|录像")
_DECIDES = re.compile(r"四议|协商|议事")
_SUBJECT = re.compile(r"(?:协商|决策|议定)?(?:事项|议题)\s*[:：]\s*(?P<what>[\u4e00-\u9fff\d、]{3,24})$")
_TELLING_NAME = re.compile(r"[\u4e00-\u9fff]{2}")
_NOTICE = re.compile(r"(?:公示|公告|通告|通知|启事|公布)")
_ANNOUNCES = re.compile(
    r"现(?:就|将|对|把)?(?:有关)?(?P<what>[^，。：；\n]{4,36}?)(?:的?(?:具体)?情况)?(?:向[^，。]{2,8})?(?:予以|进行)?"
    r"(?:公示|公布|公告|通知|通告|公开)(?:如下|$|[，。：])"
)
_BEGINS = re.compile(
    r"(?P<what>[\u4e00-\u9fff\d]{4,24}?)(?:现在|现已|即将|已经)?(?:开始|启动)(?P<act>[\u4e00-\u9fff]{2})(?=[，。])"
)
_CERTIFIES = re.compile(
    rf"兹?(?:有|证明|查)[\u4e00-\u9fff（(）)]{{0,10}}?(?:村民|居民|同志)?(?P<name>{NAME_PATTERN}?)"
    r"(?=[（(，,、系与是同现男女之属]|同志)"
)
_MINUTES_FIELD = re.compile(
    r"^(?:会议)?(?:时间|地点|主持|主持人|记录|记录人|参加|参会|出席|到会|缺席|列席|议题|议程)[^：:]{0,6}[：:]"
)
_MEETINGS = (
    ("主题党日", "党支部主题党日活动"),
    ("党员大会|应到党员|到会党员", "党支部党员大会"),
    ("支委", "党支部委员会会议"),
    ("成员代表", "股份经济合作社成员代表会议"),
    ("监委会|监督委员会", "村务监督委员会会议"),
    ("两委", "“两委”会议"),
    ("小组会|组长.{0,8}主持|本组", "村民小组会议"),
    ("户代表|户主代表|村民会议|村民大会", "村民会议"),
    ("村民代表|到会代表|出席代表|应到代表|各位代表|代表会", "村民代表会议"),
)
_MEETING = "会议"


def composed(title: Heading | None, paper: Paper, author: Fact | None, village: str) -> Fact | None:
    """The title for the archive's lists; its source says when words were added."""
    if title is None:
        return None
    if title.source == "取自文件名":
        # Of a list without a heading; where nothing could be read, the name stays as people know it.
        return Fact(_of_village(title.text, village) if paper.head else title.text, title.source)
    if subject := _subject(title, paper):
        return Fact(f"{title.text}（{subject}）", f"{title.source}，按事项补充")
    on_page = "页" in title.source
    longest = _PERSONAL_LENGTH if author and len(author.value) <= _LONGEST_NAME else _BARE_LENGTH
    if not on_page or len(title.text) > longest or _AS_WRITTEN.search(title.text):
        return Fact(title.text, title.source)
    if about := _about(title.text, paper.text[:_BEGINNING]):
        return Fact(about, f"{title.source}，按正文补充")
    if _NOTICE.search(title.text) and not _NOTICE.fullmatch(title.text):
        return Fact(title.text, title.source)
    return _with_owner(title, author, village)


def _of_village(name: str, village: str) -> str:
    """A file name names its village only by the folder: 2022参保 is 青石坳村2022参保."""
    told = not village or village.removesuffix("村") in name or _ELSEWHERE.search(name)
    return name if told or not _TELLING_NAME.search(name) else village + name


def _subject(title: Heading, paper: Paper) -> str:
    """What a form of public decision is about this time: 事项：修建提灌站."""
    if not _DECIDES.search(title.text):
        return ""
    rows = (_SUBJECT.match(row.text) for row in paper.head[title.rows : title.rows + 3])
    found = next((match["what"] for match in rows if match), "")
    return "" if found in title.text else found


def _with_owner(title: Heading, author: Fact | None, village: str) -> Fact:
    """请假条（周广林）, 罗小凤申请书, 青石坳村值班表: whose it is."""
    personal = author is not None and len(author.value) <= _LONGEST_NAME
    if author and personal and not _PERSONAL.search(title.text):
        return Fact(title.text, title.source)
    whose = author.value if author and personal else village
    if not whose or whose.removesuffix("村") in title.text:
        return Fact(title.text, title.source)
    text = f"{title.text}（{whose}）" if personal and _NOTE.search(title.text) else whose + title.text
    return Fact(text, f"{title.source}，加上所属")


def _about(kind: str, text: str) -> str:
    """公示 with 现将…公示如下 is 关于…的公示; 证明 with 兹证明某某 is 关于某某的证明."""
    if kind == "证明" and (found := _CERTIFIES.search(text)) and is_name(found["name"]):
        return f"关于{found['name']}的证明"
    if not _NOTICE.fullmatch(kind):
        return ""
    if found := _ANNOUNCES.search(text):
        return f"关于{found['what']}的{kind}"
    found = _BEGINS.search(text)
    return f"关于{found['act']}{found['what']}的{kind}" if found else ""


def minutes(paper: Paper, title: Heading | None, village: str) -> Heading | None:
    """A record that begins with 时间, 地点, 主持 and has no title: named by the meeting it tells of."""
    if title and "页" in title.source:
        return None
    fields = sum(_MINUTES_FIELD.match(row.text) is not None for row in paper.head[:6])
    if fields < 2 or len(re.findall(r"[\u4e00-\u9fff]", paper.stem)) >= _NAMED_ENOUGH:
        return None
    meeting = next((name for words, name in _MEETINGS if re.search(words, paper.text[:500])), _MEETING)
    return Heading(f"{village}{meeting}记录", "无题名，按会议记录拟写")
