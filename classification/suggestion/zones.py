"""Where words are looked for: title, file name, folders, first lines, the rest; and how much each place says."""

from __future__ import annotations

import re
from dataclasses import dataclass

TITLE, NAME, FIRST_LINE, NEXT_LINES, FOLDER, START, BODY = 1.0, 0.9, 0.9, 0.75, 0.6, 0.5, 0.25
FIRST_CHARACTERS = 60
LETTERHEAD_CHARACTERS = 24
START_CHARACTERS = 160
BODY_CHARACTERS = 800

_SPACED = re.compile(r"(?:[\u4e00-\u9fff][ \u3000]+){2,}[\u4e00-\u9fff](?![\u4e00-\u9fff])")
_LETTERHEAD = re.compile(r"(?:文件|人民政府|政府办公室|委员会|局|指挥部|号)$")
_BLANK = re.compile(r"[ \u3000]+")
SIMPLIFIED = str.maketrans(
    "譜係賣買斷絕約據業產會議記錄黨員團婦聯檔書證絡號條訂報請願預備轉課學習習戶農機電視無錢銀縣鎮鄉長歷傳說遺跡樹橋廟園節禮儀婚喪葬諱歿配兒孫祖輩點",
    "谱系卖买断绝约据业产会议记录党员团妇联档书证络号条订报请愿预备转课学习习户农机电视无钱银县镇乡长历传说遗迹树桥庙园节礼仪婚丧葬讳殁配儿孙祖辈点",
)
"""Old papers are in traditional characters, the words are not; only those are folded that occur in the words."""


@dataclass(frozen=True, slots=True)
class Zone:
    """One place of a paper: its name in a reason, what a word there is worth, and its text."""

    name: str
    share: float
    text: str


def zones_of(title: str, text: str, path: str) -> tuple[Zone, ...]:
    """The places of a paper, those that say most first."""
    folders, _, name = path.replace("\\", "/").rpartition("/")
    shown = folded(text[: BODY_CHARACTERS + START_CHARACTERS]).strip()
    lines = shown.splitlines(keepends=True)
    first = _taken(lines, 1 + sum(map(_letterhead, lines[:2])))
    near = _taken(lines, len(lines))
    rest = shown[len(near) :]
    return (
        Zone("题名", TITLE, folded(title)),
        Zone("文件名", NAME, folded(name.rpartition(".")[0] or name)),
        Zone("首行", FIRST_LINE, first),
        Zone("文件夹", FOLDER, folded(folders)),
        Zone("前几行", NEXT_LINES, near),
        Zone("开头", START, rest[:START_CHARACTERS]),
        Zone("正文", BODY, rest[START_CHARACTERS:BODY_CHARACTERS]),
    )


def _taken(lines: list[str], most: int) -> str:
    """Whole lines from the top while they are short together; the first in any case, cut."""
    taken = ""
    for line in lines[:most]:
        if taken and len(taken) + len(line) > FIRST_CHARACTERS:
            break
        taken += line
    return taken[:FIRST_CHARACTERS]


def _letterhead(line: str) -> bool:
    return len(line) <= LETTERHEAD_CHARACTERS and _LETTERHEAD.search(line.strip()) is not None


def heading_of(zones: tuple[Zone, ...], least: float = FOLDER) -> str:
    """What stands at the top, in the places that say at least so much: where words count together, or against."""
    return "\n".join(zone.text for zone in zones if zone.share >= least)


def folded(text: str) -> str:
    """Lower case, simplified where it matters, and without the blanks of spaced-out headings (请　假　条)."""
    return _SPACED.sub(lambda spaced: _BLANK.sub("", spaced[0]), text.translate(SIMPLIFIED)).lower()
