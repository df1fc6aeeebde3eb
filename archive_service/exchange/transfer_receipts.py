"""A receipt of a transfer as a file: JSON, as the blank one in the package, filled in by the archives that received it.

Reads what is written; whether it agrees with the package is asked in the rule book.
"""

from __future__ import annotations

import json
from datetime import date

from classification.errors import RuleError
from classification.transfer import COUNTED

NAME = "接收凭证.json"
LARGEST = 1 << 20
WORDS = {"signed_by": "接收人", "received_on": "接收日期", "note": "备注"}
HOW = "请接收单位清点后填写：件数、文件数、字节数（全部档案文件的大小之和）和移交包的 SHA-256 要自己算，不要照抄。"


def blank(number: str, receiver: str) -> bytes:
    """The receipt that goes with the package, to be filled in by who counts."""
    said: dict[str, object] = {"number": number, "receiver": receiver, "how": HOW}
    said |= dict.fromkeys(COUNTED) | dict.fromkeys(WORDS)
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def read(content: bytes) -> dict[str, object]:
    """What a filled-in receipt says.

    Raises:
        RuleError: it is no receipt; nothing was recorded.
    """
    try:
        said = json.loads(content.decode("utf-8-sig")) if len(content) <= LARGEST else None
    except ValueError:
        said = None
    if not isinstance(said, dict) or not said.get("number"):
        raise RuleError(f"这不是接收凭证，没有登记；请用移交包里的“{NAME}”填好再传。")
    kept = {name: said.get(name) for name in ("number", *COUNTED, *WORDS)}
    return kept | {"received_on": _day(kept["received_on"])}


def _day(written: object) -> date | None:
    try:
        return date.fromisoformat(str(written)) if written else None
    except ValueError as bad:
        raise RuleError("接收日期没有填对，没有登记；请写成 2026-03-01 的样子。") from bad
