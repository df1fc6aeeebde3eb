"""Outlook letters (MSG): head, body and attachments. A body kept only as compressed RTF is not read."""

from __future__ import annotations

import struct

from oxmsg import Message

from ingest.errors import Corrupt
from ingest.extract import letter
from ingest.extract.letter import Attachment, Letter
from ingest.extract.mail import words
from ingest.extract.source import Source
from ingest.reading import Extraction


def extract(source: Source) -> Extraction:
    """The letter as pages. Raises Corrupt."""
    try:
        message = Message.load(str(source.path))
        return letter.extraction(_letter(message, source), source)
    except (KeyError, ValueError, OSError, IndexError, struct.error, AttributeError) as error:
        raise Corrupt("邮件文件已损坏，打不开。") from error


def _letter(message: Message, source: Source) -> Letter:
    headers = message.message_headers
    body = message.body or (letter.html_text(message.html_body, source) if message.html_body else "")
    recipients = "、".join(one.name or one.email_address or "" for one in message.recipients)
    sent = message.sent_date
    return Letter(
        subject=message.subject,
        sender=words(message.sender or ""),
        to=words(headers.get("To", "")) or recipients,
        copy=words(headers.get("Cc", "")),
        sent=sent.replace(tzinfo=None).isoformat() if sent else "",
        body=body.replace("\r\n", "\n").strip("\0\n "),
        attachments=tuple(
            Attachment(one.file_name or "未命名附件", one.file_bytes or b"") for one in message.attachments
        ),
    )
