"""The people of a genealogy as rows of a table, a hundred at a time, each with links to parents, spouses, children."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from storage.database.records import Kin

A_PAGE = 100


def kin_page(people: Sequence[Kin], number: int) -> list[dict[str, Any]]:
    """Page `number` (from 1) of the people; who is named beside them is linked to the page where that person stands."""
    places = {one.number: (one.name, place // A_PAGE + 1) for place, one in enumerate(people)}

    def linked(numbers: Sequence[str]) -> list[tuple[str, str, int]]:
        return [(one, *places[one]) for one in numbers if one in places]

    first = (max(number, 1) - 1) * A_PAGE
    return [
        {
            "number": one.number,
            "name": one.name,
            "generation": one.generation,
            "also": _other_names(one),
            "birth": one.details.get("birth", ""),
            "death": one.details.get("death", ""),
            "parents": linked(one.details.get("parents", ())),
            "spouses": linked(one.details.get("spouses", ())),
            "children": linked(one.details.get("children", ())),
        }
        for one in people[first : first + A_PAGE]
    ]


def _other_names(one: Kin) -> str:
    names = (one.details.get("names") or {}).items()
    return " ".join(f"{kind}{name}" for kind, name in names if name != one.name)
