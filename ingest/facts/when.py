"""The date of a paper: signature, meeting, period of a ledger, or name of the file; a date merely mentioned comes last.

The order of the rules is the rule: PLAIN for most papers, MINUTES where a meeting is recorded, LEDGER where rows run
over a time, HISTORY where the text tells of long ago, LETTER for what was sent by mail.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.facts.clues import Clues, Rule, first_page
from ingest.facts.dates_of_file import file_name, folder, ledger_name, old_picture, photo_time, year_in_name
from ingest.facts.dates_on_page import (
    any_label,
    below_title,
    beside_body,
    edited,
    entries,
    event,
    event_label,
    filled_in,
    in_force,
    mentioned,
    period_below,
    sent,
    shown,
    signature,
    signing_label,
    title_period,
    title_year,
)
from ingest.facts.paper import Paper
from ingest.facts.title import Heading
from ingest.reading import ProposedDate

_MINUTES = re.compile(r"记录|纪要|签到|口述|采集|访谈|会议|主题党日|活动")
_LEDGER = re.compile(
    r"明细|登记|台账|凭证|值班|公开|账|收支|发放表|工资|安排|课程表|清册|花名册|名册|报表|汇总|统计|日志|日记|负债表|"
    r"损益表|分配表|对账单"
)
_NO_LEDGER = re.compile(
    r"会议|通知|方案|办法|审查|审批|审核|申请|意见|照片|留存|制度|通报|审计|报告|决定|批复|请示|答复"
)
_HISTORY = re.compile(r"大事记|村史|村志|简史|世系|家史|族谱|家谱|宗谱|沿革|始末|生平")
_NO_HISTORY = re.compile(r"纪要|会议|会[记的]|启事|协议|捐|通知|公示")
_NOTICE = re.compile(r"公示|公告|公开栏|张贴")
_LETTER = re.compile(r"^(?:发件人|主题|收件人)\s*[:：]")
_CAPTION = 30

_LAST: tuple[Rule, ...] = (event, any_label, mentioned, title_year, file_name, in_force, year_in_name, folder)
PLAIN: tuple[Rule, ...] = (beside_body, signing_label, signature, below_title, title_period, event_label, *_LAST)
MINUTES: tuple[Rule, ...] = (
    beside_body,
    event_label,
    title_period,
    entries,
    below_title,
    signing_label,
    signature,
    *_LAST,
)
HISTORY: tuple[Rule, ...] = (signing_label, signature, edited, event_label, file_name)
"""What a history tells about was long before it was written: no date of its text dates it."""
LEDGER: tuple[Rule, ...] = (
    filled_in, title_period, period_below, ledger_name, year_in_name, entries,
    signing_label, below_title, signature, event_label, *_LAST,
)  # fmt: skip
CAPTION: tuple[Rule, ...] = (shown, event_label, below_title, title_period, *_LAST)
LETTER: tuple[Rule, ...] = (signature, sent)


def document_date(paper: Paper, title: Heading | None) -> ProposedDate | None:
    """The date as proposed, or None; the first rule of the paper's kind that has an answer."""
    if any(_LETTER.match(row.text) for row in paper.head[:3]) and (found := _first(LETTER, first_page(paper), title)):
        return found
    return _first(_rules(paper, title), paper, title)


def _first(rules: Sequence[Rule], paper: Paper, title: Heading | None) -> ProposedDate | None:
    clues = Clues(paper, title)
    return next((found for rule in rules if (found := rule(clues))), None)


def _rules(paper: Paper, title: Heading | None) -> Sequence[Rule]:
    wording = title.text if title else ""
    if paper.metadata.get("photo.time") and len(paper.text) < _CAPTION:
        return (old_picture, photo_time, file_name)
    if title and title.source.endswith("说明"):
        return CAPTION
    if _LEDGER.search(wording) and not _NO_LEDGER.search(wording):
        return LEDGER
    if _HISTORY.search(wording) and not _NO_HISTORY.search(wording):
        return HISTORY
    if _NOTICE.search(wording):
        return (shown, *PLAIN)
    return MINUTES if _MINUTES.search(wording) else PLAIN
