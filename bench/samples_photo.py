"""Photographs: landscapes drawn by code, carrying what a camera and a careful clerk put into the file.

EXIF (time, place, maker, orientation), IPTC (caption, by-line, in UTF-8) and XMP (title, description), in Chinese.
"""

from __future__ import annotations

import io
import math
import random
import struct
from xml.sax.saxutils import escape

from PIL import Image, ImageDraw, ImageFilter
from PIL.TiffImagePlugin import IFDRational
from samples_paper import Paper

SIZE = (1024, 768)
SKIES = {
    "day": ((96, 150, 210), (215, 230, 240)),
    "dusk": ((84, 74, 120), (244, 176, 120)),
    "grey": ((150, 158, 165), (214, 216, 216)),
}
GROUNDS = {
    "spring": ((70, 120, 62), (226, 204, 74)),
    "summer": ((46, 96, 50), (88, 140, 62)),
    "autumn": ((120, 96, 48), (206, 160, 66)),
    "winter": ((120, 122, 118), (236, 238, 240)),
}


def landscape(seed: str, scene: dict[str, object]) -> Image.Image:
    """Hills, terraces, houses, water: what `scene` asks for. The same seed draws the same picture."""
    rng = random.Random(seed)
    image = Image.new("RGB", SIZE)
    draw = ImageDraw.Draw(image)
    _sky(draw, SKIES[str(scene.get("sky", "day"))])
    dark, light = GROUNDS[str(scene.get("season", "summer"))]
    for depth in range(4):
        _hill(draw, rng, depth, _mix((170, 185, 200), dark, depth / 3))
    _fields(draw, rng, light, dark)
    if scene.get("water"):
        _water(draw, rng)
    for _ in range(int(str(scene.get("houses", 0)))):
        _house(draw, rng)
    if scene.get("tree"):
        _tree(draw, rng)
    for _ in range(int(str(scene.get("people", 0)))):
        _figure(draw, rng, bool(scene.get("festive")))
    return image.filter(ImageFilter.GaussianBlur(0.8))


def _mix(a: tuple[int, ...], b: tuple[int, ...], share: float) -> tuple[int, ...]:
    return tuple(int(x + (y - x) * share) for x, y in zip(a, b, strict=True))


def _sky(draw: ImageDraw.ImageDraw, colours: tuple[tuple[int, ...], tuple[int, ...]]) -> None:
    for y in range(SIZE[1]):
        draw.line((0, y, SIZE[0], y), fill=_mix(*colours, min(1.0, y / 480)))


def _hill(draw: ImageDraw.ImageDraw, rng: random.Random, depth: int, colour: tuple[int, ...]) -> None:
    base, waves = 240 + depth * 75, [(rng.uniform(20, 70) / k, rng.uniform(0, 6), k) for k in (1, 2, 5)]
    line = [(x, base + sum(a * math.sin(k * x / 160 + p) for a, p, k in waves)) for x in range(0, SIZE[0] + 8, 8)]
    draw.polygon([*line, (SIZE[0], SIZE[1]), (0, SIZE[1])], fill=colour)


def _fields(draw: ImageDraw.ImageDraw, rng: random.Random, light: tuple[int, ...], dark: tuple[int, ...]) -> None:
    y = 540
    while y < SIZE[1]:
        height = int(14 + (y - 540) * 0.16)
        bend = rng.uniform(-20, 20)
        edge = [(x, y + bend * math.sin(x / 260)) for x in range(0, SIZE[0] + 16, 16)]
        draw.polygon([*edge, (SIZE[0], y + height + 40), (0, y + height + 40)], fill=_mix(dark, light, rng.random()))
        draw.line(edge, fill=(96, 84, 60), width=2)
        y += height


