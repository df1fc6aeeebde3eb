"""How organisations are named in papers, and their full name: 村委会, 党支部, 镇纪委 are short for something.

Whether such a body exists is not known here.
"""

from __future__ import annotations

import re

_ENDINGS = (
    "村民委员会|村委会|居民委员会|居委会|选举委员会|支部委员会|总支部委员会|党支部|党总支|支部(?!书记)|党委|"
    "村务监督委员会|监督委员会|监委会|人民调解委员会|调解委员会|纪律检查委员会|纪委|"
    "股份经济合作联合社|股份经济合作社|经济合作社|经济联合社|专业合作社|合作社|人民政府|镇委员会|"
    "乡委员会|县委员会|镇委|乡委|县委|政治部|司令部|组织部|宣传部|统战部|武装部|指挥部|委员会|办公室|"
    "革命委员会|管理委员会|管委会|人民公社|公社|生产大队|大队|生产队|农民协会|理事会|妇女联合会|妇联|"
    "民兵连|团支部|小学|中学(?!习)|学校|卫生室|卫生院|人民法院|人民检察院|法律服务所|银行|"
    "农经站|林业站|农技站|水利站|畜牧站|兽医站|司法所|财政所|国土所|供电所|管理站|服务站|实践站|服务中心|管理中心|中心|事务所|经营部|文化站|工作站|经管站|管理所|派出所|税务所|档案馆|"
    "文化馆|局|信用社|供销社|公司|茶厂|砖厂|协会|工作队|村民小组|筹备组|领导小组|工作组|审计组|"
    "设计室|设计院|修谱理事会"
)
BODY = re.compile(rf"(?:中共|中国共产党|共青团)?[\u4e00-\u9fff]{{2,24}}?(?:{_ENDINGS})")
"""The shortest body that begins at a place; `fullmatch` asks whether a text is one and nothing else."""
LONGEST_BODY = re.compile(rf"[\u4e00-\u9fff]{{2,24}}(?:{_ENDINGS})")
_ABOVE = re.compile(
    r"^(?:[\u4e00-\u9fff]{2,3}县)?(?:[\u4e00-\u9fff]{2,3}?(?:镇|乡|公社)(?!农村)(?=[\u4e00-\u9fff]{1,8}(?:村|大队)))"
)
_OF_THE_VILLAGE = frozenset({"村民委员会", "村委会", "党支部", "村党支部", "村务监督委员会", "监委会", "支部委员会"})
_SHORT = (
    (r"(?<=[^村])村(?:村)?(?:民委员会|委会)$", "村村民委员会"),
    (r"^(?:中共)?(?P<root>.{2,14}?)(?:党支部|支部(?:委员会)?)$", r"中共\g<root>支部委员会"),
    (r"^(?:中共)?(?P<root>.{2,8}[县镇乡])(?:党委|委)$", r"中共\g<root>委员会"),
    (r"^(?:中共)?(?P<root>.{2,8}[县镇乡])纪委$", r"中共\g<root>纪律检查委员会"),
    (r"^(?P<root>.{2,12}村)监委会$", r"\g<root>村务监督委员会"),
    (r"^(?P<root>.{2,12}村)调解委员会$", r"\g<root>人民调解委员会"),
    (r"^(?P<root>.{2,12}[村镇乡县])妇联$", r"\g<root>妇女联合会"),
)


def only_bodies(text: str) -> bool:
    """Is this line a body, or several side by side (云岭县水利局　云岭县财政局)?"""
    return all(BODY.fullmatch(part) for part in text.split()) and bool(text.strip())


def full_name(body: str, village: str = "") -> str:
    """村委会 and 党支部 under their full names; a bare one gets the name of the village before it."""
    name = body.strip().strip("（）()：:").removeprefix("中国共产党")
    if village and name in _OF_THE_VILLAGE:
        name = village + (name.removeprefix("村") if name in {"村委会", "村党支部"} else name)
    name = _ABOVE.sub("", name)
    for short, full in _SHORT:
        name = re.sub(short, full, name)
    return name
