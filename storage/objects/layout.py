"""Where an OCFL object lies inside the storage root: extension 0003, hashed n-tuple with the id, with its defaults.

The id stays readable in the folder's name, and independent validators know this extension (they do not know 0004).
Nothing here reads or writes; `ocfl` does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from urllib.parse import unquote

EXTENSION = "0003-hash-and-id-n-tuple-storage-layout"
TUPLE, TUPLES = 3, 3
"""Three folders of three hex digits above the object: 4,096 entries a folder at most, whatever the number."""

LONGEST_NAME = 100
PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

ROOT_DECLARATION = "0=ocfl_1.1"
OBJECT_DECLARATION = "0=ocfl_object_1.1"


def object_path(object_id: str) -> str:
    """The path of an object below the root, without a slash at the end."""
    digest = hashlib.sha256(object_id.encode()).hexdigest()
    name = "".join(one if one in PLAIN else _escaped(one) for one in object_id)
    if len(name) > LONGEST_NAME:
        name = f"{name[:LONGEST_NAME]}-{digest}"
    return "/".join([*(digest[i * TUPLE : (i + 1) * TUPLE] for i in range(TUPLES)), name])


def _escaped(character: str) -> str:
    return "".join(f"%{byte:02x}" for byte in character.encode())


def root_files() -> dict[str, bytes]:
    """The files that make a prefix a storage root, in the order they are written: the declaration last."""
    config = {"extensionName": EXTENSION, "digestAlgorithm": "sha256", "tupleSize": TUPLE, "numberOfTuples": TUPLES}
    about = {"extension": EXTENSION, "description": "Three folders of the SHA-256 of the id, then the id"}
    return {
        f"extensions/{EXTENSION}/config.json": _json(config),
        "ocfl_layout.json": _json(about),
        ROOT_DECLARATION: b"ocfl_1.1\n",
    }


def _json(value: Mapping[str, object]) -> bytes:
    return json.dumps(value, indent=2).encode() + b"\n"


def object_id_at(path: str) -> str | None:
    """The id of the object at a path; None when the id was too long to stand in the folder's name."""
    name = path.rpartition("/")[2]
    return unquote(name) if len(name) <= LONGEST_NAME else None
