"""Every sentence on the pages has its English, and the English fills the same places."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter

from archive_service.actions.appraisal_closing import STOPPED
from archive_service.forms.field_sets import field_sets
from archive_service.web import words
from archive_service.web.pages.calendar_settings import HINTS
from archive_service.web.pages.fields import ALSO, PROJECT
from archive_service.web.pages.yearly import CHECKED_WHEN_RECEIVED, TO_DO
from classification.appraisal import ROW_OUT
from ingest.kinds import KINDS
from storage.database.appraisal import Verdict
from storage.database.records import RecordState

WEB = Path(words.__file__).parent
IN_TEMPLATES = re.compile(r"""(?<!\w)_\(\s*(["'])(.+?)\1""")
ROOMS = re.compile(r'\("[a-z-]*", "([一-龥]+)", (?:None|"[a-z_]+")\)')


def sentences() -> set[str]:
    found: set[str] = set()
    for template in WEB.glob("templates/*.html"):
        text = template.read_text(encoding="utf-8")
        found |= {match[1] for match in IN_TEMPLATES.findall(text)} | set(ROOMS.findall(text))
    for module in WEB.glob("pages/*.py"):
        found |= said_in(ast.parse(module.read_text(encoding="utf-8")))
    for table in (words.STATES, words.ITEM_STATES, words.SUM, words.KINDS, words.ACCESS, words.PERIODS, words.ROLES):
        found |= set(table.values())
    found |= {element.name for elements in field_sets().values() for element in elements}
    found |= {kind.label for kind in KINDS.values()} | {PROJECT.name, *ALSO.values()}
    found |= {*words.CARRIED.values(), *HINTS.values(), *TO_DO.values(), CHECKED_WHEN_RECEIVED}
    return found | set(words.ACTS.values()) | set(words.FIELD_NAMES.values()) | set(words.WHO.values())


def test_every_outcome_of_an_appraisal_has_its_word() -> None:
    stored = {*Verdict, *ROW_OUT, *("refused", "withdrawn", "aborted"), RecordState.DESTROYED, STOPPED, "taken_out"}
    assert {str(one) for one in stored} <= set(words.OUTCOMES)


def said_in(tree: ast.AST) -> set[str]:
    return {
        call.args[1].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id == "say"
        and len(call.args) > 1
        and isinstance(call.args[1], ast.Constant)
        and isinstance(call.args[1].value, str)
    }


def acts_written(tree: ast.AST) -> set[str]:
    """The act of every entry that a module writes into the journal: the fourth of what it hands over."""
    return {
        call.args[3].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and ast.unparse(call.func) == "journal.write"
        and len(call.args) > 3
        and isinstance(call.args[3], ast.Constant)
        and isinstance(call.args[3].value, str)
    }


def places(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}


def test_every_sentence_on_the_pages_has_its_english() -> None:
    assert sentences() - set(words.english()) == set()


def test_the_english_fills_the_same_places() -> None:
    assert [zh for zh, en in words.english().items() if places(zh) != places(en)] == []


def test_a_sentence_without_english_would_be_named() -> None:
    assert said_in(ast.parse('say(visitor, "没有英文的话")')) == {"没有英文的话"}


def test_every_act_of_the_journal_has_its_word() -> None:
    written: set[str] = set()
    for module in WEB.parent.rglob("*.py"):
        written |= acts_written(ast.parse(module.read_text(encoding="utf-8")))
    assert "record_accepted" in written
    assert written - set(words.ACTS) == set()


def test_a_language_nobody_knows_is_chinese() -> None:
    assert (words.language("en"), words.language("fr"), words.language(None)) == ("en", "zh", "zh")
    assert words.say("zh", "共 {n} 件", n=3) == "共 3 件"
    assert words.say("en", "共 {n} 件", n=3) == "3 records"
