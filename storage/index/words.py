"""A run is cut into words when it is searched for, never when it is indexed: the dictionary may change any day.

The segmenter and its dictionary are loaded at the first use.
"""

from __future__ import annotations

from functools import lru_cache

from storage.index.analysis import fold, terms
from storage.index.wordings import DateWord, date_words

_EMPTY_WORDS = frozenset("的地得了着和与及或在是之于以为对把被这那其并而且也都就还又很吗呢吧啊")
"""Single characters that say nothing on their own."""


@lru_cache(maxsize=4096)
def words_of(text: str) -> tuple[str, ...]:
    """The words of a run without dates in it, in order, each once.

    A single character clings to its neighbour (王家村 is one word and not 王家 + 村), or scattered characters would
    pass for a name; one that says nothing is left out.
    """
    import rjieba

    groups: list[list[str]] = [[]]
    for piece in rjieba.cut(fold(text)):
        if piece in _EMPTY_WORDS:
            groups.append([])
        elif terms(piece):
            groups[-1].append(piece)
    found = [word for group in groups for word in _clung(group)]
    return tuple(dict.fromkeys(found)) or (fold(text),)


def _clung(pieces: list[str]) -> list[str]:
    words: list[str] = []
    for piece in pieces:
        if words and (len(piece) == 1 or len(words[-1]) == 1):
            words[-1] += piece
        else:
            words.append(piece)
    return words


def pieces_of(word: str) -> tuple[str, ...]:
    """The halves of a word, two characters each, the last one overlapping: 合同书 is 合同 and 同书."""
    if len(word) <= 2 or word.isascii():
        return (word,)
    cut = [word[at : at + 2] for at in range(0, len(word) - 1, 2)]
    return tuple(dict.fromkeys([*cut, word[-2:]]))


def parts_of(run: str) -> list[str | DateWord]:
    """Words and dates of a run, in order."""
    parts: list[str | DateWord] = []
    at = 0
    for found in date_words(run):
        parts += _words_between(run, at, found.start)
        parts.append(found)
        at = found.end
    return parts + _words_between(run, at, len(run))


def _words_between(run: str, start: int, end: int) -> list[str | DateWord]:
    text = run[start:end]
    return list(words_of(text)) if terms(text) else []
