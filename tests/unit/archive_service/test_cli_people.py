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
