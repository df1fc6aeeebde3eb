"""Any request that the document allows, and many that it does not: never a fault of ours, nothing undocumented."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from archive_service.web.api import TAGS
from tests.journeys.api_county import NOTICE, County, county, read_all

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 8
"""Requests of each operation, each sent as it was made and again with ids of things that are there."""
LEFT_OUT = {"DELETE /api/v1/session"}
"""It would end the session of all requests after it."""


@pytest.fixture(scope="module")
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[County]:
    with county(tmp_path_factory.mktemp("county")) as made:
        yield made


@pytest.fixture(scope="module")
def known(there: County) -> dict[str, str]:
    """Ids of things that are there, by the name of the parameter."""
    batch = there.hand_in("stone", "石门槛村", {"通知.txt": NOTICE.encode()})
    read_all(there)
    record = there.record_of("stone", batch, "通知.txt")
    file = there.web.get(f"/api/v1/records/{record}", headers=there.as_("boss")).json()["files"][0]["id"]
    return {"record_id": record, "batch_id": batch, "file_id": file, "village_id": there.stone, "login": "stone"}


@pytest.fixture(scope="module")
def headers(there: County) -> dict[str, str]:
    """Of somebody who may do almost everything; logged in once, before the log-in is tried in every way."""
    return there.as_("boss")


@pytest.fixture(scope="module")
def schema(there: County) -> Any:
    return schemathesis.openapi.from_dict(there.web.get("/api/v1/openapi.json").json())


@pytest.mark.parametrize("tag", [str(one["name"]) for one in TAGS])
def test_whatever_is_sent_gets_an_answer_that_the_document_names(
    there: County, headers: dict[str, str], known: dict[str, str], schema: Any, tag: str
) -> None:
    faults = list[str]()
    operations = [found.ok() for found in schema.get_all_operations()]
    asked = [one for one in operations if tag in one.tags and one.label not in LEFT_OUT]
    assert asked
    for operation in asked:
        _try(there.web, headers, known, operation, faults)
    assert not faults, "\n".join(sorted(set(faults)))


def _try(web: httpx.Client, headers: dict[str, str], known: dict[str, str], operation: Any, faults: list[str]) -> None:
    @given(case=operation.as_strategy())
    @settings(
        max_examples=EXAMPLES, deadline=None, derandomize=True, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    def run(case: Any) -> None:
        for places in (case.path_parameters, {**(case.path_parameters or {}), **_of(known, case.path_parameters)}):
            case.path_parameters = places
            answer = case.call(base_url=str(web.base_url), headers=headers)
            try:
                case.validate_response(answer, checks=CHECKS)
            except (AssertionError, BaseExceptionGroup) as wrong:
                faults.append(f"{operation.label}: {answer.status_code} {_said(wrong)[:200]} {answer.text[:200]}")

    run()


def _said(wrong: BaseException) -> str:
    inner = wrong.exceptions if isinstance(wrong, BaseExceptionGroup) else (wrong,)
    return " / ".join(" ".join(str(one).split()) for one in inner)


def _of(known: dict[str, str], asked: dict[str, Any] | None) -> dict[str, str]:
    return {name: value for name, value in known.items() if name in (asked or {})}
