"""Print a form into a file and write into the journal that it was printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, Literal

from sqlalchemy.orm import Session

from archive_service.actions import printing
from archive_service.actions.opening_lists import Asked as OpeningAsked
from archive_service.actions.printing_appraisal import batch_printed, register_printed
from archive_service.actions.printing_opening import OpeningForm
from archive_service.actions.printing_rows import Asked
from archive_service.exchange.appraisal_files import county_rules
from archive_service.forms.printed.writing import Printed, write
from archive_service.permissions import Actor
from archive_service.wiring import COUNTY_TIME, Archive


def print_form(archive: Archive, actor: Actor, asked: Asked, format: str, target: Path | BinaryIO) -> int:
    """Write the form; returns how many rows, stamps or boxes are in it.

    Raises:
        Missing: there is no such form, village, period or outline.
        Forbidden: the actor may not have this form.
        FontMissing: the Chinese font is not there.
    """
    at = archive.now()
    with archive.sessions.read() as session:
        layout = county_rules(archive.settings.appraisal).forms["transfer"]
        found = printing.printed(session, actor, asked, layout, archive.settings.county, at, COUNTY_TIME)
        rows = write(found, format, target, at)
    with archive.sessions.begin() as session:
        printing.note(session, actor, asked, format, rows, at)
    return rows


Making = Callable[[Session, str], Printed]
"""Puts a form together from the open session and the foot of its pages."""


def print_made(archive: Archive, actor: Actor, of: str, make: Making, format: str, target: Path | BinaryIO) -> str:
    """Write a form of one thing (a register, a batch) and note it; returns its title.

    Raises:
        Missing: it is not there for this actor. FontMissing: the Chinese font is not there.
    """
    return _print(archive, actor, (of, None), make, format, target, {})


def print_register(archive: Archive, actor: Actor, register_id: str, format: str, target: Path | BinaryIO) -> str:
    """Write a register with its cover and places to sign, and note it; returns its title.

    Raises:
        Missing: there is no such register for this actor. FontMissing: the Chinese font is not there.
    """
    rules = county_rules(archive.settings.appraisal)

    def make(session: Session, foot: str) -> Printed:
        return register_printed(session, actor, register_id, rules, foot, COUNTY_TIME)

    return print_made(archive, actor, register_id, make, format, target)


BatchForm = Literal["report", "opinions"]


def print_batch(
    archive: Archive, actor: Actor, batch_id: str, form: BatchForm, format: str, target: Path | BinaryIO
) -> str:
    """Write the report of an appraisal, or the opinions on its records, and note it; returns its title.

    Raises:
        Missing: there is no such batch for this actor. FontMissing: the Chinese font is not there.
    """
    rules = county_rules(archive.settings.appraisal)

    def make(session: Session, foot: str) -> Printed:
        return batch_printed(session, actor, batch_id, form, rules, foot, COUNTY_TIME)

    return print_made(archive, actor, batch_id, make, format, target)


def print_opening(
    archive: Archive, actor: Actor, asked: OpeningAsked, format: str, target: Path | BinaryIO
) -> str:  # fmt: skip
    """Write a list of the opening review as a form and note it; returns its title.

    Raises:
        Forbidden: the actor does not review. Missing: there is no such village.
        RuleError: there is no such list. FontMissing: the Chinese font is not there.
    """
    layout, years = county_rules(archive.settings.appraisal).forms["opening"], archive.settings.opening_years

    def make(session: Session, foot: str) -> Printed:
        form = OpeningForm(session, actor, asked, layout, archive.today(), years, COUNTY_TIME)
        return form.printed(foot)

    return _print(archive, actor, ("opening", asked.village), make, format, target, {"show": asked.show})


def _print(
    archive: Archive, actor: Actor, of: tuple[str, str | None], make: Making, format: str, target: Path | BinaryIO,
    said: Mapping[str, object],
) -> str:  # fmt: skip
    at = archive.now()
    # A model says on every page that it is one.
    banner = county_rules(archive.settings.appraisal).banner
    foot = "　".join(filter(None, (f"{archive.settings.county}　{at.astimezone(COUNTY_TIME):%Y-%m-%d} 打印", banner)))
    with archive.sessions.read() as session:
        found = make(session, foot)
        rows = write(found, format, target, at)
    with archive.sessions.begin() as session:
        printing.note_made(session, actor, of, found.title, format, {**said, "rows": rows}, at)
    return found.title
