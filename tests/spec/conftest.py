"""The model outline: as the plain document, and as the rule book reads it."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from classification.outline import Outline, parse

MODEL = Path(__file__).resolve().parents[2] / "classification" / "outlines" / "yunling-model.yaml"


@pytest.fixture(scope="session")
def _read_once() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(MODEL.read_text(encoding="utf-8"))
    return content


@pytest.fixture
def document(_read_once: dict[str, Any]) -> dict[str, Any]:
    """The model as a plain document, to be changed at will."""
    return deepcopy(_read_once)


@pytest.fixture(scope="session")
def model(_read_once: dict[str, Any]) -> Outline:
    return parse(_read_once)
