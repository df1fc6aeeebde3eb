"""Near-duplicates are named to whoever may see them, and never across villages or clearances."""

from __future__ import annotations

import pytest

from archive_service.actions.likeness import like
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from storage.database.base import new_id
from storage.database.records import File, Record, RecordState

OWN = "text:0000000000000000"
CLERK = Actor("c", "clerk", "文书", Role.CLERK)


@pytest.fixture
def villages(archive: Archive) -> list[str]:
    set_up(archive)
    with archive.sessions.begin() as session:
        return [
            add_village(session, OPERATOR, archive.now(), name, fonds).id
            for name, fonds in (("石门槛村", "V012"), ("青石坳村", "V013"))
        ]


def add(archive: Archive, village: str, title: str, similarity: str, access: str = "internal") -> str:
    with archive.sessions.begin() as session:
        record = Record(
            id=new_id(), village_id=village, state=RecordState.PROPOSED, title=title, access=access,
            created_at=archive.now(), changed_at=archive.now(), proposals={},
        )  # fmt: skip
        session.add(record)
        session.flush()
        file_id = new_id()
        session.add(
            File(
                id=file_id,
                record_id=record.id,
                village_id=village,
                name=title,
                path=title,
                size=1,
                sha256="0" * 64,
                sha512="0" * 128,
                storage_key=f"staging/{file_id}",
                similarity=similarity,
                received_at=archive.now(),
            )
        )
        return record.id


def named(archive: Archive, record_id: str, actor: Actor = OPERATOR) -> list[tuple[str, str]]:
    with archive.sessions.read() as session:
        return [(found.title, why) for found, why in like(session, actor, session.get_one(Record, record_id))]


def test_the_nearest_come_first_and_seven_bits_are_too_many(archive: Archive, villages: list[str]) -> None:
    own = add(archive, villages[0], "自己", OWN)
    add(archive, villages[0], "差六位", "text:000000000000003f")
    add(archive, villages[0], "差一位", "text:0000000000000001")
    add(archive, villages[0], "差七位", "text:000000000000007f")
    add(archive, villages[0], "图像", "image:0000000000000000")
    add(archive, villages[0], "没有", "")
    assert named(archive, own) == [("差一位", "文字几乎相同"), ("差六位", "文字几乎相同")]


def test_another_village_and_what_one_may_not_see_are_not_named(archive: Archive, villages: list[str]) -> None:
    own = add(archive, villages[0], "自己", OWN)
    add(archive, villages[1], "别村", OWN)
    add(archive, villages[0], "个人", OWN, access="personal")
    assert named(archive, own, CLERK) == []
    assert named(archive, own) == [("个人", "文字几乎相同")]


def test_a_record_without_a_fingerprint_is_like_nothing(archive: Archive, villages: list[str]) -> None:
    own = add(archive, villages[0], "自己", "")
    add(archive, villages[0], "别的", "")
    assert named(archive, own) == []
