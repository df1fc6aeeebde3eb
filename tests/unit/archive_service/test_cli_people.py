"""People and villages from the command line: roles for an organisation and a time, tokens, renamings, mergers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive_service.actions import tokens
from archive_service.cli.main import app
from archive_service.permissions import Permission, can
from archive_service.settings import Settings
from archive_service.wiring import build
from classification.errors import RuleError

Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """One command on a small archive: its words, or the error it ended with."""
    monkeypatch.setenv("VILLAGE_ARCHIVE_PASSWORD_MEMORY_KIB", "8")

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(tmp_path)])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    run("init")
    run("village", "add", "石门槛村", "--fonds", "V012", "--township", "望溪镇")
    run("village", "add", "青石坳村", "--fonds", "V013", "--township", "望溪镇")
    run("user", "add", "zhou", "--name", "周", "--role", "clerk", "--village", "石门槛村")
    return run


def unwrapped(said: str) -> str:
    """Without the line ends that a narrow screen puts in."""
    return said.replace("\n", "")


def roles(say: Say) -> list[dict[str, str | None]]:
    people = json.loads(say("user", "list", "--json"))
    held: list[dict[str, str | None]] = next(one["roles"] for one in people if one["login"] == "zhou")
    return held


def test_a_role_is_given_for_a_township_until_a_day_and_taken_back(say: Say) -> None:
    say("user", "grant", "zhou", "contractor", "--township", "望溪镇", "--until", "2026-12-31")
    given = [(one["role"], one["for"], one["until"]) for one in roles(say)]
    assert given == [("clerk", "石门槛村", None), ("contractor", "望溪镇", "2026-12-31")]
    say("user", "revoke", str(roles(say)[1]["id"]))
    assert [one["role"] for one in roles(say)] == ["clerk"]


def test_who_may_what_where_from_when_to_when_is_said_with_the_number_for_taking_it_back(say: Say) -> None:
    said = say(
        "user", "grant", "zhou", "contractor", "--township", "望溪镇", "--from", "2026-04-01", "--until", "2026-12-31"
    )
    given = next(one for one in roles(say) if one["role"] == "contractor")
    assert "已授予周（zhou）：外包人员，望溪镇，从2026年4月1日起，到2026年12月31日止（含当天）。" in unwrapped(said)
    assert f"要收回：village-archive user revoke {given['id']}" in said
    assert "已收回周（zhou）的外包人员（望溪镇），从现在起不再有效。" in say("user", "revoke", str(given["id"]))


def test_a_role_for_the_whole_county_without_an_end_is_said_so(say: Say) -> None:
    assert "审计员，全县，从授予之日起，没有写止日。" in say("user", "grant", "zhou", "auditor")


def test_an_account_is_opened_with_its_role_in_words_and_a_number_that_takes_it_back(say: Say) -> None:
    said = say("user", "add", "wu", "--name", "吴", "--role", "researcher", "--until", "2027-01-31")
    assert "已给吴（wu）开户：研究者，全县，从授予之日起，到2027年1月31日止（含当天）。" in said
    number = said.split("user revoke ")[1].split()[0]
    assert "已收回吴（wu）的研究者（全县）" in say("user", "revoke", number)


def test_the_list_of_people_says_each_role_on_a_line_with_its_number(say: Say) -> None:
    say("user", "add", "lin", "--name", "林", "--role", "archivist", "--clearance", "personal")
    say("user", "close", "lin")
    (held,) = roles(say)
    listed = "".join(say("user", "list").split())
    assert f"周（zhou）村档案员，石门槛村，从授予之日起，没有写止日；收回用编号{held['id']}" in listed
    assert "林（lin），已停用，指定可看：涉个人信息" in listed


def test_a_token_is_listed_with_what_its_program_may_do(say: Say) -> None:
    assert "已给周（zhou）的程序“夜间移交”开令牌：能移交材料，用到" in say(
        "user", "token", "zhou", "--name", "夜间移交", "--may", "hand_in"
    )
    say("user", "token", "zhou", "--name", "看板")
    listed = "".join(say("user", "tokens", "zhou").split())
    assert "给“夜间移交”用：能移交材料，用到" in listed
    assert "给“看板”用：只能查看，用到" in listed


def test_what_happened_to_a_village_or_a_township_is_said_in_a_sentence(say: Say) -> None:
    added = say("village", "add", "远山村", "--fonds", "V031", "--township", "云顶乡", "--alias", "前进大队:1958:1984")
    assert "已登记云顶乡远山村，全宗号 V031，曾用名：前进大队（1958—1984）。" in added
    assert "远山村从 2020 年起叫新山村" in say("village", "rename", "远山村", "新山村", "--year", "2020")
    assert "新山村从 2021 年起属于望溪镇" in say("village", "move", "新山村", "望溪镇", "--year", "2021")
    assert "望溪镇从 2022 年起叫望溪街道" in say("village", "rename-township", "望溪镇", "望溪街道", "--year", "2022")
    say("village", "add", "岩口村", "--fonds", "V041", "--township", "岩口乡")
    merged = say("village", "merge-township", "岩口乡", "望溪街道", "--on", "2024-01-01")
    assert "岩口乡从2024年1月1日起并入望溪街道，1 个村划归过去" in unwrapped(merged)
    assert "远山村（1984—2020）" in say("village", "list")


def test_a_contractor_without_a_last_day_is_refused(say: Say) -> None:
    with pytest.raises(RuleError):
        say("user", "grant", "zhou", "contractor", "--township", "望溪镇")


def test_a_token_is_shown_once_listed_without_itself_and_revoked(say: Say, tmp_path: Path) -> None:
    made = say("user", "token", "zhou", "--name", "夜间移交", "--may", "hand_in", "--days", "9")
    token = next(word for word in made.replace("（", " ").replace("：", " ").split() if word.startswith(tokens.PREFIX))
    archive = build(Settings(data=tmp_path, password_memory_kib=8))
    with archive.sessions.read() as session:
        speaks_for = tokens.bearer(session, token, archive.now(), archive.today())
    assert speaks_for is not None
    assert can(speaks_for, Permission.HAND_IN)
    listed = say("user", "tokens", "zhou", "--json")
    assert token not in listed
    say("user", "tokens", "zhou", "--revoke", json.loads(listed)[0]["id"])
    with archive.sessions.read() as session:
        assert tokens.bearer(session, token, archive.now(), archive.today()) is None
    archive.sessions.engine.dispose()


def test_a_village_is_renamed_and_another_goes_into_it(say: Say) -> None:
    say("village", "rename", "石门槛村", "石门新村", "--year", "2026")
    say("village", "merge", "青石坳村", "石门新村", "--on", "2026-01-01")
    held = {one["fonds"]: one for one in json.loads(say("village", "list", "--json"))}
    assert held["V012"]["name"] == "石门新村"
    assert held["V012"]["aliases"] == [{"name": "石门槛村", "from": None, "to": 2026}]
