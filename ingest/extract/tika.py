"""The second reader: a Tika server, asked for what the readers of this process cannot read.

Pages where the server knows of pages, sheets or slides. Which faults come here is `ingest.pipeline`'s decision; how the
server is asked, `ingest.extract.tika_calls`'s.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import cast

from ingest import decoding
from ingest.errors import Corrupt, Protected, ReaderDied, TooLarge, Unsupported
from ingest.extract import markup
from ingest.extract.assembly import Pages
from ingest.extract.html import visible
from ingest.extract.markup import Element, local
from ingest.extract.source import Source
from ingest.extract.tika_calls import Answer, ask, version
from ingest.kinds import ODF, OLE, OOXML, UNKNOWN
from ingest.reading import Extraction

DOCUMENTS = frozenset(
    {
        "application/pdf", "application/rtf", "application/msword", "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint", "application/vnd.wordperfect", "application/vnd.ms-works",
        "application/vnd.ms-outlook", "application/vnd.visio", "application/epub+zip", "application/x-msaccess",
        "application/x-dbf", "image/vnd.dwg", OLE, UNKNOWN,
        *(OOXML + kind for kind in ("wordprocessingml.document", "spreadsheetml.sheet", "presentationml.presentation")),
        *(ODF + kind for kind in ("text", "spreadsheet", "presentation", "graphics")),
    }
)  # fmt: skip
"""What a file must be to be sent. Pictures, sound, packed files and programs have other readers, or none."""

SAID = "内置的读法读不出这个文件，文字由 Tika 服务读出，请对照原件核对。"
MOST_SENT = 256 << 20
SHORTEST, LONGEST = 30, 300
"""Seconds that the server accepts as a limit for itself, as it is shipped."""

_KEYS = {
    "dc:title": "title",
    "dc:creator": "author",
    "dcterms:created": "created",
    "dcterms:modified": "modified",
    "extended-properties:Application": "application",
}
_PAGES = frozenset({"page", "slide-content"})
_TURN = "\ue002"
"""Stands for the start of a page while the text is put together."""
_PLAUSIBLE = 0.7
"""Share of common characters from which bytes are taken for Chinese; plain Latin letters give half."""
_GUESSES = ("application/octet-stream", "text/")
_FAULT = "X-TIKA:EXCEPTION:container_exception"

Part = Mapping[str, object]


def extract(source: Source) -> Extraction:
    """The text of a file as the server of `source.server` reads it.

    Raises:
        ReaderAway: the server cannot be asked now; says nothing about the file.
        ReaderDied, Timeout: the server broke off, or took too long, over this file.
        Unsupported, Corrupt, Protected, TooLarge: it answered, and has no text.
    """
    if source.server is None or source.format.mime not in DOCUMENTS:
        raise Unsupported
    if source.path.stat().st_size > MOST_SENT:
        raise TooLarge
    version(source.server.url)
    with source.path.open("rb") as stream:
        answer = ask(source.server.url, "/rmeta/xml", stream, _headers(source), source.server.seconds)
    return _extraction(_parts(answer), source)


def _headers(source: Source) -> dict[str, str]:
    """Embedded pictures are not recognised, and the server limits itself a little later than we do."""
    seconds = source.server.seconds if source.server else 0
    headers = {
        "Accept": "application/json",
        "X-Tika-OCRskipOcr": "true",
        "X-Tika-Timeout-Millis": str(int(min(max(seconds, SHORTEST), LONGEST) * 1000)),
    }
    if source.format.mime != UNKNOWN:
        # A name would settle what the server takes unknown bytes for; for known ones it tells near kinds apart.
        headers["Content-Disposition"] = f'attachment; filename="file.{source.format.extension}"'
    return headers


def _parts(answer: Answer) -> list[Part]:
    """The file, then what lies in it. Raises for an answer that holds no text."""
    if answer.status_code != 200:
        raise Unsupported
    try:
        parts = json.loads(answer.content)
    except ValueError as error:
        raise ReaderDied from error
    if not isinstance(parts, list) or not parts or not all(isinstance(part, dict) for part in parts):
        raise Unsupported
    fault = str(parts[0].get(_FAULT, ""))
    if "EncryptedDocumentException" in fault:
        raise Protected
    if fault:
        raise Corrupt
    return cast(list[Part], parts)


def _extraction(parts: list[Part], source: Source) -> Extraction:
    if source.format.mime == UNKNOWN and _first(parts[0], "Content-Type").startswith(_GUESSES):
        raise Unsupported
    pages = Pages(source.limits)
    for number, part in enumerate(parts):
        texts = _page_texts(_first(part, "X-TIKA:content"))
        if number and any(texts):
            pages.add(f"附件：{_first(part, 'resourceName') or '未命名附件'}")
            pages.turn()
        _add(texts, pages)
    if not any(pages.texts()):
        raise Unsupported
    is_mail = source.format.mime == "application/vnd.ms-outlook"
    read = pages.extraction(_metadata(parts[0]), (SAID,))
    return replace(read, kind="mail") if is_mail else read


def _add(texts: list[str], pages: Pages) -> None:
    for number, text in enumerate(texts):
        if number:
            pages.turn()
        for line in text.split("\n"):
            pages.add(line)


def _page_texts(content: str) -> list[str]:
    """The text of each page (sheet, slide) of an answer; one text where the server knows of no pages."""
    if not content:
        return [""]
    body = markup.find(markup.parse(_mended(content).encode("utf-8", "replace")), "body")
    if body is None:
        return [""]
    for element in body.iter():
        if local(element) == "div" and element.get("class") in _PAGES:
            element.text = _TURN + (element.text or "")
        elif local(element) == "p" and not _in_cell(element):
            # Line ends in a paragraph are the document's own here, as they are in <pre> and nowhere else in HTML.
            element.tag = "pre"
    before, *texts = visible(body).split(_TURN)
    return [text.strip("\n") for text in ([before, *texts] if before.strip() or not texts else texts)]


def _mended(content: str) -> str:
    """Chinese that the server took for Latin (王 as Íõ), since old formats do not say their code page."""
    head, start, body = content.partition("<body")
    try:
        raw = body.encode("latin-1")
    except UnicodeEncodeError:
        return content
    if decoding.plausibility(raw[: decoding.SAMPLE], "gb18030") < _PLAUSIBLE:
        return content
    return head + start + raw.decode("gb18030", "replace")


def _in_cell(element: Element) -> bool:
    return any(local(above) in {"td", "th"} for above in element.iterancestors())


def _metadata(part: Part) -> dict[str, str]:
    found = {ours: _first(part, theirs).removesuffix("Z").strip()[:500] for theirs, ours in _KEYS.items()}
    return {key: value for key, value in found.items() if value}


def _first(part: Part, key: str) -> str:
    value = part.get(key, "")
    return str(value[0] if isinstance(value, list) and value else value or "")
