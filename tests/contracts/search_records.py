"""Small records for the search contracts, and the scopes they are looked at through."""

from __future__ import annotations

from dataclasses import replace

from storage.index.documents import IndexDocument
from storage.scope import Grant, Scope

EMPTY = IndexDocument(
    id="", title="", text="", code="", doc_number="", responsible="", people=(), places=(), village="v1", fonds="V001",
    year_from=None, year_to=None, date_from=None, date_to=None, class_path=("WS", "WS-MZ"), series="WS-MZ-01",
    kind="document", retention="30", access="public", archived=True, state="archived", batch="b1",
)  # fmt: skip
ALL = Scope((Grant(frozenset({"public", "village", "internal", "personal"}), unarchived=True),))
RESEARCHER = Scope((Grant(frozenset({"public"})),))


def record(id_: str, title: str = "", text: str = "", **more: object) -> IndexDocument:
    """An archived, public record of village v1, changed where it matters."""
    return replace(EMPTY, id=id_, title=title, text=text, **more)  # type: ignore[arg-type]  # fields of the document
