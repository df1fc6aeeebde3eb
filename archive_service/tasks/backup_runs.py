"""The runs of a backup: one small document each, named by its time and its digest, chained to the one before.

Rows and bytes are in the vault beside them; a run that was cut off has no document and does not count.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from storage.errors import Corrupt, Missing
from storage.objects.store import ObjectStore
from storage.objects.vault import Vault

RUNS = "runs/"
LET_GO = "let-go/"
"""The digests of runs that are no longer kept, for the chain."""
FORMAT = "village-archive-backup/1"


@dataclass(frozen=True, slots=True)
class Run:
    """One backup that was completed. `said` is its document."""

    name: str
    said: dict[str, Any]
    sha512: str

    def pieces(self) -> list[str]:
        """The digests of all pieces: of the rows, and of the list of objects."""
        tables = [sha512 for table in self.said["tables"].values() for sha512 in table["pieces"]]
        return [*tables, *self.said["objects"]["pieces"]]

    def entries(self, vault: Vault) -> Iterator[dict[str, Any]]:
        """Key, sha512 and size of every stored object."""
        return (json.loads(line) for line in vault.lines(self.said["objects"]["pieces"]))


def write_run(target: ObjectStore, said: dict[str, Any], stamp: str) -> Run:
    """Complete a run: from now on it counts. `stamp` is its time; its number sorts it, whatever the clock does."""
    content = json.dumps(said, ensure_ascii=False, sort_keys=True, indent=1).encode()
    sha512 = hashlib.sha512(content).hexdigest()
    previous = said["previous"]
    number = int(previous["run"].partition("-")[0]) + 1 if previous else 1
    name = f"{number:06d}-{stamp}-{sha512[:16]}"
    target.put(f"{RUNS}{name}.json", io.BytesIO(content))
    return Run(name, said, sha512)


def run_names(target: ObjectStore) -> list[str]:
    """The runs of a target, oldest first."""
    return [key.removeprefix(RUNS).removesuffix(".json") for key in target.list(RUNS)]


def made_at(run: str) -> datetime:
    """The moment that the name of a run says."""
    return datetime.strptime(run.split("-")[1], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def rolls_off(run: str, keep_days: int) -> datetime | None:
    """From when on the next backup lets go of a run, unless it is the newest or the newest good one; None: never."""
    return made_at(run) + timedelta(days=keep_days) if keep_days else None


def forget_run(target: ObjectStore, run: Run) -> None:
    """The run no longer counts; its digest stays, so that the one after it is not thought to have lost it."""
    target.put(f"{LET_GO}{run.name}", io.BytesIO(run.sha512.encode()))
    target.delete(f"{RUNS}{run.name}.json")


def read_run(target: ObjectStore, name: str | None = None) -> Run:
    """A run by its name, or the newest.

    Raises:
        Missing: there is none.
        Corrupt: its document was changed.
    """
    names = run_names(target)
    if not names or (name and name not in names):
        known = "、".join(names[-5:]) or "一次完整的备份都没有"
        raise Missing(f"这里没有{f'名为 {name} 的' if name else ''}备份，什么都没有动。这里有：{known}。")
    name = name or names[-1]
    with target.open(f"{RUNS}{name}.json") as stream:
        content = stream.read()
    sha512 = hashlib.sha512(content).hexdigest()
    if not name.endswith(sha512[:16]):
        raise Corrupt(f"备份 {name} 的清单被改动过，什么都没有动。请用另一次备份。")
    return Run(name, json.loads(content), sha512)


def faults_of_target(target: ObjectStore) -> Iterator[str]:
    """What is wrong in a target, a sentence each: the chain of its runs, and every byte of the newest."""
    seen = _let_go_of(target)
    newest = ""
    for name in run_names(target):
        try:
            run = read_run(target, name)
        except Corrupt as error:
            yield str(error)
            continue
        previous = run.said["previous"]
        if previous and seen.get(previous["run"]) != previous["sha512"]:
            yield f"备份 {name} 的前一次 {previous['run']} 不见了或被改动过。以后各次不受影响，请保存现状并查明原因。"
        seen[name], newest = run.sha512, name
    if newest:
        yield from _faults_of_bytes(target, newest)


def _let_go_of(target: ObjectStore) -> dict[str, str]:
    found = {}
    for key in target.list(LET_GO):
        with target.open(key) as stream:
            found[key.removeprefix(LET_GO)] = stream.read().decode()
    return found


def _faults_of_bytes(target: ObjectStore, name: str) -> Iterator[str]:
    vault, run = Vault(target), read_run(target, name)
    pieces = [(f"表 {table}", one) for table, said in run.said["tables"].items() for one in said["pieces"]]
    pieces += [("对象清单", one) for one in run.said["objects"]["pieces"]]
    broken = [what for what, sha512 in pieces if not vault.is_well(sha512)]
    yield from (f"备份 {name} 里的{what}损坏或缺失。请重新备份，并检查备份用的盘。" for what in broken)
    if "对象清单" in broken:
        return
    for entry in run.entries(vault):
        if not vault.is_well(entry["sha512"]):
            yield f"备份 {name} 里的 {entry['key']} 损坏或缺失。请把它从备份里删掉再备份一次：{entry['sha512']}"
