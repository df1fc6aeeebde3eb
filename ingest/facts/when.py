"""The date of a paper: signature, meeting, period of a ledger, or name of the file; a date merely mentioned comes last.

The order of the rules is the rule: PLAIN for most papers, MINUTES where a meeting is recorded, LEDGER where rows run
over a time, HISTORY where the text tells of long ago.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

from classification.dates import Certainty, DateReading, FoundDate, find_dates, read_date
from ingest.facts.paper import Paper, Row
from ingest.facts.title import Heading
from ingest.reading import ProposedDate

_MINUTES = re.compile(r"记录|纪要|签到|口述|采集|访谈|会议|主题党日|活动")
_LEDGER = re.compile(
    r"明细|登记|台账|凭证|值班|公开|账|收支|发放表|工资|安排|课程表|清册|花名册|名册|报表|汇总|统计|日志"
)
_HISTORY = re.compile("大事记|村史|简史|世系|家史")
_NOTICE = re.compile(r"公示|公告")
_LABEL = re.compile(
    r"(?:会议时间|开会时间|活动时间|采集时间|采集日期|访谈时间|采访时间|讲述时间|录音时间|录制时间|"
    r"调解时间|调解日期|交接时间|拍摄时间|召开时间|协商时间|培训时间|时\s*间|日\s*期)\s*[:：]\s*"
)
_SIGNED = re.compile(
    r"(?:签订|签约|签字|签署|订立|立约|立据|填报|填表|制表|报送|出具|申请|收款|借款|落款|开具|登记|编制|"
    r"发文|成文|印发|报告)(?:日期|时间)\s*[:：]\s*"
)
_SHOWN = re.compile(r"(?:公示|公告|张贴)(?:时间|期|期限|日期)\s*[:：为]\s*(?:自|从)?")
_DEADLINE = re.compile(r"^\s*(?:以?前|之前|内|起|止|以后|之后|开始|施行|执行|实施|到期|届满|底前)")
_BEFORE_SIGNATURE = re.compile(r"[自从至到于截止]\s*$|(?:经|根据|按照)$|出生|[生卒歿殁没葬]于?$|享年|截至$")
_MADE_BY = re.compile(r"(?:填报|编制|制表|报送|填表)(?:单位|人)?")
_BODY_ALONE = re.compile(r"[\u4e00-\u9fff]{2,24}(?:委员会|村委会|支部|合作社|联合会|政府|理事会|小学)")
_EVENT = re.compile(r"召开|会议|通过|讨论|举行|办理|演练|开会|组织|拍摄|签订|交接|订立|公示")
_EXPORTED = re.compile(r"(?:mmexport|wx_camera_)(?P<ms>1[3-9]\d{11})")
_NAME_DAY = re.compile(r"(?<![\d.])(?P<month>1[0-2]|0?[1-9])[.月-](?P<day>3[01]|[12]\d|0?[1-9])(?:日|号)?(?![\d.])")
_NAME_FOUR = re.compile(r"(?<!\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])(?!\d)")
_NAME_MONTH = re.compile(r"(?<![\d.])(?P<year>(?:19|20)\d\d)(?P<month>0[1-9]|1[0-2])(?!\d)")
_YEAR = re.compile(r"(?<!\d)(?P<year>19[4-9]\d|20[0-4]\d)(?!\d)")
_BEIJING = timedelta(hours=8)
_FINE = frozenset({Certainty.EXACT, Certainty.RANGE, Certainty.MONTH, Certainty.PART})
_SIGNABLE = frozenset({Certainty.EXACT, Certainty.RANGE, Certainty.MONTH})
_LONGEST_PERIOD = timedelta(days=370)
_HEADING_LINES, _TAIL_LINES, _LEAST_ENTRIES = 4, 9, 3

Rule = Callable[["Clues"], ProposedDate | None]


class Clues:
    """The paper with what several rules need: the wording of its title and the year that its title or folders give."""

    def __init__(self, paper: Paper, title: Heading | None) -> None:
        self.paper, self.title = paper, title
        self.wording = title.text if title else ""
        self.below = paper.head[title.rows if title else 0 :][:_HEADING_LINES]
        self.year = self._year()

    def dates(self, text: str, year: int | None = None) -> list[FoundDate]:
        """The dates of a text up to a year after receipt: what lies further ahead is a term, not a date."""
        last = self.paper.received + timedelta(days=400)
        return [one for one in find_dates(text, self.paper.received, year) if one.reading.earliest <= last]

    def _year(self) -> int | None:
        for text in (self.wording, self.paper.stem, *reversed(self.paper.folders), *(row.text for row in self.below)):
            found = find_dates(text, self.paper.received)
            if found and found[0].reading.earliest.year >= found[0].reading.latest.year - 1:
                return found[0].reading.earliest.year
            if (bare := _YEAR.search(text)) and int(bare["year"]) <= self.paper.received.year:
                return int(bare["year"])
        return None


def document_date(paper: Paper, title: Heading | None) -> ProposedDate | None:
    """The date as proposed, or None; the first rule of the paper's kind that has an answer."""
    clues = Clues(paper, title)
    return next((found for rule in _rules(clues) if (found := rule(clues))), None)


