"""Four-nature checks of a transfer, those that a program decides; the others are said to be unchecked, never passed.

Asked of each record while it is packed. What one record is like says nothing of whether its content is true.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from archive_service.actions.yearly_filing import LASTING, MACROS
from archive_service.rulebook import period_of
from classification.transfer import CHECKS, NATURES, Result
from storage.database.records import File, Record

MOST_SAID = 20
"""Faults of one check that are told one by one."""


@dataclass(frozen=True, slots=True)
class WellPacked:
    """One file as the database has it, and what was measured while it went into the package."""

    file: File
    size: int
    sha256: str
    sha512: str

    @property
    def same(self) -> bool:
        """Whether the bytes are still those that were received."""
        return (self.sha256, self.sha512, self.size) == (self.file.sha256, self.file.sha512, self.file.size)


@dataclass
class Tally:
    """What every check came to over a whole package."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    records: int = 0

    def add(self, name: str, faults: Iterator[tuple[str, str]]) -> None:
        """One more record, called `name`, with what was found."""
        self.records += 1
        for check, said in faults:
            self.fault(check, f"{name}：{said}")

    def fault(self, check: str, said: str) -> None:
        """One thing that a check found."""
        self.numbers[check] = self.numbers.get(check, 0) + 1
        if len(self.faults.setdefault(check, [])) < MOST_SAID:
            self.faults[check].append(said)

    @property
    def blocking(self) -> list[str]:
        """The faults with which a package is not handed over."""
        return [said for check, some in self.faults.items() if CHECKS[check].blocks for said in some]

    def results(self) -> list[dict[str, Any]]:
        """Every check with its result, as it is kept and goes with the package."""
        return [
            {
                "check": id_, "nature": NATURES[id_[0]], "zh": one.zh, "blocks": one.blocks,
                "result": self._result(id_), "number": self.numbers.get(id_, 0),
                "said": self.faults.get(id_) or ([one.person] if one.person else []),
            }
            for id_, one in CHECKS.items()
        ]  # fmt: skip

    def _result(self, id_: str) -> str:
        if self.numbers.get(id_):
            return Result.FAILED
        return Result.UNCHECKED if CHECKS[id_].person else Result.PASSED


def faults_of_record(
    found: Record, packed: Sequence[WellPacked], kept: Mapping[str, Any], secret: bool
) -> Iterator[tuple[str, str]]:
    """What is wrong with one record. `kept`: its description in the store; `secret`: a mark was seen, nothing said."""
    yield from _elements(found)
    yield from _bound(found, packed, kept)
    if packed and not any(one.file.role == "main" for one in packed):
        yield "I01", "只有附件，没有正文"
    pages = sum(one.file.page_count for one in packed)
    if found.page_count and pages and found.page_count != pages:
        yield "I05", f"著录 {found.page_count} 页，文件里是 {pages} 页"
    if not {"code_given", "record_archived"} & {entry.get("act") for entry in kept.get("history", ())}:
        yield "I11", "存入档案库的著录里没有归档经过"
    if secret:
        yield "S05", "原文有密级标志，没有写明解密或变更"
    for one in packed:
        yield from _of_file(one.file)


def _elements(found: Record) -> Iterator[tuple[str, str]]:
    needed = {"题名": found.title.strip(), "年度": found.year, "条目": found.series_id}
    lacking = [name for name, value in needed.items() if not value]
    if period_of(found).kind == "open":
        lacking.append("保管期限")
    if lacking:
        yield "A01", f"缺{'、'.join(lacking)}"
    if found.earliest and found.latest and found.earliest > found.latest:
        yield "A02", "日期的起止颠倒"
    if not found.code:
        yield "I07", "没有档号"


def _bound(found: Record, packed: Sequence[WellPacked], kept: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    changed = [one.file.name for one in packed if not one.same]
    if changed:
        yield "A11", f"{'、'.join(changed)} 与收到时不同"
    if {one["sha256"] for one in kept.get("files", ())} != {one.file.sha256 for one in packed}:
        yield "A10", "存入档案库的著录与文件对不上"
    if len(kept.get("files", ())) != len(packed):
        yield "I04", f"著录 {len(kept.get('files', ()))} 个文件，包里 {len(packed)} 个"
    if kept.get("id") != found.id:
        yield "A12", "著录不是这一件的"


def _of_file(file: File) -> Iterator[tuple[str, str]]:
    ending = file.name.rpartition(".")[2].lower() if "." in file.name else ""
    warnings = " ".join(str(one) for one in file.details.get("warnings", ()))
    if not file.name.strip():
        yield "A03", "有一个文件没有名字"
    if not file.format:
        yield "A07", f"“{file.name}”认不出格式"
    if file.size == 0:
        yield "U03", f"“{file.name}”是空的"
    if "口令" in warnings or "加密" in warnings:
        yield "U09", f"“{file.name}”有口令或加密"
    if ending not in LASTING:
        yield "U01", f"“{file.name}”不是长期保存格式，原件照交"
    if ending in MACROS:
        yield "S04", f"“{file.name}”可能带宏或脚本"
