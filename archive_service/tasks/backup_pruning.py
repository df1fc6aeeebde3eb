"""Letting go of old backup runs: their documents, then every byte that no run speaks of any more.

The newest run stays, and the newest that is good, however old they are. While any run cannot be read nothing goes: what
it speaks of is not known. Each run that goes is journaled, and leaves its digest, so that the chain can be followed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from archive_service.permissions import OPERATOR
from archive_service.settings import masked
from archive_service.tasks.backup_runs import Run, forget_run, read_run, rolls_off, run_names
from archive_service.tasks.owners import owner_name
from archive_service.tasks.reading import release_leases_of_the_dead
from archive_service.tasks.rebuilding import Step, now_and_then
from archive_service.wiring import Archive
from storage.database import journal
from storage.database.work import turn
from storage.errors import Corrupt, NotReady
from storage.objects.store import ObjectStore
from storage.objects.vault import Vault

_DIGEST = 16
"""Bytes of a digest that are remembered of each object: alike in these, at worst something stays that could go."""

BACKING_UP = "backing_up"
TURN = timedelta(hours=1)
"""Longer than the largest object takes: whoever is silent for longer has died."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """The runs that went, and how many objects with them; `fault` says why none could."""

    runs: tuple[str, ...] = ()
    objects: int = 0
    fault: str = ""


@contextmanager
def alone(archive: Archive, step: Step = lambda _: None) -> Iterator[Step]:
    """Nobody else backs up meanwhile: what a run has sent is spoken of only at its end. Yields the step to be called.

    Raises:
        NotReady: another process is backing up.
    """
    release_leases_of_the_dead(archive)
    with turn(archive.sessions, BACKING_UP, owner_name("backup"), archive.now, TURN) as have_it:
        if not have_it():
            raise NotReady("另一次备份还在进行，这次没有开始，已有的备份都在；请等它完成后再运行。")
        yield now_and_then(have_it, step)


def let_go(archive: Archive, target: ObjectStore, place: str, keep: int | None = None) -> LetGo:
    """Keep the newest `keep` runs of a target or, without a number, those of the last BACKUP_KEEP_DAYS days.

    To be called by whoever has just completed a run, in the same `alone`.
    """
    names = run_names(target)
    over = _over(names, archive.now(), keep, archive.settings.backup_keep_days)
    if not over:
        return LetGo()
    try:
        runs = [read_run(target, name) for name in names]
    except Corrupt as error:
        return LetGo(fault=f"{error}旧备份这次一次也没有删。")
    vault = Vault(target)
    going = [run for run in runs if run.name in over - _never(runs, vault)]
    for run in going:
        _forget(archive, target, run, masked(place))
    left = [run for run in runs if run not in going]
    return LetGo(tuple(run.name for run in going), _sweep(vault, left) if going else 0)


def _over(names: Sequence[str], now: datetime, keep: int | None, keep_days: int) -> set[str]:
    if keep is not None:
        return set(names[: max(len(names) - keep, 0)])
    return {name for name in names if (end := rolls_off(name, keep_days)) is not None and end <= now}


def _never(runs: Sequence[Run], vault: Vault) -> set[str]:
    """The newest, and the newest good one: without a fault, and its rows are there."""
    good = (run.name for run in reversed(runs) if not run.said["faults"] and all(map(vault.holds, run.pieces())))
    return {runs[-1].name, next(good, runs[-1].name)}


def _forget(archive: Archive, target: ObjectStore, run: Run, place: str) -> None:
    with archive.sessions.begin() as session:
        said = {"place": place, "run": run.name, "made": run.said["at"], "sha512": run.sha512}
        journal.write(session, archive.now(), OPERATOR.login, "backup_let_go", "backup", run.name[:80], None, said)
    forget_run(target, run)


def _sweep(vault: Vault, left: Sequence[Run]) -> int:
    """Remove what none of these runs speaks of; what a run that was cut off had sent goes too."""
    wanted = {_short(sha512) for run in left for sha512 in _spoken_of(run, vault)}
    number = 0
    for sha512 in vault.everything():
        if _short(sha512) not in wanted:
            vault.forget(sha512)
            number += 1
    return number


def _spoken_of(run: Run, vault: Vault) -> Iterator[str]:
    yield from run.pieces()
    for entry in run.entries(vault):
        yield entry["sha512"]


def _short(sha512: str) -> bytes:
    return bytes.fromhex(sha512)[:_DIGEST]
