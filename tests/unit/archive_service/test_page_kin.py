"""A long genealogy is shown a hundred people at a time; kin on another page are linked there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy.orm import Session

from archive_service.web.pages.kin import kin_page
from archive_service.wiring import Archive
from storage.database.base import new_id
from storage.database.organisations import Village
from storage.database.records import File, Kin, Record
from tests.conftest import NOON


@pytest.fixture
def session(archive: Archive) -> Iterator[Session]:
    with archive.sessions.begin() as opened:
        opened.add(Village(id="v", name="石门槛村", fonds="V012", township="", aliases=[]))
        for record in ("r", "other"):
            opened.add(
                Record(id=record, village_id="v", state="archived", title="谱", created_at=NOON, changed_at=NOON)
            )
            opened.flush()
            opened.add(
                File(
                    id=f"{record}-file", record_id=record, village_id="v", name="谱.ged", path="谱.ged", size=1,
                    sha256="", sha512="", mime="", format="", storage_key=record, received_at=NOON,
                )
            )  # fmt: skip
        opened.flush()
        yield opened


def people(session: Session, count: int, record: str = "r") -> None:
    """So many people, each the child of the one before."""
    for n in range(count):
        said = {"parents": [f"{n - 1:04}"], "names": {"字": "德"}}
        file = f"{record}-file"
        row = Kin(id=new_id(), record_id=record, file_id=file, number=f"{n:04}", name=f"王{n}", details=said)
        session.add(row)
    session.flush()


def test_the_second_page_begins_with_the_hundred_and_first(session: Session) -> None:
    people(session, 201)
    second, third = kin_page(session, "r", 2), kin_page(session, "r", 3)
    assert (second.rows[0]["name"], second.rows[-1]["name"], len(second.rows)) == ("王100", "王199", 100)
    assert (second.total, second.more) == (201, True)
    assert ([one["name"] for one in third.rows], third.more) == (["王200"], False)


def test_a_father_on_the_page_before_is_linked_there(session: Session) -> None:
    people(session, 101)
    assert kin_page(session, "r", 2).rows[0]["parents"] == [("0099", "王99", 1)]


def test_who_is_not_in_the_genealogy_is_not_linked_and_other_names_stand_beside(session: Session) -> None:
    people(session, 1)
    first = kin_page(session, "r", 1).rows[0]
    assert (first["parents"], first["also"]) == ([], "字德")


def test_a_page_beyond_the_ends_is_the_nearest_and_other_genealogies_stay_out(session: Session) -> None:
    people(session, 3)
    people(session, 150, record="other")
    assert kin_page(session, "r", -5).rows[0]["name"] == "王0"
    assert (kin_page(session, "r", 9).number, kin_page(session, "r", 9).total) == (1, 3)


def test_a_record_without_people_has_no_rows(session: Session) -> None:
    assert kin_page(session, "r", 1).rows == []
