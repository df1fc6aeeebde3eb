"""Dates that the file tells and not the paper: its name, its folder, the camera's clock.

A day in a name without a year (3.12代表会记录) is read in the year that title or folder give.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from classification.dates import Certainty, read_date
from ingest.facts.clues import FINE, YEAR, Clues, proposed
from ingest.reading import ProposedDate

_EXPORTED = re.compile(r"(?:mmexport|wx_camera_)(?P<ms>1[3-9]\d{11})")
_NAME_DAY = re.compile(r"(?<![\d.])(?P<month>1[0-2]|0?[1-9])[.月-](?P<day>3[01]|[12]\d|0?[1-9])(?:日|号)?(?![\d.])")
_NAME_FOUR = re.compile(r"(?<!\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)")
_NAME_MONTH = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?!\d)")
_BEIJING = timedelta(hours=8)


def photo_time(clues: Clues) -> ProposedDate | None:
    """When the camera says it was."""
    reading = read_date(clues.paper.metadata["photo.time"], clues.paper.received)
    return proposed(reading, "取自照片拍摄时间") if reading else None


def old_picture(clues: Clues) -> ProposedDate | None:
    """A picture taken of an old print (翻拍): its caption tells when it was taken, the camera when it was copied."""
    caption = clues.paper.metadata.get("photo.caption", "")
    found = clues.dates(caption) if "翻拍" in caption else []
    first = next((one for one in found if not re.match(r"[^，。；]{0,4}翻拍", caption[one.end :])), None)
    return proposed(first.reading, "取自照片说明") if first else None


def file_name(clues: Clues) -> ProposedDate | None:
    """20231118村民代表会, 83年合同, mmexport1708783961022, 3.12代表会记录 in a folder 2024年会议."""
    stem, received = clues.paper.stem, clues.paper.received
    if exported := _EXPORTED.search(stem):
        taken = (datetime.fromtimestamp(int(exported["ms"]) / 1000, UTC) + _BEIJING).date()
        return ProposedDate(exported.group(), taken, taken, Certainty.EXACT.value, "取自文件名")
    dated = clues.dates(stem)
    if dated:
        return proposed(dated[0].reading, "取自文件名")
    if month := _NAME_MONTH.search(stem):
        reading = read_date(f"{month['year']}-{month['month']}", received)
        return proposed(reading, "取自文件名") if reading else None
    return _day_in_name(clues)


def _day_in_name(clues: Clues) -> ProposedDate | None:
    found = _NAME_DAY.search(clues.paper.stem) or _NAME_FOUR.search(clues.paper.stem)
    if found is None or clues.year is None:
        return None
    reading = read_date(f"{clues.year}年{int(found['month'])}月{int(found['day'])}日", clues.paper.received)
    return proposed(reading, "取自文件夹年份和文件名") if reading else None


def ledger_name(clues: Clues) -> ProposedDate | None:
    """2019.11凭证: a month in the name of a ledger is its period."""
    found = [one.reading for one in clues.dates(clues.paper.stem) if one.reading.certainty in FINE]
    return proposed(found[0], "取自文件名") if found else None


def year_in_name(clues: Clues) -> ProposedDate | None:
    """2022参保, 村情统计2023: a lone year in a name without any other figure is the year of the file."""
    figures = re.findall(r"\d+", clues.paper.stem)
    if len(figures) != 1 or not YEAR.fullmatch(figures[0]):
        return None
    reading = read_date(f"{figures[0]}年", clues.paper.received)
    return proposed(reading, "取自文件名中的年份") if reading and reading.earliest <= clues.paper.received else None


def folder(clues: Clues) -> ProposedDate | None:
    """The date of the innermost folder that has one."""
    for name in reversed(clues.paper.folders):
        if found := clues.dates(name):
            return proposed(found[0].reading, "取自文件夹名")
    return None
