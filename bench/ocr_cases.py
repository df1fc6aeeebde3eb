"""Pages that are hard to recognise, drawn with known words: turned, photographed, small, sealed, in columns, with notes.

Every word is invented. A case is a picture and the text that should be read from it. Nothing here recognises text.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import cv2
import numpy
from PIL import Image, ImageChops, ImageDraw, ImageFilter
from samples_paper import Block
from samples_scan import TRADITIONAL, aged, font, horizontal, seal, vertical, wrap

TITLE = "望溪村民委员会关于整修村道的决定"
PARAGRAPHS = (
    "二〇一八年九月十二日，村民委员会在祠堂前晒谷场召开户代表会议，应到代表五十六人，实到四十九人，会议由主任彭继昌主持。",
    "会议议定：自村口老樟树至上垅石桥一段共计一千二百三十米，路面加宽至四米五，两侧砌排水沟，所需工料由各户按田亩分摊。",
    "每户出义务工六个，不能出工的每工折款八十元，交会计廖秋莲登记。外出务工人员可由亲属代为出工，年底一并结算公布。",
    "工程款共计三十七万四千元，其中上级补助二十万元，村集体经济开支九万元，余款由乡贤捐助，名单另行刻碑，以志不忘。",
    "施工期间，过往车辆绕行下垅机耕道。学校、卫生室门前一段须在开学以前完成，由第三、第四村民小组负责看护水泥和砂石。",
    "本决定经到会代表举手表决，赞成四十七人，弃权二人，予以通过。未尽事宜，由村民委员会会同监督委员会研究处理。",
)
SIGNED = ("望溪村村民委员会", "二〇一八年九月十五日")
GENEALOGY = (
    "望溪彭氏族譜卷之三\n"
    "始祖諱廷瑞字國祥明洪武間自吉水徙居雲嶺\n"
    "配羅氏生三子長文煥次文炳三文耀\n"
    "二世祖文煥字景明生於永樂五年丁亥歲\n"
    "娶石門李氏葬村後獅形山坐北向南\n"
    "三世祖世昌字永茂性好施與嘗捐田修橋\n"
    "鄉人德之立碑於渡口至今猶存\n"
    "四世祖應龍邑庠生設館授徒及門者百餘人"
)
NOTED = (
    ("六世兆麟", "字瑞徵號松齋生於乾隆八年癸亥歿於嘉慶", "十年享壽六十有三"),
    ("配劉氏", "同邑石橋村劉公世榮之女", "生子三"),
    ("七世長子承業", "國學生捐修宗祠前後兩進", ""),
    ("次子承志", "遷居下壟別立一支今其後", "裔二十餘戶"),
    ("三子承恩", "早歲出外經商未歸", "止"),
)
ROSTER = (
    ("序号", "户主", "人口", "田亩（亩）", "山林（亩）", "备注"),
    ("1", "彭继昌", "5", "6.40", "12.5", "村主任"),
    ("2", "廖秋莲", "4", "5.15", "8.0", "会计"),
    ("3", "罗水生", "6", "7.82", "15.3", ""),
    ("4", "彭福根", "3", "3.60", "6.7", "五保户"),
    ("5", "李桂香", "2", "2.05", "", "军属"),
    ("6", "邹冬生", "7", "9.31", "20.4", "外出"),
    ("7", "彭承贵", "5", "6.00", "11.2", ""),
    ("8", "刘细妹", "4", "4.75", "9.9", "低保户"),
)
SEAL = "望溪村村民委员会"


@dataclass(frozen=True, slots=True)
class Case:
    """A picture and the words on it."""

    name: str
    picture: Image.Image
    text: str

    def stored(self) -> bytes:
        """As a scanner or a telephone stores it."""
        out = io.BytesIO()
        self.picture.convert("RGB").save(out, "JPEG", quality=70)
        return out.getvalue()


def printed(size: int = 27) -> tuple[Image.Image, str]:
    """A resolution in print, in rows."""
    blocks = [Block("title", TITLE), *(Block("para", one) for one in PARAGRAPHS), *(Block("right", s) for s in SIGNED)]
    return horizontal(blocks, {"size": size}), "\n".join((TITLE, *PARAGRAPHS, *SIGNED))


def roster() -> tuple[Image.Image, str]:
    """A ruled list: cells of a row follow each other."""
    blocks = [Block("title", "望溪村第二村民小组田亩清册"), Block("table", rows=tuple(ROSTER))]
    return horizontal(blocks, {}), "\n".join(("望溪村第二村民小组田亩清册", *("".join(row) for row in ROSTER)))


def columns() -> tuple[Image.Image, str]:
    """A bulletin in two columns below one heading, with a page number."""
    page = Image.new("L", (1240, 1754), 255)
    draw, face = ImageDraw.Draw(page), font(26)
    draw.text((330, 90), "望溪乡简报", font=font(60, weight="Bold"), fill=20)
    halves = PARAGRAPHS[:3], PARAGRAPHS[3:]
    for left, half in zip((110, 640), halves, strict=True):
        y = 230
        for line in (line for one in half for line in wrap("　　" + one, 490, face)):
            draw.text((left, y), line, font=face, fill=25)
            y += 44
    draw.text((590, 1640), "— 3 —", font=face, fill=25)
    return page, "\n".join(("望溪乡简报", *PARAGRAPHS, "—3—"))


def genealogy() -> tuple[Image.Image, str]:
    """Ruled columns from right to left."""
    return vertical(GENEALOGY, {}), GENEALOGY


def mixed() -> tuple[Image.Image, str]:
    """A title in a row above columns."""
    page = vertical(GENEALOGY, {})
    higher = Image.new("L", (page.width, page.height + 110), 255)
    higher.paste(page, (0, 110))
    ImageDraw.Draw(higher).text((430, 40), "雲嶺縣望溪彭氏宗譜世系", font=font(56, index=TRADITIONAL), fill=20)
    return higher, "雲嶺縣望溪彭氏宗譜世系\n" + GENEALOGY


def noted() -> tuple[Image.Image, str]:
    """Columns in which a name is followed by a note in two small columns, the right one first."""
    page = Image.new("L", (1100, 1100), 255)
    draw, large, small = ImageDraw.Draw(page), font(48, index=TRADITIONAL), font(24, index=TRADITIONAL)
    x = 960
    for name, first, second in NOTED:
        draw.line((x - 22, 80, x - 22, 1020), fill=90, width=2)
        y = _down(draw, name, x, 100, large, 54)
        _down(draw, first, x + 27, y + 14, small, 28)
        _down(draw, second, x - 5, y + 14, small, 28)
        x -= 170
    return page, "\n".join("".join(one) for one in NOTED)


def _down(draw: ImageDraw.ImageDraw, text: str, x: int, y: int, face: object, step: int) -> int:
    for char in text:
        draw.text((x, y), char, font=face, fill=20)  # type: ignore[arg-type]  # a face of Pillow
        y += step
    return y


def photographed(page: Image.Image, seed: int = 3) -> Image.Image:
    """By telephone: in perspective on a table, the light from one side, a little noise."""
    rng = numpy.random.default_rng(seed)
    width, height = page.size
    source = numpy.float32([[0, 0], [width, 0], [width, height], [0, height]])
    target = numpy.float32([[140, 90], [width - 20, 160], [width + 60, height + 20], [40, height - 60]])
    turn = cv2.getPerspectiveTransform(source, target)
    size = (width + 160, height + 120)
    shot = cv2.warpPerspective(numpy.asarray(page), turn, size, flags=cv2.INTER_AREA, borderValue=110)
    light = numpy.linspace(1.0, 0.5, size[0])[None, :] * numpy.linspace(1.0, 0.8, size[1])[:, None]
    noisy = shot * light + rng.normal(0, 7, shot.shape)
    return Image.fromarray(noisy.clip(0, 255).astype("uint8")).filter(ImageFilter.GaussianBlur(0.8))


def skewed(page: Image.Image, angle: float) -> Image.Image:
    """Put crooked on the glass."""
    return page.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=250)


def at_dpi(page: Image.Image, dpi: int) -> Image.Image:
    """Scanned coarser than 150 dpi."""
    size = (page.width * dpi // 150, page.height * dpi // 150)
    return page.resize(size, Image.Resampling.BOX)


def faded(page: Image.Image) -> Image.Image:
    """Pale ink on yellowed, stained paper."""
    rng = random.Random(5)
    ink = page.point(lambda value: 150 + value * 55 // 255)
    stains = Image.new("L", page.size, 255)
    draw = ImageDraw.Draw(stains)
    for _ in range(14):
        x, y, r = rng.randrange(page.width), rng.randrange(page.height), rng.randrange(40, 160)
        draw.ellipse((x - r, y - r, x + r, y + r), fill=215)
    grey = ImageChops.multiply(ink, stains.filter(ImageFilter.GaussianBlur(25)))
    return Image.merge("RGB", (grey.point(lambda v: min(255, v + 25)), grey, grey.point(lambda v: max(0, v - 45))))


def noisy(page: Image.Image) -> Image.Image:
    """A bad copy of a copy."""
    rng = numpy.random.default_rng(8)
    grey = numpy.asarray(page).astype(float) + rng.normal(0, 38, (page.height, page.width))
    return Image.fromarray(grey.clip(0, 255).astype("uint8"))


def sealed(page: Image.Image) -> Image.Image:
    """With a round red seal over the signature."""
    return seal(page, SEAL, (850, 1010))


def cases() -> Iterator[Case]:
    """Every hard page, those of print first."""
    kinds: dict[str, Callable[[], tuple[Image.Image, str]]] = {
        "print": printed, "roster": roster, "columns": columns, "genealogy": genealogy, "mixed": mixed, "noted": noted,
    }  # fmt: skip
    for kind, draw in kinds.items():
        page, text = draw()
        page = aged(page, kind, {})
        yield Case(kind, page, text)
        for angle in (90, 180, 270):
            yield Case(f"{kind}, turned {angle}", page.rotate(angle, expand=True), text)
        for angle in (-5, 4):
            yield Case(f"{kind}, skewed {angle}", skewed(page, angle), text)
        yield Case(f"{kind}, photographed", photographed(page), text)
        yield Case(f"{kind}, faded", faded(page), text)
        yield Case(f"{kind}, noisy", noisy(page), text)
        yield Case(f"{kind}, 100 dpi", at_dpi(page, 100), text)
        yield Case(f"{kind}, 75 dpi", at_dpi(page, 75), text)
    page, text = printed()
    yield Case("print, sealed", sealed(aged(page, "sealed", {})), text)
