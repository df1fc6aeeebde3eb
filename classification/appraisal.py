"""From expiry to destruction as a table: the stages of a record, who moves it on, and what each move needs.

Being due moves nothing: every other arrow is an act of a person with the seat named here. Who holds a seat, and what a
county asks beyond the least, is not known here (see `appraisal_seats` and `appraisal_rules`). The stages are a
proposal of ours after the reference; the acts behind them are read in local rules, in no law.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from classification.appraisal_seats import Seat


class Stage(StrEnum):
    """Where a record stands between expiry and its end."""

    ACTIVE = "active"
    DUE = "due"
    IN_APPRAISAL = "in_appraisal"
    EXTENDED = "extended"
    PERMANENT = "permanent"
    TRANSFER = "transfer"
    HELD = "held"
    DESTROY_PROPOSED = "destroy_proposed"
    REGISTER_DRAFT = "register_draft"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    COOLING = "cooling"
    COUNT_CHECKED = "count_checked"
    DESTROYING = "destroying"
    DESTROYED = "destroyed"
    WITNESSED = "witnessed"
    REGISTER_FILED = "register_filed"

    @property
    def zh(self) -> str:
        """The word on the page."""
        return STAGE_WORDS[self]


STAGE_WORDS = {
    Stage.ACTIVE: "保管中",
    Stage.DUE: "已期满",
    Stage.IN_APPRAISAL: "鉴定中",
    Stage.EXTENDED: "续存",
    Stage.PERMANENT: "改为永久",
    Stage.TRANSFER: "待移交",
    Stage.HELD: "停止处置",
    Stage.DESTROY_PROPOSED: "拟销毁",
    Stage.REGISTER_DRAFT: "清册草稿",
    Stage.SUBMITTED: "清册已提交",
    Stage.APPROVED: "已批准",
    Stage.COOLING: "缓期中",
    Stage.COUNT_CHECKED: "已清点",
    Stage.DESTROYING: "销毁中",
    Stage.DESTROYED: "已销毁",
    Stage.WITNESSED: "已监销签字",
    Stage.REGISTER_FILED: "清册已归档",
}

BEFORE_REMOVAL = (
    Stage.IN_APPRAISAL,
    Stage.DESTROY_PROPOSED,
    Stage.REGISTER_DRAFT,
    Stage.SUBMITTED,
    Stage.APPROVED,
    Stage.COOLING,
    Stage.COUNT_CHECKED,
    Stage.DESTROYING,
)
"""Stages in which a hold takes the record out, and its row with it."""


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow. `by`: the seats that may move it, each of them where there are several; none = no person acts."""

    start: Stage
    end: Stage
    act: str
    by: tuple[Seat, ...] = ()
    needs: tuple[str, ...] = ()
    when: str = ""


WITNESSES = (Seat.WITNESS_FIRST, Seat.WITNESS_SECOND)
GROUP = (Seat.LEADER, Seat.MEMBER)

