"""One page of a PDF, one frame of a picture, or an OFD page that is a picture: the right way up by what the file says.

No larger than asked. Reads no text; whether the writing stands upright is not asked.
"""

from __future__ import annotations

from pathlib import Path

import pypdfium2
from PIL import Image, ImageFile, ImageOps

from ingest.errors import Corrupt, Protected, TooLarge, Unsupported, ZeroPages
from ingest.extract import ofd

MOST_PIXELS = 300_000_000
SHARPEST = 300 / 72
"""Pixels per point of a PDF page: a small card is not blown up beyond 300 dpi."""
_PASSWORD, _SECURITY = 4, 5
"""What PDFium answers for a document that wants a password."""
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError)


def page_image(path: Path, mime: str, number: int, longest: int) -> Image.Image:
    """Page `number` (from 1) in RGB, its longer side at most `longest` pixels; paper shows through what is transparent.

    Raises:
        Unsupported: the format has no pages that can be drawn here.
        Corrupt, Protected, TooLarge: it cannot be drawn.
        ZeroPages: there is no such page.
    """
    if mime == "application/pdf":
        return _pdf_page(path, number, longest)
    if mime == "application/ofd":
        return ofd.page_image(path, number, longest)
    if mime.startswith("image/"):
        return _frame(path, mime, number, longest)
    raise Unsupported("这种格式的文件没有可以画出来的页面。")


def _pdf_page(path: Path, number: int, longest: int) -> Image.Image:
    try:
        document = pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as error:
        raise (Protected() if error.err_code in {_PASSWORD, _SECURITY} else Corrupt()) from error
    try:
        if not 1 <= number <= len(document):
            raise ZeroPages(f"文件里没有第 {number} 页。")
        page = document[number - 1]
        scale = min(SHARPEST, longest / max(1.0, page.get_width(), page.get_height()))
        drawn: Image.Image = page.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise Corrupt(f"第 {number} 页画不出来。") from error
    finally:
        document.close()
    # PDFium rounds up, and a side must not be a pixel too long.
    return _at_most(drawn, longest)


def _frame(path: Path, mime: str, number: int, longest: int) -> Image.Image:
    if mime == "image/heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    # Sizes are judged below; Pillow's own check would warn and go on.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with path.open("rb") as stream, Image.open(stream) as image:
            if not 1 <= number <= getattr(image, "n_frames", 1):
                raise ZeroPages(f"文件里没有第 {number} 页。")
            image.seek(number - 1)
            return _upright(image, longest)
    except _BROKEN as error:
        raise Corrupt("图像文件已损坏，打不开。") from error


def _upright(image: Image.Image, longest: int) -> Image.Image:
    if image.width * image.height > MOST_PIXELS:
        raise TooLarge(f"图像有 {image.width}×{image.height} 像素，大得不正常，没有打开。")
    image.draft("RGB", (longest, longest))
    _load(image)
    return _at_most(_on_paper(ImageOps.exif_transpose(image)), longest)


def _load(image: Image.Image) -> None:
    """Decodes what is there: a picture that was cut off still has its upper part."""
    before = ImageFile.LOAD_TRUNCATED_IMAGES
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        image.load()
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = before


def _on_paper(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I"):
        # Sixteen bits of grey: the plain conversion would cut all above 255 to white.
        return image.point(lambda value: value / 256).convert("L").convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    ink = image.convert("RGBA")
    paper = Image.new("RGBA", ink.size, "white")
    return Image.alpha_composite(paper, ink).convert("RGB")


def _at_most(image: Image.Image, longest: int) -> Image.Image:
    image.thumbnail((longest, longest), Image.Resampling.LANCZOS)
    return image
