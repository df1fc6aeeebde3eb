"""Rows of the database as the API answers with them."""

from __future__ import annotations

from archive_service.actions.holdings import Listed, RecordView
from archive_service.rulebook import period_label
from archive_service.web.api import schemas
from storage.database.records import Record


def brief(record: Record) -> schemas.RecordBrief:
    """A record as lists show it."""
    names = set(schemas.RecordBrief.model_fields) - {"period"}
    return schemas.RecordBrief(**{n: getattr(record, n) for n in names}, period=period_label(record.retention))


def listed(found: Listed) -> schemas.Records:
    """A page of records."""
    return schemas.Records(records=[brief(one) for one in found.records], total=found.total, after=found.after)


def whole(view: RecordView) -> schemas.RecordOut:
    """A record with everything about it."""
    own = set(schemas.RecordOut.model_fields) - {"period", "files", "why", "history", "kin", "destroyed"}
    return schemas.RecordOut(
        **{name: getattr(view.record, name) for name in own},
        period=period_label(view.record.retention),
        files=[schemas.FileOut.model_validate(one) for one in view.files],
        why=[schemas.Step.model_validate(one) for one in view.why],
        history=[schemas.Entry.model_validate(one) for one in view.history],
        kin=[schemas.KinOut.model_validate(one) for one in view.kin],
        destroyed=schemas.DestroyedOut.model_validate(view.gone) if view.gone else None,
    )
