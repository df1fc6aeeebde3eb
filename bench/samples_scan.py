"""Scanned pages: text drawn on paper as a village scanner or a telephone would give it back.

Horizontal print, hand-like filled-in forms, and vertical right-to-left pages of genealogies with ruled columns. The words of
every page are in the manifest, since a scan has no text of its own. Nothing here recognises text.
"""

from __future__ import annotations

import io
import random
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from samples_paper import Block, Paper

FONTS = "/usr/share/fonts/opentype/noto/Noto{}CJK-{}.ttc"
SIMPLIFIED, TRADITIONAL = 2, 3
A4_150 = (1240, 1754)
MARGIN = 130


@cache
def font(size: int, face: str = "Serif", weight: str = "Regular", index: int = SIMPLIFIED) -> ImageFont.FreeTypeFont:
    """A Noto CJK face; `index` picks the simplified or traditional forms."""
    return ImageFont.truetype(FONTS.format(face, weight), size, index=index)


def wrap(text: str, width: int, face: ImageFont.FreeTypeFont, indent: int = 0) -> list[str]:
    """Lines no wider than `width` pixels; closing punctuation never begins a line."""
    lines, line, room = [], "", width - indent
    for char in text:
        if face.getlength(line + char) > room and char not in "，。、；：）”》！？":
            lines.append(line)
            line, room = "", width
        line += char
    return [*lines, line]


def horizontal(blocks: list[Block], options: dict[str, object]) -> Image.Image:
    """A printed page in lines from left to right."""
    size = int(str(options.get("size", 27)))
    face, width = font(size), A4_150[0] - 2 * MARGIN
    page = Image.new("L", A4_150, 255)
    draw, y = ImageDraw.Draw(page), MARGIN
    for block in blocks:
        if block.kind == "table":
            y = _table(draw, block, y, width)
            continue
        shown = font(size + 11, weight="Bold") if block.kind == "title" else face
        indent = 2 * size if block.kind == "para" else 0
        for number, line in enumerate(wrap(block.text, width, shown, indent)):
            x = MARGIN + (indent if number == 0 else 0)
            if block.kind in ("title", "right"):
                spare = width - shown.getlength(line)
                x = MARGIN + int(spare / 2 if block.kind == "title" else spare)
            draw.text((x, y), line, font=shown, fill=25)
            y += int(shown.size * 1.75)
        y += size // 3
    if y > A4_150[1] - 40:
        raise ValueError(f"the page runs over: {blocks[0].text[:20]} ends at {y}")
    return page


def _table(draw: ImageDraw.ImageDraw, block: Block, y: int, width: int) -> int:
    face = font(22)
    needs = [max(face.getlength(r[c]) if c < len(r) else 0 for r in block.rows) + 18 for c in range(len(block.rows[0]))]
    scale = max(1.0, width / sum(needs))
    edges = [MARGIN]
    for need in needs:
        edges.append(edges[-1] + int(need * scale))
    for row in block.rows:
        for left, right, value in zip(edges, edges[1:], row, strict=False):
            draw.rectangle((left, y, right, y + 44), outline=60)
            draw.text((left + 8, y + 6), value, font=face, fill=25)
        y += 44
    return y + 20


