"""Who may see a paper, as far as it says so itself: the default of its series, made stricter by what it holds.

It never opens what the series keeps closed; opening is for a person to decide.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classification.outline_model import Outline

_ID_NUMBER = re.compile(r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dXx])")
_BANK_CARD = re.compile(r"(?:银行(?:账|帐)号|银行卡号|一卡通(?:账|帐)号|社保卡号|(?:账|帐)号)")
_HEALTH = re.compile(r"病历|诊断证明|诊断书|患者|精神障碍|残疾等级|残疾证号|吸毒人员|疾病名称|住院号")
_NAMED_ONLY = ("personal", "party")
_STRICTNESS = ("public", "village", "internal", "party", "personal")


@dataclass(frozen=True, slots=True)
class Access:
    """A proposed access class and why."""

    id: str
    reason: str


def access_of(outline: Outline, ranked: Sequence[str], text: str) -> Access:
    """The access class for a paper whose most likely series are `ranked`, best first (none: nothing fits)."""
    default = _default(outline, ranked)
    raised = _personal(text) if default.id != "personal" and "personal" in outline.access_classes else ""
    return Access("personal", raised) if raised else default


def _default(outline: Outline, ranked: Sequence[str]) -> Access:
    if not ranked:
        fallback = "internal" if "internal" in outline.access_classes else next(iter(outline.access_classes), "")
        return Access(fallback, "条目未定，先按内部掌握")
    series = outline.series[ranked[0]]
    named = outline.access_classes[series.access].name if series.access in outline.access_classes else series.access
    return Access(series.access, f"条目 {series.id} 的默认范围是{named}")


def _personal(text: str) -> str:
    if _ID_NUMBER.search(text):
        return "正文有身份证号"
    if _BANK_CARD.search(text):
        return "正文有银行或社保账号"
    if _HEALTH.search(text):
        return "正文有健康信息"
    return ""
