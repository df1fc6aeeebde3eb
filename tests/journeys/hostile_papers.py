"""Bad files as they come, each with what is to become of it: a folder that would like to do harm.

Values are states ("proposed") or the code of the refusal. Every file is made here, byte by byte; none is downloaded.
"""

from __future__ import annotations

import io
import os
import random
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import bagit

from tests.unit.ingest.files_to_read import DOCX, packed
from tests.unit.ingest.papers import locked_pdf, pdf

Expected = dict[str, str]
PAPER = "关于修缮村道的通知\n定于2024年5月6日开工。\n石门槛村村民委员会\n2024年5月1日\n"

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'
    '<w:document xmlns:w="urn:w"><w:body><w:p><w:r><w:t>&y;</w:t></w:r></w:p></w:body></w:document>'
)
XXE = BOMB.replace('<!ENTITY x "ha">', '<!ENTITY x SYSTEM "file:///etc/passwd">')


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip with these members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def with_flag(package: bytes, flag: int = 1) -> bytes:
    """The same zip, its members marked as encrypted."""
    content = bytearray(package)
    for mark, at in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = content.find(mark)
        while place >= 0:
            content[place + at] |= flag
            place = content.find(mark, place + 4)
    return bytes(content)


def _entry(name: str, kind: int, child: int, start: int, size: int, sibling: int = -1) -> bytes:
    raw = name.encode("utf-16-le")
    head = raw.ljust(64, b"\0") + struct.pack("<HBBiii", len(raw) + 2 if raw else 0, kind, 1, -1, sibling, child)
    return head + bytes(36) + struct.pack("<iQ", start, size)


def locked_office() -> bytes:
    """A compound file as Office makes it when a document gets a password: EncryptionInfo and EncryptedPackage."""
    end, free, table = -2, -1, -3
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<iiiiiiiii", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109i", 0, *[free] * 108)
    chains = [table, end, *range(3, 10), end, *range(11, 18), end]
    fat = struct.pack("<128i", *chains, *[free] * (128 - len(chains)))
    folder = _entry("Root Entry", 5, 1, end, 0) + _entry("EncryptionInfo", 2, -1, 2, 4096, 2)
    folder += _entry("EncryptedPackage", 2, -1, 10, 4096) + _entry("", 0, -1, 0, 0)
    return header + fat + folder + random.Random(5).randbytes(8192)


def broken(folder: Path) -> Expected:
    """Damaged, cut off, empty, locked, and called what they are not."""
    noise = random.Random(3).randbytes(3000)
    package = zipped({"信.txt": noise})
    (folder / "半.docx").write_bytes(DOCX.read_bytes()[:5000])
    (folder / "坏.pdf").write_bytes(b"%PDF-1.4\n" + noise)
    (folder / "坏.jpg").write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + noise)
    (folder / "坏.wps").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + noise)
    (folder / "坏.zip").write_bytes(package[:20] + bytes(len(package) - 60) + package[-40:])
    (folder / "半.zip").write_bytes(package[:1500])
    (folder / "空.zip").write_bytes(zipped({}))
    (folder / "空.txt").touch()
    (folder / "零页.pdf").write_bytes(pdf())
    (folder / "乱码.txt").write_bytes(noise)
    (folder / "密.pdf").write_bytes(locked_pdf())
    (folder / "密.docx").write_bytes(locked_office())
    (folder / "密.xlsx").write_bytes(locked_office()[:-1] + b"x")
    (folder / "密.zip").write_bytes(with_flag(package))
    (folder / "其实是公文.pdf").write_bytes(DOCX.read_bytes())
    (folder / "其实是杂音.docx").write_bytes(noise[1:])
    return {
        "半.docx": "truncated", "坏.pdf": "truncated", "坏.jpg": "corrupt", "坏.wps": "corrupt", "坏.zip": "corrupt",
        "半.zip": "truncated", "空.zip": "empty", "空.txt": "empty", "零页.pdf": "zero_pages", "乱码.txt": "charset",
        "密.pdf": "encrypted", "密.docx": "encrypted", "密.xlsx": "encrypted", "密.zip": "encrypted",
        "其实是公文.pdf": "proposed", "其实是杂音.docx": "corrupt",
    }  # fmt: skip


