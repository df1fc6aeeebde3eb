"""Pictures: what they say about themselves, a thumbnail the right way up, and whether they are pages to recognise.

A scan of a paper is a document whose text comes later; a multi-page TIFF is a document of that many pages.
"""

from __future__ import annotations

from typing import BinaryIO

from PIL import Image, ImageFile, ImageOps, UnidentifiedImageError

from ingest.errors import Corrupt, TooLarge, Truncated
from ingest.extract import caption, paper, thumbnail
from ingest.extract.source import Source
from ingest.reading import Extraction

MOST_PIXELS = 300_000_000
"""A map of one metre at 400 dpi has 250 million; decoding more would not fit the memory of a reader."""
_ENOUGH = 0.5
"""Share of the rows of a cut-off picture that must be there for it to be worth keeping."""
_WORKING = 2000
_BROKEN = (OSError, SyntaxError, ValueError, EOFError, IndexError)


def extract(source: Source) -> Extraction:
    """The picture's metadata, kind and thumbnail. Raises TooLarge before decoding, Truncated and Corrupt after."""
    # Pillow leaves a file open when it fails in between, so the file is opened here.
    with source.path.open("rb") as stream, _open(stream, source.format.mime) as image:
        _check_size(image)
        frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
        metadata = caption.read(image) | {"image.size": f"{image.width}×{image.height}"}
        upright, warnings = _decode(image)
    told = bool(metadata.get("photo.caption") or metadata.get("photo.people"))
    is_document = frames > 1 or (not told and _is_paper(upright, source.shown_path or source.name))
    return Extraction(
        metadata=metadata,
        page_count=frames,
        needs_ocr=is_document,
        warnings=warnings,
        kind="document" if is_document else "photo",
        thumbnail=thumbnail.jpeg(upright),
    )


def _is_paper(image: Image.Image, shown_path: str) -> bool:
    """A scan by its even ground; a paper photographed askew or in bad light by its lines."""
    if paper.is_page(image, shown_path):
        return True
    if paper.is_called_photograph(shown_path):
        return False
    # Loads OpenCV, which scans and papers do without.
    from ingest.extract import writing

    return writing.shows_lines(image)


def _open(stream: BinaryIO, mime: str) -> Image.Image:
    if mime == "image/heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    # Sizes are judged below; Pillow's own check would warn and go on.
    Image.MAX_IMAGE_PIXELS = None
    try:
        return Image.open(stream)
    except UnidentifiedImageError as error:
        raise Corrupt("图像文件已损坏，打不开。") from error
    except _BROKEN as error:
        raise Truncated from error


def _check_size(image: Image.Image) -> None:
    if image.width * image.height > MOST_PIXELS:
        raise TooLarge(
            f"图像有 {image.width}×{image.height} 像素，大得不正常，没有打开。",
            "请用看图软件缩小，或分成几幅后重新移交。",
        )


def _decode(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """The first page, upright, at most _WORKING pixels long, and what is wrong with it."""
    image.draft("RGB", (_WORKING, _WORKING))
    try:
        image.load()
        warnings: tuple[str, ...] = ()
    except _BROKEN as error:
        warnings = (_load_what_is_there(image, error),)
    image.thumbnail((_WORKING, _WORKING))
    return ImageOps.exif_transpose(image), warnings


def _load_what_is_there(image: Image.Image, error: Exception) -> str:
    """Decodes a cut-off picture as far as it goes. Raises Truncated when little is there, Corrupt when nothing is."""
    ImageFile.LOAD_TRUNCATED_IMAGES = True
    try:
        image.load()
    except _BROKEN:
        raise Corrupt("图像文件已损坏，打不开。") from error
    finally:
        ImageFile.LOAD_TRUNCATED_IMAGES = False
    if _share_decoded(image) < _ENOUGH:
        raise Truncated from error
    return "图像不完整，下面一部分缺失，请与原件核对。"


def _share_decoded(image: Image.Image) -> float:
    """Rows above the empty rest: what was not decoded has one colour from edge to edge."""
    small = image.convert("L").resize((32, 200), Image.Resampling.BOX)
    for row in range(small.height - 1, -1, -1):
        low, high = small.crop((0, row, small.width, row + 1)).getextrema()
        if isinstance(low, int) and isinstance(high, int) and high - low > 2:
            return (row + 1) / small.height
    return 0.0
