"""The index in a folder between processes: one writer at a time, every reader up to date, a crash harmless."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
import tantivy

from storage.errors import NotReady
from storage.index.embedded import EmbeddedIndex
from storage.index.query import SearchRequest
from tests.contracts.search_records import ALL, RESEARCHER, record

OTHER = """
import sys
from pathlib import Path
from storage.index.embedded import EmbeddedIndex
from tests.contracts.search_records import record
index = EmbeddedIndex(Path(sys.argv[1]))
"""


def start(program: str, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OTHER + program, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[3],
    )


def test_what_another_process_wrote_is_seen_at_once(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path)
    index.apply([record("a", "承包")], [])
    assert index.search(SearchRequest("承包"), ALL).total == 1
    other = start("index.apply([record('b', '承包')], ['a'])", tmp_path)
    other.communicate()
    assert other.returncode == 0
    assert [hit.id for hit in index.search(SearchRequest("承包"), ALL).hits] == ["b"]


def test_counts_asked_again_are_those_after_the_last_change_of_whichever_process(tmp_path: Path) -> None:
    def kinds() -> list[tuple[str, int]]:
        return index.search(SearchRequest("承包", counted=("kinds",)), ALL).facets["kinds"]

    index = EmbeddedIndex(tmp_path)
    index.apply([record("a", "承包")], [])
    assert kinds() == kinds() == [("document", 1)]
    index.apply([record("b", "承包"), record("c", "承包", kind="photo")], [])
    assert kinds() == [("document", 2), ("photo", 1)]
    other = start("index.apply([record('d', '承包', kind='photo')], ['a', 'b'])", tmp_path)
    other.communicate()
    assert other.returncode == 0
    assert kinds() == [("photo", 2)]


def test_what_was_counted_for_one_person_is_not_told_another(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path)
    index.apply([record("a", "承包"), record("b", "承包", access="personal")], [])
    asked = SearchRequest("承包", counted=("access",))
    assert index.search(asked, ALL).facets["access"] == [("personal", 1), ("public", 1)]
    assert index.search(asked, RESEARCHER).facets["access"] == [("public", 1)]


def test_while_another_process_writes_ours_waits_its_turn_or_says_so(tmp_path: Path) -> None:
    program = """
with index._writer() as writer:
    print("held", flush=True)
    sys.stdin.readline()
    raise SystemExit(1)  # as if it had died: nothing was committed
"""
    index = EmbeddedIndex(tmp_path, patience=0)
    index.apply([record("a", "承包")], [])
    other = start(program, tmp_path)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    with pytest.raises(NotReady, match="请稍后再试"):
        index.apply([record("b", "承包")], [])
    assert index.search(SearchRequest("承包"), ALL).total == 1
    other.communicate("\n")
    index.apply([record("b", "承包")], [])
    assert index.count() == 2


def test_a_killed_writer_leaves_the_last_commit_and_no_lock(tmp_path: Path) -> None:
    program = """
index.apply([record("a", "承包")], [])
with index._writer() as writer:
    writer.delete_all_documents()
    print("deleted", flush=True)
    sys.stdin.readline()
