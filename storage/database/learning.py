"""What accepted records taught: how often each feature went with each series. Feeds the next proposal."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base


class LearnedFeature(Base):
    """One count. The feature "" counts the records of the series."""

    __tablename__ = "learned_features"

    series_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    feature: Mapped[str] = mapped_column(String(40), primary_key=True)
    seen: Mapped[int] = mapped_column(default=0)


def add_counts(session: Session, series_id: str, features: Iterable[str], by: int = 1) -> None:
    """Count these features once more (or less, when a choice is taken back) for a series, in one read."""
    wanted = {"", *(feature[:40] for feature in features)}
    query = select(LearnedFeature).where(LearnedFeature.series_id == series_id, LearnedFeature.feature.in_(wanted))
    known = {row.feature: row for row in session.scalars(query)}
    for feature in wanted:
        if feature in known:
            known[feature].seen = max(0, known[feature].seen + by)
        elif by > 0:
            session.add(LearnedFeature(series_id=series_id, feature=feature, seen=by))


def all_counts(session: Session) -> dict[str, dict[str, int]]:
    """Series → feature → count."""
    found: dict[str, dict[str, int]] = {}
    for series_id, feature, seen in session.execute(
        select(LearnedFeature.series_id, LearnedFeature.feature, LearnedFeature.seen)
    ):
        found.setdefault(series_id, {})[feature] = seen
    return found
