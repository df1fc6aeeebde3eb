"""The printed forms of appraisal that a county may lay out: title, columns, places to sign, notes.

The columns and places that the program knows are closed lists. What a rule asks for, or what ties paper to the
system, cannot be left out; `needed` says who asks for it, and only what the reference marks as law is called law.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from classification.appraisal_seats import ACCOUNTING_SIGNERS, IN_GROUP, Seat
from classification.registers import ACCOUNTING_ROW, ROW


@dataclass(frozen=True, slots=True)
class Shown:
    """A column as it is printed. `width` is relative to those of the others."""

    id: str
    heading: str
    width: float


@dataclass(frozen=True, slots=True)
class Place:
    """A place to sign. `id` is empty where the county adds one of its own, for the pen alone."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Layout:
    """One form as it is printed: its title, its columns in their order, places to sign, and notes under it."""

    title: str
    columns: tuple[Shown, ...] = ()
    signatures: tuple[Place, ...] = ()
    notes: tuple[str, ...] = ()

    def heading(self, column: str) -> str:
        """The heading of a column; empty where it is left out."""
        return next((one.heading for one in self.columns if one.id == column), "")

    def label(self, place: str) -> str:
        """The words at a place; empty where it is left out."""
        return next((one.label for one in self.signatures if one.id == place), "")


@dataclass(frozen=True, slots=True)
class Form:
    """What the program knows of a form: its name, its model layout, what else it can print, and what is needed."""

    zh: str
    model: Layout
    needed: Mapping[str, str]
    needed_places: Mapping[str, str]
    more_places: tuple[Place, ...] = ()

    @property
    def columns(self) -> Mapping[str, Shown]:
        """Every column by its id."""
        return {one.id: one for one in self.model.columns}

    @property
    def places(self) -> Mapping[str, Place]:
        """Every place to sign by its id."""
        return {one.id: one for one in chain(self.model.signatures, self.more_places)}


def _shown(names: Mapping[str, str], widths: Mapping[str, float]) -> tuple[Shown, ...]:
    return tuple(Shown(one, names[one], width) for one, width in widths.items())


def _seats(seats: Sequence[Seat]) -> tuple[Place, ...]:
    return tuple(Place(one, one.zh) for one in seats)


_AFTER = (Seat.APPROVER, Seat.WITNESS_FIRST, Seat.WITNESS_SECOND, Seat.OPERATOR)
_MORE_SEATS = _seats(sorted(IN_GROUP - {Seat.MEMBER}))
_GENERAL = "通行的销毁清册格式有这一栏（没有核对过原文，不作法律引用）"
_ACCOUNTING = "《会计档案管理办法》列有这一栏（读自转载）"
_ROW = "清册的行按序号连着校验，凭它和系统对上"
_NOTED = "没有批准、停止处置的行要在清册上注明（有单位这样规定）"
_WHICH = "没有它就看不出是哪一件"
_SIGNS = "清册至少由鉴定小组负责人、批准人、两位监销人签字（几个单位的规定）"
_ACCOUNTANTS = "《会计档案管理办法》要求签字（读自转载）"
_JUDGED = "鉴定要逐件写出意见（几个单位的规定）"
_TWO = "开放审核由两个人做，两人的意见都要在表上（本软件的流程）"
_OPENING = "到期开放意见要随移交附上（档案法第三十条、档案法实施条例第三十条）"
_HANDED = "换届移交要有移交人、接收人、监交人（表式读自转载）"
_GROUP = Place("group", "鉴定小组各人")
NUMBER = {"number": "序号"}

