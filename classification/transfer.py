"""Transfer (移交) to an archives: its states, what must go with a record, what stops one, whether a receipt agrees.

That opinion, disclosure state and changes of secrecy go with a transfer is law (条例 art. 30). The states, the words of
the disclosure state for villages, and what stops a record are a proposal of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from classification.errors import RuleError
from classification.opening import Opening


class TransferState(StrEnum):
    """How far a transfer is. The values are stored."""

    DRAFT = "draft"
    WAITING = "waiting"
    MAKING = "making"
    MADE = "made"
    RECEIVED = "received"
    CANCELLED = "cancelled"

    @property
    def zh(self) -> str:
        """The words on the page."""
        return STATE_WORDS[self]


STATE_WORDS = {
    TransferState.DRAFT: "准备中",
    TransferState.WAITING: "等着做移交包",
    TransferState.MAKING: "正在做移交包",
    TransferState.MADE: "移交包已做好，等接收凭证",
    TransferState.RECEIVED: "已移交",
    TransferState.CANCELLED: "已取消",
}

NEXT: dict[TransferState, frozenset[TransferState]] = {
    TransferState.DRAFT: frozenset({TransferState.WAITING, TransferState.CANCELLED}),
    TransferState.WAITING: frozenset({TransferState.MAKING, TransferState.CANCELLED}),
    TransferState.MAKING: frozenset({TransferState.MAKING, TransferState.MADE, TransferState.DRAFT}),
    TransferState.MADE: frozenset({TransferState.RECEIVED, TransferState.CANCELLED, TransferState.WAITING}),
    TransferState.RECEIVED: frozenset(),
    TransferState.CANCELLED: frozenset(),
}
"""What may follow what. Nothing leads to `received` but a receipt for a package, and nothing leads away from it."""


class Disclosure(StrEnum):
    """Whether the government information in it was made public (公开属性). The values are stored."""

    ACTIVE = "active"
    ON_REQUEST = "on_request"
    WITHHELD = "withheld"
    NONE = "none"

    @property
    def zh(self) -> str:
        """The words on the page and in the catalogue."""
        return DISCLOSURE_WORDS[self]


DISCLOSURE_WORDS = {
    Disclosure.ACTIVE: "主动公开",
    Disclosure.ON_REQUEST: "依申请公开",
    Disclosure.WITHHELD: "不予公开",
    Disclosure.NONE: "不属于政府信息",
}

COUNTED: dict[str, str] = {
    "records": "件数",
    "files": "文件数",
    "bytes": "字节数",
    "sha256": "移交包的 SHA-256",
}
"""What a receipt says, and what the package says of itself."""


def check_move(before: str, after: TransferState) -> None:
    """Whether a transfer may go on like this.

    Raises:
        RuleError: it may not; nothing was changed.
    """
    if after not in NEXT[TransferState(before)]:
        raise RuleError(f"这一次移交“{TransferState(before).zh}”，不能改成“{after.zh}”；没有改动。")


def stops(holds: int, lent: bool, opening: Opening, on_register: bool = False, elsewhere: str = "") -> list[str]:
    """Why a record cannot go, a sentence each; none: it can. `elsewhere`: the number of the transfer it is in."""
    said = []
    if holds:
        said.append("停止处置中，解除以后才能移交")
    if lent:
        said.append("原件借出未还")
    if opening == Opening.UNREVIEWED:
        said.append("还没有开放审核意见，移交时必须附上")
    if on_register:
        said.append("已列入销毁清册")
    if elsewhere:
        said.append(f"已在移交 {elsewhere} 里")
    return said


def mismatches(package: Mapping[str, object], receipt: Mapping[str, object]) -> list[str]:
    """Where a receipt does not agree with the package, a sentence each. What it leaves out does not agree either."""
    return [
        f"{zh}：移交包是 {package[name]}，凭证写的是 {receipt.get(name) or '（没有写）'}"
        for name, zh in COUNTED.items()
        if _plain(receipt.get(name)) != _plain(package[name])
    ]


def _plain(value: object) -> str:
    return str(value if value is not None else "").strip().lower()
