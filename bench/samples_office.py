"""Office files as clerks make them: DOCX, XLSX, PPTX written directly; DOC, XLS, PPT, ODF, RTF, WPS and PDF through LibreOffice.

WPS Office's own endings (.wps .et .dps) are given to Word-97 binaries, which is what WPS writes under them by default.
LibreOffice (`soffice`) and the Noto CJK fonts are needed to make the files, never to read them.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path

import docx
import openpyxl
import pptx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from pptx.util import Cm as SlideCm
from pptx.util import Pt as SlidePt
from samples_paper import Block, Paper

SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"
FILTERS = {
    "doc": "doc:MS Word 97",
    "wps": "doc:MS Word 97",
    "xls": "xls:MS Excel 97",
    "et": "xls:MS Excel 97",
    "ppt": "ppt:MS PowerPoint 97",
    "dps": "ppt:MS PowerPoint 97",
    "rtf": "rtf:Rich Text Format",
    "odt": "odt",
    "ods": "ods",
    "odp": "odp",
    "pdf": "pdf:writer_pdf_Export",
}
BASE_OF = {"xls": "xlsx", "et": "xlsx", "ods": "xlsx", "ppt": "pptx", "dps": "pptx", "odp": "pptx"}
WRITTEN = datetime(2024, 6, 3, 9, 12)


def write_docx(paper: Paper) -> bytes:
    """The paper as a Word file: title in the middle, text indented, tables with a grid."""
    document = docx.Document()
    style = document.styles["Normal"]
    style.font.name, style.font.size = SERIF, Pt(float(str(paper.options.get("size", 11))))
    style.element.rPr.rFonts.set(qn("w:eastAsia"), SERIF)
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.top_margin = section.bottom_margin = Cm(2.2)
    if header := paper.options.get("header"):
        section.header.paragraphs[0].text = str(header)
    for number, page in enumerate(paper.pages):
        if number:
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        for block in page:
            _add_block(document, block)
    properties = document.core_properties
    properties.author = str(paper.options.get("author", "村文书"))
    properties.title = str(paper.options.get("core_title", ""))
    properties.created = properties.modified = WRITTEN
    return _saved(document)


def _add_block(document: docx.document.Document, block: Block) -> None:
    if block.kind == "table":
        table = document.add_table(rows=0, cols=max(len(r) for r in block.rows))
        table.style = "Table Grid"
        for row in block.rows:
            for cell, value in zip(table.add_row().cells, row, strict=False):
                cell.text = value
        return
    paragraph = document.add_paragraph()
    run = paragraph.add_run(block.text)
    if block.kind == "title":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run.bold, run.font.size = True, Pt(16)
    elif block.kind == "heading":
        run.bold = True
    elif block.kind == "right":
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    else:
        paragraph.paragraph_format.first_line_indent = Pt(22)


def write_xlsx(paper: Paper) -> bytes:
    """One sheet a page; paragraphs stand in the first column, tables below them."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, page in enumerate(paper.pages, 1):
        name = next((b.text for b in page if b.kind == "sheet"), f"Sheet{number}")
        sheet = book.create_sheet(name)
        for block in page:
            for row in block.rows if block.kind == "table" else [(block.text,)]:
                if block.kind != "sheet":
                    sheet.append([_cell(v, block) for v in row])
    book.properties.creator = str(paper.options.get("author", "村文书"))
    book.properties.created = book.properties.modified = WRITTEN
    return _saved(book)


def _cell(value: str, block: Block) -> str | float | int:
    """Figures of tables become numbers, as when typed; long numbers and those with a leading zero stay text."""
    if block.kind != "table" or len(value) > 11 or (value[:1] == "0" and value[1:2] != "." and len(value) > 1):
        return value
    try:
        return float(value) if "." in value else int(value)
    except ValueError:
        return value


def write_pptx(paper: Paper) -> bytes:
    """One slide a page."""
    show = pptx.Presentation()
    for page in paper.pages:
        slide = show.slides.add_slide(show.slide_layouts[5])
        slide.shapes.title.text = next((b.text for b in page if b.kind == "title"), "")
        box = slide.shapes.add_textbox(SlideCm(1.5), SlideCm(4.5), SlideCm(22), SlideCm(12)).text_frame
        box.word_wrap = True
        for block in page:
            if block.kind != "title":
                paragraph = box.add_paragraph()
                paragraph.text = block.plain
                paragraph.font.size = SlidePt(20)
    show.core_properties.author = str(paper.options.get("author", "村文书"))
    return _saved(show)


def _saved(document: object) -> bytes:
    """Save, then write the parts again with a fixed time, so that a second run gives the same bytes."""
    raw, fixed = io.BytesIO(), io.BytesIO()
    document.save(raw)  # type: ignore[attr-defined]  # three libraries, one method
    with zipfile.ZipFile(raw) as old, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as new:
        for item in old.infolist():
            new.writestr(zipfile.ZipInfo(item.filename, (2024, 6, 3, 9, 12, 0)), old.read(item), zipfile.ZIP_DEFLATED)
    return fixed.getvalue()


WRITERS = {"docx": write_docx, "xlsx": write_xlsx, "pptx": write_pptx}


def base_format(wanted: str) -> str:
    """Which of our own three formats the wanted one is converted from."""
    return wanted if wanted in WRITERS else BASE_OF.get(wanted, "docx")


def make(papers: Iterable[Paper], work: Path) -> dict[str, bytes]:
    """The bytes of every Office paper, by paper id. One run of LibreOffice per format, as its start is slow."""
    made: dict[str, bytes] = {}
    waiting: dict[str, list[Path]] = {}
    for paper in papers:
        base = base_format(paper.format)
        content = WRITERS[base](paper)
        if base == paper.format:
            made[paper.id] = content
            continue
        folder = work / paper.format
        folder.mkdir(parents=True, exist_ok=True)
        source = folder / f"{paper.id}.{base}"
        source.write_bytes(content)
        waiting.setdefault(paper.format, []).append(source)
    for wanted, sources in waiting.items():
        for path in convert(sources, FILTERS[wanted], work / f"{wanted}-out"):
            made[path.stem] = path.read_bytes()
    return made


def convert(sources: Sequence[Path], target: str, out: Path) -> list[Path]:
    """Run LibreOffice over the files; `target` is its `ending:filter:options`."""
    program = shutil.which("soffice")
    if program is None:
        raise SystemExit("soffice is needed to make the samples (apt-get install libreoffice-writer-nogui …)")
    profile = f"-env:UserInstallation=file://{out.parent}/profile"
    command = [program, profile, "--headless", "--convert-to", target, "--outdir", str(out), *map(str, sources)]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    results = [out / f"{s.stem}.{target.split(':')[0]}" for s in sources]
    if missing := [r.name for r in results if not r.exists()]:
        raise SystemExit(f"LibreOffice made nothing of: {missing}")
    return results
