"""E-mail (EML) and saved web pages (MHT): head, body, attachments, letters within letters.

Headers are taken raw: Chinese senders put plain GB2312 bytes where only ASCII may stand, and `email` would lose them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_binary_file
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value, parsedate_to_datetime
from typing import cast

from ingest import decoding
from ingest.errors import Corrupt, Empty, Unreadable
from ingest.extract import letter
from ingest.extract.letter import Attachment, Letter
from ingest.extract.source import Source
from ingest.reading import Extraction, Page

_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "hz-gb-2312": "hz", "big5": "big5hkscs", "x-gbk": "gb18030"}
"""Senders name the narrow set and use the wide one."""
_FOLD = re.compile(r"\r?\n[ \t]+")
_BETWEEN_WORDS = re.compile(r"(\?=)\s+(=\?)")


def extract(source: Source) -> Extraction:
    """The letter as pages. Raises Corrupt when there is no head at all, Unreadable ("nested") for endless nesting."""
    try:
        with source.path.open("rb") as stream:
            message = message_from_binary_file(stream)
        if not message.keys():
            raise Corrupt("邮件没有信头，打不开。")
        if _is_web_page(message):
            return _web_page(message, source)
        return letter.extraction(_letter(message, source), source)
    except RecursionError as error:
        raise Unreadable(
            "nested", "邮件里套邮件的层数太多，没有打开。", "请打开邮件，把里面需要保存的附件单独移交。"
        ) from error


def _is_web_page(message: Message) -> bool:
    """A browser saves a page as a letter that nobody received."""
    return message.get_content_type() == "multipart/related" and not message["To"] and not message["Received"]


def _web_page(message: Message, source: Source) -> Extraction:
    html = next((part for part in message.walk() if part.get_content_type() == "text/html"), None)
    text = letter.html_text(_text(html), source) if html is not None else ""
    if not text:
        raise Empty
    title = words(message.get("Subject", ""))
    return Extraction(pages=(Page(1, text),), metadata={"title": title} if title else {}, page_count=1)


def _letter(message: Message, source: Source) -> Letter:
    bodies, attachments = _parts(message)
    plain = [_text(part) for part in bodies if part.get_content_type() == "text/plain"]
    marked = [part for part in bodies if part.get_content_type() == "text/html"]
    body = "\n".join(plain).strip() or "\n".join(letter.html_text(_text(part), source) for part in marked)
    return Letter(
        subject=words(message.get("Subject", "")),
        sender=words(message.get("From", "")),
        to=words(message.get("To", "")),
        copy=words(message.get("Cc", "")),
        sent=_sent(message.get("Date")),
        body=body.replace("\r\n", "\n"),
        attachments=tuple(_attachment(part, source.depth) for part in attachments),
    )


def _parts(message: Message) -> tuple[list[Message], list[Message]]:
    """The parts that are the body, and those that are attached. A letter inside is one attachment, not its parts."""
    bodies: list[Message] = []
    attachments: list[Message] = []
    for part in _leaves(message):
        is_body = part.get_content_type() in {"text/plain", "text/html"}
        if is_body and part.get_content_disposition() != "attachment" and not part.get_filename():
            bodies.append(part)
        elif _is_file(part):
            attachments.append(part)
    return bodies, attachments


def _leaves(message: Message) -> Iterator[Message]:
    if message.get_content_maintype() == "multipart" and message.is_multipart():
        for part in cast(list[Message], message.get_payload()):
            yield from _leaves(part)
    else:
        yield message


def _is_file(part: Message) -> bool:
    """Pictures that the body shows (a logo, a signature) have an id and no place among the attachments."""
    if part.get_content_disposition() == "attachment":
        return True
    is_letter = part.get_content_type() == "message/rfc822"
    return is_letter or bool(part.get_filename() and not part["Content-ID"])


def _attachment(part: Message, depth: int) -> Attachment:
    if part.get_content_type() == "message/rfc822" and part.is_multipart():
        inner = cast(list[Message], part.get_payload())[0]
        name = words(inner.get("Subject", "")) or "转发的邮件"
        return Attachment(f"{name}.eml", inner.as_bytes())
    return Attachment(_name(part), cast(bytes, part.get_payload(decode=True) or b""))


def _name(part: Message) -> str:
    name = part.get_filename()
    return words(collapse_rfc2231_value(name)) if name else "未命名附件"


def words(raw: object) -> str:
    """A header as it was meant: encoded words decoded, plain 8-bit bytes too."""
    value = _BETWEEN_WORDS.sub(r"\1\2", _FOLD.sub(" ", _raw(raw)))
    if "=?" not in value:
        return _eight_bit(value).strip()
    try:
        parts = decode_header(value)
    except ValueError:
        return value
    return "".join(_word(part, charset) for part, charset in parts).strip()


def _raw(header: object) -> str:
    """`email` hands out a header with foreign bytes as an object; its parts still hold them."""
    chunks = getattr(header, "_chunks", None)
    return "".join(chunk for chunk, _ in chunks) if chunks else str(header)


def _eight_bit(value: str) -> str:
    try:
        return decoding.decode_name(value.encode("ascii", "surrogateescape"))[0]
    except UnicodeEncodeError:
        return value


def _word(part: bytes | str, charset: str | None) -> str:
    if isinstance(part, str):
        return _eight_bit(part)
    return decoded(part, charset)


def decoded(data: bytes, charset: str | None) -> str:
    """Bytes of a letter in the encoding that is named, if it fits; else in the likeliest."""
    named = _WIDER.get((charset or "").lower(), (charset or "").lower())
    if named and named not in {"us-ascii", "ascii", "unknown-8bit"}:
        try:
            return data.decode(named)
        except (LookupError, UnicodeDecodeError):
            pass
    try:
        return decoding.decode(data).text
    except Unreadable:
        return data.decode("gb18030", "replace")


def _text(part: Message) -> str:
    data = cast(bytes, part.get_payload(decode=True) or b"")
    return decoded(data, part.get_content_charset()) if data else ""


def _sent(date: str | None) -> str:
    try:
        return parsedate_to_datetime(str(date)).replace(tzinfo=None).isoformat() if date else ""
    except ValueError:
        return ""