def _rules(clues: Clues) -> Sequence[Rule]:
    if clues.paper.metadata.get("photo.time") and len(clues.paper.text) < 30:
        return (_old_picture, _photo_time, _file_name)
    if _LEDGER.search(clues.wording) and not re.search(r"会议|通知|方案|办法", clues.wording):
        return LEDGER
    if _HISTORY.search(clues.wording):
        return HISTORY
    if _NOTICE.search(clues.wording):
        return (_shown, *PLAIN)
    return MINUTES if _MINUTES.search(clues.wording) else PLAIN


def _photo_time(clues: Clues) -> ProposedDate | None:
    reading = read_date(clues.paper.metadata["photo.time"], clues.paper.received)
    return _proposed(reading, "取自照片拍摄时间") if reading else None


def _old_picture(clues: Clues) -> ProposedDate | None:
    """A picture taken of an old print (翻拍): its caption tells when it was taken, the camera when it was copied."""
    caption = clues.paper.metadata.get("photo.caption", "")
    found = clues.dates(caption) if "翻拍" in caption else []
    first = next((one for one in found if not re.match(r"[^，。；]{0,4}翻拍", caption[one.end :])), None)
    return _proposed(first.reading, "取自照片说明") if first else None


def _beside_body(clues: Clues) -> ProposedDate | None:
    """枫树塘村民委员会　2023年7月1日 under the title: the body and its day, before the days of what it plans."""
    for row in clues.below:
        found = clues.dates(row.text)
        if len(found) != 1 or found[0].end < len(row.text.rstrip()):
            continue
        if found[0].reading.certainty in _SIGNABLE and _BODY_ALONE.fullmatch(row.text[: found[0].start].strip()):
            return _proposed(found[0].reading, f"取自第 {row.page} 页题下")
    return None


def _shown(clues: Clues) -> ProposedDate | None:
    return _after_label(clues, _SHOWN, clues.paper.rows)


def _signing_label(clues: Clues) -> ProposedDate | None:
    return _after_label(clues, _SIGNED, (*reversed(clues.paper.tail), *clues.paper.head[:8]))


def _event_label(clues: Clues) -> ProposedDate | None:
    return _after_label(clues, _LABEL, clues.paper.head[:15])


def _after_label(clues: Clues, label: re.Pattern[str], rows: Sequence[Row]) -> ProposedDate | None:
    for row in rows:
        for stands in label.finditer(row.text):
            found = [one for one in clues.dates(row.text[stands.end() :], clues.year) if one.start <= 1]
            if found:
                return _proposed(found[0].reading, f"取自第 {row.page} 页“{stands.group().strip(' ：:')}”")
    return None