FORMS: dict[str, Form] = {
    "register": Form(
        "销毁清册",
        Layout(
            "档案销毁清册",
            _shown(ROW, {
                "number": 11, "code": 46, "doc_number": 25, "responsible": 26, "title": 54, "year": 12, "formed": 24,
                "term": 22, "kept": 15, "pages": 11, "copies": 11, "secrecy": 11, "reason": 32, "note": 27,
            }),
            _seats((Seat.LEADER, *_AFTER)),
            ("退出清册的行不删除，在“备注”和附记里注明；批准只涵盖其余各行。",),
        ),
        {
            "number": _ROW, "code": _GENERAL, "doc_number": _GENERAL, "responsible": _GENERAL, "title": _GENERAL,
            "formed": _GENERAL, "term": _GENERAL, "kept": _GENERAL, "note": _NOTED,
        },
        dict.fromkeys((Seat.LEADER, Seat.APPROVER, Seat.WITNESS_FIRST, Seat.WITNESS_SECOND), _SIGNS),
        _MORE_SEATS,
    ),
    "accounting_register": Form(
        "会计档案销毁清册",
        Layout(
            "会计档案销毁清册",
            _shown(NUMBER | ACCOUNTING_ROW | {"note": "备注"}, {
                "number": 11, "title": 70, "volume": 24, "copies": 12, "year": 26, "code": 46, "term": 20, "kept": 20,
                "removed_at": 24, "note": 26,
            }),
            _seats((*ACCOUNTING_SIGNERS, *_AFTER)),
            ("退出清册的行不删除，在“备注”和附记里注明；批准只涵盖其余各行。",),
        ),
        {"number": _ROW, **dict.fromkeys(ACCOUNTING_ROW, _ACCOUNTING), "note": _NOTED},
        {
            **dict.fromkeys((*ACCOUNTING_SIGNERS, Seat.APPROVER), _ACCOUNTANTS),
            **dict.fromkeys((Seat.LEADER, Seat.WITNESS_FIRST, Seat.WITNESS_SECOND), _SIGNS),
        },
        _MORE_SEATS,
    ),
    "opinions": Form(
        "鉴定意见表",
        Layout(
            "档案鉴定意见表",
            _shown(NUMBER | {
                "code": "档号", "title": "题名", "term": "保管期限", "due": "到期日", "first": "鉴定意见",
                "second": "复核意见", "result": "结果", "reason": "理由",
            }, {
                "number": 11, "code": 45, "title": 60, "term": 20, "due": 22, "first": 42, "second": 48, "result": 20,
                "reason": 40,
            }),
            (_GROUP,),
        ),
        {"code": _WHICH, "title": _WHICH, "first": _JUDGED, "result": _JUDGED},
        {},
    ),
    "report": Form("鉴定工作报告", Layout("档案鉴定工作报告", (), (_GROUP,)), {}, {}),
    "opening": Form(
        "开放审核表",
        Layout(
            "档案开放审核表",
            _shown(NUMBER | {
                "code": "档号", "title": "题名", "date": "日期", "age": "已满年数", "first": "初审意见",
                "second": "复核意见", "decision": "审核结果", "review_on": "复审日", "hints": "请留意",
            }, {
                "number": 11, "code": 46, "title": 58, "date": 21, "age": 12, "first": 56, "second": 36, "decision": 20,
                "review_on": 22, "hints": 28,
            }),
            (Place("first", "初审人"), Place("second", "复核人"), Place("unit", "审核单位（盖章）")),
        ),
        {"code": _WHICH, "title": _WHICH, "first": _TWO, "second": _TWO, "decision": _OPENING},
        {"first": _TWO, "second": _TWO},
    ),
    "transfer": Form(
        "移交清册",
        Layout(
            "档案移交清册",
            _shown(NUMBER | {
                "code": "档号", "title": "题名", "responsible": "责任者", "date": "日期", "term": "保管期限",
                "pages": "页数", "note": "备注",
            }, {
                "number": 11, "code": 47, "title": 96, "responsible": 38, "date": 20, "term": 22, "pages": 12,
                "note": 20,
            }),
            (
                Place("giving_unit", "移交单位（盖章）"), Place("taking_unit", "接收单位（盖章）"),
                Place("watching_unit", "监交单位（盖章）"), Place("giver", "移交人"), Place("taker", "接收人"),
                Place("watcher", "监交人"),
            ),
        ),
        {"code": _WHICH, "title": _WHICH},
        dict.fromkeys(("giver", "taker", "watcher"), _HANDED),
    ),
}  # fmt: skip
"""The forms that a county may lay out. The model document says the same; a test holds the two together."""

MODEL = {name: form.model for name, form in FORMS.items()}
