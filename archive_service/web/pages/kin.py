"""The people of a genealogy as rows of a table, a hundred at a time, each with links to parents, spouses, children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.database.records import Kin

A_PAGE = 100


@dataclass(frozen=True, slots=True)
class KinPage:
    """One page of the people: its number from 1, its rows, how many people there are in all."""

    number: int
    rows: list[dict[str, Any]]
    total: int

    @property
    def more(self) -> bool:
        """Whether a page follows."""
        return self.number * A_PAGE < self.total


def kin_page(session: Session, record_id: str, number: int) -> KinPage:
    """Page `number` of the people of a record. Who is named beside them is linked to the page where that person stands.

    The caller has asked whether the record may be seen.
    """
    here = Kin.record_id == record_id
    names = session.execute(select(Kin.number, Kin.name).where(here).order_by(Kin.number)).all()
    places = {one: (name, place // A_PAGE + 1) for place, (one, name) in enumerate(names)}
    number = min(max(number, 1), max(1, -(-len(names) // A_PAGE)))
    people = select(Kin).where(here).order_by(Kin.number).offset((number - 1) * A_PAGE).limit(A_PAGE)
    rows = [_row(one, places) for one in session.scalars(people)] if names else []
    return KinPage(number, rows, len(names))


def _row(one: Kin, places: dict[str, tuple[str, int]]) -> dict[str, Any]:
    def linked(relation: str) -> list[tuple[str, str, int]]:
        numbers: Sequence[str] = one.details.get(relation, ())
        return [(other, *places[other]) for other in numbers if other in places]

    return {
        "number": one.number,
        "name": one.name,
        "generation": one.generation,
        "also": _other_names(one),
        "birth": one.details.get("birth", ""),
        "death": one.details.get("death", ""),
        "parents": linked("parents"),
        "spouses": linked("spouses"),
        "children": linked("children"),
    }


def _other_names(one: Kin) -> str:
    names = (one.details.get("names") or {}).items()
    return " ".join(f"{kind}{name}" for kind, name in names if name != one.name)
