"""What is refused at the door: forbidden names, malware as clamd finds it; and what a recording says of itself."""

from __future__ import annotations

import io
import socket
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from ingest import forbidden, malware
from ingest.errors import Corrupt
from ingest.extract import media
from ingest.extract.source import Source
from ingest.reading import FileFormat

# In two pieces, so that this file itself is not taken for the test virus.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"


@pytest.mark.parametrize(
    "path",
    [
        "县里来的/机密★10年 通知.docx",
        "绝密级.pdf",
        "（秘密）名单.xls",
        "机密文件/1.jpg",
        "秘密 5年.doc",
    ],
)
def test_a_secrecy_marking_in_the_path_is_refused(path: str) -> None:
    refused = forbidden.check(path)
    assert refused is not None
    assert refused.code == "secret"


@pytest.mark.parametrize("path", ["安装.exe", "a/b/启动.BAT", "系统.iso"])
def test_programs_are_refused(path: str) -> None:
    refused = forbidden.check(path)
    assert refused is not None
    assert refused.code == "forbidden"


@pytest.mark.parametrize("path", ["王家沟的秘密.docx", "保密承诺书.pdf", "保密工作/机密保护常识.doc", "com/通知.txt"])
def test_everyday_names_pass(path: str) -> None:
    assert forbidden.check(path) is None


@contextmanager
def _scanner(reply: bytes | None, family: int = socket.AF_INET, at: str = "") -> Iterator[tuple[str, list[bytes]]]:
    """A daemon for one conversation: speaks INSTREAM, remembers the stream, knows the test virus."""
    heard: list[bytes] = []
    with socket.socket(family) as server:
        server.bind(at or ("127.0.0.1", 0))
        server.listen(1)

        def serve() -> None:
            link, _ = server.accept()
            with link, link.makefile("rb") as lines:
                heard.append(lines.read(10))
                while size := int.from_bytes(lines.read(4), "big"):
                    heard.append(lines.read(size))
                found = b"stream: Eicar-Test-Signature FOUND\0" if EICAR in b"".join(heard) else b"stream: OK\0"
                link.sendall(found if reply is None else reply)

        thread = Thread(target=serve)
        thread.start()
        yield at or f"127.0.0.1:{server.getsockname()[1]}", heard
        thread.join()


def test_the_test_virus_is_found_and_named() -> None:
    with _scanner(None) as (address, _):
        assert malware.scan(io.BytesIO(b"before" + EICAR), address) == "Eicar-Test-Signature"


def test_a_large_clean_stream_arrives_whole_in_blocks() -> None:
    content = bytes(range(256)) * 4000
    with _scanner(None) as (address, heard):
        assert malware.scan(io.BytesIO(content), address) is None
    assert heard[0] == b"zINSTREAM\0"
    assert b"".join(heard[1:]) == content
    assert len(heard) > 2


def test_a_local_socket_will_do(tmp_path: Path) -> None:
    with _scanner(None, socket.AF_UNIX, str(tmp_path / "clamd.ctl")) as (address, _):
        assert malware.scan(io.BytesIO(b"clean"), address) is None


@pytest.mark.parametrize("reply", [b"INSTREAM size limit exceeded. ERROR\0", b""])
def test_no_verdict_does_not_pass_for_clean(reply: bytes) -> None:
    with _scanner(reply) as (address, _), pytest.raises(malware.ScannerAway):
        malware.scan(io.BytesIO(b"x"), address)


def test_an_absent_scanner_does_not_pass_for_clean(tmp_path: Path) -> None:
    with pytest.raises(malware.ScannerAway):
        malware.scan(io.BytesIO(b"x"), str(tmp_path / "nobody"))


def test_a_recording_has_its_length_and_format(tmp_path: Path) -> None:
    path = tmp_path / "口述.wav"
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(8000)
        out.writeframes(bytes(2 * 8000 * 65))
    read = media.extract(Source(path, path.name, FileFormat("audio/wav", "WAV 音频", "wav")))
    assert (read.kind, read.metadata["media.duration"], read.metadata["media.codecs"]) == ("audio", "0:01:05", "PCM")


def test_a_recording_that_is_none_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "口述.mp3"
    path.write_bytes(b"ID3" + bytes(500))
    with pytest.raises(Corrupt):
        media.extract(Source(path, path.name, FileFormat("audio/mpeg", "MP3 音频", "mp3")))
