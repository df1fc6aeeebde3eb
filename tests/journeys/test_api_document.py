"""The OpenAPI document: valid, complete, and with an example of everything that is sent, answered or refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from openapi_spec_validator import validate

from archive_service.web.app import create_app
from archive_service.wiring import Archive


@pytest.fixture
def document(archive: Archive) -> dict[str, Any]:
    made: dict[str, Any] = create_app(archive).openapi()
    return made


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield f"{method.upper()} {path}", operation


def has_example(document: dict[str, Any], content: dict[str, Any]) -> bool:
    """Whether a body shows an example, itself or in its schema."""

    def shown(media: dict[str, Any]) -> bool:
        if "example" in media or "examples" in media:
            return True
        schema = media.get("schema", {})
        schema = schema.get("items", schema)
        named = document["components"]["schemas"].get(schema.get("$ref", "").rsplit("/", 1)[-1], schema)
        return "example" in named or "examples" in named

    return all(shown(media) for media in content.values())


def test_it_is_a_valid_document(document: dict[str, Any]) -> None:
    validate(document)


def test_every_operation_has_a_summary_and_a_description(document: dict[str, Any]) -> None:
    assert [name for name, one in operations(document) if not (one.get("summary") and one.get("description"))] == []


def test_every_operation_says_how_it_refuses_with_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        assert {"401", "403", "422", "503"} <= set(operation["responses"]), name
        for status, response in operation["responses"].items():
            if int(status) in (401, 403, 404, 409, 413, 422, 503):
                assert response["content"]["application/problem+json"]["example"]["status"] == int(status), name


def test_every_body_sent_or_answered_has_an_example(document: dict[str, Any]) -> None:
    for name, operation in operations(document):
        answered = [one for status, one in operation["responses"].items() if status in ("200", "201")]
        bodies = [operation["requestBody"]] if "requestBody" in operation else []
        for body in [*answered, *bodies]:
            assert body.get("content"), name
            assert has_example(document, body["content"]), name


def test_what_names_a_thing_in_its_address_can_say_that_there_is_none(document: dict[str, Any]) -> None:
    assert [name for name, one in operations(document) if "{" in name and "404" not in one["responses"]] == []
