"""Whoever reads in English is refused in English: every sentence that may be raised is known."""

from __future__ import annotations

import ast
from collections import Counter
from datetime import date
from pathlib import Path
from string import Formatter

import pytest

from archive_service.permissions import Actor, Forbidden, Permission, Role, check
from archive_service.web import elsewhere, problems, words
from archive_service.web.problems import KINDS, as_json, problem_of
from classification.errors import RuleError
from classification.retention import Retention, RetentionFacts, why
from ingest.errors import _Kind

ROOT = Path(words.__file__).parents[2]
# What the stores say of their servers is for the person at the machine; what the doors raise for visitors is all here.
RAISING = ("archive_service/actions", "archive_service/permissions.py", "archive_service/rulebook.py",
           "archive_service/web", "classification")  # fmt: skip
PEOPLE_READ = {"RuleError", "Forbidden", "Conflict", "Missing", "NotReady", "Corrupt", "Refused", "TooMuch"}


def raised_in(tree: ast.AST) -> list[str]:
    """The sentences of the exceptions that a module raises for people, every place filled with 甲."""
    return [
        sentence
        for node in ast.walk(tree)
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call) and node.exc.args
        if ast.unparse(node.exc.func) in PEOPLE_READ
        for sentence in sentences(node.exc.args[0])
        if not sentence.isascii() and set(sentence) - set("“甲”")
    ]


def sentences(said: ast.expr) -> list[str]:
    if isinstance(said, ast.IfExp):
        return [*sentences(said.body), *sentences(said.orelse)]
    if isinstance(said, ast.JoinedStr):
        return ["".join(one.value if isinstance(one, ast.Constant) else "甲" for one in said.values)]  # type: ignore[misc]  # the constants of an f-string are text
    return [said.value] if isinstance(said, ast.Constant) and isinstance(said.value, str) else []


def test_every_refusal_has_its_english() -> None:
    unknown = []
    for place in RAISING:
        path = ROOT / place
        for module in [path] if path.suffix else sorted(path.rglob("*.py")):
            found = raised_in(ast.parse(module.read_text(encoding="utf-8")))
            unknown += [f"{module.name}: {one}" for one in found if words.say("en", one) == one]
    assert unknown == []


def test_a_refusal_without_english_would_be_named() -> None:
    assert raised_in(ast.parse('raise RuleError(f"没有“{x}”这种事。")')) == ["没有“甲”这种事。"]
    assert words.say("en", "没有“甲”这种事。") == "没有“甲”这种事。"


def test_the_english_fills_the_same_places() -> None:
    def places(sentence: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(sentence)} - {None}

    assert [zh for zh, en in elsewhere._table().items() if places(zh) != places(en)] == []


def test_every_kind_of_problem_has_its_english() -> None:
    kinds = [*KINDS.values(), *problems.PLAIN.values(), problems.UNEXPECTED]
    said = {text for kind in kinds for text in (kind.title, kind.next, kind.safe, kind.says) if text}
    assert (said | set(problems.FAULTS.values())) - set(words.english()) == set()


@pytest.mark.parametrize(
    ("chinese", "english"),
    [
        (
            "“甲乙”还没有定条目，先选一个归档范围条目再采用。",
            "“甲乙” has no series yet; choose one, then accept.",
        ),
        ("取自第 3 页标题，前加所属", "from the heading, with the village before it on page 3"),
        ("题名、开头同时有“合同”“承包”", "title and beginning have “合同” and “承包”"),
        ("首行有“收据”", "first line has “收据”"),
        ("条目 WS-MZ-01 的默认范围是涉个人信息", "what series WS-MZ-01 has as a rule: Personal data"),
        ("与“会议/3.12.docx”内容完全相同，已经收过。", "The same as “会议/3.12.docx”, which was received before."),
        ("大纲里没有条目 {0}，没有改动。", "The outline has no series {0}; nothing was changed."),
        ("一次最多收 64 MB，这个文件没有收。", "At most 64 MB are received at once; this file was not received."),
    ],
)
def test_what_was_filled_in_is_carried_over(chinese: str, english: str) -> None:
    assert words.say("en", chinese) == english
    assert words.say("zh", chinese) == chinese


def test_what_is_wrong_with_a_file_has_its_english() -> None:
    said = {part for kind in _Kind.__subclasses__() for part in kind.usual[1:]}
    assert len(said) > 20
    assert [one for one in said if words.say("en", one) == one] == []


def test_why_a_period_has_its_english() -> None:
    facts = RetentionFacts(
        document="示范大纲", version="1", banner="", series_id="WS-MZ-02", series_name="会议记录", mark="", evidence=(),
        retention=Retention("years", 30), start_rule="归档次年起算", start=date(2020, 1, 1),
    )  # fmt: skip
    said = [words.say("en", step.text) for step in why(facts)]
    assert said[0] == "“示范大纲”, version 1, series WS-MZ-02 会议记录"
    assert said[2] == "Period: 30 years"
    assert said[-1] == "runs out on 2049-12-31; it is then listed for appraisal, never destroyed by itself"


def test_role_and_act_of_a_refusal_are_in_english_too() -> None:
    with pytest.raises(Forbidden) as refused:
        check(Actor("1", "x", "x", Role.CLERK), Permission.ARCHIVE)
    assert words.say("en", str(refused.value)).startswith("Your account (Village clerk) may not archive material;")


def test_a_script_of_an_english_page_is_answered_in_english() -> None:
    told = bytes(as_json(problem_of(RuleError("题名不能空着，没有改动。")), "/api/v1/records", "en").body).decode()
    assert "The title must not be empty; nothing was changed." in told
    assert "Nothing was changed." in told


@pytest.mark.parametrize("name", ["english.yaml", "elsewhere.yaml"])
def test_a_text_has_its_english_once(name: str) -> None:
    lines = (ROOT / "archive_service" / "web" / name).read_text(encoding="utf-8").splitlines()
    keys = [line.partition('": ')[0] for line in lines if line.startswith('"')]
    assert [one for one, times in Counter(keys).items() if times > 1] == []
