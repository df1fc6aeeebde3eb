"""What a file seems to say about itself: title, number, date, author, village, people, places, secrecy marking.

`propose` looks at name, path, embedded metadata and text. Every answer is a proposal with its source in words; nothing
is proposed where nothing is found.
"""

from ingest.facts.proposal import propose

__all__ = ["propose"]
