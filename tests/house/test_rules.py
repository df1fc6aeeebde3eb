"""Rules of this house that no linter knows. Each has a bad example that it must catch."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

from tests.house.test_sizes import ROOT, sources

ENTRY_POINTS = ("archive_service/tasks/", "archive_service/web/", "archive_service/cli/", "archive_service/worker.py")


def commits(text: str) -> list[int]:
    """Lines that commit or open a transaction."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in ("commit", "begin")
    ]


def test_a_transaction_opens_in_an_entry_point_and_nowhere_else() -> None:
    inside = [path for path in sources() if "archive_service" in path.parts]
    guilty = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in inside
        if not str(path.relative_to(ROOT)).startswith(ENTRY_POINTS)
        for line in commits(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_a_commit_in_an_action_would_be_named() -> None:
    assert commits("def act(session):\n    session.commit()\n") == [2]


def silent_suppressions(text: str) -> list[int]:
    """Lines that silence a checker without a reason beside it."""
    bare = re.compile(r"#\s*noqa(?::\s*[A-Z0-9, ]+)?\s*$|#\s*type:\s*ignore(?:\[[\w, -]+\])?\s*$")
    return [number for number, line in enumerate(text.splitlines(), 1) if bare.search(line)]


def test_a_silenced_warning_has_its_reason_beside_it() -> None:
    guilty = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in sources()
        for line in silent_suppressions(path.read_text(encoding="utf-8"))
    ]
    assert guilty == []


def test_a_bare_suppression_would_be_named() -> None:
    assert silent_suppressions("x = 1  # noqa: E501\ny = 2  # noqa: E501  a table\n") == [1]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [ROOT / name for name in listed.split("\0") if name]


def test_the_repository_stays_small() -> None:
    assert sum(path.stat().st_size for path in tracked() if path.is_file()) < 30 << 20


def test_no_lock_names_a_registry() -> None:
    assert [path.name for path in ROOT.glob("*.lock") if "://" in path.read_text(encoding="utf-8")] == []
