"""How everything that is sent or answered is shaped, and what a problem looks like. No rule is held here."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict


class Sent(BaseModel):
    """Something that is sent in: what is not known is refused, so that a slip of the pen is not lost silently."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)


def sent(example: dict[str, Any]) -> ConfigDict:
    """Strict, with an example."""
    return ConfigDict(extra="forbid", str_strip_whitespace=True, json_schema_extra={"example": example})


def answered(example: dict[str, Any]) -> ConfigDict:
    """Made from rows, with an example."""
    return ConfigDict(from_attributes=True, json_schema_extra={"example": example})


class ProblemOut(BaseModel):
    """What went wrong (RFC 9457): one sentence, what is safe, what to do next, and the single faults."""

    type: str
    title: str
    status: int
    detail: str
    safe: str
    next: str
    instance: str
    problems: list[dict[str, str]]
