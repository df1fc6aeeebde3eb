"""The package of a transfer: written in one pass into a file, read again, put into the store; gone once it is received.

The rows say which package waits and how far one is. A maker that dies leaves a lease that runs out, and the next one
begins again. Memory does not grow with the files; the disk needs room for one package.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, BinaryIO

from sqlalchemy.orm import Session

from archive_service.actions import transferring
from archive_service.actions.transfer_checks import Tally
from archive_service.actions.transfer_lines import stops_of
from archive_service.exchange import transfer_receipts
from archive_service.exchange.transfer_package import faults_of
from archive_service.permissions import Actor
from archive_service.tasks.kept_documents import keep_documents
from archive_service.tasks.packing import A_TIME, LEASE, Packing
from archive_service.wiring import Archive
from classification.transfer import TransferState
from storage.database import journal, transfers
from storage.database.transfers import Transfer
from storage.errors import Corrupt, Missing
from storage.objects.areas import PACKAGES, package_key

Step = Callable[[str], None]


def make_packages(archive: Archive, step: Step = lambda _: None) -> int:
    """Make every package that waits; returns how many were tried. What went wrong is told on the transfer."""
    number = 0
    while True:
        found = _next(archive)
        if found is None:
            return number
        _make(archive, found, step)
        keep_documents(archive)
        number += 1


def _next(archive: Archive) -> Transfer | None:
    """Looked for before it is taken, so that an idle server writes nothing."""
    now = archive.now()
    with archive.sessions.read() as session:
        if not transfers.any_waits(session, now):
            return None
    with archive.sessions.begin() as session:
        return transfers.lease(session, now, now + LEASE)


def _make(archive: Archive, found: Transfer, step: Step) -> None:
    packing = Packing(archive, found, step)
    with tempfile.TemporaryFile(prefix="village-archive-package-") as target:
        try:
            packing.write(target)
        except (Missing, Corrupt) as error:
            _failed(archive, found.id, str(error))
            return
        target.seek(0)
        wrong, foreign = faults_of(target)
        for path in wrong:
            packing.tally.fault("I10", f"{path} 写好以后重读不同")
        for path in foreign:
            packing.tally.fault("S02", f"包里多出 {path}")
        if packing.tally.blocking:
            _failed(archive, found.id, packing.tally.blocking[0], packing.tally)
            return
        target.seek(0)
        stored = archive.objects.put(package_key(found.id), target)
    package = {"name": f"{found.number}.zip", "package_bytes": stored.size, "sha256": stored.sha256}
    _made(archive, found.id, package | {"sha512": stored.sha512} | packing.counts, packing.tally)


def _made(archive: Archive, transfer_id: str, package: dict[str, Any], tally: Tally) -> None:
    at = archive.now()
    with archive.sessions.begin() as session:
        found = transfers.transfer(session, transfer_id)
        stopped = _stopped_meanwhile(session, found)
        found.checks, found.lease_until, found.kept = tally.results(), None, False
        if stopped:
            found.state, found.problem = TransferState.DRAFT, stopped
        else:
            found.state, found.package, found.made_at = TransferState.MADE, package, at
        _note(session, at, found, "transfer_package_failed" if stopped else "transfer_package_made", package)
    if stopped:
        archive.objects.delete(package_key(transfer_id))


def _stopped_meanwhile(session: Session, found: Transfer) -> str:
    """What came in the way while the package was being made; a hold always wins."""
    ids = [row.record_id for row in transfers.rows_of(session, found.id)]
    for start in range(0, len(ids), A_TIME):
        for said in stops_of(session, ids[start : start + A_TIME]).values():
            if said:
                return f"做移交包的时候有一件变得不能移交（{said[0]}），没有移交；请处理或移出后再做。"
    return ""


def _failed(archive: Archive, transfer_id: str, why: str, tally: Tally | None = None) -> None:
    with archive.sessions.begin() as session:
        found = transfers.transfer(session, transfer_id)
        found.state, found.lease_until, found.kept = TransferState.DRAFT, None, False
        found.problem = f"移交包没有做成，档案都在：{why}"[:500]
        found.checks = tally.results() if tally else []
        _note(session, archive.now(), found, "transfer_package_failed", {"why": found.problem})


def _note(session: Session, at: datetime, found: Transfer, act: str, said: Mapping[str, Any]) -> None:
    details = {"number": found.number, **said}
    journal.write(session, at, "system", act, "transfer", found.id, found.village_id, details)


def receive(archive: Archive, actor: Actor, transfer_id: str, receipt: dict[str, Any]) -> list[str]:
    """Record a receipt; where it agrees the package is let go of. Returns where it does not agree.

    Raises:
        Missing, RuleError: see `actions.transferring.receive`.
    """
    at: datetime = archive.now()
    today: date = archive.today()
    with archive.sessions.begin() as session:
        wrong = transferring.receive(session, actor, transfer_id, receipt, at, today)
    if not wrong:
        archive.objects.delete(package_key(transfer_id))
    keep_documents(archive)
    return wrong


def cancel(archive: Archive, actor: Actor, transfer_id: str, reason: str) -> None:
    """Give a transfer up, and let go of its package.

    Raises:
        Missing, RuleError: see `actions.transferring.cancel`.
    """
    with archive.sessions.begin() as session:
        transferring.cancel(session, actor, transfer_id, reason, archive.now())
    archive.objects.delete(package_key(transfer_id))
    keep_documents(archive)


def open_package(archive: Archive, actor: Actor, transfer_id: str) -> tuple[Transfer, BinaryIO]:
    """The package as a stream, which the caller closes; that it was taken is journaled.

    Raises:
        Missing: there is no such transfer for this actor, or no package any more.
    """
    with archive.sessions.begin() as session:
        found = transferring.note_download(session, actor, transfer_id, archive.now())
    try:
        return found, archive.objects.open(package_key(transfer_id))
    except Missing:
        raise Missing("移交包不在档案库里了（备份里不带它），档案都在；请再做一次移交包。") from None


def drop_packages(archive: Archive) -> int:
    """Take away packages of transfers that are over or unknown, as a killed process leaves them; returns how many."""
    number = 0
    for key in list(archive.objects.list(PACKAGES)):
        transfer_id = key.removeprefix(PACKAGES).removesuffix(".zip")
        with archive.sessions.read() as session:
            found = session.get(Transfer, transfer_id)
        if found is None or found.state in (TransferState.RECEIVED, TransferState.CANCELLED, TransferState.DRAFT):
            archive.objects.delete(key)
            number += 1
    return number


def receipt_in(content: bytes) -> dict[str, Any]:
    """A receipt file as it was filled in.

    Raises:
        RuleError: it is none.
    """
    return dict(transfer_receipts.read(content))
