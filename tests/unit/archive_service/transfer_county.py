"""A village with filed records that were reviewed for opening, ready to be transferred; for the tests of transfers."""

from __future__ import annotations

import io
from datetime import date

from archive_service.actions import opening_review
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Role
from archive_service.tasks.filing import file_records
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from classification.opening import Opening, Opinion
from storage.database.organisations import village_named
from storage.database.records import File, Record, RecordState
from storage.objects.areas import staging_key
from tests.conftest import NOON

TODAY = date(2026, 3, 1)
ONE, TWO, THREE, ELSEWHERE = (f"{number:032x}" for number in range(1, 5))
TEXTS = {ONE: b"one " * 50, TWO: b"two " * 60, THREE: b"three " * 70, ELSEWHERE: b"elsewhere"}
"""The bytes of each record's only file: 200, 240, 420 and 9."""


def keeper(archive: Archive, login: str = "wang", role: Role = Role.TOWNSHIP_ARCHIVIST) -> Actor:
    """A person of the township of 石门槛村."""
    with archive.sessions.read() as session:
        return Actor(login * 4, login, login, role, village_named(session, "石门槛村").id)


def filed_county(archive: Archive) -> Archive:
    """Three filed records in 石门槛村, all but the third reviewed, and one in 远山村."""
    set_up(archive)
    with archive.sessions.begin() as session:
        homes = {
            name: add_village(session, OPERATOR, NOON, name, fonds, "望溪镇").id
            for name, fonds in (("石门槛村", "V012"), ("远山村", "V031"))
        }
    for record_id, content in TEXTS.items():
        _accepted(archive, record_id, homes["远山村" if record_id == ELSEWHERE else "石门槛村"], content)
    assert [one.error for one in file_records(archive, OPERATOR, list(TEXTS))] == [None] * 4
    reviewed(archive, [ONE, TWO, ELSEWHERE])
    return archive


def reviewed(archive: Archive, record_ids: list[str]) -> None:
    """Two people say that these records are open."""
    with archive.sessions.begin() as session:
        opening_review.propose(session, OPERATOR, record_ids, Opinion(Opening.OPEN, "K1"), NOON, TODAY)
        other = Actor("li", "li", "李", Role.ARCHIVIST)
        opening_review.second(session, other, record_ids, True, "", NOON)


def _accepted(archive: Archive, record_id: str, home: str, content: bytes) -> None:
    file_id = record_id[::-1]
    key = staging_key(file_id)
    stored = archive.objects.put(key, io.BytesIO(content))
    with archive.sessions.begin() as session:
        session.add(
            Record(
                id=record_id, village_id=home, state=RecordState.ACCEPTED, title=f"土地承包合同{record_id[-1]}",
                class_id="WS-CW", series_id="WS-CW-02", retention_choice="important", year=1990, access="internal",
                earliest=date(1990, 3, 5), latest=date(1990, 3, 5), responsible="石门槛村村民委员会", page_count=1,
                created_at=NOON, changed_at=NOON,
            )
        )  # fmt: skip
        session.flush()
        session.add(
            File(
                id=file_id, record_id=record_id, village_id=home, name="合同100%.txt", path="合同100%.txt", role="main",
                size=stored.size, sha256=stored.sha256, sha512=stored.sha512, mime="text/plain", format="纯文本",
                page_count=1, storage_key=key, received_at=NOON,
            )
        )  # fmt: skip
