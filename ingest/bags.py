"""BagIt folders: is what arrived what was sent? Checked with the `bagit` library; only the payload is taken in.

Reads every byte once, as the checksums ask for. Does not fetch what a bag leaves at an address.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import bagit

from ingest.refusals import BAD_BAG, CHECKSUM, NOT_LISTED, Refusal


@dataclass(frozen=True, slots=True)
class BagCheck:
    """Refusals by path inside the bag ("data/…"). `whole` is set when the bag itself cannot be judged."""

    whole: Refusal | None = None
    files: dict[str, Refusal] = field(default_factory=dict)
    missing: tuple[str, ...] = ()


def is_bag(folder: Path) -> bool:
    """A folder that says it is a bag."""
    return (folder / "bagit.txt").is_file() and (folder / "data").is_dir()


def check(folder: Path) -> BagCheck:
    """Validates the bag in `folder`. Never raises for a bad bag."""
    try:
        bagit.Bag(str(folder)).validate()
    except bagit.BagValidationError as error:
        return _sort(error.details) if error.details else BagCheck(_whole(error))
    except (bagit.BagError, OSError, ValueError) as error:
        return BagCheck(_whole(error))
    return BagCheck()


def _whole(error: Exception) -> Refusal:
    code, reason, remedy = BAD_BAG
    return code, f"{reason}（{error}）", remedy


def _sort(details: list[bagit.ManifestErrorDetail]) -> BagCheck:
    files: dict[str, Refusal] = {}
    missing: list[str] = []
    for detail in details:
        if isinstance(detail, bagit.FileMissing):
            missing.append(detail.path)
        elif isinstance(detail, bagit.UnexpectedFile):
            files[detail.path] = NOT_LISTED
        elif isinstance(detail, bagit.ChecksumMismatch):
            files[detail.path] = CHECKSUM
    return BagCheck(None, files, tuple(missing))
