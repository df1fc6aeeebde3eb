"""The words for the values of facets and filters: villages, classes, kinds, periods …"""

from __future__ import annotations

from archive_service.web import words
from archive_service.web.pages.spoken import named, path_of
from classification.outline import Outline

FACETS = {
    "village": "村",
    "decade": "年代",
    "year": "年度",
    "class": "门类",
    "series": "条目",
    "kind": "种类",
    "person": "人物",
    "place": "地点",
    "period": "保管期限",
    "access": "利用范围",
    "state": "状态",
}
TABLES = {"kind": words.KINDS, "access": words.ACCESS, "state": words.STATES}


class Names:
    """Names of one outline and its villages, in one language."""

    def __init__(self, outline: Outline, villages: dict[str, str], lang: str) -> None:
        self._outline, self._villages, self._lang = outline, villages, lang

    def of(self, name: str, value: str) -> str:
        """The word for one value of a filter; the value itself where none is known."""
        match name:
            case "village":
                return self._villages.get(value, value)
            case "class":
                return path_of(self._outline, value, self._lang) if value in self._outline.classes else value
            case "series":
                series = self._outline.series.get(value)
                return named(series, self._lang) if series else value
            case "period":
                return self._period(value)
            case "decade":
                return words.say(self._lang, "{n} 年代", n=value)
            case "year":
                return words.say(self._lang, "{year} 年", year=value)
            case "person" | "place":
                return value
            case "batch":
                return words.say(self._lang, "同一批移交")
        return words.say(self._lang, TABLES.get(name, {}).get(value, value))

    def _period(self, value: str) -> str:
        if value.isdigit():
            return words.say(self._lang, "{n} 年", n=value)
        return words.say(self._lang, words.PERIODS.get(value, value))
