"""Plain and structured text files in the encodings in which they reach an archive.

TXT, CSV and Markdown; HTML that declares gb2312; mail in UTF-8 and GB2312; XML and JSON as exported by other systems;
OFD written by hand. GEDCOM and notes that need their exact bytes come from files in `samples_content/`.
"""

from __future__ import annotations

import base64
import csv
import io
import json
import zipfile
from collections.abc import Callable
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from samples_paper import CONTENT, Paper

EPOCH = (2024, 6, 3, 9, 12, 0)


def plain(paper: Paper) -> bytes:
    """Text in the encoding of `options.encoding`, with the line ends of Windows where `options.crlf` asks for them."""
    text = "\n\n".join(paper.texts) + "\n"
    if paper.options.get("crlf"):
        text = text.replace("\n", "\r\n")
    return text.encode(str(paper.options.get("encoding", "utf-8")))


def comma_separated(paper: Paper) -> bytes:
    """The paper's tables as CSV."""
    out = io.StringIO()
    writer = csv.writer(out)
    for page in paper.pages:
        for block in page:
            writer.writerows(block.rows)
    return out.getvalue().encode(str(paper.options.get("encoding", "utf-8-sig")))


def markdown(paper: Paper) -> bytes:
    """Markdown: the one format in which the body is nearly written already."""
    lines = []
    for page in paper.pages:
        for block in page:
            if block.kind == "table":
                rule = "|" + " --- |" * len(block.rows[0])
                rows = ["| " + " | ".join(r) + " |" for r in block.rows]
                lines.append("\n".join([rows[0], rule, *rows[1:]]))
            else:
                lines.append({"title": "# ", "heading": "## "}.get(block.kind, "") + block.text)
    return ("\n\n".join(lines) + "\n").encode()


def html(paper: Paper) -> bytes:
    """A page saved from an office website: gb2312 in the meta element, bytes of GBK (its superset), script and menu around."""
    charset = str(paper.options.get("charset", "gb2312"))
    parts = []
    for page in paper.pages:
        for block in page:
            if block.kind == "table":
                rows = "".join("<tr>" + "".join(f"<td>{escape(c)}</td>" for c in r) + "</tr>" for r in block.rows)
                parts.append(f"<table border=1>{rows}</table>")
            else:
                tag = {"title": "h1", "heading": "h2"}.get(block.kind, "p")
                parts.append(f"<{tag}>{escape(block.text)}</{tag}>")
    document = (
        f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"<title>{escape(paper.title)}</title><style>p{{text-indent:2em}}</style>"
        "<script>var t=new Date();document.write('');</script></head>\n<body>\n"
        + "\n".join(parts)
        + "\n</body></html>\n"
    )
    return document.encode("gb18030" if charset == "gb2312" else charset)


def mail(paper: Paper, attachments: dict[str, bytes]) -> bytes:
    """A mail message. With `options.charset: gb2312` it is written as old clients did: 8-bit body, encoded words in GB2312."""
    options = paper.options
    if options.get("charset") == "gb2312":
        return _old_mail(paper)
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(str(options["from_name"]), addr_spec=str(options["from"]))
    message["To"] = Address(str(options["to_name"]), addr_spec=str(options["to"]))
    message["Subject"] = str(options["subject"])
    message["Date"] = str(options["sent"])
    message["Message-ID"] = f"<{paper.id}@wangxi.example>"
    message.set_content("\n".join(paper.texts) + "\n", cte="base64")
    for name, content in attachments.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    raw = message.as_bytes()
    boundary = message.get_boundary()
    return raw.replace(boundary.encode(), f"----=_{paper.id}".encode()) if boundary else raw


def _old_mail(paper: Paper) -> bytes:
    def word(text: str) -> str:
        return f"=?gb2312?B?{base64.b64encode(text.encode('gb18030')).decode()}?="

    options = paper.options
    head = (
        f"From: {word(str(options['from_name']))} <{options['from']}>\r\nTo: {word(str(options['to_name']))} <{options['to']}>\r\n"
        f"Subject: {word(str(options['subject']))}\r\nDate: {options['sent']}\r\nMIME-Version: 1.0\r\n"
        'X-Mailer: Foxmail 5.0\r\nContent-Type: text/plain;\r\n\tcharset="gb2312"\r\nContent-Transfer-Encoding: 8bit\r\n\r\n'
    )
    return head.encode("ascii") + "\r\n".join(paper.texts).replace("\n", "\r\n").encode("gb18030")


