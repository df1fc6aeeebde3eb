"""What the kind of a file says about its series: a photograph without words is filed among the photographs."""

from __future__ import annotations

from collections.abc import Iterable

from classification.outline_model import Outline, Series

OF_KIND = {"photo": ("照片", "截图"), "audio": ("录音",), "video": ("录像", "视频")}
OTHERS_SHARE = 0.4
WORDS_ENOUGH = 30
"""A picture with that many characters on it is a paper that was photographed."""
GENEALOGY = "genealogy"
GENEALOGY_SHARE = 2.0


def share_by_kind(outline: Outline, kind: str, text: str, series_ids: Iterable[str]) -> dict[str, float]:
    """By what each score is to be multiplied; series that the kind says nothing about are left out."""
    if kind == GENEALOGY:
        return {one: GENEALOGY_SHARE for one in series_ids if _history_kind(outline, one) == GENEALOGY}
    words = OF_KIND.get(kind)
    if words is None or len(text.strip()) >= WORDS_ENOUGH:
        return {}
    return {one: OTHERS_SHARE for one in series_ids if not _holds(outline.series[one], words)}


def _history_kind(outline: Outline, series_id: str) -> str:
    return outline.classes[outline.series[series_id].class_id].history_kind


def _holds(series: Series, words: Iterable[str]) -> bool:
    return any(kind.endswith(word) for kind in series.kinds for word in words)
