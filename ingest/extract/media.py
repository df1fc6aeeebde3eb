"""Sound and film: how long, in what coding, and what their tags say. Nothing is listened to."""

from __future__ import annotations

from pymediainfo import MediaInfo, Track

from ingest.errors import Corrupt
from ingest.extract.caption import iso
from ingest.extract.source import Source
from ingest.reading import Extraction

_TAGS = {"title": "title", "movie_name": "title", "performer": "author", "recorded_date": "created"}


def extract(source: Source) -> Extraction:
    """Duration and format as metadata, kind audio or video. Raises Corrupt when the container is none."""
    tracks = MediaInfo.parse(source.path).tracks
    general = next((track for track in tracks if track.track_type == "General"), None)
    streams = [track for track in tracks if track.track_type in {"Audio", "Video"}]
    if general is None or not general.format:
        raise Corrupt("音视频文件已损坏，放不出来。")
    is_film = any(track.track_type == "Video" for track in streams)
    cut_off = general.istruncated == "Yes"
    return Extraction(
        metadata=_metadata(general, streams),
        kind="video" if is_film else "audio",
        warnings=("文件不完整，后面一部分缺失，请与原件核对。",) if cut_off else (),
    )


def _metadata(general: Track, streams: list[Track]) -> dict[str, str]:
    found = {"media.format": str(general.format or ""), "media.duration": duration(general.duration)}
    found["media.codecs"] = "、".join(dict.fromkeys(str(track.format) for track in streams if track.format))
    picture = next((track for track in streams if track.track_type == "Video"), None)
    if picture is not None and picture.width:
        found["media.size"] = f"{picture.width}×{picture.height}"
    for theirs, ours in _TAGS.items():
        value = str(getattr(general, theirs) or "")
        found.setdefault(ours, iso(value.removeprefix("UTC ")) if ours == "created" else value)
    return {key: value for key, value in found.items() if value}


def duration(milliseconds: object) -> str:
    """3725000 as 1:02:05; empty when it is not known."""
    try:
        seconds = round(float(str(milliseconds)) / 1000)
    except ValueError:
        return ""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
