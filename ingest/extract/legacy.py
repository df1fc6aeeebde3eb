"""WPS, Works and Word files older than Word 6: kept, not read. Says so in words a clerk can act on."""

from __future__ import annotations

from typing import Never

from ingest.errors import Unsupported
from ingest.extract.source import Source


def extract(source: Source) -> Never:
    """Raises Unsupported: the layout of these files was never published."""
    raise Unsupported(
        "这是很早的 WPS、Works 或 Word 格式，文字读不出来。", "请用 WPS 打开，另存为 DOCX 后一并移交；原件照样保管。"
    )
