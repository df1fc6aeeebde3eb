"""The door to RapidOCR: lines of text with their boxes and confidences, for one picture.

The models load once, when first used; they are those in the package; nothing is fetched.
"""

from __future__ import annotations

from functools import cache
from typing import Protocol, cast

import numpy
from numpy.typing import NDArray
from PIL import Image

from ingest.ocr.strip import Strip

THREADS = 1
"""Recognition goes on beside everything else a small machine does."""


class _Output(Protocol):
    boxes: NDArray[numpy.float32] | None
    txts: tuple[str, ...] | None
    scores: tuple[float, ...] | None


class _Engine(Protocol):
    def __call__(self, picture: NDArray[numpy.uint8]) -> _Output: ...


def strips(picture: Image.Image) -> list[Strip]:
    """What is written on an RGB picture, in no particular order."""
    # The models were trained on blue, green, red.
    found = _engine()(numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1]))
    if found.boxes is None or found.txts is None or found.scores is None:
        return []
    return [
        Strip(text, float(score), tuple((float(x), float(y)) for x, y in corners))
        for corners, text, score in zip(found.boxes, found.txts, found.scores, strict=True)
    ]


@cache
def _engine() -> _Engine:
    from rapidocr import RapidOCR

    made = RapidOCR(
        params={
            "Global.log_level": "error",
            "EngineConfig.onnxruntime.intra_op_num_threads": THREADS,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
        }
    )
    # It answers in more types than this one, depending on options that are not used here.
    return cast(_Engine, made)
