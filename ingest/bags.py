"""BagIt folders: is what arrived what was sent? Checked with the `bagit` library; only the payload is taken in.

Reads every byte once, as the checksums ask for. Does not fetch what a bag leaves at an address.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import bagit

from ingest.refusals import BAD_BAG, CHECKSUM, NOT_LISTED, Refusal

# Its findings are given as refusals; said a second time, in English, they would only disturb the clerk.
logging.getLogger("bagit").addHandler(logging.NullHandler())


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
        bag = bagit.Bag(str(folder))
        # The sum of sizes would condemn the whole bag for one file; the manifests say which one it is.
        bag.info.pop("Payload-Oxum", None)
        files, missing = _completeness(bag)
        # bagit compares no checksum when a file is missing, and the others are to be judged all the same.
        return BagCheck(None, files | dict.fromkeys(_changed(bag, folder), CHECKSUM), missing)
    except (bagit.BagError, OSError, ValueError) as error:
        return BagCheck(_whole(error))


def _completeness(bag: bagit.Bag) -> tuple[dict[str, Refusal], tuple[str, ...]]:
    """Files that no manifest lists, and those that are listed and absent. Raises BagError when there is no telling."""
    try:
        bag.validate(completeness_only=True)
    except bagit.BagValidationError as error:
        if not error.details:
            raise
        absent = tuple(one.path for one in error.details if isinstance(one, bagit.FileMissing))
        return {one.path: NOT_LISTED for one in error.details if isinstance(one, bagit.UnexpectedFile)}, absent
    return {}, ()


def _changed(bag: bagit.Bag, folder: Path) -> Iterator[str]:
    for path, recorded in bag.payload_entries().items():
        file = folder / bag.normalized_filesystem_names.get(path, path)
        if file.is_file():
            with file.open("rb") as stream:
                # The names of the algorithms sort by strength: md5, sha1, sha256, sha512.
                algorithm = max(recorded)
                if hashlib.file_digest(stream, algorithm).hexdigest() != recorded[algorithm].lower():
                    yield path


def _whole(error: Exception) -> Refusal:
    code, reason, remedy = BAD_BAG
    return code, f"{reason}（{error}）", remedy
