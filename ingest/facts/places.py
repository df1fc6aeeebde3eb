"""Places a paper names, conservatively: villages, and spots whose last character says what they are (湾, 坝, 水库).

It knows no gazetteer but the names of villages given to it.
"""

from __future__ import annotations

import re
from collections import Counter

from ingest.facts.paper import Paper
from ingest.facts.surnames import is_name
from ingest.reading import Fact

_SPOT = (
    "沟|湾|坝|坪|岭|坳|槽|桥|塘|坡|塝|铺|垄|院子|大院|祠堂|岩|岩上|头上|水库|河|井|水井|冲|垭|寨|垴|岗|台|溪|坎|嘴|山|"
    "公社|大队|大隊|乡|镇|堰塘|庙|寺|溝|灣|壩|嶺|巖|橋"
)
_AFTER = (
    r"(?=[\s，。、；：“”（）()]|到|至|的|那|滑坡|泥石流|饮水|提灌|机耕|公路|上游|下游|坡地|集中|茶园|"
    r"集体|坟山|清淤|修|东|组|一[带角]|[三五七]组|$)"
)
_BEFORE = r"(?:^|(?<=[\s，。、；：“”（()在从到至由往及与和经去住坐落自位于把将对占包建沿着过落葬称组村县镇乡]))"
_PLACE = re.compile(
    rf"{_BEFORE}(?P<place>[\u4e00-\u9fff]{{1,3}}?(?:{_SPOT}))(?![村镇乡县河沟湾坝家社岩桥塘嘴台坪头公])"
)
_VILLAGE = re.compile(
    r"(?:^|(?<=[\s，。、；：“”（()在从到至由往及与和住县镇乡共]))(?P<place>[\u4e00-\u9fff]{1,4}?村)(?!民|"
    r"委|务|干|两|里|规|组|集体|级|内|外|口|部|小|史)"
)
_COUNTY = re.compile(r"(?<![\u4e00-\u9fff])(?:中共)?(?P<place>[\u4e00-\u9fff]{2}县)(?![级里上委])")
_OF_A_ROOT = "小学|大队|水库"
_NEVER = re.compile(
    r"^(?:[上下](?:山|河|沟|台|村|坝)$|.*[在把的了被向先新交改进照祭]|[本全各我这那该此同开由不其征讨]|"
    r"一|二|两|三|几|大山|高山|荒山|山坪塘|江河|矿山|火山|平台|阳台|后台|柜台|灶台|平坝|院坝|河坝$|会议|"
    r"乡镇|讲台|村镇|返乡|巡河|报|经|请|系|欠|兹|关于|.*坟山|.*家乡|荒坡|.*落坡|青山|[东南西北][沟坎坝山溪河岭]$|.*[一二两三四五六七八九十\d]台$|.*农村$|山坡|斜坡|护坡|店铺|床铺)"
)
_NOT_IN_A_TOWN = re.compile(r".*[请据存至发你午各全该本件经由报].*(?:镇|乡|公社|村)$|.*院坝$|水管沟")
_LEAD = re.compile(r"^(?:[在从到至由往把住坐落葬称自距沿过建修]|清洁|中共|关于修建|[一二三四五六七八九十]组)+")
_STRONG = re.compile(
    r".(?:沟|湾|坝|坪|岭|县|槽|岩|坳|垭|坡|塝|铺|冲|溪|水库|祠堂|院子|公社|大队|大隊|堰塘|镇|乡|头上)$"
)
_WORDS = (
    "水沟 塘坎 岩坎 田坎 水库 水井 水塘 山塘 小溪 石桥 大路 公路 荒山 后山 乡镇 县乡 农村 本村 各村 全村 "
    "我村 外村 邻村 山坪塘 山坪 大坝 部坝 阴沟 阳沟 排水沟 河沟 深沟 新村 旧村 乡村 村 城镇 集镇"
)
_GENERIC = frozenset(_WORDS.split())
_MOST = 30


def places(paper: Paper, village: str, people: frozenset[str] = frozenset()) -> tuple[Fact, ...]:
    """Names of places in the order in which they first stand, the village of the paper first; no name of `people`."""
    found: dict[str, Fact] = {}
    if village and (village in paper.text or not paper.head):
        found[village] = Fact(village, "所属村")
    counted: Counter[str] = Counter()
    for row in paper.rows:
        for name in _named(row.text):
            counted[name] += 1
            if name not in people and not _of_person(name) and (counted[name] > 1 or _sure(name, row.text)):
                found.setdefault(name, Fact(name, f"取自第 {row.page} 页"))
    for name in (*paper.villages, *_of_root(paper, village)):
        if name in paper.text:
            found.setdefault(name, Fact(name, "取自正文"))
    shown = paper.metadata.get("photo.place", "").strip()
    if shown:
        found.setdefault(shown, Fact(shown, "取自照片拍摄地点"))
    return tuple(found.values())[:_MOST]


def _of_root(paper: Paper, village: str) -> list[str]:
    """石门槛, 石门槛小学: the name of the village where it stands without 村."""
    root = village.removesuffix("村")
    stands = re.findall(rf"{re.escape(root)}(?!村)(?:{_OF_A_ROOT})?", paper.text) if len(root) > 1 else []
    return list(dict.fromkeys(stands))


def _named(line: str) -> list[str]:
    """Places of one line; blanks, verbs and counts before the name are cut off."""
    found = [match["place"] for rule in (_PLACE, _VILLAGE, _COUNTY) for match in rule.finditer(line)]
    cut = (_LEAD.sub("", name) for name in found)
    return [
        name
        for name in cut
        if len(name) > 1 and name not in _GENERIC and not _NEVER.match(name) and not _NOT_IN_A_TOWN.match(name)
    ]


def _sure(name: str, line: str) -> bool:
    """Is the name followed by something that follows a place? A name that stands twice needs no such proof."""
    return _STRONG.search(name) is not None or re.search(re.escape(name) + _AFTER, line) is not None


def _of_person(name: str) -> bool:
    """罗银山 ends like a hill and is a man."""
    return name.endswith(("山", "河", "桥")) and is_name(name)


def village_of(paper: Paper) -> Fact | None:
    """The village the file belongs to: a known one in path or text, else a folder that is named like one."""
    path = "/".join((*paper.folders, paper.stem))
    known = sorted(paper.villages, key=len, reverse=True)
    for where, source in ((path, "取自文件夹名"), (paper.text[:2000], "取自正文")):
        if found := next((name for name in known if name in where), ""):
            return Fact(found, source)
    for folder in paper.folders:
        if re.fullmatch(r"[\u4e00-\u9fff]{1,8}(?:村|社区)", folder):
            return Fact(folder, "取自文件夹名")
    stands = re.search(
        r"(?P<name>[\u4e00-\u9fff]{2,5}?村)(?:村?民委员会|村委会|党支部|支部|股份经济合作社|村务监督)",
        "\n".join(row.text for row in paper.head[:15]),
    )
    return Fact(re.sub(r"^(?:中共|.{2}县|.{2}[镇乡])+", "", stands["name"]), "取自正文") if stands else None
