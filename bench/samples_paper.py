"""What one invented paper is: the text its author wrote, and the truth about it.

A paper is written as a YAML entry in `samples_content/`. Its body is a small markup, one block a line:

    # title          ## heading          >> right-aligned (signatures, dates)
    | a | b |        a table row; neighbouring rows are one table, the first row its head
    @roster name n   a generated table (`samples_rosters.py`)
    @sheet name      (spreadsheets) the name of the sheet that follows
    =====            a new page, slide or sheet

The truth in the manifest is taken from here and from nowhere else; nothing of the product is asked.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import samples_rosters
import yaml

CONTENT = Path(__file__).parent / "samples_content"


@dataclass(frozen=True)
class Block:
    """One block of a page: `kind` is title, heading, right, para, table or sheet."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()

    @property
    def plain(self) -> str:
        """The text as a reader would copy it: cells parted by tabs, rows by line ends."""
        return "\n".join("\t".join(row) for row in self.rows) if self.kind == "table" else self.text


@dataclass
class Paper:
    """One file of the collection and its truth. `options` are for the maker of the format."""

    id: str
    village: str
    path: str
    format: str
    series: str | None
    title: str
    access: str
    date: dict[str, str] | None = None
    doc_number: str | None = None
    responsible: str | None = None
    kind: str = "document"
    people: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    find: dict[int, list[str]] = field(default_factory=dict)
    options: dict[str, object] = field(default_factory=dict)
    body: str = ""
    note: str = ""

    @property
    def pages(self) -> list[list[Block]]:
        """The body cut at its page marks, each page as blocks."""
        return [blocks_of(page) for page in self.body.split("\n=====\n")]

    @property
    def texts(self) -> list[str]:
        """The plain text of each page."""
        return ["\n".join(b.plain for b in page if b.kind != "sheet") for page in self.pages]


_MARKS = (("## ", "heading"), ("# ", "title"), (">> ", "right"), ("@sheet ", "sheet"))


def blocks_of(page: str) -> list[Block]:
    """Read one page of the markup."""
    blocks: list[Block] = []
    for line in page.splitlines():
        if line.startswith("|"):
            row = tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
            rows = (*blocks.pop().rows, row) if blocks and blocks[-1].kind == "table" else (row,)
            blocks.append(Block("table", rows=rows))
        elif line.startswith("@roster "):
            name, *rest = line.split()[1:]
            blocks.append(Block("table", rows=samples_rosters.make(name, *rest)))
        elif line.strip():
            blocks.append(_marked(line.rstrip()))
    return blocks


def _marked(line: str) -> Block:
    for mark, kind in _MARKS:
        if line.startswith(mark):
            return Block(kind, line.removeprefix(mark))
    return Block("para", line)


def load() -> list[Paper]:
    """Every paper of `samples_content/*.yaml`, in the order of the files' names."""
    papers = [Paper(**entry) for file in sorted(CONTENT.glob("papers*.yaml")) for entry in _entries(file)]
    _refuse_doubles(papers)
    return papers


def _entries(file: Path) -> list[dict[str, object]]:
    entries: list[dict[str, object]] = yaml.load(file.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
    for entry in entries:
        entry["find"] = {int(page): terms for page, terms in dict(entry.get("find") or {}).items()}
        entry["series"] = entry.get("series") or None
        if isinstance(entry.get("date"), list):
            entry["date"] = dict(zip(("wording", "earliest", "latest"), _interval(*entry["date"]), strict=True))
    return entries


def _interval(wording: str, earliest: str, latest: str | None = None) -> tuple[str, str, str]:
    return wording, earliest, latest or earliest


def _refuse_doubles(papers: list[Paper]) -> None:
    for value in ("id", "place"):
        seen: set[object] = set()
        for paper in papers:
            key = paper.id if value == "id" else (paper.village, paper.path)
            if key in seen:
                raise ValueError(f"two papers with the same {value}: {key}")
            seen.add(key)


def names(which: str) -> list[str]:
    """The registered invented names: `people` or `places`, longest first."""
    registry = yaml.safe_load((CONTENT / "names.yaml").read_text(encoding="utf-8"))
    return sorted({n for group in registry[which].values() for n in group}, key=lambda n: (-len(n), n))


def named_in(text: str, candidates: list[str]) -> list[str]:
    """Which of the registered names stand in the text; a name inside a longer one found there does not count."""
    found: list[tuple[int, str]] = []
    for name in candidates:
        where = text.find(name)
        if where >= 0:
            found.append((where, name))
            text = text.replace(name, "□" * len(name))
    return [name for _, name in sorted(found)]
