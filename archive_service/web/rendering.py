"""Templates become answers: who is here, which language, what was just done. No database, no decisions.

Every value is escaped by the template engine; only `marked` builds markup, from escaped parts.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from fastapi import Request
from fastapi.responses import HTMLResponse, RedirectResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from archive_service.actions.holdings import MANY
from archive_service.county_time import COUNTY_TIME
from archive_service.permissions import Actor, Permission, can
from archive_service.rulebook import period_label
from archive_service.web import words
from archive_service.web.rooms import rooms_of
from archive_service.web.security import LANGUAGE_COOKIE
from storage.database.records import Record

TEMPLATES = Path(__file__).with_name("templates")
_CAMERA = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+")
"""A moment as cameras write it: the day is enough on a page, the interval has the rest."""
_STAMP = re.compile(r"\d{14}|(?:mmexport|wx_camera_)\d{13}")
"""Times that a program put into a name of a file, which nobody reads."""
SAID = "said"
"""The cookie that carries one sentence over a redirect."""


def moment(value: datetime | None) -> str:
    """A point in time as the county's clock shows it."""
    return f"{value.astimezone(COUNTY_TIME):%Y-%m-%d %H:%M}" if value else ""


def size(number: int) -> str:
    """Bytes in the largest unit that keeps a digit before the point."""
    amount = float(number)
    for unit in ("B", "KB", "MB"):
        if amount < 1024:
            return f"{amount:.0f} {unit}" if unit == "B" or amount >= 10 else f"{amount:.1f} {unit}"
        amount /= 1024
    return f"{amount:.1f} GB"


def marked(text: str, ranges: Sequence[tuple[int, int]]) -> Markup:
    """Text with the found characters set off."""
    parts, end = [], 0
    for start, stop in ranges:
        parts += [escape(text[end:start]), Markup("<mark>%s</mark>") % text[start:stop]]
        end = stop
    return Markup("").join([*parts, escape(text[end:])])


def wording(record: Record) -> str:
    """The date in the words of the source, with the year beside it where the words hide it."""
    said = record.date_wording
    if not said:
        return str(record.year) if record.year else ""
    if _CAMERA.fullmatch(said):
        return said[:10]
    if record.earliest and _STAMP.fullmatch(said):
        return record.earliest.isoformat()
    return f"{said}（{record.year}）" if record.year and str(record.year) not in said else said


def tabled(record: Record) -> str:
    """The date as a table has it: 2023-11-18, 2023-11, 2023; in the words of the source where it is none of these."""
    first, last = record.earliest, record.latest
    if first is None or last is None:
        return wording(record)
    if first == last:
        return first.isoformat()
    whole_month = first.day == 1 and last.day == monthrange(last.year, last.month)[1]
    if whole_month and (first.year, first.month) == (last.year, last.month):
        return f"{first:%Y-%m}"
    if whole_month and (first.year, first.month, last.month) == (last.year, 1, 12):
        return str(first.year)
    return wording(record)


def on_the_clock(value: datetime) -> datetime:
    """A point in time on the county's clock, for a sentence to spell."""
    return value.astimezone(COUNTY_TIME)


def interval(record: Record) -> str:
    """The first and the last day a date may mean."""
    first, last = record.earliest, record.latest
    if first is None or last is None:
        return ""
    return first.isoformat() if first == last else f"{first.isoformat()} … {last.isoformat()}"


_SPLIT = re.compile("重要的(.+)[，、]一般的(.+)")


def period(stored: Any, lang: str) -> str:
    """The period in words; a number of years needs no table in English."""
    label = period_label(stored)
    if lang == "en" and (split := _SPLIT.fullmatch(label)):
        return f"{_in_english(split[1])} if important, {_in_english(split[2])} if ordinary"
    return _in_english(label) if lang == "en" else label


def _in_english(label: str) -> str:
    years = label.removeprefix("定期").removesuffix("年")
    return f"{years} years" if years.isdigit() else words.say("en", label)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        moment=moment,
        on_the_clock=on_the_clock,
        size=size,
        marked=marked,
        wording=wording,
        tabled=tabled,
        interval=interval,
        path=partial(quote, safe=""),
    )
    environment.globals.update(words=words)
    return environment


def render(name: str, lang: str, actor: Actor | None, **values: Any) -> str:
    """A template with the visitor's words. `may("archive")` asks what the actor may do."""

    def may(permission: str) -> bool:
        return actor is not None and can(actor, Permission(permission))

    return (
        _environment()
        .get_template(name)
        .render(
            lang=lang,
            _=partial(words.say, lang),
            period=partial(_period_in, lang),
            many=partial(_many_in, lang),
            may=may,
            actor=actor,
            rooms=rooms_of(actor, values.get("here", "/")) if actor else None,
            **values,
        )
    )


def _period_in(lang: str, stored: Any) -> str:
    return period(stored, lang)


def _many_in(lang: str, number: int) -> str:
    """A number that was counted up to MANY."""
    return str(number) if number <= MANY else words.say(lang, "1 万以上")


def answer(request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
    """A page for whoever sent this request; the sentence of the act before is shown once."""
    visitor = getattr(request.state, "visitor", None)
    said = unquote(request.cookies.get(SAID, ""))
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    shown = render(
        name,
        words.language(request.cookies.get(LANGUAGE_COOKIE)),
        visitor.actor if visitor else None,
        csrf=visitor.csrf if visitor else "",
        said=said,
        here=here,
        county=request.app.state.archive.settings.county,
        **values,
    )
    response = HTMLResponse(shown, status)
    if said:
        response.delete_cookie(SAID)
    return response


def go(url: str, said: str = "") -> RedirectResponse:
    """On to another page after an act, with a sentence about what was done."""
    response = RedirectResponse(local(url), status_code=303)
    if said:
        response.set_cookie(SAID, quote(said[:300]), max_age=60, httponly=True, samesite="lax")
    return response


def local(url: str) -> str:
    """The address, if it is one of this service; the first page otherwise."""
    inside = url.startswith("/") and not url.startswith("//") and "\\" not in url and url.isprintable()
    return url if inside else "/"
