"""What accepted records taught: how often each feature went with each series. Feeds the next proposal."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Index, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base

AT_ONCE = 5000
"""Features looked up with one query; databases limit what a query may carry."""


class LearnedFeature(Base):
    """One count. The feature "" counts the records of the series."""

    __tablename__ = "learned_features"
    __table_args__ = (Index("ix_learned_features_feature", "feature"),)

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


def counts_of(session: Session, features: Iterable[str]) -> dict[str, dict[str, int]]:
    """Series → feature → count, of these features only: what a county has learned in years stays in the database."""
    wanted = sorted({feature[:40] for feature in features})
    columns = select(LearnedFeature.series_id, LearnedFeature.feature, LearnedFeature.seen)
    found: dict[str, dict[str, int]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        for series_id, feature, seen in session.execute(columns.where(LearnedFeature.feature.in_(some))):
            found.setdefault(series_id, {})[feature] = seen
    return found
