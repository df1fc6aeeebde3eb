"""All facts of one file put together. Each rule has a module of its own; here is only their order."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from ingest.facts.bodies import responsible
from ingest.facts.numbers import doc_number
from ingest.facts.paper import paper_of
from ingest.facts.people import people
from ingest.facts.places import places, village_of
from ingest.facts.secrecy import secrecy
from ingest.facts.title import Heading, heading
from ingest.facts.when import document_date
from ingest.reading import Fact, Facts, Page

_BARE_LENGTH, _LONGEST_NAME = 12, 4
_PERSONAL = re.compile(r"申请|承诺|请假|保证书|检讨|述职|[收借欠]条|收据|遗嘱|委托|思想汇报|证明")
_OF_A_CLAN = re.compile(r"[谱譜契]|口述|世系|碑")


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
    title, village = heading(paper), village_of(paper) or (Fact(home, "按移交的村") if home else None)
    author = responsible(paper, title, village.value if village else "")
    named = people(paper)
    return Facts(
        title=_told_apart(title, author, village),
        doc_number=doc_number(paper),
        date=document_date(paper, title),
        responsible=author,
        village=village,
        people=named,
        places=places(paper, village.value if village else "", frozenset(fact.value for fact in named)),
        secrecy=secrecy(paper),
    )


def _told_apart(title: Heading | None, author: Fact | None, village: Fact | None) -> Fact | None:
    """A title that only names the kind of paper (公示, 请假条) gets the village or person before it."""
    if title is None:
        return None
    personal = author is not None and len(author.value) <= _LONGEST_NAME
    if (personal and not _PERSONAL.search(title.text)) or _OF_A_CLAN.search(title.text):
        return Fact(title.text, title.source)
    whose = author.value if author and personal else village.value if village else ""
    bare = (
        len(title.text) <= _BARE_LENGTH and "页" in title.source and not re.search(r"\d|村|镇|乡|大队|关于", title.text)
    )
    if not bare or not whose or whose.removesuffix("村") in title.text:
        return Fact(title.text, title.source)
    return Fact(whose + title.text, f"{title.source}，前加所属")
