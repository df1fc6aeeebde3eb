"""The kinds of dossiers of the county's calendar file. The file itself is checked where the calendar is read."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Any

import yaml

from archive_service.exchange.calendar_files import MODEL, county_calendar
from classification.calendar.model import CalendarInvalid
from classification.dossiers import DossierKind, kinds_in
from classification.errors import Problem


def county_dossiers(path: Path | None = None) -> dict[str, DossierKind]:
    """The kinds of dossiers, by id; those of the model where the county has no file. Read once until it changes.

    Raises:
        CalendarInvalid: the file is no calendar, or a dossier in it names a record that it does not have.
    """
    county_calendar(path)
    return _kinds(path, path.stat().st_mtime_ns if path else 0)


@lru_cache(maxsize=4)
def _kinds(path: Path | None, _changed: int) -> dict[str, DossierKind]:
    source = path or resources.files("classification").joinpath("outlines", MODEL)
    document: dict[str, Any] = yaml.safe_load(source.read_text(encoding="utf-8"))
    try:
        return kinds_in(document)
    except (KeyError, TypeError, ValueError) as bad:
        raise CalendarInvalid((Problem("事项卷 dossiers", "steps", f"写法不对：{bad}"),)) from bad
