"""Certified copies: issued of what is filed, checked by anybody without learning more, withdrawn with a reason."""

from __future__ import annotations

import hashlib
from datetime import date
from io import BytesIO

import cv2
import numpy
import pypdfium2
import pytest

from archive_service.actions import using_copies
from archive_service.actions.villages import add_village
from archive_service.forms.printed.certificate import Certificate, CopiedPage
from archive_service.forms.printed.certificate_pdf import write
from archive_service.permissions import OPERATOR, Actor, Forbidden, Role
from archive_service.tasks.setting_up import set_up
from archive_service.wiring import Archive
from classification.errors import RuleError
from storage.database.records import File, Record, RecordState
from storage.errors import Conflict, Missing
from tests.conftest import NOON

TODAY = date(2026, 3, 1)
ONE, BARE, DRAFT = (f"{number:032x}" for number in range(1, 4))


@pytest.fixture
def filed(archive: Archive) -> Archive:
    """A filed record with two files, one without, and a draft."""
    set_up(archive)
    with archive.sessions.begin() as session:
        home = add_village(session, OPERATOR, NOON, "石门槛村", "V012", "望溪镇").id
        for record_id, state in (
            (ONE, RecordState.ARCHIVED), (BARE, RecordState.ARCHIVED), (DRAFT, RecordState.PROPOSED),
        ):  # fmt: skip
            session.add(
                Record(
                    id=record_id, village_id=home, title="地契", access="internal", state=state, created_at=NOON,
                    changed_at=NOON,
                )
            )  # fmt: skip
        session.flush()
        for number, record_id in ((1, ONE), (2, ONE), (3, DRAFT)):
            session.add(
                File(
                    id=f"f{number:031x}", record_id=record_id, village_id=home, position=number, name=f"{number}.txt",
                    path="", size=1, sha256=f"{number}" * 64, sha512="", storage_key="", received_at=NOON,
                )
            )  # fmt: skip
    return archive


def issued(archive: Archive, record_id: str = ONE, actor: Actor = OPERATOR) -> str:
    with archive.sessions.begin() as session:
        return using_copies.issue(session, actor, record_id, "顾采薇", "确权", NOON, TODAY).number


def test_a_check_shows_number_moment_and_digest_and_then_that_it_was_withdrawn(filed: Archive) -> None:
    number = issued(filed)
    digest = hashlib.sha256(f"{'1' * 64}\n{'2' * 64}\n".encode()).hexdigest()
    with filed.sessions.begin() as session:
        assert using_copies.checked(session, f" {number.lower()} ") == using_copies.Checked(number, NOON, digest, None)
        using_copies.withdraw(session, OPERATOR, number, "写错了人", NOON)
        assert using_copies.checked(session, number).withdrawn_at == NOON
        with pytest.raises(Conflict):
            using_copies.withdraw(session, OPERATOR, number, "再一次", NOON)


def test_numbers_count_up_within_the_year_and_cannot_be_guessed(filed: Archive) -> None:
    first, second = issued(filed), issued(filed)
    assert (first[:10], second[:10]) == ("2026-0001-", "2026-0002-")
    assert first[10:] != second[10:]
    assert set(first[10:]) <= set(using_copies.LETTERS)
    assert len(first) == 18
    with filed.sessions.read() as session, pytest.raises(Missing):
        using_copies.checked(session, "2026-0001-AAAAAAAA")


@pytest.mark.parametrize("record_id", [BARE, DRAFT])
def test_what_is_not_filed_or_has_no_file_is_not_certified(filed: Archive, record_id: str) -> None:
    with pytest.raises(RuleError, match="只有已归档"):
        issued(filed, record_id)


def test_a_clerk_certifies_nothing_and_a_villager_does_not_even_see_it(filed: Archive) -> None:
    with filed.sessions.read() as session:
        home = session.get_one(Record, ONE).village_id
    with pytest.raises(Forbidden):
        issued(filed, actor=Actor("c", "c", "c", Role.CLERK, home))
    with pytest.raises(Missing):
        issued(filed, actor=Actor("v", "v", "v", Role.VILLAGER, home))


def test_the_sheet_has_a_qr_with_the_address_of_the_check_and_every_page_the_number() -> None:
    number, address = "2026-0007-K7QM2XPD", "https://archive.example/verify/2026-0007-K7QM2XPD"
    sheet = Certificate(
        "云岭县村级档案", number, "兹证明一致。", [("题名", "地契")], address, f"证明 {number}", "2026-03-01"
    )
    target = BytesIO()
    pages = write(sheet, [CopiedPage("地契.txt 第 1 页", text="四至分明\n" * 60)], target, NOON)
    document = pypdfium2.PdfDocument(target.getvalue())
    assert pages == len(document) == 3
    assert all(number in page.get_textpage().get_text_bounded() for page in document)
    drawn = numpy.asarray(document[0].render(scale=3).to_pil().convert("L"))
    assert cv2.QRCodeDetector().detectAndDecode(drawn)[0] == address
    document.close()
