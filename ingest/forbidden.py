"""What a county does not let be handed in, judged by name and path alone, before a byte is kept.

State secrets marked inside a file are found by `ingest.facts` when it is read. Programs and system images are refused
because they are not records and may do harm. The lists are data: patterns on the one hand, sentences on the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_LEVEL = "(?:绝密|机密|秘密)"
SECRET_NAME = re.compile(
    rf"{_LEVEL}(?:级|件|文件|★|☆|[·.\-_ ]*(?:[0-9一二三四五六七八九十]+年|长期))|[（(【\[]{_LEVEL}[)）】\]]"
)
"""Markings as the rules on state secrets write them (绝密★, 机密★10年, 秘密级); the bare word is everyday language."""

PROGRAM_ENDINGS = frozenset(
    {
        "exe",
        "msi",
        "bat",
        "cmd",
        "com",
        "scr",
        "pif",
        "vbs",
        "ps1",
        "dll",
        "sys",
        "apk",
        "ipa",
        "jar",
        "lnk",
        "reg",
        "iso",
    }
)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Why a file may not be filed: a stable code, the reason, and where to take it (both Chinese)."""

    code: str
    reason: str
    remedy: str


def check(path: str) -> Forbidden | None:
    """Whether the file handed in as `path` ("/" between folders) may be filed at all; None when it may."""
    marking = SECRET_NAME.search(path)
    if marking:
        return Forbidden(
            "secret",
            f"文件名或文件夹名标有“{marking[0]}”，属于国家秘密标志，没有收。",
            "请按保密规定交县（乡镇）保密工作机构保管，不要用网络、聊天软件或普通 U 盘传送。",
        )
    if path.rpartition(".")[2].lower() in PROGRAM_ENDINGS:
        return Forbidden(
            "forbidden",
            "这是程序或系统文件，不是档案，没有收。",
            "不用移交；如果里面确有档案材料，请导出成文档或图片后再移交。",
        )
    return None