MOVES: tuple[Move, ...] = (
    Move(Stage.ACTIVE, Stage.DUE, "期满", when="期限末日已过；永久、待定、事件未发生的不会到期"),
    Move(Stage.DUE, Stage.IN_APPRAISAL, "列入鉴定", (Seat.ARCHIVIST,)),
    Move(Stage.IN_APPRAISAL, Stage.DUE, "退出鉴定", (Seat.ARCHIVIST,), ("理由",)),
    Move(Stage.IN_APPRAISAL, Stage.EXTENDED, "续存", GROUP, ("意见", "新期限", "理由")),
    Move(Stage.EXTENDED, Stage.ACTIVE, "写下续存标注", when="新版本已存入"),
    Move(Stage.IN_APPRAISAL, Stage.PERMANENT, "改为永久", GROUP, ("意见", "理由")),
    Move(Stage.PERMANENT, Stage.ACTIVE, "写下续存标注", when="新版本已存入"),
    Move(Stage.IN_APPRAISAL, Stage.TRANSFER, "移交", GROUP, ("意见", "理由")),
    Move(Stage.TRANSFER, Stage.ACTIVE, "移交另行办理", when="收到接收凭证以前，本地照常保管"),
    Move(Stage.IN_APPRAISAL, Stage.HELD, "停止处置", GROUP, ("理由", "复核日")),
    Move(Stage.HELD, Stage.DUE, "解除", when="停止处置已解除；复核日到了也要有人解除"),
    Move(Stage.IN_APPRAISAL, Stage.DESTROY_PROPOSED, "拟销毁", GROUP, ("意见", "理由")),
    Move(Stage.DESTROY_PROPOSED, Stage.REGISTER_DRAFT, "列入清册", (Seat.PROPOSER,)),
    Move(Stage.REGISTER_DRAFT, Stage.SUBMITTED, "提交清册", (Seat.PROPOSER,), ("鉴定工作报告",)),
    Move(Stage.SUBMITTED, Stage.DUE, "不批准", (Seat.APPROVER,), ("理由",), "这一行在清册上注明"),
    Move(Stage.SUBMITTED, Stage.DUE, "撤回", (Seat.PROPOSER,), ("理由",)),
    Move(Stage.SUBMITTED, Stage.APPROVED, "批准", (Seat.LEADER, Seat.APPROVER), when="县里没有缓期"),
    Move(Stage.SUBMITTED, Stage.COOLING, "批准", (Seat.LEADER, Seat.APPROVER), when="县里规定缓期"),
    Move(Stage.COOLING, Stage.DUE, "缓期内终止", (Seat.APPROVER,), ("理由",)),
    Move(Stage.APPROVED, Stage.DUE, "终止", (Seat.APPROVER,), ("理由",)),
    Move(Stage.APPROVED, Stage.COUNT_CHECKED, "清点核对", WITNESSES, when="县里要求事前备案的，已经备案"),
    Move(Stage.COOLING, Stage.COUNT_CHECKED, "清点核对", WITNESSES, when="缓期已满；要求事前备案的，已经备案"),
    Move(Stage.APPROVED, Stage.DUE, "清点不符", (Seat.WITNESS_FIRST,), ("理由",), "这一行在清册上注明"),
    Move(Stage.COUNT_CHECKED, Stage.DUE, "终止", (Seat.APPROVER,), ("理由",)),
    Move(Stage.COUNT_CHECKED, Stage.DESTROYING, "开始销毁", (Seat.OPERATOR,)),
    Move(Stage.DESTROYING, Stage.DESTROYED, "逐件销毁", (Seat.OPERATOR,), when="每一份都已删除并查证不在"),
    Move(Stage.DESTROYED, Stage.WITNESSED, "监销签字", WITNESSES, ("方式", "时间", "地点")),
    Move(
        Stage.WITNESSED,
        Stage.REGISTER_FILED,
        "清册归档",
        (Seat.ARCHIVIST,),
        ("签字的扫描件",),
        "要求事后备案的已备案",
    ),
    *(Move(stage, Stage.HELD, "登记停止处置", when="任何时候，任何有权的人") for stage in BEFORE_REMOVAL[1:]),
)
"""Every arrow there is. What is not here does not happen."""


