"""The only exceptions that leave this package. Each carries one sentence that a person can act on."""

from __future__ import annotations


class StorageError(Exception):
    """Something the stores could not do; the message says what and what to do next."""


class Missing(StorageError):
    """The thing asked for is not there."""


class Conflict(StorageError):
    """The thing is there already, or changed meanwhile."""


class NotReady(StorageError):
    """A store is away, full, or not set up; nothing was kept, try again later."""


class Away(NotReady):
    """A store does not answer. Nothing says that its setting is wrong; it may come back by itself."""


class CutOff(NotReady):
    """The connection to a store broke; whether its last step was kept is not known."""


class Corrupt(StorageError):
    """What is kept differs from what was put."""
