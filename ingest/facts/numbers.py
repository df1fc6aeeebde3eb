"""The document number 文号 of a paper: 云办发〔2019〕12号, 石调字〔2023〕第4号, 望石承字第0217号.

A number that the text cites (根据云办发〔2019〕12号) belongs to another paper: only the head counts.
"""

from __future__ import annotations

import re

from ingest.facts.paper import Paper
from ingest.reading import Fact

_HAN = "\u4e00-\u9fff"
_OPEN, _CLOSE = "〔［【\\[(（〈《", "〕］】\\])）〉》"
_BRACKETED = re.compile(
    rf"(?P<code>[{_HAN}]{{1,14}})\s*[{_OPEN}]\s*(?P<year>(?:19|20)\d\d|"
    rf"[一二][〇○零一二三四五六七八九]{{3}}|"
    rf"\d\d)\s*[{_CLOSE}]\s*(?P<rest>第?\s*[\d一二三四五六七八九十]{{1,4}}\s*号)"
)
_PLAIN = re.compile(rf"[{_HAN}]{{2,8}}字\s*第\s*\d{{1,8}}\s*号")
_COURT = re.compile(rf"[（(](?P<year>(?:19|20)\d\d)[）)][{_HAN}\d]{{2,8}}?第?\d{{1,6}}号(?:之[一二三\d])?")
_SERIAL = re.compile(
    r"[〔\[（(](?P<year>(?:19|20)\d\d)[〕\]）)]\s*(?P<rest>第\s*\d{1,3}\s*[期号])|(?:19|20)\d\d年第\s*\d{1,3}\s*[期号]|第\s*[\d一二三四五六七八九十]{1,8}\s*号"
)
_GIVEN = re.compile(
    r"(?:合同|协议|文件|档案)?编\s*号\s*[:：]\s*(?P<given>[A-Za-z0-9〔〕\[\]（）()\-—\u4e00-\u9fff]{4,30})(?=\s|$)"
)
_LABEL = re.compile(r"^\s*(?:文号|编号|合同编号|发文字号|协议编号|文件编号|证号)\s*[:：]\s*")
_LINES, _LONGEST = 12, 40
_CITED = re.compile(r"(?:根据|按照|依据|遵照|转发|贯彻|落实|执行|《).{0,40}$")


def doc_number(paper: Paper) -> Fact | None:
    """The number with its brackets in the standard form 〔〕, or None."""
    for row in paper.head[:_LINES]:
        if len(row.text) <= _LONGEST and (found := number_in(row.text)):
            return Fact(found, f"取自第 {row.page} 页文号")
    return None


def number_in(line: str) -> str | None:
    """The number that makes up a line, with or without its label and 签发人."""
    piece = re.split(r"\t|[ \u3000]{2,}|签发人", _LABEL.sub("", line))[0].strip(" （）()")
    piece = _LABEL.sub("", piece)
    found = _BRACKETED.search(piece + ("）" if "（" in piece and "）" not in piece else ""))
    if found and not _CITED.search(piece[: found.start()]) and found.start() <= 1 and found.end() >= len(piece) - 2:
        return re.sub(r"\s", "", f"{found['code']}〔{found['year']}〕{found['rest']}")
    if (serial := _SERIAL.fullmatch(piece)) and serial["year"]:
        return re.sub(r"\s", "", f"〔{serial['year']}〕{serial['rest']}")
    plain = _PLAIN.fullmatch(piece) or _COURT.fullmatch(line.strip()) or serial
    return re.sub(r"\s", "", plain.group()) if plain else _given(line)


def _given(line: str) -> str | None:
    """What stands behind 编号, whatever its form, if it has a figure in it."""
    found = _GIVEN.match(line.strip())
    return found["given"] if found and re.search(r"\d", found["given"]) else None
