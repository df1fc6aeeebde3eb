"""No code path removes an archived object: who may delete at all is a short list, and the store refuses the rest."""

from __future__ import annotations

import ast
import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from storage.errors import Conflict
from storage.objects import removal
from storage.objects.areas import ARCHIVE, derivative_key, staging_key
from storage.objects.directory import DirectoryStore
from storage.objects.layout import object_path
from storage.objects.ocfl import record_urn
from storage.objects.removal import Destroyed, Leftovers, SignedRow
from tests.house.test_sizes import ROOT, sources

MAY_DELETE = {
    "archive_service/tasks/filing.py": "staged bytes, once they lie in the archive",
    "archive_service/tasks/letting_go.py": "staged bytes and what was derived from them",
    "archive_service/tasks/listing.py": "a list that was carried out",
    "archive_service/tasks/removing_copies.py": "every copy of a record that a register lists, with its proof",
    "archive_service/tasks/backup_runs.py": "the mark of a backup that a person let roll off",
    "archive_service/tasks/removing.py": "pictures that were being drawn when their record was destroyed",
    "archive_service/tasks/reading.py": "staged bytes of a file that is kept nowhere",
    "archive_service/tasks/receiving.py": "staged bytes that were refused",
    "archive_service/tasks/restoring_backup.py": "the mark of a restore that is done",
    "archive_service/tasks/transferring.py": "the package of a transfer that is over",
    "storage/objects/draft.py": "what a cut-off write left, with its proof",
    "storage/objects/vault.py": "bytes of a backup that no run left needs",
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


def test_only_the_writer_of_a_version_and_the_removal_by_a_register_make_a_proof() -> None:
    assert {named(path) for path in sources() if proofs(path.read_text(encoding="utf-8"))} == {
        "archive_service/tasks/backup_leftovers.py",
        "archive_service/tasks/removing_copies.py",
        "storage/objects/draft.py",
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


RECORD = "01919c0d" + "ab" * 12
FOLDER = f"{ARCHIVE}{object_path(record_urn(RECORD))}"
SIGNED = SignedRow("register", "1" * 64, "2" * 64, RECORD, "approver", ("witness one", "witness two"), "operator")


def test_what_a_signed_row_lists_may_go_and_nothing_beside_it(tmp_path: Path) -> None:
    store = DirectoryStore(tmp_path)
    other = f"{ARCHIVE}{object_path(record_urn(RECORD[::-1]))}/v1/content/x"
    listed, beside = f"{FOLDER}/v1/content/x", f"{FOLDER}x/v1/content/x"
    for key in (listed, beside, other):
        store.put(key, io.BytesIO(b"x"))
    proof = Destroyed(SIGNED, FOLDER)
    store.delete(listed, proof)
    for key in (beside, other):
        with pytest.raises(Conflict):
            store.delete(key, proof)
    assert [store.exists(key) for key in (listed, beside, other)] == [False, True, True]


@pytest.mark.parametrize(
    "changed",
    [
        {"approved_by": ""},
        {"counted_by": ("witness one",)},
        {"counted_by": ("witness one", "witness one")},
        {"counted_by": ("approver", "witness two")},
        {"begun_by": ""},
        {"begun_by": "approver"},
        {"register_hash": ""},
        {"row_hash": "no hash"},
    ],
)
def test_nothing_says_that_a_record_may_go_while_a_signature_is_lacking(changed: dict[str, Any]) -> None:
    with pytest.raises(Conflict):
        Destroyed(replace(SIGNED, **changed), FOLDER)


def test_a_signed_row_opens_no_other_folder() -> None:
    for folder in (
        ARCHIVE,
        f"{ARCHIVE}{object_path(record_urn('other'))}",
        f"staging/{object_path(record_urn(RECORD))}",
    ):
        with pytest.raises(Conflict):
            Destroyed(SIGNED, folder)
