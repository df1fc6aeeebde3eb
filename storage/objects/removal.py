"""What may be removed from a store: anything but the archive. There, not even by mistake, without a proof.

Two proofs exist. `Leftovers` are bytes that a cut-off write left in a version that no inventory names yet. `Destroyed`
is the end of an appraisal: it is made of an approved and counted row of a register, and of nothing else. Whether the
row may still be carried out (a hold, a loan) is asked in `storage.database`, before the removal begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from storage.errors import Conflict
from storage.objects.areas import ARCHIVE

REFUSED = "{key} 是已归档的内容，没有删除，也没有任何改动；档案只有经过鉴定、审批和监销才能销毁。"
UNSIGNED = "清册上的这一行没有批准、清点或经办人的签字，或者签字的不是不同的人，什么都没有删除；请核对清册。"
HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Bytes below a folder that no inventory has named; `named` are the keys that one does."""

    folder: str
    named: frozenset[str]

    def covers(self, key: str) -> bool:
        """Whether this key is left over."""
        return key.startswith(self.folder) and key not in self.named


@dataclass(frozen=True, slots=True)
class SignedRow:
    """One row of a register as its entries vouch for it: hashes of register and row, and the accounts that signed."""

    register_id: str
    register_hash: str
    row_hash: str
    record_id: str
    approved_by: str
    counted_by: tuple[str, ...]
    begun_by: str

    def is_complete(self) -> bool:
        """Whether an approver, two witnesses and an operator signed it, four different people."""
        signed = (self.approved_by, *self.counted_by, self.begun_by)
        hashes = all(HASH.fullmatch(one) for one in (self.register_hash, self.row_hash))
        return hashes and len(self.counted_by) == 2 and all(signed) and len(set(signed)) == len(signed)


class Destroyed:
    """That an approved and counted register lists a record: then its object in the archive may go, whole.

    It also lifts an object lock in governance mode, object by object.
    """

    def __init__(self, row: SignedRow, folder: str) -> None:
        """`folder`: where the object of the record lies, without a slash at its end.

        Raises:
            Conflict: a signature is lacking, or the folder is not that of this record's object.
        """
        if not row.is_complete():
            raise Conflict(UNSIGNED)
        if not (folder.startswith(ARCHIVE) and folder.endswith(f"record%3a{row.record_id}")):
            raise Conflict(REFUSED.format(key=folder))
        self.row, self._folder = row, f"{folder}/"

    def covers(self, key: str) -> bool:
        """Whether this key belongs to the object of the record that the register lists."""
        return key.startswith(self._folder)


Proof = Leftovers | Destroyed


def check_removal(key: str, proof: Proof | None) -> None:
    """Whether a key may be removed.

    Raises:
        Conflict: it lies in the archive, and nothing proves that it may go; nothing was removed.
    """
    if key.startswith(ARCHIVE) and (proof is None or not proof.covers(key)):
        raise Conflict(REFUSED.format(key=key))
