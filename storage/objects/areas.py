"""Which part of the store holds what: staging before archiving, the archive itself, and what machines derived."""

from __future__ import annotations

ARCHIVE = "archive/"
"""The OCFL storage root."""

STAGING = "staging/"
"""Bytes from receipt until they are archived."""

DERIVATIVES = "derivatives/"
"""Machine text and thumbnails, keyed by record; copies of a record in the sense of destruction."""


LISTS = "lists/"
"""Lists that were looked at and wait for their sender's yes; one for each person, and no part of the archive."""


PACKAGES = "packages/"
"""Packages for transfer from their making until the receipt; copies of records, and no part of the archive."""


def package_key(transfer_id: str) -> str:
    """Where the package of a transfer lies."""
    return f"{PACKAGES}{transfer_id}.zip"


def waiting_list_key(account_id: str) -> str:
    """Where the list waits that this person has looked at."""
    return f"{LISTS}{account_id}"


def staging_key(file_id: str) -> str:
    """Where the bytes of a file lie until they are archived. Ids begin with their time, so the end spreads better."""
    return f"{STAGING}{file_id[-2:]}/{file_id}"


def derivative_key(record_id: str, file_id: str, what: str) -> str:
    """Where something derived from a file of a record lies; `what` is like `pages.json.gz`."""
    return f"{derivatives_of(record_id)}{file_id}.{what}"


def derivatives_of(record_id: str) -> str:
    """The prefix of everything derived from a record."""
    return f"{DERIVATIVES}{record_id[-3:]}/{record_id}/"
