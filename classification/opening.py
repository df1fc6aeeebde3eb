"""Opening review (开放审核): from when a record is old enough to be looked at, what two people may say of it, and why.

Age only puts a record on a list; nothing opens by itself. The 25 years and the four words are law for state archives
(档案法 art. 27 and 30); for a village's own archives they are a proposal, and so is the list of reasons.
"""

from __future__ import annotations

from calendar import isleap
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from classification.errors import RuleError

YEARS = 25
"""Years from formation: law for state archives from the county up, a county's own choice for villages."""


class Opening(StrEnum):
    """What the review of a record came to. The values are stored."""

    OPEN = "open"
    CONTROLLED = "controlled"
    POSTPONED = "postponed"
    UNREVIEWED = "unreviewed"

    @property
    def zh(self) -> str:
        """The word on the page."""
        return OPENING_WORDS[self]


OPENING_WORDS = {
    Opening.OPEN: "开放",
    Opening.CONTROLLED: "控制",
    Opening.POSTPONED: "延期开放",
    Opening.UNREVIEWED: "未审核",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, and what it may be given for."""

    zh: str
    allows: frozenset[Opening]


_OPEN, _CLOSED = frozenset({Opening.OPEN}), frozenset({Opening.CONTROLLED, Opening.POSTPONED})
REASONS: dict[str, Reason] = {
    "K1": Reason("形成已满年限，没有需要控制的内容", _OPEN),
    "K2": Reason("形成时已经公开或已主动公开", _OPEN),
    "K3": Reason("经济、教育、科技、文化类，可以提前开放", _OPEN),
    "C1": Reason("涉及个人信息或隐私", _CLOSED),
    "C2": Reason("涉及国家安全或重大利益", _CLOSED),
    "C3": Reason("标有密级，未见解密", _CLOSED),
    "C4": Reason("捐赠、寄存人有限制要求", _CLOSED),
    "C5": Reason("涉及商业秘密或知识产权", _CLOSED),
    "C6": Reason("涉及集体未了的权属、债务或纠纷", _CLOSED),
    "C7": Reason("其他（请在说明里写清）", _CLOSED),
}
"""Reason codes: a proposal of ours. Those of opening begin with K, those of keeping back with C."""

NAMED_ONLY = frozenset({"personal", "party", "restricted"})
"""Access classes that open to a person by name only; what a donor has restricted is one of them."""

LONGEST = 500


@dataclass(frozen=True, slots=True)
class Opinion:
    """What one person says: the outcome, the code of the reason, the words beside it, and when to look again."""

    outcome: Opening
    code: str
    said: str = ""
    review_on: date | None = None


def formed_by(today: date, years: int) -> date:
    """The last day of formation after which `years` whole years have passed today.

    29 February completes its years on 28 February where the year has no 29th.
    """
    year = today.year - years
    if (today.month, today.day) == (2, 29) and not isleap(year):
        return date(year, 2, 28)
    if (today.month, today.day) == (2, 28) and isleap(year) and not isleap(today.year):
        return date(year, 2, 29)
    return today.replace(year=year)


def years_since(formed: date | None, year: int | None, today: date) -> int | None:
    """Whole years since formation; where only the year is known, since that year was over; None where neither is."""
    if formed is not None:
        years = today.year - formed.year
        return max(years - (formed > formed_by(today, years)), 0)
    return None if year is None else max(today.year - year - 1, 0)


def basis(years: int) -> tuple[str, str]:
    """What is law and what is not, a sentence each, for the form."""
    law = (
        "法律规定：国家档案馆的档案自形成之日起满二十五年向社会开放，有的可以提前，有的可以延期（档案法第二十七条）；"
        "还没有移交的，由形成或者保管单位审核，到期开放意见随移交附上（档案法第三十条、实施条例第三十条）。"
    )
    own = (
        f"本县自定：村里的档案形成满 {years} 年列入审核，没有读到为村级档案规定年限的法律；两人审核、理由代码和复审日"
        "是本软件的流程，不是法律规定。到了年限不会自动开放，审核意见也不改利用范围。"
    )
    return law, own


def check_opinion(opinion: Opinion, today: date) -> None:
    """Whether it is whole and means something.

    Raises:
        RuleError: no outcome, a reason that does not fit it, no words where they are asked, a missing or past day.
    """
    reason = REASONS.get(opinion.code)
    if opinion.outcome == Opening.UNREVIEWED or reason is None or opinion.outcome not in reason.allows:
        raise RuleError("审核意见和理由对不上，没有登记；请重新选意见，再选和它相配的理由。")
    if len(opinion.said) > LONGEST or (opinion.code == "C7" and not opinion.said.strip()):
        raise RuleError(f"选“其他”时要写明理由，{LONGEST} 字以内；没有登记。")
    if opinion.outcome == Opening.OPEN:
        if opinion.review_on is not None:
            raise RuleError("开放的不用定复审日，没有登记；请把复审日清空。")
    elif opinion.review_on is None or opinion.review_on <= today:
        raise RuleError("控制和延期开放要写明哪一天复审，而且要在今天以后；没有登记。")


def check_openable(access: str) -> None:
    """Whether a record of this access class may be said to be open as it is described.

    Raises:
        RuleError: it opens by name only; its access class must be corrected first, by a person and with a reason.
    """
    if access in NAMED_ONLY:
        raise RuleError(
            "利用范围是“涉个人信息”“党内”或有捐赠限制的，不能直接定为开放，没有登记；"
            "请先更正利用范围并写明理由，或改选控制。"
        )


def check_two_people(first_id: str, second_id: str) -> None:
    """The second person is another one.

    Raises:
        RuleError: it is the same.
    """
    if first_id == second_id:
        raise RuleError("初审和复核不能是同一个人，没有登记；请由另一位有权的人复核。")
