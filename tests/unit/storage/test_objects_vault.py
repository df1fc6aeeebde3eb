"""Bytes lie once, under what they are; lines are cut so that a change touches the pieces around it and no other."""

from __future__ import annotations

import io
from hashlib import sha512
from pathlib import Path
from typing import BinaryIO

import pytest

from storage.errors import Corrupt
from storage.objects.opening import open_store
from storage.objects.store import checked
from storage.objects.vault import LONGEST_PIECE, Vault, pieces, pieces_of, vault_key

LINES = [f"line {number}".encode() for number in range(20_000)]


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return Vault(open_store(f"file://{tmp_path}/vault"))


def test_lines_come_back_in_their_order(vault: Vault) -> None:
    kept = vault.keep_lines(iter(LINES))
    assert kept == pieces_of(LINES)
    assert list(vault.lines(kept)) == LINES


def test_a_line_that_comes_in_between_changes_one_piece() -> None:
    before = set(pieces(LINES))
    after = set(pieces([*LINES[:7_000], b"a new line", *LINES[7_000:]]))
    assert len(before) > 5
    assert len(after - before) == 1


def test_a_piece_is_bounded_whatever_the_lines_are() -> None:
    assert max(map(len, pieces([b"x" * 1000] * 10_000))) < LONGEST_PIECE + 1001


def test_bytes_that_are_not_what_they_should_be_are_not_kept(vault: Vault) -> None:
    digest = sha512(b"right").hexdigest()
    with pytest.raises(Corrupt):
        vault.keep(io.BytesIO(b"wrong"), digest)
    assert not vault.holds(digest)
    assert vault.keep(io.BytesIO(b"right"), digest) == 5
    assert vault.read(digest) == b"right"


def test_a_changed_object_is_not_well_and_not_read(vault: Vault, tmp_path: Path) -> None:
    digest = vault.keep_bytes(b"right")
    assert vault.is_well(digest)
    path = tmp_path / "vault" / vault_key(digest)
    path.chmod(0o644)
    path.write_bytes(b"wrong")
    assert not vault.is_well(digest)
    with pytest.raises(Corrupt):
        vault.read(digest)


def read_to_the_end(stream: BinaryIO, size: int) -> None:
    while stream.read(size):
        pass


@pytest.mark.parametrize("size", [-1, 1, 3, 5, 100])
def test_a_checked_stream_fails_at_its_end_however_it_is_read(size: int) -> None:
    stream = checked(io.BytesIO(b"wrong"), sha512(b"right").hexdigest())
    with pytest.raises(Corrupt):
        read_to_the_end(stream, size)
