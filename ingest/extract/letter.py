"""A letter with attachments, whatever it was packed in, becomes pages: head and body first, then each attachment.

Attachments are read by `Source.read_part`; what they are is not asked here. Pictures in them are not recognised.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from ingest.errors import Unreadable
from ingest.extract import choose
from ingest.extract.source import Source
from ingest.reading import Extraction, FileFormat, Page

HTML = FileFormat("text/html", "网页（HTML）", "html")
RTF = FileFormat("application/rtf", "RTF 文档", "rtf")


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a letter; `content` is None when it is a letter that lies too deep to be opened."""

    name: str
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Letter:
    """What people see of a letter. `sent` is ISO 8601, or empty."""

    subject: str = ""
    sender: str = ""
    to: str = ""
    copy: str = ""
    sent: str = ""
    body: str = ""
    attachments: tuple[Attachment, ...] = ()

    @property
    def head(self) -> str:
        """The lines above the body, without those that say nothing."""
        said = {"主题": self.subject, "发件人": self.sender, "收件人": self.to, "抄送": self.copy, "日期": self.sent}
        return "\n".join(f"{name}：{value}" for name, value in said.items() if value)


def extraction(letter: Letter, source: Source) -> Extraction:
    """The letter as pages. An attachment that cannot be read is named in the warnings."""
    pages = [Page(1, f"{letter.head}\n\n{letter.body}".strip())]
    warnings: list[str] = []
    for attachment in letter.attachments:
        pages[-1] = replace(pages[-1], text=f"{pages[-1].text}\n\n附件：{attachment.name}".strip())
        texts, warning = _attached(attachment, source)
        pages += [Page(len(pages) + number, text) for number, text in enumerate(texts, 1)]
        warnings += [warning] if warning else []
    metadata = {
        "title": letter.subject, "author": letter.sender, "created": letter.sent, "mail.to": letter.to,
        "mail.attachments": "、".join(attachment.name for attachment in letter.attachments),
    }  # fmt: skip
    return Extraction(
        pages=tuple(pages),
        metadata={key: value for key, value in metadata.items() if value},
        page_count=len(pages),
        warnings=tuple(warnings),
        kind="mail",
    )


def _attached(attachment: Attachment, source: Source) -> tuple[list[str], str]:
    """The texts of an attachment's pages, and what there is to say when there are none."""
    if attachment.content is None or source.depth + 1 > source.limits.mail_depth:
        return [], f"附件“{attachment.name}”套在太多层邮件里面，没有再打开；需要检索的，请单独存出来移交。"
    if source.read_part is None or not attachment.content:
        return [], ""
    with _as_file(attachment.content) as path:
        read = source.read_part(path, attachment.name, source.depth + 1)
    if read is None:
        return [], f"附件“{attachment.name}”读不出内容，随邮件原样保存。"
    warning = f"附件“{attachment.name}”是图片或扫描件，没有识别文字。" if read.needs_ocr else ""
    return [page.text for page in read.pages], warning or "".join(read.warnings)


def html_text(html: str, source: Source) -> str:
    """The text of a body that was written as a web page; empty when it cannot be read."""
    # The mark at the start settles the encoding, whatever the page says about its own.
    return _body_text(html.encode("utf-8-sig", "replace"), HTML, source)


def rtf_text(rtf: bytes, source: Source) -> str:
    """The same for a body that was written as RTF."""
    return _body_text(rtf, RTF, source)


def _body_text(content: bytes, form: FileFormat, source: Source) -> str:
    with _as_file(content) as path:
        try:
            read = choose(form.mime)(replace(source, path=path, name=f"body.{form.extension}", format=form))
        except Unreadable:
            return ""
    return "\n".join(page.text for page in read.pages)


@contextmanager
def _as_file(content: bytes) -> Iterator[Path]:
    """The content as a file that goes away again; its name is ours, as a sender's may point anywhere."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "part"
        path.write_bytes(content)
        yield path
