"""Which kind of form a record has: what its class says, else what it was read as, else that of a document."""

from __future__ import annotations

from archive_service.forms.field_sets import field_sets, kinds_of_classes
from classification.outline import Outline

DOCUMENT = "document"


def form_kind(outline: Outline | None, class_id: str | None, kind: str) -> str:
    """The id of the field set for a record of this class and kind."""
    here = outline.classes.get(class_id) if outline and class_id else None
    if here and here.history_kind:
        return here.history_kind
    if outline and here:
        asked = [kinds_of_classes()[one.id] for one in outline.ancestors(here.id) if one.id in kinds_of_classes()]
        if asked:
            return asked[-1]
    return kind if kind in field_sets() else DOCUMENT
