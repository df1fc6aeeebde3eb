"""Small real files for the tests of reading: PDF written by hand, pictures drawn with Pillow."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pypdfium2
from PIL import Image, ImageDraw

_FONT = """
3 0 obj <</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>> endobj
4 0 obj <</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 5 0 R
 /CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>> endobj
5 0 obj <</Type/FontDescriptor/FontName/STSong-Light/Flags 4/FontBBox[0 -200 1000 900]/ItalicAngle 0
 /Ascent 800/Descent -200/CapHeight 700/StemV 80>> endobj
"""


def pdf(*pages: str, extra: str = "", trailer: str = "") -> bytes:
    """A PDF with one line of Chinese text per page, in a font that is not embedded. `extra` are more objects."""
    kids = " ".join(f"{10 + 2 * number} 0 R" for number in range(len(pages)))
    objects = [
        "1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj",
        f"2 0 obj <</Type/Pages/Count {len(pages)}/Kids[{kids}]>> endobj",
        _FONT,
        extra,
    ]
    for number, text in enumerate(pages):
        body = f"BT /F 14 Tf 50 700 Td <{text.encode('utf-16-be').hex()}> Tj ET" if text else ""
        objects.append(
            f"{10 + 2 * number} 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {11 + 2 * number} 0 R"
            f"/Resources<</Font<</F 3 0 R>>>>>> endobj\n"
            f"{11 + 2 * number} 0 obj <</Length {len(body)}>> stream\n{body}\nendstream endobj"
        )
    # Readers rebuild the table of places when it is wrong; leaving it out keeps the file readable for people.
    return ("%PDF-1.4\n" + "\n".join(objects) + f"\ntrailer <</Root 1 0 R{trailer}>>\nstartxref\n0\n%%EOF\n").encode()


def locked_pdf() -> bytes:
    """A PDF that asks for a password nobody knows."""
    key = "00" * 32
    lock = f"9 0 obj <</Filter/Standard/V 2/R 3/Length 128/P -4/O<{key}>/U<{key}>>> endobj"
    identity = "/Encrypt 9 0 R/ID[<00112233445566778899aabbccddeeff><00112233445566778899aabbccddeeff>]"
    return pdf("机密", extra=lock, trailer=identity)


def scanned_pdf(pages: int) -> bytes:
    """A PDF whose pages are pictures of paper."""
    first, *rest = [paper() for _ in range(pages)]
    out = io.BytesIO()
    first.save(out, "PDF", save_all=True, append_images=rest)
    return out.getvalue()


def joined_pdf(target: Path, *parts: bytes) -> Path:
    """Several PDFs as one."""
    joined = pypdfium2.PdfDocument.new()
    for part in parts:
        with pypdfium2.PdfDocument(part) as document:
            joined.import_pages(document)
    joined.save(target)
    joined.close()
    return target


def paper(width: int = 620, height: int = 877, ground: int = 235) -> Image.Image:
    """A page with rows of dark marks on a light ground, like writing."""
    dice = random.Random(7)
    image = Image.new("L", (width, height), ground)
    pen = ImageDraw.Draw(image)
    for top in range(60, height - 60, 24):
        for left in range(50, width - 60, 16):
            if dice.random() < 0.9:
                pen.line((left, top, left + dice.randint(4, 12), top + dice.randint(2, 13)), fill=40, width=2)
                pen.line((left, top + 12, left + 12, top + dice.randint(0, 8)), fill=40, width=2)
    return image


def landscape(width: int = 800, height: int = 600) -> Image.Image:
    """Sky, hills and fields with leaves of every shade."""
    dice = random.Random(11)
    image = Image.new("RGB", (width, height))
    pen = ImageDraw.Draw(image)
    for row in range(height):
        share = row / height
        pen.line((0, row, width, row), fill=(int(120 - 60 * share), int(170 - 70 * share), int(230 - 200 * share)))
    for _ in range(900):
        left, top = dice.randrange(width), dice.randrange(height // 3, height)
        shade = dice.randrange(30, 200)
        pen.ellipse(
            (left, top, left + dice.randrange(10, 70), top + dice.randrange(6, 40)), fill=(shade // 2, shade, 40)
        )
    return image
