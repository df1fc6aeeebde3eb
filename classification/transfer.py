"""Transfer (移交) to an archives: its states, what must go with a record, what stops one, whether a receipt agrees.

That opinion, disclosure state and changes of secrecy go with a transfer is law (条例 art. 30). The states, the words of
the disclosure state for villages, and what stops a record are a proposal of ours.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
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


class Result(StrEnum):
    """What a check came to. Three, not two: what was not looked at never counts as passed."""

    PASSED = "passed"
    FAILED = "failed"
    UNCHECKED = "unchecked"

    @property
    def zh(self) -> str:
        """The word on the page and in the package."""
        return {"passed": "通过", "failed": "不通过", "unchecked": "未检测"}[self.value]


@dataclass(frozen=True, slots=True)
class Check:
    """One four-nature check of the stage 移交与接收. `blocks`: a package with a failure is not handed over.

    `person`: why a program does not decide it; empty where it does.
    """

    zh: str
    blocks: bool = False
    person: str = ""


CHECKS: dict[str, Check] = {
    "A01": Check("元数据必备项齐全", True),
    "A02": Check("元数据类型、长度、格式、值域合规", True),
    "A03": Check("文件名规范"),
    "A07": Check("文件格式与声明一致", True),
    "A09": Check("电子签名、电子印章、时间戳有效", person="要用专门的软件验"),
    "A10": Check("元数据、内容绑定未变", True),
    "A11": Check("数字摘要已固化并重算一致", True),
    "A12": Check("交接登记与移交目录一致", True),
    "I01": Check("正文存在", True),
    "I02": Check("附件齐全", person="要人对照正文看"),
    "I03": Check("件内组成齐全", person="要人看"),
    "I04": Check("文件数量与著录、移交登记一致", True),
    "I05": Check("页数一致、无缺页"),
    "I06": Check("件号无重号"),
    "I07": Check("文件与条目、档号一一对应", True),
    "I08": Check("正文与附件、互见件关联完整", person="要人看"),
    "I09": Check("信息包结构、目录层级合规", True),
    "I10": Check("信息包写好后重读一致", True),
    "I11": Check("过程记录完整"),
    "U01": Check("格式为长期保存格式"),
    "U03": Check("文件可打开", True),
    "U04": Check("内容可呈现、无空白页、乱码", person="要人看"),
    "U09": Check("无加密、口令", True),
    "S01": Check("无病毒、恶意代码", True, person="移交前请用杀毒软件查一遍"),
    "S02": Check("包里没有清单以外的文件"),
    "S03": Check("载体、存储安全", person="交到手里时看"),
    "S04": Check("没有宏、脚本"),
    "S05": Check("密级标注合规、涉密不入库", True),
}
"""After docs/reference/four-nature-checks.yaml, which says where the list comes from. What a receiver's own software
finds may differ."""
NATURES = {"A": "真实性", "I": "完整性", "U": "可用性", "S": "安全性"}


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
