"""Films and sound: how long, in what coding; a container that holds nothing is damaged, one that is cut off says so."""

from __future__ import annotations

import struct
import wave
from pathlib import Path

import cv2
import numpy
import pytest

from ingest.errors import Corrupt, Truncated
from ingest.extract.media import duration
from ingest.identify import identify
from tests.unit.ingest.files_to_read import extraction

PICTURES, A_SECOND = 50, 25
"""Two seconds of film."""


def film(path: Path, coding: str) -> Path:
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*coding), A_SECOND, (64, 48))
    assert writer.isOpened()
    for number in range(PICTURES):
        writer.write(numpy.full((48, 64, 3), number * 5, numpy.uint8))
    writer.release()
    return path


@pytest.mark.parametrize(
    ("name", "coding", "mime", "container", "codec"),
    [
        ("庙会.mp4", "mp4v", "video/mp4", "MPEG-4", "MPEG-4 Visual"),
        ("庙会.avi", "MJPG", "video/x-msvideo", "AVI", "JPEG"),
        ("庙会.mov", "mp4v", "video/quicktime", "MPEG-4", "MPEG-4 Visual"),
        ("庙会.mkv", "MJPG", "video/x-matroska", "Matroska", "V_MJPEG"),
    ],
)
def test_a_film_tells_its_length_size_and_coding(
    name: str, coding: str, mime: str, container: str, codec: str, tmp_path: Path
) -> None:
    path = film(tmp_path / name, coding)
    found = extraction(path)
    assert (identify(path, name).mime, found.kind, found.pages) == (mime, "video", ())
    assert (found.metadata["media.format"], found.metadata["media.codecs"]) == (container, codec)
    assert (found.metadata["media.duration"], found.metadata["media.size"]) == ("0:00:02", "64×48")


def test_a_film_from_a_telephone_tells_when_it_was_made(tmp_path: Path) -> None:
    path = film(tmp_path / "庙会.mp4", "mp4v")
    content = bytearray(path.read_bytes())
    # The movie header: version and flags, then the time of making in seconds since 1904.
    at = content.index(b"mvhd") + 8
    # 120 years of 365 days and 30 leap days: the first second of 2024 in Greenwich.
    seconds = (120 * 365 + 30) * 24 * 60 * 60
    content[at : at + 8] = struct.pack(">II", seconds, seconds)
    path.write_bytes(content)
    assert extraction(path).metadata["created"] == "2024-01-01T08:00:00"


def test_sound_tells_its_length(tmp_path: Path) -> None:
    path = tmp_path / "口述.wav"
    with wave.open(str(path), "wb") as out:
        out.setparams((1, 2, 8000, 0, "NONE", ""))
        out.writeframes(bytes(16000 * 3))
    found = extraction(path)
    assert (found.kind, found.metadata["media.duration"], found.metadata["media.format"]) == (
        "audio",
        "0:00:03",
        "Wave",
    )


def test_a_film_that_lost_its_end_is_kept_with_a_warning(tmp_path: Path) -> None:
    path = film(tmp_path / "庙会.avi", "MJPG")
    path.write_bytes(path.read_bytes()[:-9000])
    assert any("不完整" in warning for warning in extraction(path).warnings)


def test_a_film_that_lost_its_index_cannot_be_played(tmp_path: Path) -> None:
    path = film(tmp_path / "庙会.mp4", "mp4v")
    path.write_bytes(path.read_bytes()[:600])
    with pytest.raises(Truncated):
        extraction(path)


def test_rubbish_behind_a_true_start_is_no_film(tmp_path: Path) -> None:
    path = tmp_path / "坏.avi"
    path.write_bytes(b"RIFF\x30\0\0\0AVI " + b"\x17" * 44)
    with pytest.raises((Corrupt, Truncated)):
        extraction(path)


def test_lengths_are_hours_minutes_and_seconds() -> None:
    assert [duration("3725000"), duration(999.6), duration(None)] == ["1:02:05", "0:00:01", ""]
