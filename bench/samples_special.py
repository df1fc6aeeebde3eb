"""Leaves that are no paper of their own: copies, locks, thumbnails, broken files, a zip with GBK names, a secret.

Each comes with what must become of it; the bytes are made here and never vary.
"""

from __future__ import annotations

import io
import wave
import zipfile
from collections.abc import Mapping

Special = tuple[str, bytes, str, dict[str, object]]
"""Path, bytes, expected state, and what else the truth says."""

MINUTES = "石门槛村/2024年会议/3.12代表会记录"
MARKED = "机密★10年\n关于某项工作的通知\n（此件不应在村里存放）\n"
EPOCH = (2024, 6, 3, 9, 12, 0)


def make(county: Mapping[str, bytes]) -> list[Special]:
    """Every special leaf; `county` has the bytes of the papers by path."""
    minutes = county[f"{MINUTES}.docx"]
    rules = county["青石坳村/村规民约/青石坳村规民约（2022年修订）.pdf"]
    notice = county["石门槛村/微信图片_20240419083012.jpg"]
    return [
        ("石门槛村/照片/Thumbs.db", b"\xd0\xcf\x11\xe0" + bytes(508), "rejected", {}),
        ("石门槛村/2024年会议/~$签到.xlsx", "孙晓梅".encode("gbk").ljust(165, b"\0"), "rejected", {}),
        (f"{MINUTES}（副本）.docx", minutes, "duplicate", {"of": f"{MINUTES}.docx"}),
        ("石门槛村/2024年会议/新建 Microsoft Word 文档.docx", b"", "rejected", {}),
        ("石门槛村/会计/票据.zip", packed(RECEIPTS), "container", {}),
        ("石门槛村/文件/内部文件.txt", MARKED.encode(), "rejected", {}),
        ("石门槛村/村史/录音整理/欧阳德.wav", tone(), "read", {"kind": "audio", "format": "audio/x-wav"}),
        ("青石坳村/村规民约/损坏的扫描件.pdf", rules[: len(rules) // 3], "rejected", {}),
        ("青石坳村/微信图片/领款单.doc", notice, "read", {"format": "image/jpeg", "ocr": True}),
        ("青石坳村/公告/.DS_Store", b"\0\0\0\1Bud1" + bytes(60), "rejected", {}),
    ]  # fmt: skip


def receipt(day: str) -> bytes:
    """A receipt as the village cashier types it, in GB18030."""
    said = f"收据\n今收到王永昌交来鱼塘承包费人民币贰仟肆佰元整。\n收款人：谢素芬\n{day}\n"
    return said.encode("gb18030")


RECEIPTS = {"2021年/收据存根.txt": receipt("2021年4月12日"), "2021年/领条.txt": receipt("2021年5月8日")}


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip whose names are in GBK without saying so, as Windows wrote them for twenty years."""
    names = {name: name.encode("gbk") for name in files}
    stand_ins = {name: f"{number:x}".rjust(len(raw), "x") for number, (name, raw) in enumerate(names.items())}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in files.items():
            box.writestr(zipfile.ZipInfo(stand_ins[name], EPOCH), content)
    whole = out.getvalue()
    for name, raw in names.items():
        whole = whole.replace(stand_ins[name].encode(), raw)
    return whole


def tone() -> bytes:
    """One second of a quiet square wave, 8 kHz, mono."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(1)
        sound.setframerate(8000)
        sound.writeframes(bytes(120 + 16 * (n // 20 % 2) for n in range(8000)))
    return out.getvalue()
