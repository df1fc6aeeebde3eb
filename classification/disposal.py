"""Where a record stands at a day: due, not yet, never, or nobody can say; and what stops even one that is due.

Being due is all that time does. Nothing here destroys, and nothing here knows what day it is.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from classification.retention import Retention, due_on


class Standing(StrEnum):
    """Where a record stands by its period alone. The values are part of addresses and answers."""

    DUE = "due"
    RUNNING = "running"
    PERMANENT = "permanent"
    UNDETERMINED = "undetermined"
    UNCHOSEN = "unchosen"
    NO_EVENT = "no_event"
    NO_YEAR = "no_year"

    @property
    def zh(self) -> str:
        """The words on the page."""
        return STANDING_WORDS[self]


STANDING_WORDS = {
    Standing.DUE: "已期满",
    Standing.RUNNING: "还没有期满",
    Standing.PERMANENT: "永久保管，不到期",
    Standing.UNDETERMINED: "期限待定，不会到期",
    Standing.UNCHOSEN: "还没有选“重要的”或“一般的”，不会到期",
    Standing.NO_EVENT: "事件还没有发生或没有登记，期限未起算",
    Standing.NO_YEAR: "年度未定，期限未起算",
}

GROUNDS = {
    "case": "诉讼、审计、检查要用",
    "dispute": "有争议、纠纷",
    "debt": "债权债务未结清",
    "unfinished": "其他未了事项",
    "other": "其他",
}
"""Why a record may not be destroyed for now. `debt` and `unfinished` are what accounting rules take out by name
(《会计档案管理办法》, read in a copy); the list is a proposal of ours."""


def standing(retention: Retention, start: date | None, today: date) -> Standing:
    """Where a record stands: `due` from the day after the last day of its term, never on the day itself.

    `start` is the first day of the term, None while it has not begun.
    """
    match retention.kind:
        case "permanent":
            return Standing.PERMANENT
        case "open":
            return Standing.UNDETERMINED
        case "split":
            return Standing.UNCHOSEN
    last = due_on(retention, start)
    if last is None:
        return Standing.NO_EVENT if retention.kind == "event" else Standing.NO_YEAR
    return Standing.DUE if last < today else Standing.RUNNING
