"""Sound and film: how long, in what coding, and what their tags say. Nothing is listened to."""

from __future__ import annotations

from datetime import datetime, timedelta

from pymediainfo import MediaInfo, Track

from ingest.errors import Corrupt, Truncated
from ingest.extract.caption import iso
from ingest.extract.source import Source
from ingest.reading import Extraction

_TAGS = {"title": "title", "movie_name": "title", "performer": "author", "recorded_date": "created"}


def extract(source: Source) -> Extraction:
    """Duration and format as metadata, kind audio or video. Raises Corrupt or Truncated for what cannot be played."""
    tracks = MediaInfo.parse(source.path).tracks
    general = next((track for track in tracks if track.track_type == "General"), None)
    streams = [track for track in tracks if track.track_type in {"Audio", "Video"}]
    if general is None or not general.format:
        raise Corrupt("音视频文件已损坏，放不出来。")
    cut_off = general.istruncated == "Yes"
    if not streams:
        raise Truncated("音视频文件不完整，放不出来。") if cut_off else Corrupt("音视频文件已损坏，放不出来。")
    is_film = any(track.track_type == "Video" for track in streams)
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
        if value:
            found.setdefault(ours, iso(value.removeprefix("UTC ")) if ours == "created" else value)
    found.setdefault("created", _in_the_county(str(general.encoded_date or "")))
    return {key: value for key, value in found.items() if value}


def _in_the_county(time: str) -> str:
    """2024-02-29 23:30:00 UTC, as telephones write it into a film, by a clock here; empty for anything else."""
    try:
        at = datetime.strptime(time, "%Y-%m-%d %H:%M:%S UTC")  # noqa: DTZ007  the result says no zone either
    except ValueError:
        return ""
    return (at + timedelta(hours=8)).isoformat()


def duration(milliseconds: object) -> str:
    """3725000 as 1:02:05; empty when it is not known."""
    try:
        seconds = round(float(str(milliseconds)) / 1000)
    except ValueError:
        return ""
    return f"{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"
