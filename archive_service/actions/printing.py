"""Printed things: which form, of which records, under which heading. What they look like is in `forms.printed`.

Everything keeps to the actor's scope; a model outline says on every page that it is one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial

from sqlalchemy.orm import Session

from archive_service.actions import printing_counts as counts
from archive_service.actions.outlines import outline_at
from archive_service.actions.printing_boxes import boxes, piles, stamp, volume_rows
from archive_service.actions.printing_rows import Asked, Filed, chosen, day, filed, label, topic
from archive_service.actions.printing_use import Year, use_rows
from archive_service.forms.printed import layouts
from archive_service.forms.printed.laid_out import laid_out
from archive_service.forms.printed.layouts import FORMS
from archive_service.forms.printed.listing import Cell, Listing
from archive_service.forms.printed.writing import Printed
from archive_service.permissions import Actor, Permission, check
from classification.form_layouts import Layout
from classification.outline import Outline
from storage.database import journal
from storage.database.organisations import village
from storage.errors import Missing

SEEN_ONLY = "只统计打印人可以查看的已归档档案。"


def printed(
    session: Session, actor: Actor, asked: Asked, handed_over: Layout, county: str, at: datetime, clock: tzinfo
) -> Printed:
    """What is to be printed. Its rows are read while they are written, so the session must stay open until then.

    `handed_over` is how the county lays out its hand-over list, the one form here that it may.

    Raises:
        Missing: there is no such form, village or period, or no outline.
        Forbidden: the register of use, for who may not read the journal.
    """
    if asked.form not in FORMS:
        raise Missing(f"没有“{asked.form}”这种表，可用的有：{'、'.join(FORMS)}。")
    _, outline = outline_at(session)
    if asked.period and asked.period not in outline.retention_values:
        raise Missing(f"大纲里没有保管期限“{asked.period}”，可用的有：{'、'.join(outline.retention_values)}。")
    if asked.form == "use":
        check(actor, Permission.SEE_JOURNAL, asked.village_id)
    heading = _heading(session, asked, outline)
    maker = _Maker(session, actor, asked, outline, heading, handed_over, at, clock)
    foot = "　".join(filter(None, (f"{county}　{at.astimezone(clock):%Y-%m-%d} 打印", outline.document.banner)))
    return maker.make(foot)


def note(session: Session, actor: Actor, asked: Asked, format: str, rows: int, at: datetime) -> None:
    """Journal that it was printed, and how much."""
    said = {"year": asked.year, "class": asked.class_id, "period": asked.period, "rows": rows}
    kept = {name: value for name, value in said.items() if value is not None}
    note_made(session, actor, (asked.form, asked.village_id), FORMS[asked.form], format, kept, at)


def note_made(
    session: Session, actor: Actor, of: tuple[str, str | None], title: str, format: str, said: Mapping[str, object],
    at: datetime,
) -> None:  # fmt: skip
    """Journal that a form was printed. `of`: the id of what it is of, and the village where it is of one."""
    what, village_id = of
    told = {"form": title, "format": format, **said}
    journal.write(session, at, actor.login, "form_printed", "form", what, village_id, told)


def _heading(session: Session, asked: Asked, outline: Outline) -> list[str]:
    found = []
    if asked.village_id:
        home = village(session, asked.village_id)
        found += [f"全宗号：{home.fonds}", f"全宗名称：{home.name}"]
    if asked.year is not None:
        found.append(f"年度：{asked.year}")
    if asked.class_id:
        found.append(f"类别：{topic(outline, asked.class_id)}")
    if asked.period:
        found.append(f"保管期限：{outline.retention_values[asked.period].name}")
    return found


class _Maker:
    """One print while it is put together."""

    def __init__(
        self, session: Session, actor: Actor, asked: Asked, outline: Outline, heading: Sequence[str],
        handed_over: Layout, at: datetime, clock: tzinfo,
    ) -> None:  # fmt: skip
        self.session, self.actor, self.asked, self.outline = session, actor, asked, outline
        self.heading, self.handed_over, self.at, self.clock = heading, handed_over, at, clock

    def make(self, foot: str) -> Printed:
        """The whole of it."""
        form, title = self.asked.form, FORMS[self.asked.form]
        whole = partial(Printed, form, title, foot=foot, thick=self.asked.thick)
        match form:
            case "stamps":
                return whole(stamps=(stamp(row, self.outline) for row in self._filed()))
            case "labels" | "spines" | "note":
                rows = filed(self.session, self.actor, self.asked, by_box=True)
                found = piles(rows, self.outline, self.asked.per_box, boxes_first=form != "note")
                return whole(boxes=boxes(found, self.outline))
            case _:
                return whole(listings=self._listings())

    def _filed(self) -> Iterator[Filed]:
        return filed(self.session, self.actor, self.asked)

    def _listings(self) -> Sequence[Listing]:
        match self.asked.form:
            case "catalogue":
                return (layouts.catalogue(map(self._catalogued, self._filed()), self.heading),)
            case "transfer":
                signed = [one.label for one in self.handed_over.signatures]
                handed = map(self._handed, self._filed())
                return (laid_out(self.handed_over, handed, self.heading, signed),)
            case "volumes":
                found = piles(self._filed(), self.outline, self.asked.per_box, boxes_first=False)
                return (layouts.volumes(volume_rows(found, self.outline), self.heading),)
            case "summary":
                rows = counts.summary_rows(self.session, self.actor, self.asked, self.outline)
                return (layouts.summary(rows, self.heading),)
            case "use":
                return (self._use(),)
            case _:
                return self._statistics()

    def _catalogued(self, row: Filed) -> Sequence[Cell]:
        # 密级 stays empty: what has one is not kept here.
        return (
            row.code or "待编", row.doc_number, row.responsible, row.title, day(row), "", row.page_count, row.note,
        )  # fmt: skip

    def _handed(self, row: Filed) -> Mapping[str, Cell]:
        return {
            "code": row.code or "待编", "title": row.title, "responsible": row.responsible, "date": day(row),
            "term": label(self.outline, row), "pages": row.page_count, "note": row.note,
        }  # fmt: skip

    def _use(self) -> Listing:
        # The year is that of the use, not of the records.
        year = Year.of(self.asked.year, self.clock) if self.asked.year else None
        wanted = chosen(self.actor, replace(self.asked, year=None))
        rows = use_rows(self.session, wanted, year, self.clock)
        return layouts.use(rows, self.heading)

    def _statistics(self) -> Sequence[Listing]:
        year = Year.of(self.asked.year or self.at.astimezone(self.clock).year, self.clock)
        found = counts.tallies(self.session, self.actor, self.asked, self.outline, year)
        heading = [one for one in self.heading if not one.startswith(("年度", "保管期限"))]
        heading.append(f"年度：{year.number}（馆藏截至 {year.number} 年 12 月 31 日）")
        tables = (
            ("馆藏、归档与利用", *counts.by_period(self.outline)),
            ("分类馆藏", *counts.by_class(self.outline, found)),
        )
        return [
            layouts.statistics(part, names, counts.table(found, numbers), heading, SEEN_ONLY)
            for part, names, numbers in tables
        ]
