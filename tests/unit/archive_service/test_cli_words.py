"""What the command line says: Chinese in every frame, stored values in words, codes unbroken, no empty frames."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.cells import cell_len
from rich.console import Console
from rich.text import Text
from typer.core import TyperArgument, TyperGroup
from typer.testing import CliRunner

from archive_service.actions.notices import notices
from archive_service.cli import options, screen
from archive_service.cli.folding import folds
from archive_service.cli.main import app
from archive_service.cli.named import names_of, record_ids
from archive_service.cli.notices import HOW
from archive_service.cli.slips import ARGUMENTS, SLIPS, in_words
from archive_service.permissions import OPERATOR
from archive_service.settings import Settings
from archive_service.wiring import build
from tests.unit.archive_service.appraisal_village import make_place

ENGLISH = re.compile(r"Usage|Options|Arguments|Commands|Show this|default|required|Error|Invalid|Missing|Try |No such")


def every_command(group: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name in group.commands:
        found = group.commands[name]
        yield (*words, name), found
        if isinstance(found, TyperGroup):
            yield from every_command(found, (*words, name))


COMMANDS = dict(every_command(typer.main.get_command(app)))


@pytest.mark.parametrize("words", [(), *COMMANDS], ids=" ".join)
def test_the_help_of_every_command_is_chinese_in_its_frame(words: tuple[str, ...]) -> None:
    done = CliRunner().invoke(app, [*words, "--help"])
    assert done.exit_code == 0
    assert f"用法：{' '.join(['village-archive', *words])}" in done.output
    assert not ENGLISH.search(done.output), done.output


def test_every_argument_has_a_chinese_name() -> None:
    named = {one.name for found in COMMANDS.values() for one in found.params if isinstance(one, TyperArgument)}
    assert named == set(ARGUMENTS)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("frobnicate",), "没有“frobnicate”这个命令；有哪些，见说明。"),
        (("user", "lst"), "没有“lst”这个命令；是不是 list"),
        (("status", "--foo"), "没有 --foo 这个选项；有哪些，见说明。"),
        (("due", "--limits"), "没有 --limits 这个选项；是不是 --limit？"),
        (("due", "--limit", "x"), "--limit：要写整数。"),
        (("due", "--limit", "0"), "--limit：不能小于 1。"),
        (("completeness", "--year", "99999"), "--year：不能大于 9998。"),
        (("search", "--sort", "foo", "x"), "--sort：没有“foo”，可以写 relevance、"),
        (("ingest",), "少写了“文件或文件夹”。"),
        (("ingest", "/nowhere/at/all", "-v", "x"), "“文件或文件夹”：没有“/nowhere/at/all”这个文件或文件夹。"),
        (("watch", __file__, "-v", "x"), f"“{__file__}”是文件，这里要写文件夹。"),
        (("list", "import", str(Path(__file__).parent)), "是文件夹，这里要写文件。"),
        (("village", "merge", "a", "b"), "少写了 --on。"),
        (("village", "merge", "a", "b", "--on", "昨天"), "--on：“昨天”不是日期，要像 2026-03-16。"),
        (("opening", "propose", "x", "--code", "K1"), "少写了 --outcome，可以写 open、"),
        (("verify", "extra"), "多写了“extra”。"),
        (("due", "--village"), "--village 后面要写出取值。"),
        (("due", "--json=1"), "--json 后面不写取值。"),
        (("due", "--show", "foo"), "--show：没有“foo”，可以写 due（期满）、"),
        (("use", "requests", "--show", "foo"), "--show：没有“foo”，可以写 waiting（等着答复）、"),
        (("print", "foo", "-o", "a.pdf"), "“表”：没有“foo”，可以写 catalogue（"),
        (("appraisal", "report", "x", "--save", "/nowhere/at/all"), "--save：没有“/nowhere/at/all”这个文件。"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_slip_is_answered_in_chinese_with_exit_code_2(words: tuple[str, ...], said: str) -> None:
    done = CliRunner().invoke(app, list(words))
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert not ENGLISH.search(done.stderr)


def test_what_no_pattern_knows_stays_as_it_is() -> None:
    assert in_words("文件名要以 .pdf 结尾。") == "文件名要以 .pdf 结尾。"
    assert len({pattern for pattern, _ in SLIPS}) == len(SLIPS)


def test_a_group_without_a_command_says_its_help_and_ends_with_2() -> None:
    done = CliRunner().invoke(app, ["hold"])
    assert (done.exit_code, "place" in done.output, "用法：village-archive hold" in done.output) == (2, True, True)


def test_what_was_not_confirmed_is_said_in_chinese(say: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise typer.Abort

    monkeypatch.setattr("archive_service.cli.intake.overview", refuse)
    with pytest.raises(AssertionError, match="没有确认，停下了。"):
        say("status")


LONG = "关于石门槛村二〇二三年第四次村民代表会议（扩大）审议通过的《村规民约》修订草案的说明，共 12 页。"


@pytest.mark.parametrize("width", [8, 11, 20, 33])
def test_chinese_folds_anywhere_but_before_a_comma_and_inside_a_code(width: int) -> None:
    line = LONG + "见 WS-MZ-02，另见。"
    at = [0, *folds(line, width), len(line)]
    parts = [line[start:end] for start, end in pairwise(at)]
    assert "".join(parts) == line
    assert max(cell_len(one.rstrip()) for one in parts) <= width
    assert not any(one.startswith(("，", "。", "）", "》")) for one in parts)
    assert sum("WS-MZ-02" in one for one in parts) == (1 if width >= 10 else 0)


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> StringIO:
    """A screen of 80 columns."""
    out = StringIO()
    monkeypatch.setattr(screen, "console", Console(file=out, width=80, highlight=False))
    return out


def test_codes_stay_whole_on_80_columns(seen: StringIO) -> None:
    code, number = "V012-ZY·TC·1998-001-001", "0" * 32
    screen.show_table(
        "", ["编号", "档号", "题名", "村", "说明"], [[number, code, LONG, "石门槛村", LONG]], none="没有。"
    )
    lines = seen.getvalue().splitlines()
    assert any(code in line and number in line for line in lines)
    assert len(lines) > 2


def test_a_heading_is_not_broken_where_there_is_room(seen: StringIO) -> None:
    heads = ["村", "%", "已有", "晚到", "未见", "未到期", "未发生", "未检查"]
    screen.show_table("", heads, [["石门槛村", "100", *["1234"] * 6]], heads[1:], none="没有。")
    assert seen.getvalue().splitlines()[0].split() == heads


def test_a_table_without_rows_is_a_sentence(seen: StringIO) -> None:
    screen.show_table("村干部名册", ["姓名", "职务"], [], none="没有登记村干部。")
    assert seen.getvalue().splitlines() == ["村干部名册", "没有登记村干部。"]


def test_a_sentence_is_one_line_so_that_a_command_in_it_can_be_copied(seen: StringIO) -> None:
    screen.tell(LONG + " village-archive user revoke 01a2149ee433d6aa83090aa0b153aed9")
    assert len(seen.getvalue().splitlines()) == 1


def test_a_count_without_a_total_has_no_question_mark(monkeypatch: pytest.MonkeyPatch) -> None:
    out = StringIO()
    monkeypatch.setattr(screen, "errors", Console(file=out, width=80, force_terminal=True, color_system=None))
    with screen.progress("逐件核对档案") as bar:
        for name in ("V012-WS·2024-Y-MZ-0001", "很长很长的题名" * 9):
            bar.step(name)
    assert "?" not in out.getvalue().replace("\x1b[?25", "")
    assert re.search(r"逐件核对档案 .* 2 ", out.getvalue())


def test_sizes_and_days_are_said_as_people_say_them() -> None:
    assert [screen.size_in_words(one) for one in (12, 3_842_063, 2 * 10**9)] == ["12 字节", "3.8 MB", "2.0 GB"]
    assert options.in_words({"due": "期满", "running": "未期满"}) == "due（期满）、running（未期满）"


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """One command on an archive with three records that have run out, and no list else."""
    monkeypatch.setenv("VILLAGE_ARCHIVE_PASSWORD_MEMORY_KIB", "8")
    made = build(Settings(data=tmp_path, password_memory_kib=8, ocr=False))
    make_place(made)
    made.sessions.engine.dispose()

    def run(*words: str) -> str:
        done = CliRunner().invoke(app, [*words, "--data", str(tmp_path)])
        assert done.exit_code == 0, done.output
        return done.output

    return run


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("hold list", "没有还在管着的停止处置"),
        ("hold list --all", "没有停止处置。"),
        ("appraisal list", "没有正在鉴定的批次"),
        ("register list", "没有销毁清册。"),
        ("transfer list", "没有移交档案馆的。"),
        ("opening list", "没有“已满年限，未审核”的档案。"),
        ("use requests", "没有等着答复的利用申请"),
        ("dossier list", "没有事项卷。"),
        ("handover list", "没有换届、换人移交。"),
        ("cadres show -v 石门槛村", "没有登记村干部。"),
        ("user tokens wang", "wang 没有还能用的接口令牌。"),
        ("concerned wang", "没有交给 wang 查看的档案。"),
        ("due --show running", "没有未期满的档案。"),
        ("due --forecast 1", "今后这几年没有期满的档案。"),
        ("search 龘龘", "没有查到"),
    ],
)
def test_a_list_that_is_empty_says_so(say: Callable[..., str], words: str, said: str) -> None:
    assert said in say(*words.split())


def test_stored_values_are_said_in_the_words_of_the_pages(say: Callable[..., str]) -> None:
    assert "已归档 3 件" in say("status")
    assert "期满 3，未期满 0" in say("due")
    seats = ("--seat", "leader=zu", "--seat", "archivist=wang", "--seat", "member=yuan")
    say("appraisal", "open", "-v", "石门槛村", "--purpose", "到期鉴定", *seats)
    listed = say("appraisal", "list")
    assert ("正在鉴定" in listed, "系统操作员" in listed, "operator" in listed) == (True, True, False)


def test_a_second_init_says_that_there_is_nothing_to_do(say: Callable[..., str]) -> None:
    assert "已经建过库：表已是最新" in say("init")


def test_a_notice_says_the_address_what_is_done_there_and_the_command(say: Callable[..., str]) -> None:
    said = say("notices")
    assert "3 件期满，等着鉴定" in said
    assert "网页：列入鉴定  http://127.0.0.1:8000/due" in said
    assert "命令：village-archive due" in said


def test_every_notice_has_its_place_and_every_command_of_one_is_there(tmp_path: Path) -> None:
    archive = build(Settings(data=tmp_path, password_memory_kib=8, ocr=False))
    make_place(archive)
    with archive.sessions.read() as session:
        keys = {one.key for one in notices(session, OPERATOR, archive.now(), archive.today())}
        (known,) = record_ids(session, ["0" * 31 + "1"])
        assert names_of(session, ["f" * 32]) == {"f" * 32: "f" * 32}
    archive.sessions.engine.dispose()
    assert keys <= set(HOW)
    assert known == "0" * 31 + "1"
    commands = {words for _, command in HOW.values() if (words := tuple(command.split()[:2]))}
    assert all(words in COMMANDS or words[:1] in COMMANDS for words in commands)


def test_marked_words_keep_their_marks_when_a_passage_is_folded(seen: StringIO) -> None:
    screen.show_prose(Text("第 1 页 ") + screen.marked(LONG, [(2, 6)]))
    assert all(cell_len(line.rstrip()) <= 80 for line in seen.getvalue().splitlines())
