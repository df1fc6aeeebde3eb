"""Pictures on the pages of an OFD: where they stand, and a page that consists of them drawn on white paper.

Text, paths and seals are not drawn, so only a page that waits for recognition should be asked for.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PIL import Image

from ingest.errors import Unsupported
from ingest.extract.markup import Element, attribute, children, find, local
from ingest.extract.packed import Package

SHARPEST = 300 / 25.4
"""Pixels per millimetre: 300 dpi."""
A4 = (210.0, 297.0)
_LARGE = 0.5
"""Share of the page that pictures cover when they are the page itself."""
_FEW_CHARACTERS = 30
_BROKEN = (OSError, SyntaxError, ValueError, EOFError)


@dataclass(frozen=True, slots=True)
class Placed:
    """One picture: its part of the package and its place on the page in millimetres."""

    part: str
    left: float
    top: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page: its lines of text, its pictures, and its width and height in millimetres."""

    lines: list[str]
    pictures: list[Placed]
    size: tuple[float, float]

    @property
    def waits(self) -> bool:
        """Whether its text has to be recognised: a scan, with no more text than a scanner's stamp."""
        covered = sum(one.width * one.height for one in self.pictures) / (self.size[0] * self.size[1])
        few = sum(len(line) for line in self.lines) <= _FEW_CHARACTERS
        return bool(self.pictures) and (not self.lines or (few and covered > _LARGE))


def numbers(text: str, count: int) -> list[float] | None:
    """So many numbers parted by blanks, or None."""
    words = text.split()
    try:
        return [float(word) for word in words] if len(words) == count else None
    except ValueError:
        return None


def page_size(*areas: Element) -> tuple[float, float]:
    """The first physical box that is stated in these, as width and height."""
    for area in areas:
        box = next((one for one in area.iter() if local(one) == "PhysicalBox"), None)
        sides = numbers(box.text or "", 4) if box is not None else None
        if sides and sides[2] > 0 and sides[3] > 0:
            return sides[2], sides[3]
    return A4


def media_parts(package: Package, folder: str, lists: Iterable[str]) -> dict[str, str]:
    """The parts with pictures by their ids, from the resource lists named in `lists`."""
    found: dict[str, str] = {}
    for name in lists:
        path = posixpath.join(folder, name) if package.has(posixpath.join(folder, name)) else name
        root = package.maybe_root(path)
        if root is None:
            continue
        base = posixpath.join(posixpath.dirname(path), attribute(root, "BaseLoc"))
        for one in children(root, "MultiMedias"):
            file = find(one, "MediaFile")
            if file is not None and file.text:
                found[attribute(one, "ID")] = posixpath.normpath(posixpath.join(base, file.text.strip()))
    return found


def placed(layer: Element, parts: dict[str, str]) -> Iterator[Placed]:
    """The pictures of one layer, scaled as their matrices say (turning is not followed)."""
    for one in layer.iter():
        if local(one) != "ImageObject":
            continue
        left, top, width, height = numbers(attribute(one, "Boundary"), 4) or [0.0, 0.0, *A4]
        across, _, _, down, right, below = numbers(attribute(one, "CTM"), 6) or [width, 0, 0, height, 0, 0]
        size = (across, down) if across > 0 and down > 0 else (width, height)
        yield Placed(parts.get(attribute(one, "ResourceID"), ""), left + right, top + below, *size)


def drawn(package: Package, sheet: Sheet, longest: int) -> Image.Image:
    """The pictures of a page on white paper. Raises Unsupported when none of them can be decoded."""
    scale = min(SHARPEST, longest / max(sheet.size))
    paper = Image.new("RGB", (max(1, int(sheet.size[0] * scale)), max(1, int(sheet.size[1] * scale))), "white")
    done = 0
    for one in sheet.pictures:
        size = min(paper.width, round(one.width * scale)), min(paper.height, round(one.height * scale))
        picture = _decoded(package, one.part, size)
        if picture is not None:
            paper.paste(picture, (round(one.left * scale), round(one.top * scale)), picture.getchannel("A"))
            done += 1
    if not done:
        raise Unsupported("这一页上的图片是读不了的格式。")
    return paper


def _decoded(package: Package, part: str, size: tuple[int, int]) -> Image.Image | None:
    if not package.has(part) or min(size) < 1:
        return None
    try:
        with Image.open(io.BytesIO(package.read(part))) as image:
            image.draft("RGB", size)
            return image.convert("RGBA").resize(size, Image.Resampling.LANCZOS)
    except _BROKEN:
        return None
