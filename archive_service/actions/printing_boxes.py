"""Records in piles: the boxes and volumes that there are, else boxes of so many, never mixing years or periods.

What lies outside the list or the reader's scope is not in it, and not counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from archive_service.actions.printing_rows import Filed, day, label, topic
from archive_service.forms.printed.cards import Box, Stamp
from archive_service.forms.printed.listing import Cell
from classification.outline import Outline

MOST_NAMED = 12
"""Numbers that a note names one by one."""


@dataclass(frozen=True, slots=True)
class Pile:
    """What lies together. `volume` is the code of a volume, `box` the name of a box that somebody gave, else empty."""

    key: tuple[str, ...]
    volume: str
    box: str
    rows: list[Filed]

    def first(self) -> str:
        """The first code."""
        return self.rows[0].code or "待编"

    def last(self) -> str:
        """The last code."""
        return self.rows[-1].code or "待编"

    def pages(self) -> int:
        """All pages."""
        return sum(row.page_count for row in self.rows)


def piles(rows: Iterable[Filed], outline: Outline, per_box: int, boxes_first: bool) -> Iterator[Pile]:
    """The rows in piles, in their order; a volume in a box counts as the one or as the other."""
    pile: Pile | None = None
    for row in rows:
        volume, box = volume_of(outline, row), row.box
        if volume and box:
            volume, box = ("", box) if boxes_first else (volume, "")
        key = _key(outline, row, volume, box)
        full = pile is not None and not (volume or box) and len(pile.rows) >= per_box
        if pile is None or key != pile.key or full:
            if pile is not None:
                yield pile
            pile = Pile(key, volume, box, [])
        pile.rows.append(row)
    if pile is not None:
        yield pile


def volume_of(outline: Outline, row: Filed) -> str:
    """The code of the volume that a record is in; empty where codes of its class count no volumes."""
    if row.class_id not in outline.classes or not row.code:
        return ""
    template = outline.templates[outline.ancestors(row.class_id)[-1].template]
    if "volume" not in template.names or not template.inner_counter:
        return ""
    for form in (template, template.without_retention()):
        parts = form.parse(row.code)
        if parts is not None:
            return form.scope(parts, template.inner_counter).rstrip("-·")
    return ""


def _key(outline: Outline, row: Filed, volume: str, box: str) -> tuple[str, ...]:
    if volume or box:
        return (row.fonds, volume, box)
    top = outline.ancestors(row.class_id)[0].id if row.class_id in outline.classes else row.class_id or ""
    return (row.fonds, top, str(row.year or ""), label(outline, row), "" if row.code else "待编")


def boxes(found: Iterable[Pile], outline: Outline) -> Iterator[Box]:
    """Each pile as a box, numbered within its fonds, class, year and period."""
    number = 0
    before: tuple[str, ...] = ()
    for pile in found:
        number = number + 1 if pile.key == before else 1
        before = pile.key
        yield _box(pile, outline, number)


def _box(pile: Pile, outline: Outline, number: int) -> Box:
    row = pile.rows[0]
    topics = list(dict.fromkeys(topic(outline, one.class_id) for one in pile.rows))
    years = sorted({one.year for one in pile.rows if one.year})
    return Box(
        number=pile.box or _volume_number(pile) or str(number),
        fonds=row.fonds,
        village=row.village,
        year="—".join(str(year) for year in dict.fromkeys((years[0], years[-1]))) if years else "",
        topic=topics[0] if len(topics) == 1 else topics[0].split(" · ")[0],
        period="、".join(dict.fromkeys(label(outline, one) for one in pile.rows)),
        first=pile.first(),
        last=pile.last(),
        records=len(pile.rows),
        pages=pile.pages(),
        volume=bool(pile.volume),
        remarks=tuple(_remarks(pile)),
    )


def _volume_number(pile: Pile) -> str:
    return pile.volume.rpartition("-")[2].lstrip("0")


def _remarks(pile: Pile) -> Iterator[str]:
    absent = list(_absent(pile.rows))
    if absent:
        more = f"等 {len(absent)} 个" if len(absent) > MOST_NAMED else ""
        yield f"未列入的号：{'、'.join(absent[:MOST_NAMED])}{more}"
    if bare := sum(not row.page_count for row in pile.rows):
        yield f"{bare} 件没有页数"
    if undated := sum(row.earliest is None for row in pile.rows):
        yield f"{undated} 件没有日期"


def _absent(rows: Sequence[Filed]) -> Iterator[str]:
    """Numbers between one code and the next of the same scope."""
    before, last = "", 0
    for row in rows:
        scope, _, digits = (row.code or "").rpartition("-")
        if not digits.isdigit():
            continue
        if scope == before:
            yield from (str(one).zfill(len(digits)) for one in range(last + 1, int(digits)))
        before, last = scope, int(digits)


def volume_rows(found: Iterable[Pile], outline: Outline) -> Iterator[Sequence[Cell]]:
    """The cells of 案卷目录, without their number; what is no volume is left out."""
    for pile in found:
        if pile.volume:
            first = pile.rows[0]
            more = f" 等 {len(pile.rows)} 件" if len(pile.rows) > 1 else ""
            yield pile.volume, f"{first.title}{more}", _days(pile.rows), pile.pages(), label(outline, first), first.note


def _days(rows: Sequence[Filed]) -> str:
    dated = [row for row in rows if row.earliest and row.latest]
    if not dated:
        return rows[0].date_wording
    if len(dated) == 1:
        return day(dated[0])
    first = min(row.earliest for row in dated if row.earliest)
    last = max(row.latest for row in dated if row.latest)
    return f"{first.isoformat().replace('-', '')}—{last.isoformat().replace('-', '')}"


def stamp(row: Filed, outline: Outline) -> Stamp:
    """归档章 of one record."""
    named = outline.classes.get(row.class_id or "")
    return Stamp(
        fonds=row.fonds,
        year=str(row.year or ""),
        number=(row.code or "").rpartition("-")[2] or "待编",
        topic=named.name if named else row.class_id or "",
        period=label(outline, row),
        pages=str(row.page_count or ""),
        title=row.title,
        code=row.code or "待编",
    )
