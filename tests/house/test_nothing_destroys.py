"""No code path removes an archived object: who may delete at all is a short list, and the store refuses the rest."""

from __future__ import annotations

import ast
import io
from pathlib import Path

import pytest

from storage.errors import Conflict
from storage.objects import removal
from storage.objects.areas import ARCHIVE, derivative_key, staging_key
from storage.objects.directory import DirectoryStore
from storage.objects.removal import Destroyed, Leftovers
from tests.house.test_sizes import ROOT, sources

MAY_DELETE = {
    "archive_service/tasks/filing.py": "staged bytes, once they lie in the archive",
    "archive_service/tasks/letting_go.py": "staged bytes and what was derived from them",
    "archive_service/tasks/listing.py": "a list that was carried out",
    "archive_service/tasks/reading.py": "staged bytes of a file that is kept nowhere",
    "archive_service/tasks/receiving.py": "staged bytes that were refused",
    "archive_service/tasks/restoring_backup.py": "the mark of a restore that is done",
    "storage/objects/draft.py": "what a cut-off write left, with its proof",
}
"""Modules that take an object away, and which."""


def deletions(text: str) -> list[int]:
    """Lines that take an object of a store away: `….objects.delete(…)`, `store.delete(…)` and their like."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "delete"
        and ast.unparse(node.func.value).split(".")[-1].strip("_") in ("objects", "store", "source", "target")
    ]


def proofs(text: str) -> list[int]:
    """Lines that make a proof that something in the archive may go."""
    names = {"Leftovers", "Destroyed"}
    calls = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    return [one.lineno for one in calls if ast.unparse(one.func).split(".")[-1] in names]


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_only_these_modules_take_an_object_away() -> None:
    assert {named(path) for path in sources() if deletions(path.read_text(encoding="utf-8"))} == set(MAY_DELETE)


def test_a_new_deletion_would_be_named() -> None:
    assert deletions("def f(archive):\n    archive.objects.delete('x')\n    self._objects.delete('y', z)\n") == [2, 3]


def test_only_the_writer_of_a_version_makes_a_proof() -> None:
    assert {named(path) for path in sources() if proofs(path.read_text(encoding="utf-8"))} == {
        "storage/objects/draft.py"
    }
    assert proofs("x = removal.Destroyed()\n") == [1]


def test_the_stores_ask_before_they_delete() -> None:
    for name in ("directory.py", "s3.py"):
        tree = ast.parse((ROOT / "storage/objects" / name).read_text(encoding="utf-8"))
        found = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name == "delete"]
        assert [ast.unparse(one.body[1]) for one in found] == [f"{removal.check_removal.__name__}(key, proof)"]


def test_an_archived_object_stays_and_all_else_may_go(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    kept = f"{ARCHIVE}a/v1/content/x.pdf"
    others = (staging_key("f1"), derivative_key("r1", "f1", "pages.json.gz"))
    for key in (kept, *others):
        store.put(key, io.BytesIO(b"x"))
    with pytest.raises(Conflict):
        store.delete(kept)
    for key in others:
        store.delete(key)
    assert [store.exists(key) for key in (kept, *others)] == [True, False, False]


def test_leftovers_cover_nothing_that_an_inventory_names_or_that_lies_elsewhere(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    folder = f"{ARCHIVE}a/v2/content/"
    named_one, left, elsewhere = f"{folder}x", f"{folder}y", f"{ARCHIVE}a/v1/content/y"
    for key in (named_one, left, elsewhere):
        store.put(key, io.BytesIO(b"x"))
    proof = Leftovers(folder, frozenset({named_one}))
    store.delete(left, proof)
    for key in (named_one, elsewhere):
        with pytest.raises(Conflict):
            store.delete(key, proof)
    assert [store.exists(key) for key in (named_one, left, elsewhere)] == [True, False, True]


def test_nothing_can_say_that_a_record_was_destroyed() -> None:
    with pytest.raises(Conflict):
        Destroyed()
