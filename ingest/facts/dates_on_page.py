"""Dates that stand on the paper: beside the signature, behind a label, under or in the title, in the rows of a list.

Each rule is asked alone; `when` says in which order.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from classification.dates import Certainty, FoundDate
from classification.dates.eras import ERAS
from ingest.facts.clues import FINE, LONGEST_PERIOD, Clues, after_label, proposed, tells
from ingest.facts.paper import Row
from ingest.reading import ProposedDate

_EVENT_LABEL = re.compile(
    r"(?:(?:会议|开会|活动|采集|访谈|采访|讲述|录音|录制|调解|谈话|交接|拍摄|召开|协商|培训|监督|学习|演练|走访)(?:时间|日期)|"
    r"(?<![\u4e00-\u9fff])(?:时\s*间|日\s*期))\s*[:：]?[\s\u3000]*"
)
_SIGNED = re.compile(
    r"(?:签订|签约|签字|签署|订立|立约|立据|填报|填表|填写|制表|报送|出具|申请|申报|收款|借款|落款|开具|登记|编制|"
    r"发文|成文|印发|报告|报备|备案|上报|移交|封存|销毁|鉴定|盘点|排查|调查|普查|采集|入账|审查|审核)"
    r"(?:日期|时间)\s*[:：]?[\s\u3000]*"
)
_SHOWN = re.compile(r"(?:公示|公告|张贴|公开)(?:时间|期|期限|日期)\s*[:：为]?[\s\u3000]*(?:自|从)?")
_SENT = re.compile(r"(?:发送时间|发送日期|日期|时间)\s*[:：]\s*")
_ANY_LABEL = re.compile(r"(?<!出生)(?<!任职)(?<!离任)(?<!完成)(?<!到期)(?<!截止)(?:时间|日期)\s*[:：]?[\s\u3000]*")
_MADE_BY = re.compile(r"(?:填报|编制|制表|报送|填表)(?:单位|人)?")
_BODY_ALONE = re.compile(r"[\u4e00-\u9fff]{2,24}(?:委员会|村委会|支部|合作社|联合会|政府|理事会|小学)")
_EVENT = re.compile(r"召开|会议|通过|讨论|举行|办理|演练|开会|组织|拍摄|签订|交接|订立|公示")
_EDITED = re.compile(r"[ \u3000]*(?:第?[一二三四五六七八九十]次)?(?:续修|重修|编修|修订|编印|整理|编|立|抄|刊|印)")
_OPINION = re.compile(r"(?:[\u4e00-\u9fff]{0,8}(?:委员会|委会|支部|政府|党委|纪委)|批准人?|审批|审核).{0,4}意见")
_IN_FORCE = re.compile(r"\s*(?:起|开始)?(?:施行|执行|实施|生效)")
_REIGN = re.compile(rf"(?:大?清|中华)?(?:{'|'.join(era.name for era in ERAS)})")
_SIGNABLE = frozenset({Certainty.EXACT, Certainty.RANGE, Certainty.MONTH})
_TAIL_LINES, _LEAST_ENTRIES = 9, 3
_LONGEST_REIGN = 30


def beside_body(clues: Clues) -> ProposedDate | None:
    """枫树塘村民委员会　2023年7月1日 under the title: the body and its day, before the days of what it plans."""
    for row in clues.below:
        found = clues.dates(row.text)
        if len(found) != 1 or found[0].end < len(row.text.rstrip()):
            continue
        if found[0].reading.certainty in _SIGNABLE and _BODY_ALONE.fullmatch(row.text[: found[0].start].strip()):
            return proposed(found[0].reading, f"取自第 {row.page} 页题下")
    return None


def shown(clues: Clues) -> ProposedDate | None:
    """公示时间：2022年3月10日至3月17日."""
    return after_label(clues, _SHOWN, clues.paper.rows)


def period_below(clues: Clues) -> ProposedDate | None:
    """2019年7月—12月, 截至2023年9月: a line below the title that is a period and nothing else."""
    for row in clues.below[:2]:
        line = row.text.strip(" \u3000（）()").removeprefix("截至").removeprefix("截止").strip()
        found = clues.dates(line)
        whole = len(found) == 1 and found[0].start == 0 and found[0].end >= len(line) - 1
        if whole and found[0].reading.certainty != Certainty.EXACT:
            return proposed(found[0].reading, f"取自第 {row.page} 页题下")
    return None


def in_force(clues: Clues) -> ProposedDate | None:
    """自2021年3月起施行: of rules without any other date, when they began."""
    for row in reversed(clues.paper.tail):
        for found in clues.dates(row.text):
            if row.text[: found.start].endswith(("自", "从")) and _IN_FORCE.match(row.text[found.end :]):
                return proposed(found.reading, f"取自第 {row.page} 页施行日期")
    return None


def signing_label(clues: Clues) -> ProposedDate | None:
    """签订日期：…, 填报时间：…, from the end backwards."""
    return after_label(clues, _SIGNED, (*reversed(clues.paper.tail), *clues.paper.head[:8]))


def event_label(clues: Clues) -> ProposedDate | None:
    """会议时间：…, 时间：…."""
    return after_label(clues, _EVENT_LABEL, clues.paper.head[:15])


def any_label(clues: Clues) -> ProposedDate | None:
    """A label that tells of no particular act."""
    return after_label(clues, _ANY_LABEL, clues.paper.rows)


def sent(clues: Clues) -> ProposedDate | None:
    """When a letter was sent, by its head."""
    return after_label(clues, _SENT, clues.paper.head[:6])


def signature(clues: Clues) -> ProposedDate | None:
    """A line near the end that is a date, or a signature with its date; before what an office wrote under it."""
    rows = clues.paper.tail[-_TAIL_LINES:]
    opinion = next((place for place, row in enumerate(rows) if _OPINION.match(row.text)), len(rows))
    return _last_signed(clues, rows[:opinion]) or _last_signed(clues, rows[opinion:]) or _day_of_the_year(clues)


def _last_signed(clues: Clues, rows: Sequence[Row]) -> ProposedDate | None:
    for row in reversed(rows):
        found = [one for one in clues.dates(row.text) if _signable(row.text, one)]
        if found and row.text.count("\t") < 2 and _signs(row.text, found[-1]):
            return proposed(found[-1].reading, f"取自第 {row.page} 页落款")
    return None


def _day_of_the_year(clues: Clues) -> ProposedDate | None:
    """1月5日 alone on the last line, in the year that the paper is about."""
    for row in clues.paper.tail[-1:]:
        found = clues.dates(row.text.strip(), clues.year) if clues.year else []
        if len(found) == 1 and found[0].end - found[0].start == len(row.text.strip()):
            return proposed(found[0].reading, f"取自第 {row.page} 页落款")
    return None


def _signable(line: str, found: FoundDate) -> bool:
    """People sign with a day or month; a year signs only when it stands alone, a decade never."""
    if found.reading.certainty in _SIGNABLE:
        return found.reading.latest - found.reading.earliest <= LONGEST_PERIOD
    if found.reading.certainty == Certainty.ERA:
        return False
    # 光绪十四年岁次戊子孟秋月谷旦, 民国二十四年　月　日立: of old, a year with its reign signs.
    reign = found.start <= 1 and _REIGN.match(line, found.start) is not None and len(line) <= _LONGEST_REIGN
    return reign or found.end - found.start >= len(line) - 1


def _signs(line: str, found: FoundDate) -> bool:
    if not tells(line, found):
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


def edited(clues: Clues) -> ProposedDate | None:
    """二〇一二年续修, the last line of a history: when it was put together."""
    for row in reversed(clues.paper.tail[-3:]):
        for found in clues.dates(row.text):
            if _EDITED.match(row.text[found.end :]) and not row.text[: found.start].strip(" （("):
                return proposed(found.reading, f"取自第 {row.page} 页编者所记")
    return None


def below_title(clues: Clues) -> ProposedDate | None:
    """A date between title and text: （2022年11月30日村民会议通过）, 2021年1月16日, 填报单位：…　2024年4月."""
    for row in clues.below:
        found = [one for one in _dated(clues, row.text) if tells(row.text, one)]
        short = len(row.text) <= 48 and row.text.count("\t") < 3
        if found and short and found[0].reading.certainty in FINE:
            return proposed(found[0].reading, f"取自第 {row.page} 页题下")
    return None


def _dated(clues: Clues, line: str) -> list[FoundDate]:
    """The dates of a line; one that leaves out its year counts where it is the whole line."""
    guessed = clues.dates(line, clues.year)
    alone = len(guessed) == 1 and guessed[0].start <= 1 and guessed[0].end >= len(line.strip()) - 1
    return guessed if alone else clues.dates(line)


def title_period(clues: Clues) -> ProposedDate | None:
    """A day, month or part of a year in the title."""
    found = [one.reading for one in clues.dates(clues.wording, clues.year) if one.reading.certainty in FINE]
    fine = [one for one in found if one.latest - one.earliest <= LONGEST_PERIOD]
    return proposed(fine[0], "取自标题") if fine else None


def title_year(clues: Clues) -> ProposedDate | None:
    """Whatever date the title has, a bare year too."""
    found = [one.reading for one in clues.dates(clues.wording)]
    return proposed(found[0], "取自标题") if found else None


def filled_in(clues: Clues) -> ProposedDate | None:
    """填报单位：…　2024年4月 says more exactly when a list was made than 二季度 in its title does.

    The last day of the period is the closing day of its accounts, and says nothing of the kind.
    """
    period = title_period(clues)
    if period is not None and period.certainty != Certainty.PART:
        return None
    for row in clues.below:
        if _MADE_BY.search(row.text) and (found := clues.dates(row.text)):
            last = found[-1].reading
            month = last.certainty == Certainty.MONTH and last.earliest.year == clues.year
            useless = last.earliest == period.latest if period else not month
            return None if useless else proposed(last, f"取自第 {row.page} 页题下")
    return None


def entries(clues: Clues) -> ProposedDate | None:
    """First to last entry of a ledger, where several lines begin with a date."""
    opening = [one for row in clues.paper.rows for one in clues.dates(row.text[:24], clues.year)[:1] if one.start <= 6]
    fine = [one.reading for one in opening if one.reading.certainty == Certainty.EXACT]
    if len(fine) < _LEAST_ENTRIES:
        return None
    first, last = min(fine, key=lambda one: one.earliest), max(fine, key=lambda one: one.latest)
    wording = f"{first.wording}至{last.wording}"
    return ProposedDate(wording, first.earliest, last.latest, Certainty.RANGE.value, "取自首尾两条登记")


def event(clues: Clues) -> ProposedDate | None:
    """A day of the text beside which something is said to happen: 2022年3月9日，…召开村民代表会议."""
    for row in clues.paper.rows:
        for found in clues.dates(row.text):
            around = row.text[max(found.start - 8, 0) : found.end + 24]
            if found.reading.certainty in {Certainty.EXACT, Certainty.RANGE} and _EVENT.search(around):
                return proposed(found.reading, f"取自第 {row.page} 页正文")
    return None


def mentioned(clues: Clues) -> ProposedDate | None:
    """The only day that a text mentions; of several, none is chosen."""
    days = {one.reading.earliest: (row, one) for row in clues.paper.rows for one in _days(clues, row)}
    if len(days) != 1:
        return None
    row, found = next(iter(days.values()))
    return proposed(found.reading, f"取自第 {row.page} 页正文")


def _days(clues: Clues, row: Row) -> list[FoundDate]:
    found = clues.dates(row.text)
    return [one for one in found if one.reading.certainty == Certainty.EXACT and tells(row.text, one)]
