"""Writing the package of a transfer: every record with its description, the catalogue, the checks, a blank receipt.

Which package is to be made, and what becomes of it, is in `tasks.transferring`. Memory does not grow with the files.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from archive_service.actions.transfer_checks import Tally, WellPacked, faults_of_record
from archive_service.exchange import transfer_receipts
from archive_service.exchange.transfer_package import PackageWriter, Packed
from archive_service.forms.printed.listing import Cell
from archive_service.forms.printed.transfer_catalogue import transfer_catalogue
from archive_service.rulebook import period_label
from archive_service.wiring import Archive
from classification.opening import REASONS, Opening
from classification.transfer import Disclosure
from storage.database import transfers
from storage.database.journal import JournalEntry
from storage.database.organisations import Village, village
from storage.database.records import File, Record, RecordState, files_of
from storage.database.transfers import Transfer, TransferredRecord
from storage.errors import Missing
from storage.objects.ocfl import DESCRIPTION, record_urn

A_TIME = 100
LEASE = timedelta(minutes=10)
"""How long a maker may be silent before another begins again; it speaks after every hundred records."""
CATALOGUE, CHECKS, OVERVIEW = "移交目录.xlsx", "四性检测.json", "transfer.json"
FORMAT = "village-archive-transfer/1"


class Packing:
    """One package while it is written."""

    def __init__(self, archive: Archive, found: Transfer, step: Callable[[str], None]) -> None:
        self._archive, self._transfer, self._step = archive, found, step
        self.tally = Tally()
        self.counts: dict[str, int] = {"records": 0, "files": 0, "bytes": 0}
        self._said: list[dict[str, Any]] = []
        self._codes: set[str] = set()
        with archive.sessions.read() as session:
            self._home: Village = village(session, found.village_id)
            self._rows = transfers.rows_of(session, found.id)

    def write(self, target: BinaryIO) -> None:
        """Everything, the manifests last."""
        with PackageWriter(target, self._archive.now()) as writer:
            self._catalogue(writer)
            writer.add_bytes(OVERVIEW, _json(self._overview()))
            writer.add_bytes(CHECKS, _json(self.tally.results()))
            blank = transfer_receipts.blank(self._transfer.number, self._transfer.receiver)
            writer.add_bytes(transfer_receipts.NAME, blank)
            writer.finish(
                {
                    "Source-Organization": f"{self._archive.settings.county}{self._home.name}",
                    "External-Identifier": self._transfer.number,
                    "Internal-Sender-Identifier": self._transfer.id,
                    "Bagging-Date": f"{self._archive.today()}",
                }
            )

    def _catalogue(self, writer: PackageWriter) -> None:
        """The records go into the package while their rows go into the catalogue."""
        # Loaded by who packs, not by every server that starts.
        from archive_service.forms.printed import listing_xlsx

        with tempfile.TemporaryFile(prefix="village-archive-catalogue-") as sheet:
            heading = [
                f"全宗号：{self._home.fonds}",
                f"全宗名称：{self._home.name}",
                f"移交编号：{self._transfer.number}",
            ]
            heading.append(f"接收单位：{self._transfer.receiver}")
            listing_xlsx.write([transfer_catalogue(self._packed_rows(writer), heading)], sheet)
            sheet.seek(0)
            writer.add(CATALOGUE, sheet)
        if self.counts["records"] != len(self._rows):
            self.tally.fault("A12", f"登记 {len(self._rows)} 件，目录里 {self.counts['records']} 件")

    def _overview(self) -> dict[str, Any]:
        said = {"format": FORMAT, "number": self._transfer.number, "receiver": self._transfer.receiver}
        said |= {"purpose": self._transfer.purpose, "fonds": self._home.fonds, "village": self._home.name}
        return {**said, **self.counts, "records": self._said}

    def _packed_rows(self, writer: PackageWriter) -> Iterator[Sequence[Cell]]:
        """Pack record by record; the row of each for the catalogue."""
        for start in range(0, len(self._rows), A_TIME):
            some = self._rows[start : start + A_TIME]
            ids = [row.record_id for row in some]
            with self._archive.sessions.read() as session:
                wanted = select(Record).where(Record.id.in_(ids), Record.state == RecordState.ARCHIVED)
                known = {one.id: one for one in session.scalars(wanted)}
                files = files_of(session, ids)
                secret = _marked_secret(session, ids)
            for row in some:
                if row.record_id not in known:
                    raise Missing("有一件已经不在归档档案里，请移出以后再做。")
                found = known[row.record_id]
                self._pack(writer, row, found, files[row.record_id], row.record_id in secret and not row.secrecy)
                yield _cells(row, found, len(files[row.record_id]))
            self._tell(start + len(some))

    def _pack(
        self, writer: PackageWriter, row: TransferredRecord, found: Record, files: Sequence[File], secret: bool
    ) -> None:
        held = self._archive.root.read(record_urn(found.id))
        content = self._archive.root.content(held, DESCRIPTION)
        kept: dict[str, Any] = json.loads(content)
        folder = f"records/{_safe(found.code or '') or found.id}"
        writer.add_bytes(f"{folder}/{DESCRIPTION}", content)
        logical = {one["id"]: one["logical"] for one in kept.get("files", ())}
        packed = [
            (file, self._file(writer, file, f"{folder}/{logical.get(file.id, f'files/{file.id}')}")) for file in files
        ]
        well = [WellPacked(file, one.size, one.sha256, one.sha512) for file, one in packed]
        name = f"{found.code or '待编'}《{found.title}》"
        self.tally.add(name, faults_of_record(found, well, kept, secret))
        if found.code in self._codes:
            self.tally.fault("I06", f"{found.code} 有两件")
        self._codes |= {found.code} if found.code else set()
        self._count(row, found, [one for _, one in packed])
        self._step(found.id)

    def _file(self, writer: PackageWriter, file: File, path: str) -> Packed:
        with self._archive.objects.open(file.storage_key) as stream:
            return writer.add(path, stream)

    def _count(self, row: TransferredRecord, found: Record, packed: Sequence[Packed]) -> None:
        self.counts["records"] += 1
        self.counts["files"] += len(packed)
        self.counts["bytes"] += sum(one.size for one in packed)
        self._said.append(
            {
                "id": found.id, "code": found.code, "title": found.title, "opening": row.opening,
                "disclosure": row.disclosure, "secrecy": row.secrecy, "files": [asdict(one) for one in packed],
            }
        )  # fmt: skip

    def _tell(self, done: int) -> None:
        """How far it is, and that the maker is alive."""
        with self._archive.sessions.begin() as session:
            found = transfers.transfer(session, self._transfer.id)
            found.done, found.lease_until = done, self._archive.now() + LEASE


def _marked_secret(session: Session, ids: Sequence[str]) -> set[str]:
    wanted = select(JournalEntry.object_id).where(JournalEntry.object_id.in_(ids), JournalEntry.act == "secrecy_found")
    return set(session.scalars(wanted))


def _cells(row: TransferredRecord, found: Record, files: int) -> Sequence[Cell]:
    said = row.opening or {}
    reason = REASONS[said["code"]].zh if said.get("code") in REASONS else ""
    day = f"{found.earliest}".replace("-", "") if found.earliest == found.latest else found.date_wording
    return (
        found.code or "待编", found.doc_number, found.responsible, found.title, day or str(found.year or ""), "",
        found.page_count, files, period_label(found.retention), Opening(said.get("outcome", "unreviewed")).zh,
        "：".join(filter(None, (reason, said.get("said")))), said.get("review_on") or "",
        Disclosure(row.disclosure).zh, row.secrecy or "无", found.note,
    )  # fmt: skip


def _safe(code: str) -> str:
    return re.sub(r'[\x00-\x1f/\\:*?"<>|%]', "_", code).strip(". ")


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
