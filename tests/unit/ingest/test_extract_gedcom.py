"""GEDCOM: kin from families, Chinese names in order, generation names, every encoding."""

from __future__ import annotations

from pathlib import Path

import gedcom7
import pytest

from ingest.errors import Corrupt, Empty
from ingest.extract.gedcom import extract, parse
from ingest.extract.source import Source
from ingest.reading import Extraction, FileFormat

FAMILY = """0 HEAD
1 GEDC
2 VERS 5.5.1
1 CHAR {charset}
0 @I1@ INDI
1 NAME 国祯 /王/
2 _ZI 子安
1 SEX M
1 FACT 国
2 TYPE 字辈
1 BIRT
2 DATE 1850
2 PLAC 石门
1 BURI
2 PLAC 王家沟
1 NOTE 光绪二十年卖地，
2 CONC 契存长房。
2 CONT 有碑。
1 FAMS @F1@
0 @I2@ INDI
1 NAME 氏 /李/
1 SEX F
0 @I3@ INDI
1 NAME 兆麟 /王/
1 RESN confidential
0 @F1@ FAM
1 HUSB @I1@
1 WIFE @I2@
1 CHIL @I3@
0 TRLR
"""


def _read(folder: Path, data: bytes) -> Extraction:
    path = folder / "x.ged"
    path.write_bytes(data)
    return extract(Source(path, "x.ged", FileFormat("text/vnd.familysearch.gedcom", "GEDCOM 家谱", "ged")))


def test_people_carry_names_kin_and_generation(tmp_path: Path) -> None:
    read = _read(tmp_path, FAMILY.format(charset="UTF-8").encode())
    father, mother, son = read.people
    assert (father.name, father.names, father.sex, father.generation) == ("王国祯", {"字": "子安"}, "男", "国")
    assert (father.birth, father.burial) == ("1850 石门", "王家沟")
    assert father.note == "光绪二十年卖地，契存长房。\n有碑。"
    assert (father.spouses, father.children, father.parents) == (("I2",), ("I3",), ())
    assert (mother.name, mother.sex, mother.spouses) == ("李氏", "女", ("I1",))
    assert (son.parents, son.restricted) == (("I1", "I2"), True)
    assert (read.kind, read.metadata["gedcom.version"], read.metadata["gedcom.people"]) == ("genealogy", "5.5.1", "3")


def test_each_person_is_a_line_of_text_with_kin_by_name(tmp_path: Path) -> None:
    lines = _read(tmp_path, FAMILY.format(charset="UTF-8").encode()).pages[0].text.splitlines()
    assert len(lines) == 3
    assert lines[2] == "王兆麟，父母：王国祯、李氏"


@pytest.mark.parametrize(("named", "codec"), [("UTF-8", "utf-8-sig"), ("GB18030", "gb18030"), ("UNICODE", "utf-16")])
def test_every_encoding_gives_the_same_people(tmp_path: Path, named: str, codec: str) -> None:
    assert _read(tmp_path, FAMILY.format(charset=named).encode(codec)).people[0].name == "王国祯"


def test_ansel_is_read_when_it_is_named(tmp_path: Path) -> None:
    head = b"0 HEAD\r\n1 CHAR ANSEL\r\n0 @I1@ INDI\r\n1 NAME J\xe8urgen /M\xe8uller/\r\n0 TRLR\r\n"
    assert _read(tmp_path, head).people[0].name == "Jürgen Müller"


def test_an_even_version_seven_file_is_parsed_as_its_own_library_does() -> None:
    text = "0 HEAD\n1 GEDC\n2 VERS 7.0\n0 @I1@ INDI\n1 NAME 国祯 /王/\n2 NICK 子安\n1 NOTE 一\n2 CONT 二\n0 TRLR\n"
    theirs = next(record for record in gedcom7.loads(text) if record.tag == "INDI")
    ours = next(record for record in parse(text) if record.tag == "INDI")
    assert [(child.tag, child.value) for child in ours.children] == [
        (child.tag, child.text) for child in theirs.children
    ]


def test_a_line_that_is_none_belongs_to_the_text_above_it() -> None:
    [record] = parse("0 @I1@ INDI\n1 NOTE 第一段\n没有层号的一行\n1 SEX M\n")
    assert record.text("NOTE") == "第一段\n没有层号的一行"
    assert record.text("SEX") == "M"


def test_a_file_without_records_is_corrupt_and_one_without_people_empty(tmp_path: Path) -> None:
    with pytest.raises(Corrupt):
        _read(tmp_path, "这不是家谱文件\n".encode())
    with pytest.raises(Empty):
        _read(tmp_path, b"0 HEAD\n1 CHAR UTF-8\n0 TRLR\n")


def test_many_people_are_spread_over_pages(tmp_path: Path) -> None:
    people = "".join(f"0 @I{number}@ INDI\n1 NAME 某{number} /王/\n" for number in range(120))
    read = _read(tmp_path, f"0 HEAD\n{people}0 TRLR\n".encode())
    assert [len(page.text.splitlines()) for page in read.pages] == [50, 50, 20]