def _signature(clues: Clues) -> ProposedDate | None:
    """A line near the end that is a date, or a signature with its date."""
    for row in reversed(clues.paper.tail[-_TAIL_LINES:]):
        found = [one for one in clues.dates(row.text) if _signable(row.text, one)]
        if found and row.text.count("\t") < 2 and _signs(row.text, found[-1]):
            return _proposed(found[-1].reading, f"取自第 {row.page} 页落款")
    return None


def _signable(line: str, found: FoundDate) -> bool:
    """People sign with a day or month; a year signs only when it stands alone, a decade never."""
    if found.reading.certainty in _SIGNABLE:
        return found.reading.latest - found.reading.earliest <= _LONGEST_PERIOD
    return found.reading.certainty != Certainty.ERA and found.end - found.start >= len(line) - 1


def _signs(line: str, found: FoundDate) -> bool:
    if not _tells(line, found):
        return False
    before, after = line[: found.start].strip(), line[found.end :].strip(" \u3000日（）()。")
    if not before:
        return len(after) <= 14 and "。" not in after and "，" not in after
    return (
        len(after) <= 4
        and len(before) <= 40
        and "。" not in before[:-1]
        and not re.search(r"[一二三四五六七八九]、", before[:3])
    )


def _below_title(clues: Clues) -> ProposedDate | None:
    """A date between title and text: （2022年11月30日村民会议通过）, 2021年1月16日, 填报单位：…　2024年4月."""
    for row in clues.below:
        found = [one for one in clues.dates(row.text, clues.year) if _tells(row.text, one)]
        short = len(row.text) <= 48 and row.text.count("\t") < 3
        if found and short and found[0].reading.certainty in _FINE:
            return _proposed(found[0].reading, f"取自第 {row.page} 页题下")
    return None


def _title_period(clues: Clues) -> ProposedDate | None:
    found = [one.reading for one in clues.dates(clues.wording) if one.reading.certainty in _FINE]
    fine = [one for one in found if one.latest - one.earliest <= _LONGEST_PERIOD]
    return _proposed(fine[0], "取自标题") if fine else None


def _filled_in(clues: Clues) -> ProposedDate | None:
    """填报单位：…　2024年4月 says more exactly when a list was made than 二季度 in its title does."""
    period = _title_period(clues)
    if period is None or period.certainty != Certainty.PART:
        return None
    for row in clues.below:
        if _MADE_BY.search(row.text) and (found := clues.dates(row.text)):
            return _proposed(found[-1].reading, f"取自第 {row.page} 页题下")
    return None


def _title_year(clues: Clues) -> ProposedDate | None:
    found = [one.reading for one in clues.dates(clues.wording)]
    return _proposed(found[0], "取自标题") if found else None


def _entries(clues: Clues) -> ProposedDate | None:
    """First to last entry of a ledger, where several lines begin with a date."""
    opening = [one for row in clues.paper.rows for one in clues.dates(row.text[:24], clues.year)[:1] if one.start <= 6]
    fine = [one.reading for one in opening if one.reading.certainty == Certainty.EXACT]
    if len(fine) < _LEAST_ENTRIES:
        return None
    first, last = min(fine, key=lambda one: one.earliest), max(fine, key=lambda one: one.latest)
    wording = f"{first.wording}至{last.wording}"
    return ProposedDate(wording, first.earliest, last.latest, Certainty.RANGE.value, "取自首尾两条登记")


def _event(clues: Clues) -> ProposedDate | None:
    """A day of the text beside which something is said to happen: 2022年3月9日，…召开村民代表会议."""
    for row in clues.paper.rows:
        for found in clues.dates(row.text):
            around = row.text[max(found.start - 8, 0) : found.end + 24]
            if found.reading.certainty in {Certainty.EXACT, Certainty.RANGE} and _EVENT.search(around):
                return _proposed(found.reading, f"取自第 {row.page} 页正文")
    return None