def bombs(folder: Path) -> Expected:
    """Small files that want to become large: flat, nested, by entities, by a header, by depth."""
    flat = zipped({"零.bin": bytes(300 << 20)})
    (folder / "平.zip").write_bytes(flat)
    (folder / "套.zip").write_bytes(zipped({"里.zip": zipped({"再里.zip": flat}), "好.txt": "套里的好文件\n".encode()}))
    wide = b"IHDR" + struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + wide
    (folder / "巨.png").write_bytes(start + struct.pack(">I", zlib.crc32(wide)) + b"\0\0\0\0IEND\xaeB`\x82")
    (folder / "巨.bmp").write_bytes(
        b"BM" + struct.pack("<IHHI", 1000, 0, 0, 54) + struct.pack("<IiiHHIIiiII", 40, 50_000, 50_000, 1, 24, *[0] * 6)
        + bytes(900)
    )  # fmt: skip
    place = b"," + struct.pack("<HHHHB", 0, 0, 50_000, 50_000, 0)
    (folder / "巨.gif").write_bytes(
        b"GIF89a" + struct.pack("<HHBBB", 50_000, 50_000, 0x80, 0, 0) + bytes(6) + place + b"\2\1\0\0;"
    )
    for name, document in (("炸", BOMB), ("外", XXE)):
        packed(folder / f"{name}.docx", {"[Content_Types].xml": "<Types/>", "word/document.xml": document})
        packed(folder / f"{name}.ofd", {"OFD.xml": document})
        (folder / f"{name}.xml").write_text(document, encoding="utf-8")
        (folder / f"{name}.svg").write_text(document.replace("w:document", "svg"), encoding="utf-8")
    entities = {f"{name}.{ending}": "xml_entities" for name in "炸外" for ending in ("docx", "ofd", "xml", "svg")}
    return entities | {
        "平.zip": "bomb", "套.zip/里.zip/再里.zip": "bomb", "套.zip/好.txt": "proposed",
        "巨.png": "too_large", "巨.bmp": "too_large", "巨.gif": "too_large",
    }  # fmt: skip


def letters(folder: Path, attachments: int = 300) -> Expected:
    """A letter in a letter, a hundred deep; a letter with very many attachments."""
    inner = EmailMessage()
    inner["Subject"] = "最里面的信"
    inner.set_content("见附件。")
    for number in range(100):
        outer = EmailMessage()
        outer["Subject"] = f"转发第{number}次"
        outer.set_content("转发。")
        outer.add_attachment(inner)
        inner = outer
    (folder / "套信.eml").write_bytes(inner.as_bytes())
    many = EmailMessage()
    many["Subject"] = "很多附件"
    many.set_content("附件很多。")
    for number in range(attachments):
        many.add_attachment(f"第{number}件".encode(), maintype="text", subtype="plain", filename=f"{number}.txt")
    (folder / "多附件.eml").write_bytes(many.as_bytes())
    return {"套信.eml": "proposed", "多附件.eml": "proposed"}


