"""A long genealogy is shown a hundred people at a time; kin on another page are linked there."""

from __future__ import annotations

from archive_service.web.pages.kin import kin_page
from storage.database.records import Kin


def people(count: int) -> list[Kin]:
    return [
        Kin(number=f"{n:04}", name=f"王{n}", generation="", details={"parents": [f"{n - 1:04}"], "names": {"字": "德"}})
        for n in range(count)
    ]


def test_the_second_page_begins_with_the_hundred_and_first() -> None:
    shown = kin_page(people(201), 2)
    assert (shown[0]["name"], shown[-1]["name"], len(shown)) == ("王100", "王199", 100)
    assert [one["name"] for one in kin_page(people(201), 3)] == ["王200"]


def test_a_father_on_the_page_before_is_linked_there() -> None:
    assert kin_page(people(101), 2)[0]["parents"] == [("0099", "王99", 1)]


def test_who_is_not_in_the_genealogy_is_not_linked_and_other_names_stand_beside() -> None:
    first = kin_page(people(1), 1)[0]
    assert (first["parents"], first["also"]) == ([], "字德")


def test_a_page_before_the_first_is_the_first() -> None:
    assert kin_page(people(3), -5)[0]["name"] == "王0"
