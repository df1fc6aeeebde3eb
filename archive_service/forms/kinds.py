"""Which kind of form a record has: what its class says, else what it was read as."""

from __future__ import annotations

from classification.outline import Outline


def form_kind(outline: Outline | None, class_id: str | None, kind: str) -> str:
    """The id of the field set for a record of this class and kind."""
    here = outline.classes.get(class_id) if outline and class_id else None
    return here.history_kind if here and here.history_kind else kind
