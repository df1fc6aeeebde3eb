"""Print the table of moves and of seats as a page: `python -m tests.spec.render_appraisal` writes docs/appraisal.md."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from classification.appraisal import ACT_WORDS, MOVES, STEPS, Move, Stage
from classification.appraisal_rules import NUMBERS, SOURCES
from classification.appraisal_seats import ACCOUNTING_SIGNERS, LEAST, SIGNERS
from classification.form_layouts import FORMS, Form

PAGE = Path(__file__).resolve().parents[2] / "docs" / "appraisal.md"
HEAD = """# 从期满到销毁

本页由 `python -m tests.spec.render_appraisal` 从 `classification/appraisal.py`、`appraisal_seats.py` 的表印出，
改流程就改表。

各步的做法读自几个地方的规定和《会计档案管理办法》的转载，状态的划分、席位的分开是我们自己的建议，不是法律规定。
期满只是列入清单；除了第一条，每一条都要有人来办，没有定时销毁。
"""

EXAMPLE = """document: {id: yunling-appraisal, version: "2026.1", title_zh: 云岭县鉴定销毁规则}
second_opinion: all
cooling_days: 30
forms:
  register:
    title: 云岭县档案销毁清册
    columns: # 从左到右；没有写的栏不印
    - number
    - {id: title, heading: 文件题名, width: 80}
    - {id: code, width: 46}
    - doc_number
    - responsible
    - {id: formed, heading: 日期, width: 24}
    - term
    - kept
    - note
    signatures: # 下表有的由系统填入签过字的人；别的文字留给笔签
    - {id: leader, label: 鉴定小组组长}
    - approver
    - 村务监督委员会
    - witness_first
    - witness_second
    notes:
    - 本清册一式三份。
  opening:
    title: 云岭县村级档案开放审核表
"""
RULES = """## 本县的规定和表式

设置 `VILLAGE_ARCHIVE_APPRAISAL` 指一个 YAML 文件，写法和自带的示范
`classification/outlines/appraisal-model.yaml` 一样；没有写的项照示范。有错的文件整个不采用，错处一次全部列出。

- 谁签字、哪些席位分开：只能比上面两张表更严。
- 第二人意见（`second_opinion`）没有读到规定，可以设为 `none`；设了，清册、意见表和报告上都会写明是本县定的。
- 缓期、几年一次、从哪天续存、是否备案：没有读到全国的数字，由县定。
{least}

六种表可以在 `forms` 下面设：表名、哪几栏按什么次序、栏名和宽（只看比例）、签字处、表下的几行说明。栏和签字处只能用
下面列的；有“谁要求”的不能少。封面的各行、校验码、附记、开放审核表下说明哪是法律的两行由程序印，不在这里设。
会计档案的栏读自《会计档案管理办法》的转载，销毁清册的栏读自转载的通行格式，都没有核对过原文。

例：

```yaml
{example}```
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
        RULES.format(least=_least(), example=EXAMPLE),
        *(f"### {form.zh} `{name}`\n\n{_form(form)}\n" for name, form in FORMS.items()),
    ]
    return "\n".join(parts)


def _least() -> str:
    return "\n".join(f"- `{name}` 不能少于 {NUMBERS[name][0]}：{why}。" for name, why in SOURCES.items())


def _form(form: Form) -> str:
    rows = [(one.id, one.heading, form.needed.get(one.id, "")) for one in form.columns.values()]
    places = [(one.id, one.label, form.needed_places.get(one.id, "")) for one in form.places.values()]
    columns = _table(("栏", "示范的栏名", "谁要求"), rows) + "\n\n" if rows else ""
    return columns + _table(("签字处", "示范的写法", "谁要求"), places)


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
