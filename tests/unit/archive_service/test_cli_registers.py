"""Appraisal and registers at the command line: from the batch to the count, each with his own password."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from archive_service.cli.main import app
from archive_service.permissions import Forbidden, Refused
from archive_service.settings import Settings
from archive_service.wiring import build
from classification.errors import RuleError
from tests.unit.archive_service.appraisal_village import PASSWORD, make_place

Say = Callable[..., str]


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Say:
    """One command, with a line of standard input."""
    monkeypatch.setenv("VILLAGE_ARCHIVE_PASSWORD_MEMORY_KIB", "8")
    made = build(Settings(data=tmp_path, password_memory_kib=8, ocr=False))
    make_place(made)
    made.sessions.engine.dispose()

    def run(*words: str, typed: str = PASSWORD) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(tmp_path)], input=f"{typed}\n")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.output

    return run


def opened(say: Say) -> str:
    seats = ("--seat", "leader=zu", "--seat", "archivist=wang", "--seat", "member=yuan")
    said = json.loads(say("appraisal", "open", "-v", "石门槛村", "--purpose", "到期鉴定", *seats, "--json"))
    assert said["records"] == 3
    return str(said["id"])


def test_from_the_batch_to_the_count(say: Say, tmp_path: Path) -> None:
    batch = opened(say)
    told = ("--verdict", "destroy", "--reason", "无保存价值", "--rest")
    assert "3 件" in say("appraisal", "opinion", batch, "--as", "yuan", *told)
    say("appraisal", "opinion", batch, "--as", "wang", *told, "--round", "second")
    shown = json.loads(say("appraisal", "show", batch, "--json"))
    assert {one["agreement"] for one in shown} == {"意见已定"}
    assert "拟销毁 3 件" in say("appraisal", "close", batch, "--as", "zu")
    assert "共 3 件" in say("appraisal", "report", batch, "--take-draft")
    say("register", "submit", batch, "--as", "wang")
    (found,) = json.loads(say("register", "list", "--json"))
    for words in (("register", "print", found["id"]), ("appraisal", "print", batch, "--form", "opinions")):
        paper = tmp_path / f"{words[0]}.pdf"
        assert "已写出" in say(*words, "-o", str(paper))
        assert paper.read_bytes().startswith(b"%PDF-")
    say("register", "sign", found["id"], "--as", "zu")
    say("register", "refuse", found["id"], "--as", "pi", "--record", f"{3:032x}", "--reason", "还有用")
    say("register", "approve", found["id"], "--as", "pi")
    say("register", "count", found["id"], "--as", "jia")
    assert "已清点" in say("register", "count", found["id"], "--as", "yi")
    whole = json.loads(say("register", "show", found["id"], "--json"))
    assert (whole["state"], len(whole["lines"]), len(whole["hash"])) == ("counted", 3, 64)
    assert "监销人乙" in say("register", "show", found["id"])


def test_a_name_without_its_password_counts_for_nothing(say: Say) -> None:
    batch = opened(say)
    told = ("--verdict", "destroy", "--reason", "无保存价值", "--rest")
    with pytest.raises(Refused):
        say("appraisal", "opinion", batch, "--as", "yuan", *told, typed="猜一个口令试试")
    with pytest.raises(Forbidden):
        say("appraisal", "opinion", batch, "--as", "pi", *told)
    assert json.loads(say("appraisal", "show", batch, "--json"))[0]["opinions"] == ""


def test_a_seat_that_is_none_is_refused_with_those_that_there_are(say: Say) -> None:
    with pytest.raises(RuleError, match="席位有"):
        say("appraisal", "open", "-v", "石门槛村", "--purpose", "到期鉴定", "--seat", "king=zu")
