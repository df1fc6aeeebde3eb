"""Functions and modules stay small enough to be read at once, and every module says what it is for."""

from __future__ import annotations

import ast
from pathlib import Path
from statistics import median, quantiles

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("archive_service", "classification", "ingest", "storage")
DATA = {"folding_table.py", "characters.py", "lunar_table.py"}
"""Modules that hold a table and no logic."""


def sources() -> list[Path]:
    found = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts and path.name not in DATA]


def function_lengths(tree: ast.AST) -> dict[str, int]:
    return {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    }


def too_long(path: Path, text: str, lines: int = 400, function: int = 60) -> list[str]:
    found = [f"{path}:{name} has {n} lines" for name, n in function_lengths(ast.parse(text)).items() if n > function]
    if text.count("\n") > lines:
        found.append(f"{path} has {text.count(chr(10))} lines")
    return found


def test_nothing_is_too_long_to_be_read_at_once() -> None:
    faults = [fault for path in sources() for fault in too_long(path, path.read_text(encoding="utf-8"))]
    assert faults == []


def test_a_function_that_is_too_long_would_be_named() -> None:
    body = "\n".join("    x = 1" for _ in range(60))
    assert too_long(Path("bad.py"), f"def endless():\n{body}\n") == ["bad.py:endless has 61 lines"]


def test_most_functions_and_modules_are_short() -> None:
    lengths = [n for path in sources() for n in function_lengths(ast.parse(path.read_text(encoding="utf-8"))).values()]
    modules = [path.read_text(encoding="utf-8").count("\n") for path in sources() if path.name != "__init__.py"]
    assert median(lengths) <= 9
    assert quantiles(lengths, n=10)[8] <= 30
    assert median(modules) <= 140


def test_every_module_says_what_it_answers() -> None:
    texts = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sources()}
    assert [name for name, text in texts.items() if text.strip() and not ast.get_docstring(ast.parse(text))] == []


def test_no_module_has_a_name_that_says_nothing() -> None:
    empty_words = {"utils.py", "helpers.py", "common.py", "manager.py", "misc.py"}
    assert [str(path) for path in sources() if path.name in empty_words] == []
