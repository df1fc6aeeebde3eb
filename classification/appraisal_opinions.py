"""What the opinions on one record come to: none yet, a second one missing, disagreement, or one that stands.

The group's leader decides where two disagree. Nothing here knows people or records; only what was said, in which round.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from classification.appraisal_rules import AppraisalRules


class Agreement(StrEnum):
    """How far a record is judged. The values are part of addresses and answers."""

    NONE = "none"
    SECOND_MISSING = "second_missing"
    DISAGREED = "disagreed"
    SETTLED = "settled"

    @property
    def zh(self) -> str:
        """The words on the page."""
        return AGREEMENT_WORDS[self]


AGREEMENT_WORDS = {
    Agreement.NONE: "还没有意见",
    Agreement.SECOND_MISSING: "还缺第二人意见",
    Agreement.DISAGREED: "两人意见不一，由组长决定",
    Agreement.SETTLED: "意见已定",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One opinion: `order` grows with time; `terms` is what a verdict says beside its name, as the years."""

    order: str
    verdict: str
    terms: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """How far a record is judged, and by which opinion; None while it is not."""

    agreement: Agreement
    by: Said | None = None


def judged(first: Said | None, second: Said | None, deciding: Said | None, rules: AppraisalRules) -> Judged:
    """What the newest opinion of each round comes to. A decision holds until somebody changes a mind after it."""
    others = [one.order for one in (first, second) if one is not None]
    if deciding is not None and all(order < deciding.order for order in others):
        return Judged(Agreement.SETTLED, deciding)
    if first is None:
        return Judged(Agreement.NONE)
    if second is None:
        wanting = rules.wants_second(first.verdict)
        return Judged(Agreement.SECOND_MISSING) if wanting else Judged(Agreement.SETTLED, first)
    if (first.verdict, first.terms) != (second.verdict, second.terms):
        return Judged(Agreement.DISAGREED)
    return Judged(Agreement.SETTLED, first)
