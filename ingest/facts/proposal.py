"""All facts of one file put together. Each rule has a module of its own; here is only their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ingest.facts.bodies import responsible
from ingest.facts.composing import composed, minutes
from ingest.facts.numbers import doc_number
from ingest.facts.paper import paper_of
from ingest.facts.people import people
from ingest.facts.places import places, village_of
from ingest.facts.secrecy import secrecy
from ingest.facts.surnames import is_name
from ingest.facts.title import heading
from ingest.facts.when import document_date
from ingest.reading import Fact, Facts, Page


def propose(
    name: str,
    path: str,
    metadata: Mapping[str, str],
    pages: Sequence[Page],
    villages: Sequence[str] = (),
    *,
    home: str = "",
    received: date,
) -> Facts:
    """What the file seems to say.

    `home` is the village that hands it in, for what names none. `received` bounds what a two-digit year may mean; it is
    never proposed as a date.
    """
    paper = paper_of(name, path, metadata, pages, villages, received)
    village = village_of(paper) or (Fact(home, "按移交的村") if home else None)
    home = village.value if village else ""
    title = heading(paper)
    title = minutes(paper, title, home) or title
    author = responsible(paper, title, home)
    named = people(paper)
    if author and is_name(author.value) and author.value not in {fact.value for fact in named}:
        named = (*named, author)
    return Facts(
        title=composed(title, paper, author, home),
        doc_number=doc_number(paper),
        date=document_date(paper, title),
        responsible=author,
        village=village,
        people=named,
        places=places(paper, home, frozenset(fact.value for fact in named)),
        secrecy=secrecy(paper),
    )