def escapes(folder: Path) -> Expected:
    """Members and entries that point elsewhere, and what is no file at all."""
    link, device = zipfile.ZipInfo("链接"), zipfile.ZipInfo("设备")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    device.external_attr = (stat.S_IFCHR | 0o666) << 16
    with zipfile.ZipFile(folder / "逃.zip", "w") as archive:
        for name in ("../../out.txt", "/abs.txt", "C:\\x.txt"):
            archive.writestr(zipfile.ZipInfo(name), "x")
        archive.writestr(link, "/etc/passwd")
        archive.writestr(device, "x")
        archive.writestr("好.txt", "逃字包里的好文件\n")
    with tarfile.open(folder / "逃.tar", "w") as tape:
        outside = tarfile.TarInfo("../../out.txt")
        outside.size = 1
        tape.addfile(outside, io.BytesIO(b"x"))
    (folder / "文件链接.txt").symlink_to("/etc/passwd")
    (folder / "文件夹链接").symlink_to("/etc")
    (folder / "绕圈").symlink_to(folder)
    os.mkfifo(folder / "管道")
    return {
        "逃.zip/../../out.txt": "traversal", "逃.zip/abs.txt": "traversal", "逃.zip/C:/x.txt": "traversal",
        "逃.zip/链接": "symlink", "逃.zip/设备": "special_file", "逃.zip/好.txt": "proposed", "逃.tar": "proposed",
        "文件链接.txt": "symlink", "文件夹链接": "symlink", "绕圈": "symlink", "管道": "special_file",
    }  # fmt: skip


def names(folder: Path) -> Expected:
    """Names that would like to act, to deceive, or to be too long; what programs leave lying about."""
    strange = {
        "<img src=x onerror=alert(1)>.txt": "<img src=x onerror=alert(1)>.txt",
        "cafe\u0301.txt": "caf\u00e9.txt",
        "两\n行.txt": "两\ufffd行.txt",
        "\x1b[2J清屏.txt": "\ufffd[2J清屏.txt",
        "反写\u202etxt.docx.txt": "反写\ufffdtxt.docx.txt",
        f"{'长' * 83}ab.txt": f"{'长' * 83}ab.txt",
        "-rf.txt": "-rf.txt",
        " 空格 .txt": " 空格 .txt",
    }
    for number, name in enumerate(strange):
        (folder / name).write_text(f"{PAPER}第{number}份\n", encoding="utf-8")
    (folder / os.fsdecode("村规".encode("gb18030") + b".txt")).write_text(f"{PAPER}旧名\n", encoding="utf-8")
    left = {"Thumbs.db": "system_file", ".DS_Store": "system_file", "desktop.ini": "system_file",
            "~$合同.docx": "lock_file", "._合同.docx": "lock_file", "下载.crdownload": "lock_file"}  # fmt: skip
    for name in left:
        (folder / name).write_bytes(b"x")
    return left | dict.fromkeys([*strange.values(), "村规.txt"], "proposed")


def bag(folder: Path) -> Expected:
    """A bag of which one file was changed, one is missing and one is too many."""
    made = folder / "移交包"
    made.mkdir()
    for name in ("好", "改", "丢"):
        (made / f"{name}.txt").write_text(f"{PAPER}包里的{name}\n", encoding="utf-8")
    bagit.make_bag(str(made), checksums=["sha256"])
    (made / "data" / "改.txt").write_text("改了", encoding="utf-8")
    (made / "data" / "丢.txt").unlink()
    (made / "data" / "多.txt").write_text("多", encoding="utf-8")
    return {
        "移交包/data/好.txt": "proposed", "移交包/data/改.txt": "fixity",
        "移交包/data/丢.txt": "missing", "移交包/data/多.txt": "not_in_manifest",
    }  # fmt: skip


KINDS: dict[str, Callable[[Path], Expected]] = {
    "坏的": broken, "炸弹": bombs, "信": letters, "逃逸": escapes, "名字": names, "包": bag,
}  # fmt: skip


def hostile_folder(root: Path) -> Expected:
    """Every bad file there is, and one good one; what is to become of each."""
    (root / "好.txt").write_text(PAPER, encoding="utf-8")
    expected = {"好.txt": "proposed"}
    for kind, make in KINDS.items():
        (root / kind).mkdir()
        expected |= {f"{kind}/{path}": outcome for path, outcome in make(root / kind).items()}
    return expected
