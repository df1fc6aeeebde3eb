"""The one table from exceptions to answers: status, sentence, what is safe and what to do next.

Programs get problem+json (RFC 9457), people a page. Nothing else in the house knows a status code of an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import Forbidden, Refused
from archive_service.web.rendering import answer
from archive_service.web.security import LANGUAGE_COOKIE, ForeignForm, NotLoggedIn, PasswordIsFirst, TooMuch
from archive_service.web.throttling import TooOften
from archive_service.web.words import language, say
from classification.errors import OutlineInvalid, RuleError
from storage.errors import Conflict, Corrupt, Missing, NotReady

MEDIA_TYPE = "application/problem+json"
NOTHING_CHANGED = "什么都没有改动。"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem. `says` replaces the exception's own sentence where that is not for people."""

    status: int
    name: str
    title: str
    next: str
    safe: str = NOTHING_CHANGED
    says: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem as answered: its kind, the sentence, and the single faults."""

    kind: Kind
    detail: str
    faults: list[dict[str, str]] = field(default_factory=list)


_LATER = "过一会儿再试；一直这样时请找系统管理员。"
_KEPT = "已经保存的都在。"
KINDS: dict[type[Exception], Kind] = {
    NotLoggedIn: Kind(401, "not-logged-in", "请先登录", "登录后再试一次。", says="还没有登录，或者登录已经过期。"),
    Refused: Kind(401, "refused", "没有登录成功", "核对账号和口令，再试一次。"),
    PasswordIsFirst: Kind(403, "first-password", "请先改口令", "改好口令就可以继续。", says="初始口令只能用来改口令。"),
    ForeignForm: Kind(403, "foreign-form", "页面已过期", "刷新页面再试一次。", says="提交没有带上本次登录的校验码。"),
    Forbidden: Kind(403, "forbidden", "不能这样做", "需要时请找县档案管理员。"),
    Missing: Kind(404, "missing", "没有找到", "核对一下地址或编号。"),
    Conflict: Kind(409, "conflict", "与现在的情况不符", "刷新后看看现在的情况，再决定。"),
    IntegrityError: Kind(409, "conflict", "与现在的情况不符", "刷新后再看。", says="刚有人做了同样的事。"),
    TooMuch: Kind(413, "too-large", "文件太大", "分成几份再交，或请管理员调大上限。", "别的文件不受影响。"),
    TooOften: Kind(429, "too-often", "太频繁了", "过一会儿再试。"),
    OutlineInvalid: Kind(422, "outline-invalid", "大纲有错", "按下面列出的位置改好，再导入一次。"),
    RuleError: Kind(422, "rule", "规则不允许", "按提示改好再试。"),
    RequestValidationError: Kind(422, "invalid", "填写有误", "按提示改好再试。", says="有的内容没有填对。"),
    ClientDisconnect: Kind(400, "cut-off", "没有传完", "再传一次。", _KEPT, "传到一半断了，这个文件没有收。"),
    NotReady: Kind(503, "not-ready", "暂时用不了", _LATER, _KEPT),
    OperationalError: Kind(503, "not-ready", "暂时用不了", _LATER, _KEPT, "数据库现在用不了。"),
    NoConnection: Kind(503, "not-ready", "暂时用不了", _LATER, _KEPT, "人太多，数据库的连接都占着。"),
    Corrupt: Kind(500, "corrupt", "存储的内容有问题", "请系统管理员运行完整性校验（village-archive verify）。"),
}
UNEXPECTED = Kind(500, "unexpected", "出错了", "再试一次；还不行，请把出错的时间告诉系统管理员。", _KEPT, "没有做完。")
PLAIN = {
    404: Kind(404, "missing", "没有找到", "核对一下地址。", says="没有这个地址。"),
    405: Kind(405, "method", "不能这样访问", "核对一下请求的方法。", says="这个地址不接受这种请求。"),
}

FAULTS = {
    "missing": "没有填",
    "string_too_long": "太长",
    "string_too_short": "太短",
    "int_parsing": "应当是整数",
    "bool_parsing": "应当是 true 或 false",
    "json_invalid": "不是合格的 JSON",
    "enum": "不在可选的值之内",
    "literal_error": "不在可选的值之内",
    "extra_forbidden": "不认识这一项",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
}


def add_problems(app: FastAPI) -> None:
    """Answer every exception of the table in its own words."""
    for error in (*KINDS, HTTPException, Exception):
        app.add_exception_handler(error, _answer)


def problem_of(error: Exception) -> Problem:
    """What an exception means to the one who asked."""
    if isinstance(error, HTTPException):
        return _of_status(error.status_code)
    kind = next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), UNEXPECTED)
    return Problem(kind, kind.says or str(error), _faults(error))


def _of_status(status: int) -> Problem:
    kind = PLAIN.get(status) or Kind(status, "http", HTTPStatus(status).phrase, "核对请求。", says="请求不能这样处理。")
    return Problem(kind, kind.says)


def _faults(error: Exception) -> list[dict[str, str]]:
    if isinstance(error, OutlineInvalid | ListInvalid):
        return [{"place": one.place, "column": one.column, "message": one.message} for one in error.problems]
    if isinstance(error, RequestValidationError):
        return [
            {
                "place": str(one["loc"][0]),
                "column": ".".join(str(part) for part in one["loc"][1:]),
                "message": FAULTS.get(one["type"], "不合要求"),
            }
            for one in error.errors()
        ]
    return []


def _answer(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    if request.url.path.startswith("/api/"):
        return as_json(problem, request.url.path, language(request.cookies.get(LANGUAGE_COOKIE)))
    if isinstance(error, NotLoggedIn):
        here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        return RedirectResponse(f"/login?next={quote(here, safe='')}" if request.method == "GET" else "/login", 303)
    if isinstance(error, PasswordIsFirst):
        return RedirectResponse("/password", 303)
    return _as_page(request, problem)


def as_json(problem: Problem, instance: str = "", lang: str = "zh") -> JSONResponse:
    """The problem for programs; in English for the script of an English page."""
    kind = problem.kind
    content = {
        "type": f"urn:village-archive:problem:{kind.name}",
        "title": say(lang, kind.title),
        "status": kind.status,
        "detail": say(lang, problem.detail),
        "safe": say(lang, kind.safe),
        "next": say(lang, kind.next),
        "instance": instance,
        "problems": problem.faults,
    }
    headers = {"WWW-Authenticate": "Bearer"} if kind.status == HTTPStatus.UNAUTHORIZED else None
    return JSONResponse(content, kind.status, headers, MEDIA_TYPE)


def _as_page(request: Request, problem: Problem) -> Response:
    kind = problem.kind
    return answer(
        request,
        "problem.html",
        status=kind.status,
        title=kind.title,
        detail=problem.detail,
        safe=kind.safe,
        next=kind.next,
        problems=problem.faults,
    )
