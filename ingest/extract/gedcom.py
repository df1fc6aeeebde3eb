"""GEDCOM 5.5.1 and 7.0: people and families with their generation names, and the same as text, person by person.

Both share one grammar of lines. The libraries for it refuse a whole file for one bad line; a village's file came out
of whatever program the family had, so lines are read leniently here, and what does not fit is left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import ansel  # type: ignore[import-untyped]  # ships no types

from ingest import decoding
from ingest.errors import Corrupt, Empty
from ingest.extract.source import Source
from ingest.reading import Extraction, Kinsman, Page

_LINE = re.compile(r"^\s*(\d{1,2})\s+(?:(@[^@\s]+@)\s+)?([A-Za-z0-9_]+)(?: (.*))?$")
_HEAD_CHARSET = re.compile(rb"(?m)^\s*1 CHAR\s+(\S+)")
_NAME_KINDS = {
    "NICK": "号", "_ZI": "字", "_HAO": "号", "_PUMING": "谱名", "_GEN": "字辈", "_PUM": "谱名",
    "字": "字", "aka": "又名", "birth": "乳名", "BIRTH": "乳名", "AKA": "又名", "MARRIED": "夫家姓名",
}  # fmt: skip
_SEXES = {"M": "男", "F": "女"}
PEOPLE_A_PAGE = 50


@dataclass(slots=True)
class Node:
    """One line with the lines below it."""

    tag: str
    value: str = ""
    xref: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, tag: str) -> Iterator[Node]:
        """The children with this tag."""
        return (child for child in self.children if child.tag == tag)

    def text(self, *tags: str) -> str:
        """The value found by following these tags, or empty."""
        node: Node | None = self
        for tag in tags:
            node = next(node.all(tag), None) if node else None
        return node.value.strip() if node else ""


def extract(source: Source) -> Extraction:
    """People, and a page for PEOPLE_A_PAGE of them. Raises Corrupt when there are no records, Empty without people."""
    records = parse(_decoded(source.path.read_bytes()))
    if not any(record.tag in {"HEAD", "INDI", "FAM"} for record in records):
        raise Corrupt("家谱文件里没有可以识别的记录。")
    people = tuple(_people(records))
    if not people:
        raise Empty("家谱文件里一个人也没有。")
    lines = [describe(person, {one.id: one.name for one in people}) for person in people]
    pages = ["\n".join(lines[start : start + PEOPLE_A_PAGE]) for start in range(0, len(lines), PEOPLE_A_PAGE)]
    head = next((record for record in records if record.tag == "HEAD"), Node("HEAD"))
    metadata = {"gedcom.version": head.text("GEDC", "VERS"), "application": head.text("SOUR", "NAME"),
                "title": head.text("SOUR", "DATA") or head.text("NOTE"), "gedcom.people": str(len(people))}  # fmt: skip
    return Extraction(
        pages=tuple(Page(number, text) for number, text in enumerate(pages, 1)),
        metadata={key: value for key, value in metadata.items() if value},
        page_count=len(pages),
        people=people,
        kind="genealogy",
    )


def _decoded(data: bytes) -> str:
    """ANSEL must be named to be known; every other encoding shows itself."""
    said = _HEAD_CHARSET.search(data[:2000])
    if said and said[1].upper() == b"ANSEL":
        ansel.register()
        return unicodedata.normalize("NFC", data.decode("ansel", "replace"))
    return decoding.decode(data).text


def parse(text: str) -> list[Node]:
    """The records of a file. A line that is none continues the text above it, as careless programs write notes."""
    root = Node("")
    path = [root]
    for line in re.split(r"\r\n|\n\r|\n|\r", text.lstrip("\ufeff")):
        match = _LINE.match(line)
        if match is None:
            path[-1].value += f"\n{line.strip()}" if line.strip() else ""
            continue
        level, xref, tag, value = match.groups()
        del path[int(level) + 1 :]
        above = path[-1]
        if tag in {"CONC", "CONT"}:
            above.value += ("\n" if tag == "CONT" else "") + (value or "")
            continue
        path.append(Node(tag, value or "", xref or ""))
        above.children.append(path[-1])
    return root.children


def _people(records: list[Node]) -> Iterator[Kinsman]:
    kin: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for family in (record for record in records if record.tag == "FAM"):
        couple = [child.value for child in family.children if child.tag in {"HUSB", "WIFE"}]
        children = [child.value for child in family.all("CHIL")]
        for one in couple:
            kin[one]["spouses"] += [other for other in couple if other != one]
            kin[one]["children"] += children
        for child in children:
            kin[child]["parents"] += couple
    yield from (_person(record, kin[record.xref]) for record in records if record.tag == "INDI")


def _person(record: Node, kin: dict[str, list[str]]) -> Kinsman:
    names = list(record.all("NAME"))
    other = {kind: value for node in names for kind, value in _other_names(node)}
    other |= {kind: node.value for node in record.children if (kind := _NAME_KINDS.get(node.tag, "")) and node.value}
    for later in names[1:]:
        other.setdefault(_NAME_KINDS.get(later.text("TYPE"), later.text("TYPE") or "又名"), full_name(later))
    return Kinsman(
        id=record.xref.strip("@"),
        name=full_name(names[0]) if names else "",
        names=other,
        sex=_SEXES.get(record.text("SEX"), ""),
        generation=_generation(record, other),
        birth=_event(record, "BIRT"),
        death=_event(record, "DEAT"),
        burial=_event(record, "BURI"),
        parents=_ids(kin["parents"]),
        spouses=_ids(kin["spouses"]),
        children=_ids(kin["children"]),
        restricted=bool(record.text("RESN")),
        note="\n".join(note.value for note in record.all("NOTE") if not note.value.startswith("@")),
    )


def _other_names(name: Node) -> Iterator[tuple[str, str]]:
    return ((_NAME_KINDS[child.tag], child.value) for child in name.children if child.tag in _NAME_KINDS)


def full_name(name: Node) -> str:
    """Family name first, as Chinese is read: `国祯 /王/` is 王国祯. Latin names keep their order and their blank."""
    given, _, rest = name.value.partition("/")
    family, _, after = rest.partition("/")
    given, family = f"{given.strip()}{after.strip()}", family.strip()
    given, family = given or name.text("GIVN"), family or name.text("SURN")
    if all(character < "\u0250" for character in given + family):
        return f"{given} {family}".strip()
    return family + given


def _generation(record: Node, names: dict[str, str]) -> str:
    """The generation name, from the tags of several programs, or a FACT or ATTR of that type."""
    for fact in (*record.all("FACT"), *record.all("EVEN")):
        if fact.text("TYPE") in {"字辈", "辈分", "世代", "Generation"}:
            return fact.value.strip()
    return names.get("字辈", "") or record.text("_GENERATION")


def _event(record: Node, tag: str) -> str:
    event = next(record.all(tag), None)
    if event is None:
        return ""
    return " ".join(part for part in (event.text("DATE"), event.text("PLAC"), event.text("NOTE")) if part)


def _ids(xrefs: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(xref.strip("@") for xref in xrefs))


def describe(person: Kinsman, names: dict[str, str]) -> str:
    """One person in one line, for reading and for search."""
    said = [person.name or "（失名）", *(f"{kind}{name}" for kind, name in person.names.items())]
    said += [f"字辈{person.generation}"] if person.generation and "字辈" not in person.names else []
    said += [person.sex] if person.sex else []
    for label, value in (("生", person.birth), ("卒", person.death), ("葬", person.burial)):
        said += [f"{label}：{value}"] if value else []
    for label, ids in (("父母", person.parents), ("配偶", person.spouses), ("子女", person.children)):
        kin = "、".join(names[one] for one in ids if names.get(one))
        said += [f"{label}：{kin}"] if kin else []
    return "，".join([*said, *([person.note.replace("\n", " ")] if person.note else [])])
