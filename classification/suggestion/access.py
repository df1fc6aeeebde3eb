"""Who may see a paper, as far as it says so itself: the default of its series, made stricter by what it holds.

It never opens what the series keeps closed; opening is for a person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classification.outline_model import Outline

PERSONAL, INTERNAL = "personal", "internal"
OPEN_TO_MANY = ("public", "village")
UNDECIDED = "条目未定，先按内部掌握"

_ID_NUMBER = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
_ROLL = re.compile(r"姓名|户主|申请人")
_ACCOUNT = re.compile(r"卡号|(?:账|帐)号|一卡通")
_HEALTH = re.compile(r"病历|诊断证明|诊断书|患者|病情|精神障碍|残疾等级|残疾证号|吸毒|住院号|致困原因|致贫原因")
_BIRTHS = re.compile(r"出生(?:年月|日期)")
_KEPT_INSIDE = re.compile(r"内部资料|内部文件|内部使用|内部掌握|勿外传|不得外传|不对外公开")
MARK_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Access:
    """A proposed access class and why."""

    id: str
    reason: str


def access_of(outline: Outline, ranked: Sequence[str], text: str, names: str = "") -> Access:
    """The access class for a paper whose most likely series are `ranked`, best first (none: nothing fits).

    `names` are its title and path, where a clerk writes 内部，勿外传.
    """
    default = _default(outline, ranked)
    personal = _personal(text, default.id)
    if personal and default.id != PERSONAL and PERSONAL in outline.access_classes:
        return Access(PERSONAL, personal)
    marked = _KEPT_INSIDE.search(names) or _KEPT_INSIDE.search(text[:MARK_CHARACTERS])
    if marked and default.id in OPEN_TO_MANY and INTERNAL in outline.access_classes:
        return Access(INTERNAL, f"写明“{marked[0]}”")
    return default


def _default(outline: Outline, ranked: Sequence[str]) -> Access:
    if not ranked:
        return Access(INTERNAL if INTERNAL in outline.access_classes else next(iter(outline.access_classes)), UNDECIDED)
    series = outline.series[ranked[0]]
    return Access(series.access, f"条目 {series.id} 的默认范围是{outline.access_classes[series.access].name}")


def _personal(text: str, default: str) -> str:
    if _ID_NUMBER.search(text):
        return "正文有身份证号"
    if _ROLL.search(text) is None:
        return ""
    if _ACCOUNT.search(text):
        return "名册有银行或社保账号"
    if _HEALTH.search(text):
        return "名册有健康或困难情况"
    return "名册有出生年月" if _BIRTHS.search(text) and default == INTERNAL else ""
