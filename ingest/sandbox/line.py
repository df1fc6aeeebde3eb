"""What goes over the line between parent and child, and how the parent reads an answer without trusting the child.

A parser that was taken over by a hostile file could send anything: only the plain values of `ingest.reading` are built.
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest import reading
from ingest.reading import Failure

_VALUES = {("datetime", "date")}


@dataclass(frozen=True, slots=True)
class Job:
    """A function by name ("module:function"), its arguments, and how long it may take."""

    target: str
    arguments: tuple[object, ...]
    options: Mapping[str, object] = field(default_factory=dict)
    seconds: float = 60.0


class Answer(NamedTuple):
    """What the function returned, or a failure; `resident` is the memory of the child in bytes."""

    value: object
    failure: Failure | None
    resident: int


class _Values(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> object:
        known = module == reading.__name__ and "." not in name and name in _CLASSES
        if known or (module, name) in _VALUES or (module, name) == (__name__, Answer.__name__):
            return super().find_class(module, name)
        raise pickle.UnpicklingError(f"{module}.{name} is no value of a reading")


_CLASSES = {name for name, one in vars(reading).items() if isinstance(one, type)}


def load(data: bytes) -> Answer:
    """The answer in these bytes. Raises UnpicklingError for anything but values of a reading."""
    answer = _Values(io.BytesIO(data)).load()
    if not isinstance(answer, Answer):
        raise pickle.UnpicklingError("not an answer")
    return answer
