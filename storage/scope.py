"""What an actor may see: the one value without which no search, list, count or export can be built.

A scope is a union of grants. A record is seen when any grant covers its village, its access class and its stage, or
when the record concerns the actor in person.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grant:
    """Access classes opened in some villages.

    `villages` None = every village; `unarchived` adds what is not filed yet.
    """

    access: frozenset[str]
    villages: frozenset[str] | None = None
    unarchived: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """A union of grants, and the records that concern the actor in person."""

    grants: tuple[Grant, ...] = ()
    concerned: frozenset[str] = frozenset()

    def covers(self, record_id: str, village_id: str, access: str, archived: bool) -> bool:
        """Whether a record with these properties is inside."""
        if record_id in self.concerned and archived:
            return True
        return any(
            access in grant.access
            and (grant.villages is None or village_id in grant.villages)
            and (archived or grant.unarchived)
            for grant in self.grants
        )


NOTHING = Scope()
