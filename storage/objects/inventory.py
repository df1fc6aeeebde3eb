"""The inventory of one OCFL object: which versions it has, which names each shows, and where the bytes lie.

Values only: `ocfl` reads and writes them. Digests are SHA-512 in lower-case hex; paths are relative to the object.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import quote

from storage.errors import Corrupt

NAME = "inventory.json"
SIDECAR = "inventory.json.sha512"
TYPE = "https://ocfl.io/1.1/spec/#inventory"


@dataclass(frozen=True, slots=True)
class Version:
    """One version: `state` gives the digest behind each logical name."""

    state: Mapping[str, str]
    message: str
    actor: str
    at: datetime

    def plain(self) -> dict[str, object]:
        """As the inventory says it."""
        return {
            "created": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "message": self.message,
            "user": {"name": self.actor, "address": f"urn:village-archive:account:{quote(self.actor)}"},
            "state": _names_by_digest(self.state),
        }


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every version of one object. `manifest`: digest → path of the bytes; `sha256`: path → SHA-256."""

    object_id: str
    manifest: Mapping[str, str]
    versions: tuple[Version, ...]
    sha256: Mapping[str, str] = field(default_factory=dict)

    @property
    def head(self) -> int:
        """The number of the last version."""
        return len(self.versions)

    @property
    def state(self) -> Mapping[str, str]:
        """Logical name → digest in the last version."""
        return self.versions[-1].state

    def path_of(self, logical: str, version: int | None = None) -> str:
        """Where the bytes behind a logical name of the last, or one, version lie, inside the object.

        Raises KeyError for a name it has not.
        """
        state = self.state if version is None else self.versions[version - 1].state
        return self.manifest[state[logical]]

    def to_bytes(self) -> bytes:
        """The inventory as it is kept: the same inventory always gives the same bytes."""
        said = {
            "id": self.object_id,
            "type": TYPE,
            "digestAlgorithm": "sha512",
            "head": f"v{self.head}",
            "fixity": {"sha256": _names_by_digest(self.sha256)},
            "manifest": {digest: [path] for digest, path in sorted(self.manifest.items())},
            "versions": {f"v{number}": version.plain() for number, version in enumerate(self.versions, 1)},
        }
        return json.dumps(said, ensure_ascii=False, indent=1).encode()


def sidecar_of(inventory: bytes) -> bytes:
    """The sidecar file of an inventory."""
    return f"{hashlib.sha512(inventory).hexdigest()} {NAME}\n".encode()


def parse(content: bytes) -> Inventory:
    """An inventory as it was kept.

    Raises:
        Corrupt: it is not one that this service wrote.
    """
    try:
        said = json.loads(content)
        return Inventory(
            object_id=said["id"],
            manifest={digest: paths[0] for digest, paths in said["manifest"].items()},
            versions=tuple(_version(said["versions"][f"v{number}"]) for number in range(1, int(said["head"][1:]) + 1)),
            sha256=_digest_by_name(said.get("fixity", {}).get("sha256", {})),
        )
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise Corrupt(
            "档案库里有一份清单读不懂，原件没有动。请用 village-archive verify 核对，再从备份恢复。"
        ) from error


def _version(said: dict[str, object]) -> Version:
    user, state = said["user"], said["state"]
    if not isinstance(user, dict) or not isinstance(state, dict):
        raise TypeError
    at = datetime.fromisoformat(str(said["created"]))
    return Version(_digest_by_name(state), str(said["message"]), str(user["name"]), at)


def _names_by_digest(digests: Mapping[str, str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for name, digest in sorted(digests.items()):
        found.setdefault(digest, []).append(name)
    return found


def _digest_by_name(names: Mapping[str, list[str]]) -> dict[str, str]:
    return {name: digest for digest, some in names.items() for name in some}
