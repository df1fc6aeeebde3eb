"""What may be removed from a store: anything but the archive. There, not even by mistake, without a proof.

Two proofs exist. `Leftovers` are bytes that a cut-off write left in a version that no inventory names yet. `Destroyed`
belongs to the end of an appraisal; nothing can make one, because no workflow leads there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn

from storage.errors import Conflict
from storage.objects.areas import ARCHIVE

REFUSED = "{key} 是已归档的内容，没有删除，也没有任何改动；档案只有经过鉴定、审批和监销才能销毁。"


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Bytes below a folder that no inventory has named; `named` are the keys that one does."""

    folder: str
    named: frozenset[str]

    def covers(self, key: str) -> bool:
        """Whether this key is left over."""
        return key.startswith(self.folder) and key not in self.named


class Destroyed:
    """That an approved and witnessed register lists an object. It cannot be made."""

    def __init__(self) -> NoReturn:
        raise Conflict("还没有销毁流程，任何已归档的内容都不能删除；什么都没有改动。")

    def covers(self, key: str) -> bool:
        """Whether the register lists what lies under this key."""
        return False


Proof = Leftovers | Destroyed


def check_removal(key: str, proof: Proof | None) -> None:
    """Whether a key may be removed.

    Raises:
        Conflict: it lies in the archive, and nothing proves that it may go; nothing was removed.
    """
    if key.startswith(ARCHIVE) and (proof is None or not proof.covers(key)):
        raise Conflict(REFUSED.format(key=key))