def vertical(text: str, options: dict[str, object]) -> Image.Image:
    """A page of an old book: columns from right to left, ruled, with a folded-edge title on the left."""
    width, height = 1500, 1100
    size = int(str(options.get("size", 40)))
    page = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(page)
    face, small = font(size, index=TRADITIONAL), font(size // 2 + 4, index=TRADITIONAL)
    pitch, top, right = int(size * 1.75), 110, width - 120
    left, per_column = 140, (height - 2 * top) // (size + 6)
    draw.rectangle((left - 14, top - 18, right + 14, height - top + 18), outline=20, width=5)
    x = right
    for line in text.splitlines():
        shown = small if line.startswith("\u3000\u3000") else face
        room = per_column if shown is face else (height - 2 * top) // (shown.size + 4)
        for start in range(0, max(len(line), 1), room):
            x -= pitch
            draw.line((x, top - 18, x, height - top + 18), fill=90, width=2)
            _column(draw, line[start : start + room], x, top, pitch, shown)
    if x < left - pitch:
        raise ValueError(f"the vertical page runs over: {text[:12]}")
    return page


def _column(draw: ImageDraw.ImageDraw, text: str, x: int, top: int, pitch: int, face: ImageFont.FreeTypeFont) -> None:
    y = top
    for char in text:
        draw.text((x + (pitch - face.size) // 2, y), char, font=face, fill=20)
        y += int(face.size) + (6 if face.size > 30 else 4)


def aged(page: Image.Image, seed: str, options: dict[str, object]) -> Image.Image:
    """What paper and scanner do: a slight turn, blur, shade from one side, speckles."""
    rng = random.Random(seed)
    strength = float(str(options.get("wear", 1)))
    turned = page.rotate(rng.uniform(-0.7, 0.7) * strength, Image.Resampling.BICUBIC, fillcolor=255)
    soft = turned.filter(ImageFilter.GaussianBlur(0.55 * strength))
    shade = Image.linear_gradient("L").resize(page.size).point(lambda v: 255 - int(v * 0.10 * strength))
    dirty = ImageChops.multiply(soft, shade)
    draw = ImageDraw.Draw(dirty)
    for _ in range(int(60 * strength)):
        x, y = rng.randrange(page.width), rng.randrange(page.height)
        draw.ellipse((x, y, x + rng.choice((1, 1, 2)), y + 1), fill=rng.randint(90, 200))
    return dirty


def seal(page: Image.Image, text: str, where: tuple[int, int]) -> Image.Image:
    """A red round seal, as on certificates: makes the page a colour image."""
    colour = page.convert("RGB")
    stamp = Image.new("RGB", (230, 230), (255, 255, 255))
    draw = ImageDraw.Draw(stamp)
    draw.ellipse((6, 6, 224, 224), outline=(196, 30, 30), width=6)
    face = font(26, "Sans", "Bold")
    for row, part in enumerate((text[: len(text) // 2], text[len(text) // 2 :])):
        draw.text((115 - face.getlength(part) / 2, 62 + row * 46), part, font=face, fill=(196, 30, 30))
    area = (where[0], where[1], where[0] + 230, where[1] + 230)
    colour.paste(ImageChops.multiply(colour.crop(area), stamp.rotate(8, fillcolor=(255, 255, 255))), area)
    return colour


def images(paper: Paper) -> list[Image.Image]:
    """The page images of a scanned paper."""
    pages = []
    for number, blocks in enumerate(paper.pages):
        upright = paper.options.get("vertical")
        clean = vertical(paper.texts[number], paper.options) if upright else horizontal(blocks, paper.options)
        page = aged(clean, f"{paper.id}/{number}", paper.options)
        if number == len(paper.pages) - 1 and (text := paper.options.get("seal")):
            page = seal(page, str(text), (820, int(str(paper.options.get("seal_y", 1250)))))
        pages.append(page)
    return pages


def write(paper: Paper) -> bytes:
    """The scan as JPEG, PNG, TIFF (several pages, fax-compressed) or an image-only PDF."""
    pages, out = images(paper), io.BytesIO()
    quality = int(str(paper.options.get("quality", 42)))
    if paper.format == "scan.jpg":
        pages[0].save(out, "JPEG", quality=quality, dpi=(150, 150))
    elif paper.format == "scan.png":
        pages[0].quantize(16).save(out, "PNG", dpi=(150, 150), optimize=True)
    elif paper.format == "scan.tif":
        black = [p.convert("L").point(lambda v: 255 if v > 150 else 0).convert("1") for p in pages]
        black[0].save(out, "TIFF", save_all=True, append_images=black[1:], compression="group4", dpi=(150, 150))
    else:
        pages[0].save(out, "PDF", save_all=True, append_images=pages[1:], resolution=150, quality=quality)
    return out.getvalue()
