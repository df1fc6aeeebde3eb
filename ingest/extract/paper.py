"""Is this picture a page of paper or a photograph of the world? Judged by its light, and by words in its name.

On a page nearly every small square holds a piece of the same light ground, and many hold ink on it; in a photograph
the ground changes. Whether the page is sharp enough to be recognised is not asked.
"""

from __future__ import annotations

import re

from PIL import Image

_LONGEST = 512
_SQUARE = 16
_NEAR = 32
"""How far, of 255, the light part of a square may lie from the ground of the whole page: shadow and yellowing."""
_CONTRAST = 36
_DARKEST_GROUND = 110
_SURE = 0.93
_LIKELY = 0.70
_INK = 0.03

_PAPER_WORDS = re.compile(
    r"扫描|复印|合同|协议|契|证书?[/.]|申请|公示|通知|决议|意见|凭证|票据|发票|收据|账|名册|花名|登记|承诺|检讨|请假|"
    r"scan|族谱|家谱|宗谱|谱牒|世系|CamScanner|文件|材料|档案",
    re.IGNORECASE,
)
_PHOTO_WORDS = re.compile(r"照片|相册|合影|航拍|DJI_|活动照|现场|全景|老照", re.IGNORECASE)


def is_page(image: Image.Image, shown_path: str) -> bool:
    """Whether a picture, handed in as `shown_path`, shows a page with writing on it."""
    same_ground, inked = measure(image)
    if inked < _INK:
        return False
    if is_called_photograph(shown_path):
        return same_ground > (1 + _SURE) / 2
    return same_ground > (_LIKELY if _PAPER_WORDS.search(shown_path) else _SURE)


def is_called_photograph(shown_path: str) -> bool:
    """Whether a word in its path says that it is a photograph."""
    return bool(_PHOTO_WORDS.search(shown_path))


def measure(image: Image.Image) -> tuple[float, float]:
    """The share of squares with the common light ground, and the share of squares with ink on that ground."""
    grey = image.convert("L")
    grey.thumbnail((_LONGEST, _LONGEST))
    ground = _ground(grey.histogram())
    if ground < _DARKEST_GROUND:
        return 0.0, 0.0
    squares = [
        _light_and_dark(grey.crop((left, top, left + _SQUARE, top + _SQUARE)))
        for top in range(0, grey.height - _SQUARE + 1, _SQUARE)
        for left in range(0, grey.width - _SQUARE + 1, _SQUARE)
    ]
    same = [light - dark for light, dark in squares if abs(light - ground) <= _NEAR]
    number = max(1, len(squares))
    return len(same) / number, sum(contrast > _CONTRAST for contrast in same) / number


def _ground(histogram: list[int]) -> int:
    """The commonest brightness, taken over a band of neighbours."""
    return max(range(8, 248), key=lambda value: sum(histogram[value - 8 : value + 9]))


def _light_and_dark(square: Image.Image) -> tuple[int, int]:
    values = sorted(square.tobytes())
    return values[len(values) * 9 // 10], values[len(values) // 25]
