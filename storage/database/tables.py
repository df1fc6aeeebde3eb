"""Every table in one place, for migrations and for tests that compare them with the models."""

from storage.database import (
    accounts,
    batches,
    codes,
    fixity,
    governance,
    holds,
    journal,
    learning,
    organisations,
    outbox,
    outlines,
    physical,
    records,
    work,
)
from storage.database.base import Base

FAMILIES = (
    accounts,
    batches,
    codes,
    fixity,
    governance,
    holds,
    journal,
    learning,
    organisations,
    outbox,
    outlines,
    physical,
    records,
    work,
)
metadata = Base.metadata
