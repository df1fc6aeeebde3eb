"""The opening review on paper (档案开放审核表): a list as it is shown, what both people said, and sums by decision.

The rights are those of the list: what the asker may not review is neither on it nor in a number.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from archive_service.actions.opening_lists import Asked, OpeningLine, Show, chosen, lines_of
from archive_service.actions.printing_rows import day
from archive_service.forms.printed.cover import Cover, Signed
from archive_service.forms.printed.laid_out import laid_out
from archive_service.forms.printed.listing import Cell
from archive_service.forms.printed.writing import Printed
from archive_service.permissions import Actor
from classification.form_layouts import Layout
from classification.opening import REASONS, Opening, basis, formed_by, years_since
from storage.database.accounts import Account
from storage.database.openings import Decided, OpeningReview, ReviewedRecord, ReviewState
from storage.database.organisations import Village, village
from storage.database.records import Record

A_TIME = 500


class OpeningForm:
    """One form while it is put together: of which records, seen when, by which rule of age, in which layout."""

    def __init__(
        self, session: Session, actor: Actor, asked: Asked, layout: Layout, today: date, years: int, clock: tzinfo
    ) -> None:
        self.session, self.asked, self.layout = session, asked, layout
        self.today, self.years, self.clock = today, years, clock
        self.wanted = chosen(actor, asked, today, years)
        self.names: dict[str, str] = {}
        self.decisions: Counter[Opening] = Counter()

    def printed(self, foot: str) -> Printed:
        """The whole of it. Its rows are read while they are written, so the session must stay open until then.

        Raises:
            Missing: there is no such village.
        """
        home = village(self.session, self.asked.village) if self.asked.village else None
        fonds = [
            ("全宗号", home.fonds if home else "各全宗"),
            ("全宗名称", home.name if home else "打印人可以审核的各村"),
        ]
        rows = [*fonds, ("范围", Show(self.asked.show).zh), ("列入的规则", self._rule()), *self._facts()]
        places = [Signed(one.label) for one in self.layout.signatures]
        words = basis(self.years)
        heading = [f"{name}：{value}" for name, value in rows[:4]]
        listing = laid_out(self.layout, self._rows(), heading, more=words, sums=self._sums())
        title = self.layout.title
        return Printed("opening", title, (listing,), cover=Cover(title, rows, places, words), foot=foot)

    def _rule(self) -> str:
        return f"形成满 {self.years} 年（{formed_by(self.today, self.years)} 及以前形成）"

    def _facts(self) -> list[tuple[str, str]]:
        """What the sheet says of the whole list: how many, from which years, what was decided, by whom and when."""
        asked = select(func.count(), func.min(Record.year), func.max(Record.year)).where(self.wanted)
        number, first, last = self.session.execute(asked).one()
        return [
            ("件数", f"{number} 件"),
            ("形成年度", "" if first is None else f"{first}" if first == last else f"{first}—{last}"),
            ("审核结果", self._decided(number)),
            ("打印时的日期", f"{self.today}"),
            ("初审", self._people(ReviewedRecord.first_id, OpeningReview.first_by, OpeningReview.first_at)),
            ("复核", self._people(ReviewedRecord.second_id, ReviewedRecord.second_by, ReviewedRecord.second_at)),
        ]

    def _decided(self, number: int) -> str:
        asked = self._reviews(OpeningReview.outcome, func.count()).where(ReviewedRecord.current.is_(True))
        asked = asked.group_by(OpeningReview.outcome)
        found = {Opening(one): many for one, many in self.session.execute(asked)}
        found[Opening.UNREVIEWED] = number - sum(found.values())
        return "、".join(f"{one.zh} {found.get(one, 0)} 件" for one in Opening)

    def _people(
        self, who: InstrumentedAttribute[Any], login: InstrumentedAttribute[str], at: InstrumentedAttribute[Any]
    ) -> str:
        """Everybody in one of the two seats: the name, on how many records, from which day to which."""
        wanted = [who, func.min(login), func.count(Record.id.distinct()), func.min(at), func.max(at)]
        asked = self._reviews(*wanted).where(who.is_not(None)).group_by(who).order_by(func.min(at), who)
        found = self.session.execute(asked).all()
        names = select(Account.id, Account.name).where(Account.id.in_([row[0] for row in found]))
        # An account is kept for ever, but the reviews of a rebuilt database may speak of people it does not know.
        self.names |= {row[0]: row[1] for row in found}
        self.names |= {one: name for one, name in self.session.execute(names)}
        return "；".join(
            f"{self.names[one]} {number} 件（{self._span(first, last)}）" for one, _, number, first, last in found
        )

    def _reviews(self, *what: Any) -> Select[Any]:
        """Something of the reviews that count or wait, of the records of this list."""
        counts = or_(ReviewedRecord.current.is_(True), ReviewedRecord.state == ReviewState.WAITING)
        joined = select(*what).select_from(ReviewedRecord).join(Record, Record.id == ReviewedRecord.record_id)
        return joined.join(OpeningReview, OpeningReview.id == ReviewedRecord.review_id).where(self.wanted, counts)

    def _span(self, first: datetime, last: datetime) -> str:
        begun, ended = self._day(first), self._day(last)
        return begun if begun == ended else f"{begun}—{ended}"

    def _day(self, at: datetime) -> str:
        return f"{at.astimezone(self.clock):%Y-%m-%d}"

    def _rows(self) -> Iterator[Mapping[str, Cell]]:
        query = select(Record).join(Village, Village.id == Record.village_id).where(self.wanted)
        query = query.order_by(Village.fonds, Record.code.is_(None), Record.code, Record.id)
        for records in self.session.scalars(query.execution_options(yield_per=A_TIME)).partitions():
            for line in lines_of(self.session, records):
                self.decisions[line.opening] += 1
                yield self._cells(line)

    def _sums(self) -> Iterator[Mapping[str, Cell]]:
        for one in Opening if self.decisions else ():
            yield {"title": f"{one.zh} {self.decisions[one]} 件"}

    def _cells(self, line: OpeningLine) -> Mapping[str, Cell]:
        record, standing = line.record, line.decided
        age = years_since(record.latest, record.year, self.today)
        return {
            "code": record.code or "待编",
            "title": record.title,
            "date": day(record) or str(record.year or ""),
            "age": "不详" if age is None else age,
            "first": self._first(line.waiting or standing),
            "second": "等着复核" if line.waiting else self._second(standing),
            "decision": line.opening.zh,
            "review_on": str(standing[0].review_on or "") if standing else "",
            "hints": "；".join(line.hints),
        }

    def _first(self, found: Decided | None) -> str:
        if found is None:
            return ""
        review, _ = found
        reason = REASONS[review.code].zh if review.code in REASONS else ""
        who = f"{self.names.get(review.first_id, review.first_by)} {self._day(review.first_at)}"
        parts = [f"{Opening(review.outcome).zh}：{review.code} {reason}", review.said]
        again = f"{review.review_on} 复审" if review.review_on else ""
        return f"{'，'.join(filter(None, (*parts, again)))}\n{who}"

    def _second(self, found: Decided | None) -> str:
        row = found[1] if found else None
        if row is None or row.second_at is None:
            return ""
        who = f"{self.names.get(row.second_id or '', row.second_by)} {self._day(row.second_at)}"
        return f"{'，'.join(filter(None, ('同意', row.second_said)))}\n{who}"
