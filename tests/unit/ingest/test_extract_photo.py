"""Pictures: what they say in Chinese, the right way up, pages told from photographs, and hostile headers."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import pillow_heif
import pytest
from PIL import ExifTags, Image, TiffImagePlugin

from ingest.errors import Corrupt, TooLarge, Truncated
from ingest.extract.caption import iso
from ingest.extract.photo import extract
from ingest.extract.source import Source
from ingest.identify import identify
from ingest.reading import Extraction
from tests.unit.ingest import papers

XMP = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/"
 xmlns:ext="http://iptc.org/std/Iptc4xmpExt/2008-02-29/" photoshop:City="石门槛村">
<dc:description><rdf:Alt><rdf:li xml:lang="x-default">修水库</rdf:li></rdf:Alt></dc:description>
<dc:creator><rdf:Seq><rdf:li>周广林</rdf:li></rdf:Seq></dc:creator>
<ext:PersonInImage><rdf:Bag><rdf:li>王德厚</rdf:li><rdf:li>何有福</rdf:li></rdf:Bag></ext:PersonInImage>
</rdf:Description></rdf:RDF></x:xmpmeta>"""


def _read(path: Path, shown: str = "") -> Extraction:
    return extract(Source(path, path.name, identify(path, path.name), shown_path=shown or path.name))


def _saved(folder: Path, image: Image.Image, name: str = "IMG_0001.jpg", **options: object) -> Path:
    path = folder / name
    image.save(path, **options)  # type: ignore[arg-type]  # each format has options of its own
    return path


def _exif(tags: dict[int, object], details: dict[int, object] | None = None) -> Image.Exif:
    exif = Image.Exif()
    for tag, value in tags.items():
        exif[tag] = value
    exif.get_ifd(ExifTags.IFD.Exif).update(details or {})
    return exif


def _iptc(*fields: tuple[int, bytes]) -> bytes:
    """A Photoshop block with IPTC fields of record 2, as it lies in a JPEG."""
    body = b"".join(struct.pack(">BBBH", 0x1C, 2, number, len(value)) + value for number, value in fields)
    block = b"8BIM\x04\x04\0\0" + struct.pack(">I", len(body)) + body + b"\0" * (len(body) % 2)
    content = b"Photoshop 3.0\0" + block
    return b"\xff\xed" + struct.pack(">H", len(content) + 2) + content


def test_a_utf8_description_is_read_as_it_was_written(tmp_path: Path) -> None:
    # Pillow writes ASCII only; the bytes go in as they are.
    exif = _exif({ExifTags.Base.ImageDescription: "正月十五社火".encode(), ExifTags.Base.Artist: "赵明月".encode()})
    read = _read(_saved(tmp_path, papers.landscape(), exif=exif))
    assert (read.metadata["photo.caption"], read.metadata["photo.maker"]) == ("正月十五社火", "赵明月")


def test_a_gbk_description_is_read_too(tmp_path: Path) -> None:
    exif = _exif({ExifTags.Base.ImageDescription: "村民代表大会合影".encode("gbk")})
    assert _read(_saved(tmp_path, papers.landscape(), exif=exif)).metadata["photo.caption"] == "村民代表大会合影"


def test_what_windows_writes_in_utf16_is_read(tmp_path: Path) -> None:
    exif = _exif(
        {ExifTags.Base.XPTitle: "水库".encode("utf-16-le"), ExifTags.Base.XPComment: "大坝合龙".encode("utf-16-le")}
    )
    read = _read(_saved(tmp_path, papers.landscape(), exif=exif))
    assert (read.metadata["title"], read.metadata["photo.caption"]) == ("水库", "大坝合龙")


def test_a_user_comment_is_read_in_the_encoding_it_names(tmp_path: Path) -> None:
    comment = {ExifTags.Base.UserComment: b"UNICODE\0" + "老院子坝子".encode("utf-16-be")}
    assert (
        _read(_saved(tmp_path, papers.landscape(), exif=_exif({}, comment))).metadata["photo.caption"] == "老院子坝子"
    )


def test_a_camera_does_not_write_captions(tmp_path: Path) -> None:
    exif = _exif({ExifTags.Base.ImageDescription: "DIGITAL CAMERA"})
    assert "photo.caption" not in _read(_saved(tmp_path, papers.landscape(), exif=exif)).metadata


def test_time_device_and_place_come_from_exif(tmp_path: Path) -> None:
    exif = _exif(
        {ExifTags.Base.Make: "Xiaomi", ExifTags.Base.Model: "22041211AC"},
        {ExifTags.Base.DateTimeOriginal: "2024:02:24 19:32:41"},
    )
    ratio = TiffImagePlugin.IFDRational
    position = {1: "N", 2: (ratio(29), ratio(30), ratio(36)), 3: "E", 4: (ratio(107), ratio(45), ratio(0))}
    exif.get_ifd(ExifTags.IFD.GPSInfo).update(position)
    read = _read(_saved(tmp_path, papers.landscape(), exif=exif))
    assert read.metadata["photo.time"] == "2024-02-24T19:32:41"
    assert read.metadata["photo.device"] == "Xiaomi 22041211AC"
    assert read.metadata["photo.gps"] == "29.51000,107.75000"  # 29°30'36" and 107°45'


