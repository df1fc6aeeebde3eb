"""The county's rule of appraisal as a file: YAML read to the plain document that the rule book checks."""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from pathlib import Path

import yaml

from classification.appraisal_rules import AppraisalRules, AppraisalRulesInvalid, parse_rules
from classification.errors import Problem

MODEL = "appraisal-model.yaml"


def county_rules(path: Path | None = None) -> AppraisalRules:
    """The rule in that file, else the model that comes with the service. Read once as long as it does not change.

    Raises:
        AppraisalRulesInvalid: the file is no rule, or a looser one than may be; everything that is wrong is named.
    """
    if path is None:
        return _model()
    try:
        return _read(path, path.stat().st_mtime_ns)
    except OSError as away:
        raise AppraisalRulesInvalid((Problem(str(path), "", "打不开这个文件"),)) from away


@lru_cache(maxsize=1)
def _model() -> AppraisalRules:
    return _parsed(resources.files("classification").joinpath("outlines", MODEL).read_text(encoding="utf-8"))


@lru_cache(maxsize=4)
def _read(path: Path, _changed: int) -> AppraisalRules:
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as broken:
        raise AppraisalRulesInvalid((Problem(path.name, "", f"不是能读的 YAML：{broken}"),)) from broken


def _parsed(text: str) -> AppraisalRules:
    document = yaml.safe_load(text)
    return parse_rules(document if isinstance(document, dict) else {})