class RegisterState(StrEnum):
    """Where a register stands. The values are stored."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    COUNTED = "counted"
    REMOVING = "removing"
    REMOVED = "removed"
    WITNESSED = "witnessed"
    FILED = "filed"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ABORTED = "aborted"

    @property
    def zh(self) -> str:
        """The word on the page."""
        return REGISTER_WORDS[self]

    @property
    def open(self) -> bool:
        """Whether something can still become of its rows."""
        return self not in CLOSED


REGISTER_WORDS = {
    RegisterState.SUBMITTED: "已提交，等待签字和批准",
    RegisterState.APPROVED: "已批准，等待清点",
    RegisterState.COUNTED: "已清点，等待销毁",
    RegisterState.REMOVING: "正在销毁",
    RegisterState.REMOVED: "已销毁，等待监销人签字",
    RegisterState.WITNESSED: "监销人已签字，等待归档",
    RegisterState.FILED: "已归档",
    RegisterState.REFUSED: "没有批准",
    RegisterState.WITHDRAWN: "已撤回",
    RegisterState.ABORTED: "已终止",
}
CLOSED = frozenset(
    {RegisterState.FILED, RegisterState.REFUSED, RegisterState.WITHDRAWN, RegisterState.ABORTED}
)  # fmt: skip


class Act(StrEnum):
    """What is written behind a register after its submission: each its own chained entry. The values are stored."""

    PART = "part"
    SIGNED = "signed"
    REFUSED_ROW = "refused_row"
    HELD = "held"
    MISCOUNTED = "miscounted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    APPROVED = "approved"
    FILED_ABOVE = "filed_above"
    ABORTED = "aborted"
    COUNTED = "counted"
    BEGUN = "begun"
    REMOVED_ROW = "removed_row"
    REMOVED = "removed"
    WITNESSED = "witnessed"
    SCANNED = "scanned"
    ARCHIVED = "archived"

    @property
    def zh(self) -> str:
        """The word on the page."""
        return ACT_WORDS[self]


ACT_WORDS = {
    Act.PART: "参加",
    Act.SIGNED: "签字",
    Act.REFUSED_ROW: "这一件不批准",
    Act.HELD: "这一件停止处置",
    Act.MISCOUNTED: "这一件清点不符",
    Act.REFUSED: "不批准",
    Act.WITHDRAWN: "撤回",
    Act.APPROVED: "批准",
    Act.FILED_ABOVE: "报上级备案",
    Act.ABORTED: "终止",
    Act.COUNTED: "清点核对",
    Act.BEGUN: "开始销毁",
    Act.REMOVED_ROW: "这一件已销毁",
    Act.REMOVED: "全部销毁完毕",
    Act.WITNESSED: "监销签字",
    Act.SCANNED: "签字的扫描件",
    Act.ARCHIVED: "归档",
}

ROW_OUT = frozenset({Act.REFUSED_ROW, Act.HELD, Act.MISCOUNTED})
"""Entries that take one row out of a register for good; the row stays to be read."""

S = RegisterState
_UNTIL_REMOVAL = (S.SUBMITTED, S.APPROVED, S.COUNTED)


@dataclass(frozen=True, slots=True)
class Step:
    """What an entry asks of the register and does to it. `to` None: the state stays."""

    froms: tuple[RegisterState, ...]
    to: RegisterState | None = None
    reason: bool = False


STEPS: dict[Act, Step] = {
    Act.PART: Step((S.SUBMITTED,)),
    Act.SIGNED: Step((S.SUBMITTED,)),
    Act.REFUSED_ROW: Step((S.SUBMITTED,), reason=True),
    Act.HELD: Step((*_UNTIL_REMOVAL, S.REMOVING), reason=True),
    Act.MISCOUNTED: Step((S.APPROVED,), reason=True),
    Act.REFUSED: Step((S.SUBMITTED,), S.REFUSED, reason=True),
    Act.WITHDRAWN: Step((S.SUBMITTED,), S.WITHDRAWN, reason=True),
    Act.APPROVED: Step((S.SUBMITTED,), S.APPROVED),
    Act.FILED_ABOVE: Step((S.APPROVED, S.COUNTED, S.REMOVED, S.WITNESSED)),
    Act.ABORTED: Step((S.APPROVED, S.COUNTED), S.ABORTED, reason=True),
    Act.COUNTED: Step((S.APPROVED,), S.COUNTED),
    Act.BEGUN: Step((S.COUNTED,), S.REMOVING),
    Act.REMOVED_ROW: Step((S.REMOVING,)),
    Act.REMOVED: Step((S.REMOVING,), S.REMOVED),
    Act.WITNESSED: Step((S.REMOVED,), S.WITNESSED),
    Act.SCANNED: Step((S.SUBMITTED, S.APPROVED, S.COUNTED, S.REMOVED, S.WITNESSED)),
    Act.ARCHIVED: Step((S.WITNESSED,), S.FILED),
}
"""A register moves only along these; cooling is `approved` with a day before which nobody may count. Counting and
witnessing move it once both witnesses have."""


def stage_on_register(state: RegisterState, cooling: bool) -> Stage:
    """The stage of a record whose row stands on a register in this state; `cooling`: the day has not come."""
    if state == RegisterState.APPROVED and cooling:
        return Stage.COOLING
    return _STAGES.get(state, Stage.DUE)


_STAGES = {
    RegisterState.SUBMITTED: Stage.SUBMITTED,
    RegisterState.APPROVED: Stage.APPROVED,
    RegisterState.COUNTED: Stage.COUNT_CHECKED,
    RegisterState.REMOVING: Stage.DESTROYING,
    RegisterState.REMOVED: Stage.DESTROYED,
    RegisterState.WITNESSED: Stage.WITNESSED,
    RegisterState.FILED: Stage.REGISTER_FILED,
}
