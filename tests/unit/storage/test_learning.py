"""What was learned is looked up piece by piece, and ids keep the order of making."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from storage.database import learning
from storage.database.base import new_id
from storage.database.engine import make_sessions, migrate


@pytest.fixture
def session(tmp_path: Path) -> Iterator[Session]:
    sessions = make_sessions(f"sqlite:///{tmp_path}/records.db")
    migrate(sessions.engine)
    with sessions.begin() as session:
        yield session
    sessions.engine.dispose()


def test_only_the_features_asked_for_are_loaded_for_every_series_that_has_them(session: Session) -> None:
    learning.add_counts(session, "meetings", ["会议", "记录"], by=3)
    learning.add_counts(session, "land", ["会议", "承包"])
    session.flush()
    assert learning.counts_of(session, ["会议", "承包", "没有"]) == {
        "meetings": {"会议": 3},
        "land": {"会议": 1, "承包": 1},
    }
    assert learning.counts_of(session, []) == {}


def test_many_features_are_looked_up_in_several_queries(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning, "AT_ONCE", 2)
    learning.add_counts(session, "meetings", ["甲", "乙", "丙", "丁", "戊"])
    session.flush()
    assert learning.counts_of(session, "甲乙丙丁戊") == {"meetings": dict.fromkeys("甲乙丙丁戊", 1)}


def test_ids_made_one_after_another_sort_in_that_order() -> None:
    made = [new_id() for _ in range(500)]
    assert made == sorted(made)
    assert {len(one) for one in made} == {32}
