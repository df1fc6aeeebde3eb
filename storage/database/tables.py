"""Every table in one place, for migrations and for tests that compare them with the models.

A table is known once its module is imported; which modules have tables stands here alone.
"""

from importlib import import_module

from storage.database.base import Base

FAMILIES = tuple(
    import_module(f"storage.database.{name}")
    for name in (
        "accounts", "appraisal", "batches", "cadres", "calendars", "codes", "dossiers", "fixity", "governance",
        "handovers", "holds", "journal", "learning", "ledgers", "openings", "organisations", "outbox", "outlines",
        "physical", "readers", "records", "registers", "removals", "transfers", "using", "work",
    )
)  # fmt: skip
metadata = Base.metadata
