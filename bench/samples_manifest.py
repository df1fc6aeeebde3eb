"""The truth beside the files: `manifest.jsonl`, one object a file, written from the generator's data.

`tests/samples/README.md` says what every field means.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from samples_paper import Paper, named_in, names

MIMES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "wps": "application/msword",
    "xls": "application/vnd.ms-excel",
    "et": "application/vnd.ms-excel",
    "ppt": "application/vnd.ms-powerpoint",
    "dps": "application/vnd.ms-powerpoint",
    "odt": "application/vnd.oasis.opendocument.text",
    "ods": "application/vnd.oasis.opendocument.spreadsheet",
    "odp": "application/vnd.oasis.opendocument.presentation",
    "rtf": "application/rtf",
    "pdf": "application/pdf",
    "scan.pdf": "application/pdf",
    "scan.jpg": "image/jpeg",
    "scan.png": "image/png",
    "scan.tif": "image/tiff",
    "photo.jpg": "image/jpeg",
    "photo.heic": "image/heic",
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "html": "text/html",
    "xml": "application/xml",
    "json": "application/json",
    "eml": "message/rfc822",
    "msg": "application/vnd.ms-outlook",
    "ofd": "application/ofd",
    "ged": "text/vnd.familysearch.gedcom",
    "wav": "audio/x-wav",
    "mp3": "audio/mpeg",
    "mp4": "video/mp4",
    "avi": "video/x-msvideo",
    "zip": "application/zip",
}


def truth(paper: Paper, content: bytes, people: list[str], places: list[str]) -> dict[str, object]:
    """The line of one paper that is to be read."""
    texts = paper.texts if paper.body else []
    whole = "\n".join((paper.title, *texts))
    form = str(paper.options.get("form") or paper.format)
    return {
        "path": f"{paper.village}/{paper.path}",
        "sha256": hashlib.sha256(content).hexdigest(),
        "format": MIMES[form],
        "village": paper.village,
        "expected": "read",
        "kind": paper.kind,
        "class": paper.series.rsplit("-", 1)[0] if paper.series else None,
        "series": paper.series,
        "title": paper.title,
        "date": paper.date,
        "doc_number": paper.doc_number,
        "responsible": paper.responsible,
        "people": named_in(whole, [*paper.people, *people]),
        "places": named_in(whole, [*paper.places, *places]),
        "access": paper.access,
        "ocr": paper.format.startswith("scan."),
        "pages": len(texts) or 1,
        "phrases": {str(n): _phrases(paper, n) for n in range(1, len(texts) + 1)},
        "text": texts,
        **({"note": paper.note} if paper.note else {}),
        **({"metadata": _metadata(paper)} if paper.format.startswith("photo.") else {}),
    }


def _phrases(paper: Paper, page: int) -> list[str]:
    """Runs that must be found on the page: those the author named, then the openings of its longest paragraphs."""
    blocks = [b.text for b in paper.pages[page - 1] if b.kind == "para" and len(b.text) >= 14]
    longest = sorted(blocks, key=len, reverse=True)[:2]
    cells = [c for b in paper.pages[page - 1] if b.kind == "table" for c in b.rows[-1] if len(c) >= 2][:1]
    return [*paper.find.get(page, []), *(t[:12] for t in longest), *([] if longest else cells)]


def _metadata(paper: Paper) -> dict[str, object]:
    wanted = ("taken", "make", "model", "latitude", "longitude", "caption", "by", "city", "xmp_title", "orientation")
    return {key: paper.options[key] for key in wanted if key in paper.options}


def plain_line(path: str, content: bytes, expected: str, **more: object) -> dict[str, object]:
    """The line of a file that is not read as a paper of its own: a duplicate, or set aside."""
    digest = hashlib.sha256(content).hexdigest()
    return {"path": path, "sha256": digest, "village": path.split("/")[0], "expected": expected, **more}


def write(lines: list[dict[str, object]], target: Path) -> None:
    """Write the manifest, sorted by path."""
    ordered = sorted(lines, key=lambda line: str(line["path"]))
    target.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in ordered), encoding="utf-8")


def registries() -> tuple[list[str], list[str]]:
    """The registered people and places."""
    return names("people"), names("places")
