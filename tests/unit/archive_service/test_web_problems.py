"""Every error of the house has its answer, in the words that a person can act on."""

from __future__ import annotations

import json

import pytest
from starlette.exceptions import HTTPException

from archive_service.permissions import Forbidden, Refused
from archive_service.web.problems import KINDS, as_json, problem_of
from archive_service.web.security import NotLoggedIn, TooMuch
from classification.errors import OutlineInvalid, Problem, RuleError
from storage.errors import Conflict, Corrupt, Missing, NotReady, StorageError


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NotLoggedIn(), 401),
        (Refused("口令不对。"), 401),
        (Forbidden("您的账号不能归档。"), 403),
        (Missing("没有这件档案。"), 404),
        (Conflict("已经归档。"), 409),
        (TooMuch("太大。"), 413),
        (RuleError("看不懂日期。"), 422),
        (OutlineInvalid((Problem("条目 3", "保管期限", "看不懂"),)), 422),
        (NotReady("磁盘满了。"), 503),
        (Corrupt("校验不符。"), 500),
        (HTTPException(404), 404),
        (HTTPException(405), 405),
        (HTTPException(418), 418),
        (ZeroDivisionError("x"), 500),
    ],
)
def test_each_error_has_its_status(error: Exception, status: int) -> None:
    assert problem_of(error).kind.status == status


def test_the_sentence_of_the_error_is_the_one_shown_and_inner_words_are_not() -> None:
    assert problem_of(Conflict("已经归档。")).detail == "已经归档。"
    assert "ZeroDivision" not in json.dumps(problem_of(ZeroDivisionError("secret")).detail)
    assert "secret" not in problem_of(ZeroDivisionError("secret")).detail


def test_an_outline_is_refused_with_every_place() -> None:
    invalid = OutlineInvalid((Problem("条目 3", "保管期限", "看不懂"), Problem("类目 1", "", "重复")))
    faults = problem_of(invalid).faults
    assert [(one["place"], one["column"]) for one in faults] == [("条目 3", "保管期限"), ("类目 1", "")]


def test_every_kind_says_what_is_safe_and_what_to_do_next() -> None:
    assert [kind.name for kind in KINDS.values() if not (kind.title and kind.safe and kind.next)] == []


def test_no_error_of_the_stores_is_left_without_an_answer() -> None:
    assert {cls for cls in StorageError.__subclasses__() if cls not in KINDS} == set()


def test_a_problem_is_sent_as_its_media_type_says() -> None:
    answer = as_json(problem_of(Missing("没有。")), "/api/v1/x")
    assert answer.media_type == "application/problem+json"
    said = json.loads(bytes(answer.body))
    assert (said["status"], said["detail"], said["instance"]) == (404, "没有。", "/api/v1/x")
