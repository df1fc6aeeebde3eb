"""Settings: the command line wins over the environment, and that over a file of secrets."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive_service import settings

FILED, NAMED = "redis://:filed@127.0.0.1:6379/0", "redis://:named@127.0.0.1:6379/0"


def test_a_setting_may_be_a_file_of_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "VILLAGE_ARCHIVE_QUEUE_URL").write_text(FILED, encoding="utf-8")
    monkeypatch.setattr(settings, "SECRETS", tmp_path)
    assert settings.load().queue_url == FILED
    monkeypatch.setenv("VILLAGE_ARCHIVE_QUEUE_URL", NAMED)
    assert settings.load().queue_url == NAMED
    assert settings.load(queue_url=FILED).queue_url == FILED


def test_without_a_folder_of_secrets_there_is_nothing_to_say(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "SECRETS", tmp_path / "none")
    assert settings.load().queue_url is None