def data(paper: Paper) -> bytes:
    """XML or JSON: the records of the paper's first table, as another system exports them."""
    table = next(b for b in paper.pages[0] if b.kind == "table")
    head, *rows = table.rows
    records = [dict(zip(head, row, strict=True)) for row in rows]
    said = [b.text for b in paper.pages[0] if b.kind == "para"]
    if paper.format == "json":
        whole = {"标题": paper.title, "说明": said, "数据": records}
        return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()
    items = "".join("<记录>" + "".join(f"<{k}>{escape(v)}</{k}>" for k, v in r.items()) + "</记录>\n" for r in records)
    notes = "".join(f"<说明>{escape(t)}</说明>\n" for t in said)
    document = f'<?xml version="1.0" encoding="GB18030"?>\n<档案 标题="{escape(paper.title)}">\n{notes}{items}</档案>\n'
    return document.encode("gb18030")


def ofd(paper: Paper) -> bytes:
    """A small valid OFD: container, document, one Content.xml a page with a TextCode per line."""
    out = io.BytesIO()
    pages = [_ofd_page([line for b in page for line in _ofd_lines(b.plain)]) for page in paper.pages]
    name = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{n + 10}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    parts = {
        "OFD.xml": f'<ofd:OFD {name} Version="1.0" DocType="OFD"><ofd:DocBody><ofd:DocInfo><ofd:DocID>{paper.id}</ofd:DocID>'
        f"<ofd:Title>{escape(paper.title)}</ofd:Title><ofd:Author>{paper.responsible or ''}</ofd:Author>"
        f"<ofd:CreationDate>{(paper.date or {}).get('latest', '2024-01-01')}</ofd:CreationDate></ofd:DocInfo>"
        "<ofd:DocRoot>Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {name}><ofd:CommonData><ofd:MaxUnitID>999</ofd:MaxUnitID><ofd:PageArea>"
        "<ofd:PhysicalBox>0 0 210 297</ofd:PhysicalBox></ofd:PageArea><ofd:PublicRes>PublicRes.xml</ofd:PublicRes>"
        f"</ofd:CommonData><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
        "Doc_0/PublicRes.xml": f'<ofd:Res {name} BaseLoc="Res"><ofd:Fonts><ofd:Font ID="3" FontName="宋体" '
        'FamilyName="宋体"/></ofd:Fonts></ofd:Res>',
    }
    parts |= {f"Doc_0/Pages/Page_{n}/Content.xml": page for n, page in enumerate(pages)}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for path, text in parts.items():
            box.writestr(
                zipfile.ZipInfo(path, EPOCH), f'<?xml version="1.0" encoding="UTF-8"?>{text}', zipfile.ZIP_DEFLATED
            )
    return out.getvalue()


def _ofd_lines(text: str) -> list[str]:
    return [row[i : i + 38] for row in text.splitlines() for i in range(0, max(1, len(row)), 38)]


def _ofd_page(lines: list[str]) -> str:
    texts = "".join(
        f'<ofd:TextObject ID="{100 + n}" Boundary="20 {20 + n * 7} 170 6" Font="3" Size="4.4">'
        f'<ofd:TextCode X="0" Y="4.4" DeltaX="g {len(line) - 1} 4.4">{escape(line)}</ofd:TextCode></ofd:TextObject>'
        for n, line in enumerate(lines)
    )
    return (
        '<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016"><ofd:Content><ofd:Layer ID="99">'
        f"{texts}</ofd:Layer></ofd:Content></ofd:Page>"
    )


def literal(paper: Paper) -> bytes:
    """A file kept as it is in `samples_content/` (GEDCOM), named by `options.source`; `options.encoding` re-encodes it."""
    text = (CONTENT / str(paper.options["source"])).read_text(encoding="utf-8")
    return text.encode(str(paper.options.get("encoding", "utf-8")))


WRITERS: dict[str, Callable[[Paper], bytes]] = {
    "txt": plain,
    "csv": comma_separated,
    "md": markdown,
    "html": html,
    "xml": data,
    "json": data,
    "ofd": ofd,
    "literal": literal,
}