def test_xmp_gives_people_and_goes_before_exif(tmp_path: Path) -> None:
    exif = _exif({ExifTags.Base.ImageDescription: "旧的说明".encode()})
    read = _read(_saved(tmp_path, papers.landscape(), exif=exif, xmp=XMP.encode()))
    assert read.metadata["photo.caption"] == "修水库"
    assert read.metadata["photo.people"] == "王德厚、何有福"
    assert read.metadata["photo.place"] == "石门槛村"
    assert read.metadata["photo.maker"] == "周广林"


def test_iptc_is_read_in_utf8_and_in_gbk(tmp_path: Path) -> None:
    for charset in ("utf-8", "gbk"):
        path = _saved(tmp_path, papers.landscape())
        fields = _iptc((120, "望溪镇赶场天".encode(charset)), (92, "下河坝".encode(charset)), (55, b"19870314"))
        data = path.read_bytes()
        path.write_bytes(data[:2] + fields + data[2:])
        said = _read(path).metadata
        assert (said["photo.caption"], said["photo.place"], said["photo.time"]) == (
            "望溪镇赶场天",
            "下河坝",
            "1987-03-14",
        )


def test_xmp_that_defines_entities_is_left_alone(tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "haha">]>' + XMP.replace("修水库", "&a;").encode()
    assert "photo.caption" not in _read(_saved(tmp_path, papers.landscape(), xmp=bomb)).metadata


def test_the_thumbnail_is_small_and_the_right_way_up(tmp_path: Path) -> None:
    lying = _saved(tmp_path, papers.landscape(), exif=_exif({ExifTags.Base.Orientation: 6}))
    thumbnail = _read(lying).thumbnail
    assert thumbnail is not None
    assert Image.open(io.BytesIO(thumbnail)).size == (300, 400)


def test_a_page_waits_for_recognition_and_a_landscape_does_not(tmp_path: Path) -> None:
    page = _read(_saved(tmp_path, papers.paper()))
    assert (page.kind, page.needs_ocr, page.page_count) == ("document", True, 1)
    photo = _read(_saved(tmp_path, papers.landscape()))
    assert (photo.kind, photo.needs_ocr) == ("photo", False)


def test_a_darker_page_is_taken_for_one_too_and_a_blank_one_is_not(tmp_path: Path) -> None:
    assert _read(_saved(tmp_path, papers.paper(ground=170))).kind == "document"
    assert _read(_saved(tmp_path, Image.new("L", (600, 800), 240))).kind == "photo"


def test_a_page_on_a_table_counts_when_its_name_speaks_of_paper(tmp_path: Path) -> None:
    table = Image.new("L", (760, 1000), 90)
    table.paste(papers.paper(), (70, 60))
    path = _saved(tmp_path, table)
    assert _read(path, "老档案/83年合同/IMG_0001.jpg").kind == "document"
    assert _read(path, "照片/IMG_0001.jpg").kind == "photo"


def test_a_picture_with_a_caption_is_a_photograph_whatever_it_shows(tmp_path: Path) -> None:
    exif = _exif({ExifTags.Base.ImageDescription: "公开栏张贴的公示".encode()})
    assert _read(_saved(tmp_path, papers.paper(), exif=exif)).kind == "photo"


def test_a_tiff_of_several_pages_is_a_document_of_that_many(tmp_path: Path) -> None:
    pages = [papers.paper() for _ in range(3)]
    path = _saved(tmp_path, pages[0], "x.tif", save_all=True, append_images=pages[1:], compression="tiff_lzw")
    read = _read(path)
    assert (read.page_count, read.needs_ocr, read.kind) == (3, True, "document")


def test_heic_is_read_like_any_picture(tmp_path: Path) -> None:
    path = tmp_path / "x.heic"
    pillow_heif.from_pillow(papers.landscape(200, 160)).save(path)
    read = _read(path)
    assert (read.kind, read.metadata["image.size"]) == ("photo", "200×160")
    assert read.thumbnail is not None


def _png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + header + struct.pack(">I", 0) + b"IDAT"


def test_a_header_of_fifty_thousand_squared_is_refused_without_decoding(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(_png_header(50_000, 50_000))
    with pytest.raises(TooLarge, match="50000×50000"):
        _read(path)


def test_a_jpeg_that_lost_its_end_is_kept_with_a_warning_and_one_that_lost_most_is_not(tmp_path: Path) -> None:
    path = _saved(tmp_path, papers.landscape())
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 9 // 10])
    assert _read(path).warnings == ("图像不完整，下面一部分缺失，请与原件核对。",)
    path.write_bytes(whole[: len(whole) // 5])
    with pytest.raises(Truncated):
        _read(path)


def test_rubbish_behind_a_true_start_is_corrupt(tmp_path: Path) -> None:
    path = tmp_path / "x.jpg"
    path.write_bytes(b"\xff\xd8\xff" + b"rubbish" * 50)
    with pytest.raises(Corrupt):
        _read(path)


def test_times_in_two_spellings() -> None:
    assert iso("2024:02:24 19:32:41") == "2024-02-24T19:32:41"
    assert iso("19870314") == "1987-03-14"
    assert iso("七三年冬") == "七三年冬"
