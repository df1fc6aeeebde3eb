"""Transfer: what stops a record, a package that other software finds whole, a receipt that must agree, and no less."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import bagit
import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from archive_service.actions import due, holds, physical, transferring
from archive_service.actions.holds import Wish as HoldWish
from archive_service.actions.transfer_lines import lines, listed, number_awaited
from archive_service.actions.transferring import Wish
from archive_service.permissions import OPERATOR, Forbidden, Role
from archive_service.tasks import transferring as task
from archive_service.tasks.keeping import keep_reference
from archive_service.tasks.rebuilding import rebuild_database
from archive_service.tasks.upkeep import seal_journal
from archive_service.wiring import Archive, build
from classification.errors import RuleError
from classification.transfer import TransferState
from storage.database.holds import HoldKind
from storage.database.journal import JournalEntry
from storage.database.organisations import village_named
from storage.database.records import File, Record
from storage.database.transfers import Transfer, TransferredRecord, lease, transfer, transfers_of
from storage.errors import Conflict, Missing
from storage.objects.areas import PACKAGES, package_key
from tests.conftest import NOON
from tests.unit.archive_service.transfer_county import (
    ELSEWHERE,
    ONE,
    TEXTS,
    THREE,
    TODAY,
    TWO,
    filed_county,
    keeper,
    reviewed,
)

SIGNED = {"signed_by": "周馆员", "received_on": TODAY}


@pytest.fixture
def county(archive: Archive) -> Archive:
    return filed_county(archive)


def home(archive: Archive) -> str:
    with archive.sessions.read() as session:
        return village_named(session, "石门槛村").id


def begun(archive: Archive, *records: str) -> str:
    wish = Wish(home(archive), "云岭县档案馆", records, "满二十五年移交")
    with archive.sessions.begin() as session:
        return transferring.open_transfer(session, keeper(archive), wish, NOON).id


def asked(archive: Archive, transfer_id: str) -> None:
    with archive.sessions.begin() as session:
        transferring.ask_package(session, keeper(archive), transfer_id, NOON)


def made(archive: Archive, *records: str) -> Transfer:
    transfer_id = begun(archive, *records)
    asked(archive, transfer_id)
    assert task.make_packages(archive) == 1
    return now(archive, transfer_id)


def now(archive: Archive, transfer_id: str) -> Transfer:
    with archive.sessions.read() as session:
        return transfer(session, transfer_id)


def stops(archive: Archive, transfer_id: str) -> dict[str, list[str]]:
    with archive.sessions.read() as session:
        shown = lines(session, keeper(archive), transfer(session, transfer_id))
        return {line.record_id: list(line.stops) for line in shown}


def held(archive: Archive, record_id: str) -> None:
    wish = HoldWish(HoldKind.RECORDS, "case", "法院要用", records=(record_id,))
    with archive.sessions.begin() as session:
        holds.place(session, archive.index, keeper(archive), wish, NOON, TODAY)


def test_what_is_held_lent_or_unreviewed_is_shown_and_stops_the_package(county: Archive) -> None:
    transfer_id = begun(county, ONE, TWO, THREE)
    held(county, ONE)
    with county.sessions.begin() as session:
        physical.lend(session, keeper(county), TWO, "顾采薇", "核对", date(2026, 4, 1), NOON, TODAY)
    assert stops(county, transfer_id) == {
        ONE: ["停止处置中，解除以后才能移交"],
        TWO: ["原件借出未还"],
        THREE: ["还没有开放审核意见，移交时必须附上"],
    }
    with pytest.raises(RuleError, match="有 3 件现在不能移交"):
        asked(county, transfer_id)
    with county.sessions.begin() as session:
        assert transferring.leave_out(session, keeper(county), transfer_id, [], NOON) == 3
    with pytest.raises(RuleError, match="没有档案"):
        asked(county, transfer_id)


def test_the_package_is_a_bag_that_the_bagit_library_finds_whole(county: Archive, tmp_path: Path) -> None:
    found = made(county, ONE, TWO)
    assert (found.state, found.problem) == (TransferState.MADE, "")
    package = found.package or {}
    assert {name: package[name] for name in ("records", "files", "bytes")} == {"records": 2, "files": 2, "bytes": 440}
    who, stream = task.open_package(county, keeper(county), found.id)
    with stream:
        content = stream.read()
    assert who.number == "V012-YJ-001"
    assert (len(content), hashlib.sha256(content).hexdigest()) == (package["package_bytes"], package["sha256"])
    with zipfile.ZipFile(io.BytesIO(content)) as bag:
        bag.extractall(tmp_path / "bag")
    checked = bagit.Bag(str(tmp_path / "bag"))
    checked.validate()
    assert checked.info["External-Identifier"] == "V012-YJ-001"
    overview = json.loads((tmp_path / "bag/data/transfer.json").read_text(encoding="utf-8"))
    first = overview["records"][0]
    assert (first["id"], first["disclosure"], first["opening"]["outcome"]) == (ONE, "none", "open")
    assert (first["opening"]["first"], first["opening"]["second"]) == ("operator", "li")
    assert (tmp_path / "bag" / first["files"][0]["path"]).read_bytes() == TEXTS[ONE]
    folder = (tmp_path / "bag" / first["files"][0]["path"]).parent.parent
    assert json.loads((folder / "description.json").read_text(encoding="utf-8"))["title"] == "土地承包合同1"


def test_the_catalogue_has_the_columns_of_the_standard_and_what_the_law_adds(county: Archive) -> None:
    transfer_id = begun(county, ONE, TWO)
    with county.sessions.begin() as session:
        transferring.describe(session, keeper(county), transfer_id, [TWO], "on_request", "1995 年解密", NOON)
    asked(county, transfer_id)
    task.make_packages(county)
    with county.objects.open(package_key(transfer_id)) as stream, zipfile.ZipFile(io.BytesIO(stream.read())) as bag:
        sheet = load_workbook(io.BytesIO(bag.read("data/移交目录.xlsx"))).worksheets[0]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    head = next(row for row in rows if row[0] == "序号")
    assert head == [
        "序号", "档号", "文号", "责任者", "题名", "日期", "密级", "页数", "文件数", "保管期限", "开放审核意见",
        "意见理由", "复审日", "公开属性", "密级变更", "备注",
    ]  # fmt: skip
    body = {row[4]: dict(zip(head, row, strict=True)) for row in rows if row[0] in (1, 2)}
    assert (body["土地承包合同1"]["公开属性"], body["土地承包合同1"]["密级变更"]) == ("不属于政府信息", "无")
    two = body["土地承包合同2"]
    assert (two["公开属性"], two["密级变更"], two["开放审核意见"]) == ("依申请公开", "1995 年解密", "开放")
    assert (two["意见理由"], two["日期"]) == ("形成已满年限，没有需要控制的内容", "19900305")


def test_checks_pass_fail_or_are_said_not_to_have_been_made(county: Archive) -> None:
    results = {one["check"]: one["result"] for one in made(county, ONE, TWO).checks}
    assert {id_: results[id_] for id_ in ("A01", "A11", "I01", "I09", "I10", "S02")} == dict.fromkeys(
        ("A01", "A11", "I01", "I09", "I10", "S02"), "passed"
    )
    assert {id_: results[id_] for id_ in ("S01", "A09", "U04")} == dict.fromkeys(("S01", "A09", "U04"), "unchecked")


def test_a_file_that_changed_in_the_store_makes_no_package(county: Archive) -> None:
    with county.sessions.read() as session:
        key = session.scalars(select(File.storage_key).where(File.record_id == ONE)).one()
    county.objects.put(key, io.BytesIO(b"forged"))
    found = made(county, ONE, TWO)
    assert found.state == TransferState.DRAFT
    assert "与收到时不同" in found.problem
    assert [one["result"] for one in found.checks if one["check"] == "A11"] == ["failed"]
    assert list(county.objects.list(PACKAGES)) == []


def test_a_hold_placed_while_the_package_is_made_wins(county: Archive) -> None:
    transfer_id = begun(county, ONE, TWO)
    asked(county, transfer_id)
    task.make_packages(county, lambda record_id: held(county, TWO) if record_id == ONE else None)
    found = now(county, transfer_id)
    assert found.state == TransferState.DRAFT
    assert "停止处置中" in found.problem
    assert list(county.objects.list(PACKAGES)) == []


def test_only_a_receipt_that_agrees_in_every_number_makes_it_transferred(county: Archive) -> None:
    found = made(county, ONE, TWO)
    package = found.package or {}
    right = {name: package[name] for name in ("records", "files", "bytes", "sha256")} | SIGNED
    for name, wrong, said in (("records", 1, "件数"), ("bytes", "439", "字节数"), ("sha256", "0" * 64, "SHA-256")):
        (sentence,) = task.receive(county, keeper(county), found.id, right | {name: wrong})
        assert said in sentence
        assert now(county, found.id).state == TransferState.MADE
    assert len(task.receive(county, keeper(county), found.id, dict(SIGNED))) == 4
    with pytest.raises(RuleError, match="接收人和接收日期"):
        task.receive(county, keeper(county), found.id, right | {"received_on": TODAY + timedelta(days=1)})
    # Typed by hand: a number in words and a digest in capitals are the same.
    typed = right | {"records": "2", "sha256": str(package["sha256"]).upper()}
    assert task.receive(county, keeper(county), found.id, typed) == []
    after = now(county, found.id)
    assert (after.state, (after.receipt or {})["signed_by"]) == (TransferState.RECEIVED, "周馆员")
    with county.sessions.read() as session:
        acts = [one.act for one in session.scalars(select(JournalEntry).where(JournalEntry.object_id == found.id))]
        told = session.scalars(select(JournalEntry).where(JournalEntry.act == "record_transferred")).all()
        kept = session.get_one(Record, ONE)
        files = session.scalars(select(File.storage_key).where(File.record_id == ONE)).all()
    assert acts.count("transfer_receipt_refused") == 4
    assert {one.object_id: one.details["receiver"] for one in told} == dict.fromkeys((ONE, TWO), "云岭县档案馆")
    # Description and bytes stay; the package, one more copy, does not.
    assert (kept.title, [county.objects.exists(key) for key in files]) == ("土地承包合同1", [True])
    assert list(county.objects.list(PACKAGES)) == []
    with pytest.raises(RuleError, match="已移交"):
        task.cancel(county, keeper(county), found.id, "不移了")


def test_a_receipt_file_is_the_blank_one_of_the_package_filled_in(county: Archive) -> None:
    found = made(county, ONE)
    with county.objects.open(package_key(found.id)) as stream, zipfile.ZipFile(io.BytesIO(stream.read())) as bag:
        blank = json.loads(bag.read("data/接收凭证.json"))
    assert {name: blank[name] for name in ("records", "sha256", "signed_by")} == dict.fromkeys(
        ("records", "sha256", "signed_by")
    )
    package = found.package or {}
    filled = blank | {name: package[name] for name in ("records", "files", "bytes", "sha256")}
    filled |= {"signed_by": "周馆员", "received_on": "2026-03-01"}
    receipt = task.receipt_in(json.dumps(filled, ensure_ascii=False).encode())
    with pytest.raises(RuleError, match="不是 V012-YJ-001 的"):
        task.receive(county, keeper(county), found.id, receipt | {"number": "V099-YJ-001"})
    assert task.receive(county, keeper(county), found.id, receipt) == []
    for content in (b"not json", b"[]", b'{"records": 1}'):
        with pytest.raises(RuleError, match="不是接收凭证"):
            task.receipt_in(content)
    with pytest.raises(RuleError, match="接收日期没有填对"):
        task.receipt_in(b'{"number": "x", "received_on": "yesterday"}')


def test_a_record_is_in_one_transfer_until_that_is_given_up(county: Archive) -> None:
    first = begun(county, ONE)
    with pytest.raises(Conflict, match="已在移交 V012-YJ-001 里"):
        begun(county, ONE, TWO)
    with county.sessions.begin() as session, pytest.raises(RuleError, match="写明理由"):
        transferring.cancel(session, keeper(county), first, " ", NOON)
    task.cancel(county, keeper(county), first, "县馆改期")
    second = begun(county, ONE, TWO)
    with county.sessions.read() as session:
        assert transfers_of(session, [ONE])[ONE].id == second
        shown, more = listed(session, keeper(county))
    assert ([(one.transfer.number, one.records) for one in shown], more) == (
        [("V012-YJ-002", 2), ("V012-YJ-001", 1)],
        None,
    )
    with county.sessions.begin() as session:
        other = session.get_one(Transfer, first)
        session.add(
            Transfer(
                id="f" * 32, number="x", village_id=other.village_id, receiver="别处", opened_by="x", opened_at=NOON,
                state="draft", checks=[],
            )
        )  # fmt: skip
    with pytest.raises(IntegrityError), county.sessions.begin() as session:
        session.add(TransferredRecord(transfer_id="f" * 32, record_id=ONE, bound=True, disclosure="none"))


def test_who_may_not_transfer_there_and_records_elsewhere_are_refused(county: Archive) -> None:
    wish = Wish(home(county), "云岭县档案馆", (ONE,))
    with county.sessions.begin() as session:
        with pytest.raises(Forbidden):
            transferring.open_transfer(session, keeper(county, "chen", Role.CLERK), wish, NOON)
        with pytest.raises(Missing):
            transferring.open_transfer(session, OPERATOR, Wish(home(county), "县馆", (ELSEWHERE,)), NOON)
        with pytest.raises(RuleError, match="接收单位"):
            transferring.open_transfer(session, OPERATOR, Wish(home(county), " ", (ONE,)), NOON)
        with pytest.raises(RuleError, match="公开属性"):
            transferring.open_transfer(session, OPERATOR, Wish(home(county), "县馆", (ONE,), disclosure="all"), NOON)
        with pytest.raises(Missing):
            transferring.cancel(session, keeper(county, "chen", Role.CLERK), "0" * 32, "x", NOON)
        assert number_awaited(session, keeper(county, "chen", Role.CLERK)) is None
        session.rollback()


def test_what_is_under_way_is_stopped_on_the_due_list(county: Archive) -> None:
    # Thirty years from 1991: all four have run out since the end of 2020.
    begun(county, ONE)
    with county.sessions.read() as session:
        run_out = due.due_list(session, OPERATOR, due.Asked(), TODAY)
        stopped = due.due_list(session, OPERATOR, due.Asked(due.STOPPED), TODAY)
    assert [one.record.id for one in run_out.lines] == [TWO, THREE, ELSEWHERE]
    assert [(one.record.id, one.stops) for one in stopped.lines] == [(ONE, ["正在移交：V012-YJ-001"])]


def test_a_maker_that_died_is_followed_by_another_when_its_lease_is_over(county: Archive) -> None:
    transfer_id = begun(county, ONE)
    asked(county, transfer_id)
    with county.sessions.begin() as session:
        assert lease(session, NOON, NOON + timedelta(minutes=10)) is not None
    assert task.make_packages(county) == 0
    later = build(county.settings, lambda: NOON + timedelta(minutes=11))
    assert task.make_packages(later) == 1
    assert now(county, transfer_id).state == TransferState.MADE
    with county.sessions.read() as session:
        assert number_awaited(session, keeper(county)) == 1


def test_packages_that_a_killed_process_left_are_swept_and_no_others(county: Archive) -> None:
    found = made(county, ONE)
    county.objects.put(package_key("f" * 32), io.BytesIO(b"left"))
    assert task.drop_packages(county) == 1
    assert list(county.objects.list(PACKAGES)) == [package_key(found.id)]


def test_a_lost_database_comes_back_with_transfers_and_receipts(county: Archive) -> None:
    reviewed(county, [THREE])
    found = made(county, ONE, THREE)
    package = found.package or {}
    task.receive(
        county, keeper(county), found.id, {n: package[n] for n in ("records", "files", "bytes", "sha256")} | SIGNED
    )
    keep_reference(county)
    seal_journal(county)
    fresh = build(county.settings.model_copy(update={"database_url": f"sqlite:///{county.settings.data / 'fresh.db'}"}))
    assert rebuild_database(fresh).faults == []
    with fresh.sessions.read() as session:
        back = transfers_of(session, [ONE, TWO, THREE])
        rows = session.scalars(select(TransferredRecord).order_by(TransferredRecord.record_id)).all()
    assert {one: (of.number, of.state) for one, of in back.items()} == dict.fromkeys(
        (ONE, THREE), ("V012-YJ-001", "received")
    )
    assert (back[ONE].receipt, back[ONE].received_at) == (now(county, found.id).receipt, NOON)
    assert [(row.record_id, (row.opening or {})["outcome"]) for row in rows] == [(ONE, "open"), (THREE, "open")]
