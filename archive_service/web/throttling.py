"""How often one address may ask for what needs no account. Counted in this process, in memory, and forgotten soon."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from threading import Lock

MOST_ADDRESSES = 10_000
"""Remembered at once; beyond them the oldest are forgotten, so that many addresses cost no memory."""


class TooOften(Exception):
    """Too many questions from one address; the message says when to come again."""


class Throttle:
    """So many questions of one address within a time."""

    def __init__(self, most: int, within: timedelta) -> None:
        self._most, self._within = most, within
        self._asked: dict[str, deque[datetime]] = {}
        self._turn = Lock()

    def take(self, address: str, now: datetime) -> None:
        """Count one question.

        Raises:
            TooOften: there were too many.
        """
        with self._turn:
            asked = self._asked.pop(address, deque())
            while asked and asked[0] <= now - self._within:
                asked.popleft()
            # Put back at the end: the first of the table is the one that was quiet for longest.
            self._asked[address] = asked
            if len(self._asked) > MOST_ADDRESSES:
                del self._asked[next(iter(self._asked))]
            if len(asked) >= self._most:
                raise TooOften("核对得太频繁了，请过一会儿再试。")
            asked.append(now)
