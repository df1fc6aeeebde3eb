"""Printed things of appraisal: the register with its cover and entries, the report, the opinions of a batch.

What a person may not see of a register is left out of his print, and the sheet says how many rows that are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from sqlalchemy.orm import Session

from archive_service.actions import appraisal, appraisal_opinions, appraisal_report, registers
from archive_service.actions.appraisal_opinions import VERDICT_WORDS, OpinionLine
from archive_service.actions.register_acts import signers_of
from archive_service.forms.printed.cover import Cover, Signed
from archive_service.forms.printed.essay import Essay
from archive_service.forms.printed.laid_out import laid_out
from archive_service.forms.printed.listing import Cell
from archive_service.forms.printed.register_layouts import entries as entries_listed
from archive_service.forms.printed.writing import Printed
from archive_service.permissions import Actor
from archive_service.rulebook import period_label
from classification.appraisal import ROW_OUT, Act
from classification.appraisal_rules import AppraisalRules, set_by_county
from classification.appraisal_seats import Seat
from classification.form_layouts import Layout, Place
from storage.database.appraisal import AppraisalBatch, Opinion, Round, Verdict, members_of
from storage.database.organisations import village
from storage.database.registers import Register, RegisterEntry, RegisterRow, entries_of

A_PAGE = 1000


def register_printed(
    session: Session, actor: Actor, register_id: str, rules: AppraisalRules, foot: str, clock: tzinfo
) -> Printed:
    """The register as it stands. Its rows are read while they are written, so the session must stay open until then.

    Raises:
        Missing: there is none for this actor.
    """
    found = registers.seen(session, actor, register_id)
    layout = rules.forms["accounting_register" if found.accounting else "register"]
    entries = entries_of(session, found.id)
    heading = [f"全宗号：{found.cover['fonds']}", f"全宗名称：{found.cover['fonds_name']}", f"第 {found.number} 号"]
    rows = _rows(session, actor, found, entries, clock)
    # What was asked for when it was submitted, whatever the county asks for today.
    more = set_by_county(found.cover["rules"]["second_opinion"])
    listing = laid_out(layout, rows, heading, more=more)
    told = [one for one in entries if one.act not in (Act.PART, Act.REMOVED_ROW)]
    codes = _codes(session, actor, found)
    behind = entries_listed((_entry(one, codes, clock) for one in told), heading)
    return Printed("register", layout.title, (listing, behind), cover=_cover(found, entries, layout, clock), foot=foot)


def _rows(
    session: Session, actor: Actor, found: Register, entries: Sequence[RegisterEntry], clock: tzinfo
) -> Iterator[Mapping[str, Cell]]:
    out = {one.record_id: one for one in entries if one.act in ROW_OUT}
    gone = {one.record_id: f"{one.at.astimezone(clock):%Y-%m-%d}" for one in entries if one.act == Act.REMOVED_ROW}
    for row in _seen(session, actor, found):
        day = gone.get(row.record_id, "")
        yield _cells(row.said) | {"removed_at": day, "note": _remark(row, out.get(row.record_id), day)}


def _seen(session: Session, actor: Actor, found: Register) -> Iterator[RegisterRow]:
    after: int | None = 0
    while after is not None:
        rows, after = registers.rows_seen(session, actor, found, after, A_PAGE)
        yield from rows


def _cells(said: Mapping[str, Any]) -> dict[str, Cell]:
    """What a row states, by the names of the columns of either form."""
    same = ("code", "doc_number", "responsible", "title", "formed", "term", "copies", "secrecy", "reason", "volume")
    year = "" if said["year"] is None else str(said["year"])
    return {
        **{name: said.get(name, "") for name in same}, "year": year, "kept": f"{said['kept']} 年",
        "pages": said["pages"] or 0,
    }  # fmt: skip


def _remark(row: RegisterRow, out: RegisterEntry | None, gone: str) -> str:
    if out is not None:
        return f"{Act(out.act).zh}：{out.reason}"
    return f"{gone} 已销毁" if gone else str(row.said["note"])


def _codes(session: Session, actor: Actor, found: Register) -> dict[str, str]:
    return {row.record_id: str(row.said["code"] or row.said["title"]) for row in _seen(session, actor, found)}


def _entry(one: RegisterEntry, codes: Mapping[str, str], clock: tzinfo) -> Sequence[Cell]:
    details = "；".join(str(value) for name, value in one.details.items() if name in TOLD and value)
    seat = Seat(one.seat).zh if one.seat else ""
    return (
        f"{one.at.astimezone(clock):%Y-%m-%d %H:%M}", Act(one.act).zh, seat, one.name or one.login,
        codes.get(one.record_id or "", ""), "　".join(filter(None, (one.reason, details))),
    )  # fmt: skip


TOLD = ("authority", "number", "method", "place", "on", "not_before")
"""What is printed of the details of an entry."""


def _cover(found: Register, entries: Sequence[RegisterEntry], layout: Layout, clock: tzinfo) -> Cover:
    said, by = found.cover, {(one.act, one.seat): one for one in entries}
    witnessed = by.get((Act.WITNESSED, Seat.WITNESS_FIRST))
    details = witnessed.details if witnessed else {}
    rows = [
        ("全宗号", said["fonds"]),
        ("全宗名称", said["fonds_name"]),
        ("清册编号", f"第 {found.number} 号"),
        ("数量", f"{found.rows} 件"),
        ("起止年度", "—".join(map(str, dict.fromkeys(said["years"])))),
        ("鉴定时间", said["appraised_on"]),
        ("鉴定目的", said["purpose"]),
        ("提交", f"{found.submitted_at.astimezone(clock):%Y-%m-%d}"),
        ("销毁时间", details.get("on", "")),
        ("销毁地点", details.get("place", "")),
        ("销毁方式", details.get("method", "")),
        ("所依据的规则", f"{said['rules']['document']} {said['rules']['version']}"),
    ]
    places = [_place(one, by, clock) for one in layout.signatures]
    # A county may ask for more signers than its form has places.
    more = [Place(one, Seat(one).zh) for one in signers_of(found) if not layout.label(one)]
    places += [_place(one, by, clock) for one in more]
    words = [f"校验码（SHA-256）：{found.hash}", "扫码得到同一个校验码。清册有任何一行改动，系统重算出来的就不是它。"]
    return Cover(layout.title, rows, places, words, found.hash)


SIGNED_BY = {
    Seat.APPROVER: Act.APPROVED, Seat.WITNESS_FIRST: Act.WITNESSED, Seat.WITNESS_SECOND: Act.WITNESSED,
    Seat.OPERATOR: Act.BEGUN,
}  # fmt: skip
"""By which entry those sign who come after the group."""


def _place(place: Place, by: Mapping[tuple[str, str], RegisterEntry], clock: tzinfo) -> Signed:
    act = SIGNED_BY.get(Seat(place.id), Act.SIGNED) if place.id else None
    entry = by.get((act, place.id)) if act else None
    return (
        Signed(place.label, entry.name, f"{entry.at.astimezone(clock):%Y-%m-%d}") if entry else Signed(place.label)
    )  # fmt: skip


def batch_printed(
    session: Session, actor: Actor, batch_id: str, form: str, rules: AppraisalRules, foot: str, clock: tzinfo
) -> Printed:
    """The report of a batch, or the opinions on its records.

    Raises:
        Missing: there is no such batch for this actor.
    """
    batch = appraisal.seen(session, actor, batch_id)
    home = village(session, batch.village_id)
    heading = [f"全宗号：{home.fonds}", f"全宗名称：{home.name}", f"目的：{batch.purpose}"]
    layout, more = rules.forms[form], set_by_county(rules.second_opinion)
    signed = [words for one in layout.signatures for words in _signing(session, batch, one)]
    if form == "report":
        text = batch.report or appraisal_report.draft(session, actor, batch.id, rules)
        essay = Essay(layout.title, text, heading, signed, (*layout.notes, *more))
        return Printed(form, layout.title, essay=essay, foot=foot)
    rows = (_opinion_row(line, clock) for line in _lines(session, actor, batch, rules))
    return Printed(form, layout.title, (laid_out(layout, rows, heading, signed, more),), foot=foot)


def _signing(session: Session, batch: AppraisalBatch, place: Place) -> Sequence[str]:
    """The words at a place to sign; the place of the group is one for each of its people."""
    if not place.id:
        return (place.label,)
    return [f"{Seat(one.seat).zh} {one.name}" for one in members_of(session, batch.id)]


def _lines(session: Session, actor: Actor, batch: AppraisalBatch, rules: AppraisalRules) -> Sequence[OpinionLine]:
    return appraisal_opinions.lines(session, actor, batch.id, rules, size=appraisal.MOST_RECORDS)[0]


def _opinion_row(line: OpinionLine, clock: tzinfo) -> Mapping[str, Cell]:
    record = line.record
    standing = line.judged.by.verdict if line.judged.by else ""
    first, second, deciding = (line.opinions.get(turn) for turn in Round)
    last = deciding or first
    return {
        "code": record.code or "待编",
        "title": record.title,
        "term": period_label(record.retention),
        "due": str(record.due_on or ""),
        "first": _said(first, clock),
        "second": "\n".join(
            filter(None, (_said(second, clock), f"组长决定：{_said(deciding, clock)}" if deciding else ""))
        ),
        "result": VERDICT_WORDS[Verdict(standing)] if standing else line.judged.agreement.zh,
        "reason": last.reason if last else "",
    }


def _said(one: Opinion | None, clock: tzinfo) -> str:
    if one is None:
        return ""
    years = f" {one.years} 年" if one.years else ""
    return f"{VERDICT_WORDS[Verdict(one.verdict)]}{years}（{one.name} {one.at.astimezone(clock):%Y-%m-%d}）"
