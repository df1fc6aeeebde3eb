"""Byte ranges by the examples of RFC 9110, section 14, for a file of 10,000 bytes."""

from __future__ import annotations

import pytest

from archive_service.web.ranges import Span, Unsatisfiable, span_of, unchanged

ETAG = '"abc"'
SIZE = 10_000


@pytest.mark.parametrize(
    ("asked", "start", "length"),
    [
        ("bytes=0-499", 0, 500),
        ("bytes=500-999", 500, 500),
        ("bytes=-500", 9500, 500),
        ("bytes=9500-", 9500, 500),
        ("bytes=0-0", 0, 1),
        ("bytes=9999-20000", 9999, 1),
        ("bytes=-20000", 0, 10_000),
    ],
)
def test_one_range_gives_its_bytes(asked: str, start: int, length: int) -> None:
    assert span_of({"range": asked}, ETAG, SIZE) == Span(start, length, SIZE)


@pytest.mark.parametrize("asked", ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-6", "lines=0-1", "bytes=a-b"])
def test_what_is_no_single_range_gets_the_whole_file(asked: str) -> None:
    assert span_of({"range": asked}, ETAG, SIZE) is None


@pytest.mark.parametrize(("asked", "size"), [("bytes=10000-", SIZE), ("bytes=-0", SIZE), ("bytes=0-", 0)])
def test_a_range_outside_the_file_cannot_be_given(asked: str, size: int) -> None:
    with pytest.raises(Unsatisfiable):
        span_of({"range": asked}, ETAG, size)


def test_a_range_of_an_older_file_gets_the_new_one_whole() -> None:
    assert span_of({"range": "bytes=0-1", "if-range": '"older"'}, ETAG, SIZE) is None
    assert span_of({"range": "bytes=0-1", "if-range": ETAG}, ETAG, SIZE) == Span(0, 2, SIZE)


def test_the_header_counts_from_zero_and_includes_the_last_byte() -> None:
    assert Span(0, 500, SIZE).content_range == "bytes 0-499/10000"


@pytest.mark.parametrize(
    ("held", "same"), [("", False), ('"abc"', True), ('W/"abc"', True), ('"x", "abc"', True), ("*", True)]
)
def test_who_holds_the_same_bytes_is_told_so(held: str, same: bool) -> None:
    assert unchanged({"if-none-match": held}, ETAG) is same
