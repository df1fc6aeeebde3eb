"""Paths as browsers send them, and forms that are cut anywhere."""

from __future__ import annotations

from collections import deque
from itertools import pairwise
from typing import BinaryIO, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive_service.web.uploads import Body, Form, clean_path
from classification.errors import RuleError

CONTENT_TYPE = "multipart/form-data; boundary=xyz"


def part(head: str, content: bytes) -> bytes:
    return f"--xyz\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"


TWO = (
    part('name="path"', "会议/甲.txt".encode())
    + part('name="files"; filename="甲.txt"', "一\r\n--xy\r\n二".encode())
    + part('name="other"', b"not asked for")
    + part('name="files"; filename="乙.txt"', b"")
    + part('name="files"; filename="丙.txt"', b"3" * 200)
    + b"--xyz--\r\n"
)


class Given:
    """A body that comes in the pieces it is given in."""

    def __init__(self, pieces: list[bytes]) -> None:
        self._pieces = deque([*(piece for piece in pieces if piece), b""])

    def chunk(self) -> bytes:
        return self._pieces.popleft()


def form(pieces: list[bytes]) -> Form:
    return Form(cast(Body, Given(pieces)), CONTENT_TYPE)


def whole(stream: BinaryIO, step: int) -> bytes:
    read = b""
    while block := stream.read(step):
        assert len(block) <= step
        read += block
    return read


@given(st.lists(st.integers(min_value=0, max_value=len(TWO)), max_size=8), st.integers(min_value=1, max_value=400))
def test_a_form_reads_alike_however_the_network_cuts_it(cuts: list[int], step: int) -> None:
    marks = [0, *sorted(cuts), len(TWO)]
    pieces = [TWO[start:end] for start, end in pairwise(marks)]
    read = [(path, whole(stream, step)) for path, stream in form(pieces).files()]
    assert read == [
        ("会议/甲.txt", "一\r\n--xy\r\n二".encode()),
        ("乙.txt", b""),
        ("丙.txt", b"3" * 200),
    ]


def test_a_file_that_nobody_reads_is_passed_over() -> None:
    assert [path for path, _ in form([TWO]).files()] == ["会议/甲.txt", "乙.txt", "丙.txt"]


def test_a_form_that_breaks_off_inside_a_file_is_refused() -> None:
    cut = (whole(stream, 1000) for _, stream in form([TWO[:-150]]).files())
    with pytest.raises(RuleError, match="不完整"):
        list(cut)


def test_a_body_without_a_boundary_is_refused() -> None:
    with pytest.raises(RuleError, match="multipart"):
        Form(cast(Body, Given([])), "text/plain")


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("会议/记录.docx", "会议/记录.docx"),
        ("/etc/passwd", "etc/passwd"),
        ("../../外面.txt", "外面.txt"),
        ("C:\\资料\\账.xls", "C:/资料/账.xls"),
        ("a/./b//c.txt", "a/b/c.txt"),
        ("名\x00字\n.txt", "名字.txt"),
        ("", "未命名"),
        ("..", "未命名"),
    ],
)
def test_a_path_keeps_its_names_and_loses_what_leads_elsewhere(sent: str, shown: str) -> None:
    assert clean_path(sent) == shown
