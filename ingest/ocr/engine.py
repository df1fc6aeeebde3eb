"""The door to RapidOCR: where something is written on a picture, and what a cut-out strip says.

The models load once, when first used; they are those in the package; nothing is fetched. Which way up the page lies is
not asked: no strip is turned over on its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Protocol, cast

import numpy
from numpy.typing import NDArray
from PIL import Image

from ingest.ocr.strip import Corners

THREADS = 1
"""Recognition goes on beside everything else a small machine does."""

Pixels = NDArray[numpy.uint8]
"""Rows of blue, green and red, as the models were trained."""


class _Found(Protocol):
    boxes: NDArray[numpy.float32] | None


class _Words(Protocol):
    txts: tuple[str, ...]
    scores: tuple[float, ...]


class _Engine(Protocol):
    def __call__(self, picture: Pixels, use_det: bool, use_cls: bool, use_rec: bool) -> _Found: ...

    def recognize_txt(self, strips: list[Pixels]) -> _Words: ...


def pixels(picture: Image.Image) -> Pixels:
    """An RGB picture as the models want it."""
    return numpy.ascontiguousarray(numpy.asarray(picture)[:, :, ::-1])


def places(page: Pixels) -> list[Corners]:
    """Four corners of every strip of writing, in no particular order."""
    boxes = _engine()(page, use_det=True, use_cls=False, use_rec=False).boxes
    if boxes is None:
        return []
    return [tuple((float(x), float(y)) for x, y in corners) for corners in boxes]


def read(strips: Sequence[Pixels]) -> list[tuple[str, float]]:
    """What stands on strips that lie from left to right, and how sure that is."""
    if not strips:
        return []
    said = _engine().recognize_txt(list(strips))
    return [(text, float(score)) for text, score in zip(said.txts, said.scores, strict=True)]


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