"""
    other = start(program, tmp_path)
    assert other.stdout is not None
    assert other.stdout.readline() == "deleted\n"
    other.kill()
    other.communicate()
    index = EmbeddedIndex(tmp_path, patience=0)
    assert index.count() == 1
    index.apply([record("b", "承包")], [])
    assert index.count() == 2


def test_an_index_that_cannot_be_opened_says_what_to_do_and_clearing_makes_it_anew(tmp_path: Path) -> None:
    EmbeddedIndex(tmp_path).apply([record("a", "承包")], [])
    for path in tmp_path.rglob("meta.json"):
        path.write_text("{", encoding="utf-8")
    index = EmbeddedIndex(tmp_path)
    with pytest.raises(NotReady, match="rebuild"):
        index.search(SearchRequest("承包"), ALL)
    index.clear()
    index.apply([record("b", "承包")], [])
    assert [hit.id for hit in index.search(SearchRequest("承包"), ALL).hits] == ["b"]


def found(index: EmbeddedIndex) -> list[str]:
    return sorted(hit.id for hit in index.search(SearchRequest("承包"), ALL).hits)


def test_while_an_index_is_made_anew_the_old_one_answers(tmp_path: Path) -> None:
    index, reader = EmbeddedIndex(tmp_path), EmbeddedIndex(tmp_path)
    index.apply([record("a", "承包")], [])
    with index.anew() as fresh:
        fresh.apply([record("b", "承包")], [])
        assert (found(index), found(reader)) == (["a"], ["a"])
    assert (found(index), found(reader)) == (["b"], ["b"])
    reader.apply([record("c", "承包")], [])
    assert found(index) == ["b", "c"]
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_nobody_writes_into_an_index_that_is_about_to_be_replaced(tmp_path: Path) -> None:
    index, other = EmbeddedIndex(tmp_path), EmbeddedIndex(tmp_path, patience=0)
    index.apply([record("a", "承包")], [])
    with index.anew() as fresh:
        with pytest.raises(NotReady, match="请稍后再试"):
            other.apply([record("b", "承包")], [])
        with pytest.raises(NotReady), other.anew():
            pass
        fresh.apply([record("a", "承包")], [])
    other.apply([record("b", "承包")], [])
    assert found(index) == ["a", "b"]


def test_an_error_while_an_index_is_made_anew_leaves_the_old_one(tmp_path: Path) -> None:
    index = EmbeddedIndex(tmp_path)
    index.apply([record("a", "承包")], [])
    with suppress(KeyError), index.anew() as fresh:
        fresh.apply([record("b", "承包")], [])
        raise KeyError
    assert found(index) == ["a"]
    index.apply([record("c", "承包")], [])
    assert found(EmbeddedIndex(tmp_path)) == ["a", "c"]


def test_a_kill_while_an_index_is_made_anew_leaves_the_old_one_and_is_cleaned_up(tmp_path: Path) -> None:
    program = """
index.apply([record("a", "承包")], [])
with index.anew() as fresh:
    fresh.apply([record("b", "承包")], [])
    print("half", flush=True)
    sys.stdin.readline()
"""
    other = start(program, tmp_path)
    assert other.stdout is not None
    assert other.stdout.readline() == "half\n"
    other.kill()
    other.communicate()
    index = EmbeddedIndex(tmp_path, patience=0)
    assert found(index) == ["a"]
    with index.anew() as fresh:
        fresh.apply([record("c", "承包")], [])
    assert found(index) == ["c"]
    assert len([path for path in tmp_path.iterdir() if path.is_dir()]) == 1


def test_an_index_that_cannot_be_opened_is_made_anew(tmp_path: Path) -> None:
    EmbeddedIndex(tmp_path).apply([record("a", "承包")], [])
    for path in tmp_path.rglob("meta.json"):
        path.write_text("{", encoding="utf-8")
    index = EmbeddedIndex(tmp_path)
    with index.anew() as fresh:
        fresh.apply([record("b", "承包")], [])
    assert found(index) == ["b"]


def test_a_writer_that_waited_for_the_switch_writes_into_the_new_index(tmp_path: Path) -> None:
    index, waiting = EmbeddedIndex(tmp_path), EmbeddedIndex(tmp_path)
    waiting.apply([record("a", "承包")], [])
    late = Thread(target=waiting.apply, args=([record("c", "承包")], []))
    with index.anew() as fresh:
        late.start()
        fresh.apply([record("b", "承包")], [])
    late.join()
    assert found(index) == ["b", "c"]


class Overtaken(EmbeddedIndex):
    """One that another process makes anew just before it takes the lock, and dies before it has cleared up."""

    looks = 0

    def _index(self) -> tantivy.Index:
        index = super()._index()
        self.looks += 1
        if self.looks == 2:
            with EmbeddedIndex(self._home).anew() as fresh:
                fresh.apply([record("b", "承包")], [])
        return index


def test_a_writer_that_was_overtaken_by_the_switch_writes_into_the_new_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.index.embedded.shutil.rmtree", lambda *_, **__: None)
    Overtaken(tmp_path).apply([record("c", "承包")], [])
    assert found(EmbeddedIndex(tmp_path)) == ["b", "c"]
