"""The compose file and the image: valid, pinned, limited, not root, and speaking of settings and commands that exist.

No engine runs here; what the servers themselves do is in tests/journeys/test_servers.py, on the same versions.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import typer.main
import yaml

from archive_service.cli.main import app
from archive_service.queue import QUEUES
from archive_service.settings import Settings

PROJECT = Path(__file__).parents[2]
COMPOSE = PROJECT / "docker-compose.yml"
TEXT = COMPOSE.read_text(encoding="utf-8")
SERVICES: dict[str, dict[str, Any]] = yaml.safe_load(TEXT)["services"]
ONE_SHOT = {"init", "minio-folder"}
OUR_IMAGE = "village-archive-service"
LONG_RUNNING = sorted(SERVICES.keys() - ONE_SHOT)


def test_the_compose_file_keeps_to_the_schema() -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_a_service_has_a_limit_of_memory_and_a_pinned_image(name: str) -> None:
    service = SERVICES[name]
    assert service["mem_limit"]
    assert service["image"] == OUR_IMAGE or re.search(r":[\w.-]*\d[\w.-]*$", service["image"])


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_service_says_how_it_is_and_comes_back_by_itself(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"]
    assert SERVICES[name]["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", LONG_RUNNING)
def test_a_service_cannot_become_root(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    # The image of Elasticsearch has a user of its own, and so has ours.
    assert "elasticsearch" in service["image"] or service["image"] == OUR_IMAGE or service["user"] not in ("root", "0")


def test_the_image_does_not_run_as_root_and_is_built_from_the_lock_in_stages() -> None:
    image = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    users = re.findall(r"^USER (\S+)", image, re.MULTILINE)
    assert users == ["archive"]
    assert len(re.findall(r"^FROM ", image, re.MULTILINE)) == 2
    assert "--require-hashes -r requirements.lock" in image


def test_no_secret_has_a_default() -> None:
    secrets = re.findall(r"\$\{([A-Z_]+)(:\?)?[^}]*\}", TEXT)
    assert {name for name, _ in secrets} == {
        "POSTGRES_PASSWORD",
        "MINIO_USER",
        "MINIO_PASSWORD",
        "ELASTIC_PASSWORD",
        "REDIS_PASSWORD",
    }
    assert all(required for _, required in secrets)


def test_only_the_web_is_published_and_only_on_this_machine() -> None:
    published = {name: service["ports"] for name, service in SERVICES.items() if "ports" in service}
    assert published == {"web": ["127.0.0.1:8000:8000"]}


def test_every_setting_in_it_exists() -> None:
    named = {
        name.removeprefix("VILLAGE_ARCHIVE_").lower()
        for service in SERVICES.values()
        for name in service.get("environment", {})
        if name.startswith("VILLAGE_ARCHIVE_")
    }
    assert named
    assert named <= Settings.model_fields.keys()


def test_every_setting_is_in_the_documents() -> None:
    written = "".join((PROJECT / "docs" / name).read_text("utf-8") for name in ("operation.md", "operation-servers.md"))
    named = set(re.findall(r"`(?:VILLAGE_ARCHIVE_)?([A-Z_0-9]+)`", written))
    assert {name.upper() for name in Settings.model_fields} - named == set()


def test_every_command_in_it_exists_and_every_queue_has_a_worker() -> None:
    known = typer.main.get_command(app).commands  # type: ignore[attr-defined]  # the application is a group
    ours = {
        name: service for name, service in SERVICES.items() if service["image"] == OUR_IMAGE and "command" in service
    }
    assert {service["command"][0] for service in ours.values()} <= known.keys()
    served = [service["command"][2] for service in ours.values() if "--queues" in service["command"]]
    assert sorted(queue for row in served for queue in row.split(",")) == sorted(QUEUES)