def _mentioned(clues: Clues) -> ProposedDate | None:
    """The only day that a text mentions; of several, none is chosen."""
    days = {one.reading.earliest: (row, one) for row in clues.paper.rows for one in _days(clues, row)}
    if len(days) != 1:
        return None
    row, found = next(iter(days.values()))
    return _proposed(found.reading, f"取自第 {row.page} 页正文")


def _days(clues: Clues, row: Row) -> list[FoundDate]:
    found = clues.dates(row.text)
    return [one for one in found if one.reading.certainty == Certainty.EXACT and _tells(row.text, one)]


def _tells(line: str, found: FoundDate) -> bool:
    """Neither a deadline nor the beginning of a term, nor somebody's birth or death."""
    return not _DEADLINE.match(line[found.end :]) and not _BEFORE_SIGNATURE.search(line[: found.start])


def _file_name(clues: Clues) -> ProposedDate | None:
    """20231118村民代表会, 83年合同, mmexport1708783961022, 3.12代表会记录 in a folder 2024年会议."""
    stem, received = clues.paper.stem, clues.paper.received
    if exported := _EXPORTED.search(stem):
        taken = (datetime.fromtimestamp(int(exported["ms"]) / 1000, UTC) + _BEIJING).date()
        return ProposedDate(exported.group(), taken, taken, Certainty.EXACT.value, "取自文件名")
    dated = clues.dates(stem)
    if dated:
        return _proposed(dated[0].reading, "取自文件名")
    if month := _NAME_MONTH.search(stem):
        reading = read_date(f"{month['year']}-{month['month']}", received)
        return _proposed(reading, "取自文件名") if reading else None
    return _day_in_name(clues)


def _day_in_name(clues: Clues) -> ProposedDate | None:
    found = _NAME_DAY.search(clues.paper.stem) or _NAME_FOUR.search(clues.paper.stem)
    if found is None or clues.year is None:
        return None
    reading = read_date(f"{clues.year}年{int(found['month'])}月{int(found['day'])}日", clues.paper.received)
    return _proposed(reading, "取自文件夹年份和文件名") if reading else None


def _folder(clues: Clues) -> ProposedDate | None:
    for folder in reversed(clues.paper.folders):
        if found := clues.dates(folder):
            return _proposed(found[0].reading, "取自文件夹名")
    return None


def _proposed(reading: DateReading, source: str) -> ProposedDate:
    return ProposedDate(reading.wording, reading.earliest, reading.latest, str(reading.certainty), source)


def _ledger_name(clues: Clues) -> ProposedDate | None:
    """2019.11凭证: a month in the name of a ledger is its period."""
    found = [one.reading for one in clues.dates(clues.paper.stem) if one.reading.certainty in _FINE]
    return _proposed(found[0], "取自文件名") if found else None


def _year_in_name(clues: Clues) -> ProposedDate | None:
    """2022参保, 村情统计2023: a lone year in a name without any other figure is the year of the file."""
    figures = re.findall(r"\d+", clues.paper.stem)
    if len(figures) != 1 or not _YEAR.fullmatch(figures[0]):
        return None
    reading = read_date(f"{figures[0]}年", clues.paper.received)
    return _proposed(reading, "取自文件名中的年份") if reading and reading.earliest <= clues.paper.received else None


_LAST: tuple[Rule, ...] = (_event, _mentioned, _title_year, _file_name, _year_in_name, _folder)
PLAIN: tuple[Rule, ...] = (_beside_body, _signing_label, _signature, _below_title, _title_period, _event_label, *_LAST)
MINUTES: tuple[Rule, ...] = (
    _beside_body,
    _event_label,
    _title_period,
    _below_title,
    _signing_label,
    _signature,
    *_LAST,
)
HISTORY: tuple[Rule, ...] = (_signing_label, _signature, _event_label, _file_name)
"""What a history tells about was long before it was written: no date of its text dates it."""
LEDGER: tuple[Rule, ...] = (
    _filled_in, _title_period, _ledger_name, _year_in_name, _entries,
    _signing_label, _below_title, _signature, _event_label, *_LAST,
)  # fmt: skip
