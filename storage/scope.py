"""What an actor may see: the one value without which no search, list, count or export can be built.

A scope is a union of grants, and a name. A record is seen when any grant covers its village, its access class and its
stage, or when it is opened to that name. A donor's restriction is an access class of its own that no role covers, so
whatever asks for the access class hides a restricted record from everybody who is not named in the restriction.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

RESTRICTED = "restricted"
"""The access class of a record under a donor's restriction (捐赠人限制). It wins over every role."""


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
    """A union of grants, and the log-in name of somebody to whom records are opened by name; None = to whom none is."""

    grants: tuple[Grant, ...] = ()
    person: str | None = None

    def covers(
        self, record_id: str, village_id: str, access: str, archived: bool, readers: Collection[str] = ()
    ) -> bool:
        """Whether a record with these properties is inside; `readers`: those to whom it is opened by name now."""
        if self.person is not None and self.person in readers:
            return True
        return any(
            access in grant.access
            and (grant.villages is None or village_id in grant.villages)
            and (archived or grant.unarchived)
            for grant in self.grants
        )


NOTHING = Scope()