def _water(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    draw.polygon([(380, 530), (560, 530), (930, 768), (160, 768)], fill=(112, 146, 160))
    for _ in range(60):
        y = rng.randint(540, 766)
        x = rng.randint(380 - (y - 530), 560 + (y - 530))
        draw.line((x, y, x + rng.randint(10, 50), y), fill=(160, 190, 200))


def _house(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    x, y, w = rng.randint(40, 900), rng.randint(470, 620), rng.randint(50, 90)
    h = int(w * 0.5)
    draw.rectangle((x, y, x + w, y + h), fill=rng.choice(((232, 226, 210), (208, 196, 170), (240, 240, 236))))
    draw.polygon([(x - 8, y), (x + w // 2, y - h // 2), (x + w + 8, y)], fill=rng.choice(((82, 80, 84), (128, 62, 48))))
    draw.rectangle((x + w // 2 - 6, y + h // 2, x + w // 2 + 6, y + h), fill=(92, 66, 44))


def _tree(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    draw.polygon([(690, 700), (735, 700), (722, 380), (704, 380)], fill=(78, 58, 40))
    for _ in range(90):
        x, y, r = rng.gauss(712, 90), rng.gauss(330, 70), rng.randint(14, 34)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=(rng.randint(40, 90), rng.randint(100, 150), 46))


def _figure(draw: ImageDraw.ImageDraw, rng: random.Random, festive: bool) -> None:
    x, y = rng.randint(120, 900), rng.randint(600, 690)
    coat = (198, 36, 32) if festive else rng.choice(((44, 62, 96), (70, 70, 70), (150, 120, 60)))
    draw.rectangle((x, y, x + 16, y + 40), fill=coat)
    draw.ellipse((x + 2, y - 14, x + 14, y - 1), fill=(214, 176, 142))


def _degrees(value: float) -> tuple[IFDRational, ...]:
    minutes, seconds = divmod(abs(value) * 3600, 60)
    degrees, minutes = divmod(int(minutes), 60)
    return (IFDRational(degrees, 1), IFDRational(minutes, 1), IFDRational(round(seconds * 100), 100))


def exif(options: dict[str, object]) -> Image.Exif:
    """The camera's block: options `taken`, `make`, `model`, `latitude`, `longitude`, `altitude`, `orientation`."""
    block = Image.Exif()
    for tag, key in ((0x010F, "make"), (0x0110, "model"), (0x0132, "taken")):
        if key in options:
            block[tag] = str(options[key])
    if "orientation" in options:
        block[0x0112] = int(str(options["orientation"]))
    if "taken" in options:
        inner = block.get_ifd(0x8769)
        inner[0x9003] = inner[0x9004] = str(options["taken"])
        inner[0x9011] = "+08:00"
    if "latitude" in options:
        gps = block.get_ifd(0x8825)
        gps[1], gps[2] = "N", _degrees(float(str(options["latitude"])))
        gps[3], gps[4] = "E", _degrees(float(str(options["longitude"])))
        gps[5], gps[6] = b"\x00", IFDRational(int(str(options.get("altitude", 612))), 1)
    return block


def xmp(title: str, caption: str) -> bytes:
    """An XMP packet with title and description in Chinese."""
    item = '<rdf:Alt><rdf:li xml:lang="x-default">{}</rdf:li></rdf:Alt>'
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:title>{item.format(escape(title))}</dc:title>"
        f"<dc:description>{item.format(escape(caption))}</dc:description>"
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


def iptc(records: dict[int, str]) -> bytes:
    """An APP13 segment with IPTC records of data set 2 (120 caption, 80 by-line, 90 city …), declared as UTF-8."""
    data = b"\x1c\x01\x5a\x00\x03\x1b%G"
    for number, value in sorted(records.items()):
        raw = value.encode()
        data += b"\x1c\x02" + bytes([number]) + struct.pack(">H", len(raw)) + raw
    block = b"8BIM\x04\x04\x00\x00" + struct.pack(">I", len(data)) + data + (b"\x00" if len(data) % 2 else b"")
    body = b"Photoshop 3.0\x00" + block
    return b"\xff\xed" + struct.pack(">H", len(body) + 2) + body


def write(paper: Paper) -> bytes:
    """The photograph as JPEG or HEIC, with the metadata its options ask for."""
    options, out = paper.options, io.BytesIO()
    scene = options.get("scene")
    image = landscape(paper.id, scene if isinstance(scene, dict) else {})
    if options.get("old"):
        image = _faded(image, paper.id)
    if str(options.get("orientation", "1")) == "6":
        image = image.rotate(90, expand=True)
    if paper.format == "photo.heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
        image.save(out, "HEIF", quality=55, exif=exif(options).tobytes())
        return out.getvalue()
    arguments: dict[str, object] = {"quality": 62, "exif": exif(options)}
    if title := options.get("xmp_title"):
        arguments["xmp"] = xmp(str(title), str(options.get("caption", "")))
    image.save(out, "JPEG", **arguments)
    raw = out.getvalue()
    if options.get("iptc"):
        records = {
            120: str(options.get("caption", "")),
            80: str(options.get("by", "")),
            90: str(options.get("city", "")),
        }
        raw = raw[:2] + iptc({k: v for k, v in records.items() if v}) + raw[2:]
    return raw


def _faded(image: Image.Image, seed: str) -> Image.Image:
    """A black-and-white print of the seventies, photographed on a table: faded, scratched, with a white border."""
    rng = random.Random(seed)
    grey = image.convert("L").point(lambda v: 60 + int(v * 0.62))
    draw = ImageDraw.Draw(grey)
    for _ in range(14):
        x = rng.randrange(SIZE[0])
        draw.line((x, 0, x + rng.randint(-30, 30), SIZE[1]), fill=210)
    framed = Image.new("L", (SIZE[0] + 80, SIZE[1] + 80), 228)
    framed.paste(grey, (40, 40))
    return Image.merge("RGB", (framed, framed.point(lambda v: int(v * 0.95)), framed.point(lambda v: int(v * 0.84))))
