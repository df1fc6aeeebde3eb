"""A county of invented records for measuring the search index: any number, about 500 characters each, always the same.

Words are made of common characters and drawn by Zipf's law, so that frequent characters and pairs are as frequent as in
a real text; dates, numbers, names and marks stand between them.
"""

from __future__ import annotations

import random
from bisect import bisect
from collections.abc import Iterator
from datetime import date
from itertools import accumulate

from ingest.characters import SIMPLIFIED
from storage.index.documents import IndexDocument

VILLAGES = [f"{first}{second}村" for first in "青白石红黄柳松竹云龙" for second in "坳岭坪沟湾桥塘坝溪洞"]
ACCESS = ["public"] * 5 + ["village"] * 2 + ["internal"] * 2 + ["personal"]
CLASSES = [("WS",), ("WS", "WS-MZ"), ("WS", "WS-TD"), ("KJ",), ("ZP",), ("CS", "CS-MS")]
LEXICON = 30_000
LENGTH = 500


class Corpus:
    """Words once, then records by number."""

    def __init__(self, seed: int = 7) -> None:
        self._random = random.Random(seed)
        weights = list(accumulate(1 / (rank + 8) for rank in range(len(SIMPLIFIED))))
        self._words = [self._word(weights) for _ in range(LEXICON)]
        self._zipf = list(accumulate(1 / (rank + 3) for rank in range(LEXICON)))
        self._names = [a + b for a in "王李张刘陈杨黄赵周吴欧曾" for b in self._words[500:900] if len(b) < 3]

    def documents(self, number: int, length: int = LENGTH) -> Iterator[IndexDocument]:
        """The first `number` records."""
        for place in range(number):
            yield self._document(place, length)

    def _word(self, weights: list[float]) -> str:
        size = self._random.choices((1, 2, 3, 4), (12, 70, 12, 6))[0]
        drawn = (SIMPLIFIED[bisect(weights, self._random.random() * weights[-1])] for _ in range(size))
        return "".join(drawn)

    def _text(self, length: int) -> str:
        parts: list[str] = []
        size = 0
        while size < length:
            chance = self._random.random()
            if chance < 0.10:
                part = self._random.choice("，，，。、；\n")
            elif chance < 0.12:
                part = f"{self._random.randrange(1950, 2025)}年{self._random.randrange(1, 13)}月"
            elif chance < 0.13:
                part = self._random.choice(self._names)
            else:
                part = self._words[bisect(self._zipf, self._random.random() * self._zipf[-1])]
            parts.append(part)
            size += len(part)
        return "".join(parts)

    def _document(self, place: int, length: int) -> IndexDocument:
        village = self._random.randrange(len(VILLAGES))
        year = self._random.randrange(1950, 2025)
        day = date(year, self._random.randrange(1, 13), self._random.randrange(1, 29))
        path = self._random.choice(CLASSES)
        return IndexDocument(
            id=f"{place:08}", title=VILLAGES[village] + self._text(14).strip(), text=self._text(length),
            code=f"V{village:03}-{path[-1]}·{year}-Y-{place % 10000:04}", doc_number="", responsible="村民委员会",
            people=(self._random.choice(self._names),), places=(VILLAGES[village],), village=f"v{village:03}",
            fonds=f"V{village:03}", year_from=year, year_to=year, date_from=day, date_to=day, class_path=path,
            series=f"{path[-1]}-{place % 20:02}", kind="document",
            retention=self._random.choice(("permanent", "30", "10")), access=self._random.choice(ACCESS),
            archived=place % 20 != 0, state="archived", batch=f"b{place // 500}",
        )  # fmt: skip
