"""A wrong setting is said in one sentence before anything starts: its name, the value without secrets, the remedy."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from moto.server import ThreadedMotoServer
from pydantic import ValidationError
from sqlalchemy import text

from archive_service.settings import Settings, WrongSettings, load, masked, sentences
from archive_service.tasks.doctor import examine
from archive_service.wiring import Archive, build
from storage.errors import NotReady
from tests.journeys.test_rebuild import outline, stocked  # noqa: F401  fixtures of the neighbouring journey


@pytest.fixture
def kept(request: pytest.FixtureRequest) -> Archive:
    """Two archived records, one accepted, everything sealed and indexed."""
    found: Archive = request.getfixturevalue("stocked")
    return found


@pytest.mark.parametrize(
    ("name", "value", "shown", "remedy"),
    [
        ("DATABASE_URL", "postgres://u:geheim@h/db", "'postgres://***@h/db'", "postgresql+psycopg://"),
        ("OBJECTS_URL", "s3://key:geheim@h:9000", "'s3://***@h:9000'", "/桶名"),
        ("OBJECTS_URL", "s3:/key:geheim@h:9000/b", "'s3:/***@h:9000/b'", "s3://key:secret@"),
        ("SEARCH_URL", "127.0.0.1:9200", "'127.0.0.1:9200'", "http://"),
        ("QUEUE_URL", "redis://:geheim@h:port/0", "'redis://***@h:port/0'", "redis://"),
        ("SECOND_COPY_URL", "/mnt/backup", "'/mnt/backup'", "file:///"),
        ("PORT", "eighty", "'eighty'", "应当是整数"),
        ("PORT", "70000", "'70000'", "不能大于 65535"),
        ("METRICS", "public", "'public'", "loopback"),
        ("OCR", "perhaps", "'perhaps'", "true 或 false"),
        ("LOG_FORMAT", "xml", "'xml'", "只能是 'text'、'json'"),
        ("COUNTY", "", "''", "不能为空"),
        ("SEARCH_NAME", "云岭 A", "'云岭 A'", "小写字母"),
        ("CLAMD", "nowhere", "'nowhere'", "127.0.0.1:3310"),
        ("CALENDAR", "/no/such.yaml", "'/no/such.yaml'", "没有这个文件"),
        ("APPRAISAL", "/", "'/'", "没有这个文件"),
        ("OIDC_SECRET_FILE", "/no/such", "'/no/such'", "没有这个文件"),
        ("DATA", "/etc/hostname/below", "'/etc/hostname/below'", "请写一个文件夹"),
    ],
)
def test_a_wrong_value_is_named_with_its_setting_and_remedy(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, shown: str, remedy: str
) -> None:
    monkeypatch.setenv(f"VILLAGE_ARCHIVE_{name}", value)
    with pytest.raises(ValidationError) as caught:
        load()
    (said,) = sentences(caught.value)
    assert f"设置 VILLAGE_ARCHIVE_{name} 不对：写的是 {shown}" in said
    assert remedy in said
    assert "geheim" not in said


def test_a_setting_whose_name_is_misspelt_does_not_silently_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VILLAGE_ARCHIVE_DATABSE_URL", "postgresql+psycopg://u:geheim@h/db")
    with pytest.raises(WrongSettings) as caught:
        load()
    assert "是不是想写 VILLAGE_ARCHIVE_DATABASE_URL" in str(caught.value)
    assert "geheim" not in str(caught.value)


@pytest.mark.parametrize("name", ["queue_url", "calendar", "clamd", "oidc_secret_file"])
def test_an_empty_setting_is_as_good_as_none(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(f"VILLAGE_ARCHIVE_{name.upper()}", "")
    assert getattr(load(), name) is None


def test_a_log_in_service_without_the_name_of_this_installation_is_half_a_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VILLAGE_ARCHIVE_OIDC_ISSUER", "https://login.example")
    with pytest.raises(ValidationError) as caught:
        load()
    (said,) = sentences(caught.value)
    assert "设置 VILLAGE_ARCHIVE_OIDC_CLIENT 不对：写的是 ''" in said


@pytest.mark.parametrize("name", ["calendar", "appraisal"])
@pytest.mark.parametrize(("content", "why"), [("a: [1", "不是能读的 YAML"), ("hello: 1", "处问题，没有采用")])
def test_a_county_file_that_is_none_is_refused_before_anything_is_made(
    tmp_path: Path, name: str, content: str, why: str
) -> None:
    own, data = tmp_path / "own.yaml", tmp_path / "data"
    own.write_text(content, encoding="utf-8")
    done = _command({f"VILLAGE_ARCHIVE_{name.upper()}": str(own)}, "init", "--data", str(data))
    assert done.returncode == 6
    assert f"设置 VILLAGE_ARCHIVE_{name.upper()}（{own}）" in done.stderr.replace("\n", "")
    assert why in done.stderr.replace("\n", "")
    assert not data.exists()


def test_an_address_that_cannot_be_listened_on_is_said_before_the_start(archive: Archive) -> None:
    own = {"VILLAGE_ARCHIVE_DATA": str(archive.settings.data)}
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = _command(own, "serve", "--host", "127.0.0.1", "--port", port)
    assert done.returncode == 6
    assert f"VILLAGE_ARCHIVE_PORT（127.0.0.1:{port}）：已被别的程序占用" in done.stderr.replace("\n", "")
    done = _command(own, "serve", "--host", "192.0.2.1", "--port", "18999")
    assert done.returncode == 6
    assert "VILLAGE_ARCHIVE_PORT（192.0.2.1:18999）：不能监听" in done.stderr.replace("\n", "")


def test_a_data_folder_that_cannot_be_made_is_said() -> None:
    done = _command({}, "init", "--data", "/proc/nowhere")
    assert done.returncode == 6
    assert "设置 VILLAGE_ARCHIVE_DATA（/proc/nowhere）：建不了这个文件夹" in done.stderr.replace("\n", "")


def _command(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    whole = [sys.executable, "-m", "archive_service.cli", *words]
    return subprocess.run(whole, capture_output=True, text=True, env={**os.environ, **environment}, check=False)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("s3://key:a/b@c@h:9000/b", "s3://***@h:9000/b"),
        ("http://h:9200", "http://h:9200"),
        ("file:///data/store", "file:///data/store"),
    ],
)
def test_what_stands_before_the_host_is_never_shown(address: str, shown: str) -> None:
    assert masked(address) == shown


def test_the_command_ends_with_the_sentence_and_nothing_else(tmp_path: Path) -> None:
    wrong = {"VILLAGE_ARCHIVE_DATABASE_URL": "mysql://u:geheim@h/db"}
    done = _command(wrong, "status", "--data", str(tmp_path / "data"))
    assert done.returncode == 2
    said = done.stderr.replace("\n", "")
    assert said.startswith("设置 VILLAGE_ARCHIVE_DATABASE_URL 不对：写的是 'mysql://***@h/db'")
    assert "Traceback" not in said
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(("found", "remedy"), [("0001", "village-archive init"), ("9999", "请升级程序")])
def test_a_database_behind_or_ahead_of_the_code_is_refused(archive: Archive, found: str, remedy: str) -> None:
    with archive.sessions.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :found"), {"found": found})
    with pytest.raises(NotReady, match=f"VILLAGE_ARCHIVE_DATABASE_URL.*数据库版本是 {found}.*{remedy}"):
        archive.check()


def test_a_database_ahead_of_the_code_is_not_migrated_either(archive: Archive) -> None:
    with archive.sessions.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NotReady, match="比程序新"):
        archive.prepare()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """What a real server answers is asked where `--postgresql` gives one."""
    if "database_trouble" in metafunc.fixturenames:
        server = metafunc.config.getoption("--postgresql")
        metafunc.parametrize("database_trouble", ["away", *(["password", "name"] if server else [])])


def test_a_database_server_that_does_not_let_us_in_is_said_without_its_password(
    settings: Settings, database_trouble: str, request: pytest.FixtureRequest
) -> None:
    parts = urlsplit(request.config.getoption("--postgresql") or "postgresql+psycopg://u:geheim@127.0.0.1:9/db")
    netloc = f"{parts.username}:geheim@{parts.hostname}:{parts.port}"
    url, remedy = {
        "away": (parts._replace(netloc="u:geheim@127.0.0.1:9"), "连不上"),
        "password": (parts._replace(netloc=netloc), "用户或口令"),
        "name": (parts._replace(path="/no_such"), "没有这个库"),
    }[database_trouble]
    with pytest.raises(NotReady, match=r"VILLAGE_ARCHIVE_DATABASE_URL（postgresql\+psycopg://\*\*\*@127") as caught:
        build(settings.model_copy(update={"database_url": url.geturl()})).check()
    assert remedy in str(caught.value)
    assert "geheim" not in str(caught.value)


def test_a_bucket_that_is_not_the_one_the_database_speaks_of_is_refused(kept: Archive) -> None:
    kept.check_stores()
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        wrong = kept.settings.model_copy(update={"objects_url": f"s3://key:geheim@{host}:{port}/misspelt"})
        with pytest.raises(NotReady, match=r"VILLAGE_ARCHIVE_OBJECTS_URL.*没有档案.*核对桶名") as caught:
            build(wrong, kept.clock).check_stores()
        assert "geheim" not in str(caught.value)
    finally:
        server.stop()


def test_the_doctor_names_an_index_that_is_not_of_this_database(kept: Archive) -> None:
    assert [one.says for one in examine(kept) if not one.good and not one.optional] == []
    kept.index.clear()
    said = [one.says for one in examine(kept) if not one.good and not one.optional]
    assert len(said) == 1
    assert "索引里有 0 件，数据库里有 3 件" in said[0]
    assert "rebuild index" in said[0]


def test_the_doctor_asks_queue_search_and_second_copy(settings: Settings) -> None:
    urls = {
        "queue_url": "redis://:geheim@127.0.0.1:9/0",
        "search_url": "http://elastic:geheim@127.0.0.1:9",
        "second_copy_url": "s3://key:geheim@127.0.0.1:9/b",
    }
    archive = build(settings.model_copy(update=urls))
    archive.prepare()
    bad = {one.name: one.says for one in examine(archive) if not one.good and not one.optional}
    assert set(bad) == {"索引", "设置 VILLAGE_ARCHIVE_SEARCH_URL", "设置 VILLAGE_ARCHIVE_QUEUE_URL", "第二份"}
    assert "geheim" not in str(bad)


def test_the_doctor_asks_the_malware_scanner_that_is_set(settings: Settings) -> None:
    archive = build(settings.model_copy(update={"clamd": "127.0.0.1:9"}))
    archive.prepare()
    (found,) = [one for one in examine(archive) if one.name == "病毒检查"]
    assert not found.good
    assert not found.optional
    assert "文件都不会收" in found.says
