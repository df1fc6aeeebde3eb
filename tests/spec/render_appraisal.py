"""Print the table of moves and of seats as a page: `python -m tests.spec.render_appraisal` writes docs/appraisal.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from classification.appraisal import ACT_WORDS, MOVES, STEPS, Move, Stage
from classification.appraisal_seats import ACCOUNTING_SIGNERS, LEAST, SIGNERS

PAGE = Path(__file__).resolve().parents[2] / "docs" / "appraisal.md"
HEAD = """# 从期满到销毁

本页由 `python -m tests.spec.render_appraisal` 从 `classification/appraisal.py`、`appraisal_seats.py` 的表印出，
改流程就改表。

各步的做法读自几个地方的规定和《会计档案管理办法》的转载，状态的划分、席位的分开是我们自己的建议，不是法律规定。
期满只是列入清单；除了第一条，每一条都要有人来办，没有定时销毁。
"""


def page() -> str:
    """The whole page."""
    rows = [(move.start.zh, move.end.zh, move.act, _by(move), "、".join(move.needs), move.when) for move in MOVES]
    apart = [(one.zh, other.zh) for one, other in sorted(LEAST)]
    acts = [
        (ACT_WORDS[act], "、".join(state.zh for state in step.froms), step.to.zh if step.to else "不变",
         "要" if step.reason else "")
        for act, step in STEPS.items()
    ]  # fmt: skip
    signers = f"一般档案：{_seats(SIGNERS)}。会计档案：{_seats(ACCOUNTING_SIGNERS)}；单位负责人是批准人。"
    parts = [
        HEAD,
        f"## 状态图\n\n```mermaid\n{_diagram()}\n```\n",
        f"## 每一步\n\n{_table(('从', '到', '事项', '谁', '要有', '条件'), rows)}\n",
        f"## 清册上的每一条附记\n\n{_table(('附记', '清册在哪一步', '以后', '理由'), acts)}\n",
        "## 不能是同一个人\n\n县里可以再加，不能减。程序和数据库都检查。\n\n" + _table(("席位", "席位"), apart) + "\n",
        f"## 批准以前谁签字\n\n{signers}\n",
    ]
    return "\n".join(parts)


def _seats(seats: Iterable[object]) -> str:
    return "、".join(getattr(one, "zh", "") for one in seats)


def _by(move: Move) -> str:
    return "、".join(seat.zh for seat in move.by)


def _diagram() -> str:
    names = [f'    state "{stage.zh}" as {stage}' for stage in Stage]
    arrows = [f"    {move.start} --> {move.end}: {move.act}" for move in MOVES]
    ends = [f"    [*] --> {Stage.ACTIVE}", f"    {Stage.REGISTER_FILED} --> [*]"]
    return "\n".join(["stateDiagram-v2", *names, *ends, *arrows])


def _table(names: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [names, ["---"] * len(names), *rows]
    return "\n".join("| " + " | ".join(row) + " |" for row in lines)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
