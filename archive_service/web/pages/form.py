"""What a form brought, as text. Files are left to the page that expects them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request
from starlette.datastructures import FormData

from archive_service.web.context import MOST_FILES


async def _read(request: Request) -> AsyncIterator[FormData]:
    async with request.form(max_files=MOST_FILES) as form:
        yield form


FormDep = Annotated[FormData, Depends(_read)]


def text(form: FormData, name: str) -> str:
    """One value, trimmed; empty when it is not there or is a file."""
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def texts(form: FormData, name: str) -> list[str]:
    """Every value of that name."""
    return [value for value in form.getlist(name) if isinstance(value, str) and value]


def listed(form: FormData, name: str) -> list[str]:
    """One line of names, divided as people divide them: 、 ， , ； ;"""
    line = text(form, name)
    for sign in "，,；;\n":
        line = line.replace(sign, "、")
    return [one.strip() for one in line.split("、") if one.strip()]
