"""A county in which every record carries a word of its own, and one person of every role."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path

import httpx
from fastapi import FastAPI
from PIL import Image
from sqlalchemy import delete, select

from archive_service.actions import accounts, catalogue, concerned, granting, intake, physical, tokens, using_copies
from archive_service.actions.restricting import Wish
from archive_service.actions.villages import add_village
from archive_service.permissions import NAMED_CLASSES, OPERATOR, Role
from archive_service.rulebook import rule_book
from archive_service.settings import Settings
from archive_service.tasks import restricting
from archive_service.tasks.filing import file_records
from archive_service.tasks.receiving import receive_folder
from archive_service.tasks.setting_up import set_up
from archive_service.web.app import create_app
from archive_service.wiring import Archive, build
from archive_service.worker import drain
from classification.roles import RULES, Level
from classification.transfer import TransferState
from storage.database.accounts import ApiToken, RoleGrant, account_named
from storage.database.base import new_id
from storage.database.batches import Item, ItemState
from storage.database.dossiers import Dossier, DossierRecord
from storage.database.handovers import Handover
from storage.database.holds import Hold, HoldKind, hold_records
from storage.database.physical import Loan
from storage.database.records import File, Record, RecordState, files_of
from storage.database.transfers import Transfer
from storage.database.using import RequestState, SavedSearch, UseRequest, open_records
from storage.database.using import Wish as Wanted
from storage.objects.areas import package_key
from tests.journeys.api_county import serving

PASSWORD = "足够长的口令一二三"
HOMES = {"own": ("石门槛村", "V012", "望溪镇"), "other": ("远山村", "V031", "云顶乡")}
SIGNS = {"own": "鼋", "other": "鼍"}
"""Stands in every word of the village's records and nowhere else in the archive."""
STAGES = {
    "public": "公",
    "village": "村",
    "internal": "内",
    "personal": "私",
    "party": "党",
    "restricted": "赠",
    "unfiled": "稿",
}
"""What a record is: filed in an access class, or public and restricted by its donor, or internal and not yet filed."""
ANONYMOUS, EXPIRED, NAMED, SCRIPT, CONCERNED = "anonymous", "expired", "named", "script", "concerned"
ROLES = tuple(role.value for role in Role)
VISITORS = (ANONYMOUS, EXPIRED, *ROLES, NAMED, SCRIPT, CONCERNED)
"""`expired`: a clerk until yesterday. `named`: a county archivist to whom personal and Party records are opened by
name. `script`: an API token of the same person that carries handing in only. `concerned`: a person without any role,
to whom the personal and the restricted record of the own village are opened."""
FREE = count(1)


def word(place: str, stage: str) -> str:
    """The word of one record."""
    return f"{SIGNS[place]}{STAGES[stage]}档"


@dataclass
class Rights:
    """The county, its web, and what may be asked for in each village."""

    archive: Archive
    app: FastAPI
    web: httpx.Client
    homes: dict[str, str]
    records: dict[tuple[str, str], str] = field(default_factory=dict)
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    batches: dict[str, str] = field(default_factory=dict)
    duplicates: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)

    def headers(self, visitor: str, fresh: bool = False) -> dict[str, str]:
        """The header of this visitor; `fresh` = of a session that may be closed by what it is used for."""
        if visitor == ANONYMOUS:
            return {}
        if fresh and visitor != SCRIPT:
            return {"Authorization": f"Bearer {self._come_in(visitor)}"}
        if visitor not in self.keys:
            self.keys[visitor] = self._come_in(visitor)
        return {"Authorization": f"Bearer {self.keys[visitor]}"}

    def _come_in(self, visitor: str) -> str:
        with self.archive.sessions.begin() as session:
            account = account_named(session, visitor)
            assert account is not None
            return accounts.open_session(session, self.archive.now(), account, 8).token

    def unfiled(self, place: str) -> str:
        """A record that nobody has touched yet."""
        now = self.archive.now()
        fresh = Record(
            id=new_id(), village_id=self.homes[place], state=RecordState.PROPOSED, kind="document", title="一件材料",
            access="internal", created_at=now, changed_at=now,
        )  # fmt: skip
        with self.archive.sessions.begin() as session:
            like = session.get_one(File, self.files[place, "unfiled"])
            session.add(fresh)
            session.flush()
            session.add(
                File(
                    id=new_id(), record_id=fresh.id, village_id=fresh.village_id, name="a.txt", path="a.txt", size=1,
                    sha256="0" * 64, sha512="0" * 128, storage_key=like.storage_key, received_at=now,
                )
            )  # fmt: skip
        return fresh.id

    def batch(self, place: str) -> str:
        """A batch that is open."""
        with self.archive.sessions.begin() as session:
            return intake.open_batch(session, OPERATOR, self.homes[place], "一批", None, self.archive.now()).id

    def duplicate(self, place: str) -> str:
        """A duplicate that nobody has made another copy yet."""
        with self.archive.sessions.begin() as session:
            item = session.get_one(Item, self.duplicates[place])
            item.state, item.record_id = ItemState.DUPLICATE, None
        return self.duplicates[place]

    def lent(self, place: str, out: bool) -> str:
        """A filed record whose original is out, or is not."""
        record = self.records[place, "internal"]
        today = self.archive.today()
        with self.archive.sessions.begin() as session:
            session.execute(delete(Loan).where(Loan.record_id == record))
            if out:
                until = today + timedelta(days=9)
                physical.lend(session, OPERATOR, record, "顾采薇", "核对", until, self.archive.now(), today)
        return record

    def transfer(self, place: str, made: bool) -> str:
        """A transfer of a village that is being prepared, or whose package is there."""
        found = Transfer(
            id=new_id(), number=new_id(), village_id=self.homes[place], receiver="云岭县档案馆", opened_by="operator",
            opened_at=self.archive.now(), checks=[], state=TransferState.MADE if made else TransferState.DRAFT,
            package={"name": "x.zip", "package_bytes": 1, "sha256": "0" * 64} if made else None,
        )  # fmt: skip
        with self.archive.sessions.begin() as session:
            session.add(found)
        if made:
            self.archive.objects.put(package_key(found.id), io.BytesIO(b"x"))
        return found.id

    def hold(self, place: str) -> str:
        """A hold on the internal record of a village that nobody has released yet."""
        hold = Hold(
            id=new_id(), kind=HoldKind.RECORDS, ground="case", reason="法院要用", placed_by="operator",
            placed_at=self.archive.now(), kept=False,
        )  # fmt: skip
        with self.archive.sessions.begin() as session:
            hold_records(session, hold, [self.records[place, "internal"]])
        return hold.id

    def request(self, place: str, granted: bool) -> str:
        """A request of the account `victim` to a village, waiting for its answer or opening its internal record."""
        at = self.archive.now()
        with self.archive.sessions.begin() as session:
            account = account_named(session, "victim")
            assert account is not None
            asked = UseRequest(
                id=new_id(), account_id=account.id, village_id=self.homes[place], wanted="承包地", purpose="确权",
                wish=Wanted.VIEW, state=RequestState.GRANTED if granted else RequestState.OPEN, asked_at=at,
                until=self.archive.today() if granted else None, original=True,
            )  # fmt: skip
            session.add(asked)
            session.flush()
            open_records(session, asked.id, [self.records[place, "internal"]])
            return asked.id

    def copy(self, place: str) -> str:
        """The number of a certified copy of a village's internal record."""
        with self.archive.sessions.begin() as session:
            return using_copies.issue(
                session, OPERATOR, self.records[place, "internal"], "顾采薇", "确权", self.archive.now(),
                self.archive.today(),
            ).number  # fmt: skip

    def saved(self, visitor: str) -> str:
        """A search that this visitor keeps; somebody else's for a visitor without an account."""
        with self.archive.sessions.begin() as session:
            account = account_named(session, visitor if visitor in (*ROLES, NAMED) else "victim")
            assert account is not None
            kept = SavedSearch(
                id=new_id(), account_id=account.id, name=new_id(), query="q=水渠", made_at=self.archive.now(),
                seen_minute=0,
            )  # fmt: skip
            session.add(kept)
            return kept.id

    def dossier(self, place: str) -> str:
        """A matter of a village with its internal record tied to the decision."""
        now = self.archive.now()
        made = Dossier(
            id=new_id(), village_id=self.homes[place], kind="four_discussions", name=f"修水渠{next(FREE)}",
            opened_on=date(2026, 3, 1), opened_by="operator", opened_at=now, changed_at=now,
        )  # fmt: skip
        with self.archive.sessions.begin() as session:
            session.add(made)
            session.flush()
            for stage in ("internal", "personal", "party"):
                row = {"dossier_id": made.id, "step": "fd_decide", "record_id": self.records[place, stage]}
                session.add(DossierRecord(**row))
        return made.id

    def handover(self, place: str) -> str:
        """A handover of a village that is open."""
        now = self.archive.now()
        made = Handover(
            id=new_id(), village_id=self.homes[place], kind="term", happened_on=date(2026, 3, 1),
            due_on=date(2026, 3, 11), items=[], opened_by="operator", opened_at=now, changed_at=now,
        )  # fmt: skip
        with self.archive.sessions.begin() as session:
            session.add(made)
        return made.id

    def grant(self) -> str:
        """A role of the account `victim` that may be taken back."""
        with self.archive.sessions.begin() as session:
            return granting.give(session, OPERATOR, self.archive.now(), "victim", Role.RESEARCHER).id

    def token(self, visitor: str) -> str:
        """A token of this visitor that may be revoked; of nobody's for a visitor without an account."""
        login = NAMED if visitor == SCRIPT else visitor
        with self.archive.sessions.begin() as session:
            account = account_named(session, login) if visitor != ANONYMOUS else account_named(session, "victim")
            assert account is not None
            at = self.archive.now()
            held = ApiToken(
                id=new_id(), account_id=account.id, name="x", token_hash=new_id(), permissions=[], made_at=at,
                expires_at=at + timedelta(days=1),
            )  # fmt: skip
            session.add(held)
            return held.id


@contextmanager
def rights(folder: Path) -> Iterator[Rights]:
    """The county, with everything filed, indexed and everybody's account open."""
    archive = build(Settings(data=folder / "data", password_memory_kib=8, readers=1, ocr=False))
    set_up(archive)
    with archive.sessions.begin() as session:
        homes = {
            place: add_village(session, OPERATOR, archive.now(), *described).id for place, described in HOMES.items()
        }
    app = create_app(archive)
    with serving(archive, app) as web:
        made = Rights(archive, app, web, homes)
        for place in HOMES:
            _hand_in(made, folder / place, place)
        _people(made)
        _by_name(made)
        yield made


def _people(made: Rights) -> None:
    now = made.archive.now()
    with made.archive.sessions.begin() as session:
        for login, role, named in (
            *((role.value, role, ()) for role in Role),
            (NAMED, Role.ARCHIVIST, tuple(NAMED_CLASSES)),
            (EXPIRED, Role.CLERK, ()),
            (CONCERNED, Role.VILLAGER, ()),
            ("victim", Role.VILLAGER, ()),
        ):
            home = made.homes["own"] if Level.VILLAGE in RULES[role].levels else None
            county_wide = role is Role.ARCHIVIST
            ends = made.archive.today() + timedelta(days=30) if RULES[role].must_end else None
            accounts.add_account(
                session, OPERATOR, made.archive.hasher, now, login, login, role, None if county_wide else home, named,
                password=PASSWORD, ends=ends,
            )  # fmt: skip
        session.flush()
        gone = account_named(session, EXPIRED)
        assert gone is not None
        alone = account_named(session, CONCERNED)
        assert alone is not None
        for grant in session.scalars(select(RoleGrant).where(RoleGrant.account_id.in_((gone.id, alone.id)))):
            grant.ends_on = made.archive.today() - timedelta(days=1)
        named_actor = accounts.actor_named(session, NAMED, made.archive.today())
        carried = [one for one in granting.Permission if one == "hand_in"]
        _, made.keys[SCRIPT] = tokens.make(session, named_actor, now, "夜间脚本", carried, 30)


def _by_name(made: Rights) -> None:
    """One record of each village restricted by its donor, and the personal one of the own village opened to its man."""
    for place in HOMES:
        readers = (NAMED, CONCERNED) if place == "own" else (NAMED,)
        wish = Wish("本人在世时不公开", readers)
        restricting.restrict(made.archive, OPERATOR, [made.records[place, "restricted"]], wish)
    with made.archive.sessions.begin() as session:
        concerned.tie(session, OPERATOR, CONCERNED, [made.records["own", "personal"]], made.archive.now())
    drain(made.archive)


def _hand_in(made: Rights, folder: Path, place: str) -> None:
    """One file a stage: the internal one a picture, the others text with the word in it; and one of them twice.

    The file of the restricted one has the word in its name: a name tells of a diary too.
    """
    folder.mkdir()
    for stage in STAGES:
        if stage == "internal":
            Image.new("RGB", (60, 40), "white" if place == "own" else "grey").save(folder / f"{stage}.png")
        else:
            text = f"{HOMES[place][0]}关于{word(place, stage)}的通知\n各村民小组：请按时办理。\n二〇一九年三月五日\n"
            name = f"{word(place, stage)} {stage}.txt" if stage == "restricted" else f"{stage}.txt"
            (folder / name).write_text(text, encoding="utf-8")
    (folder / "again.txt").write_bytes((folder / "public.txt").read_bytes())
    archive = made.archive
    made.batches[place] = receive_folder(archive, OPERATOR, HOMES[place][0], folder)
    drain(archive)
    with archive.sessions.begin() as session:
        items = session.scalars(select(Item).where(Item.batch_id == made.batches[place])).all()
        twice = [item for item in items if item.state == ItemState.DUPLICATE]
        made.duplicates[place] = twice[0].id
        records = {Path(item.path).stem.split()[-1]: item.record_id for item in items if item.record_id}
        if "again" in records:
            records["public"] = records.pop("again")
        for stage, record_id in records.items():
            changes = {"title": f"{word(place, stage)}登记册", "series": "WS-CW-02", "choice": "important"}
            changes |= {
                "date": "2019年3月5日",
                "access": {"unfiled": "internal", "restricted": "public"}.get(stage, stage),
            }
            catalogue.describe(session, OPERATOR, record_id, changes, rule_book(session), archive.now())
            made.records[place, stage] = record_id
        filed = [id_ for stage, id_ in records.items() if stage != "unfiled"]
        catalogue.accept(session, OPERATOR, filed, rule_book(session), archive.now())
        for stage, record_id in records.items():
            made.files[place, stage] = files_of(session, [record_id])[record_id][0].id
    assert [one.error for one in file_records(archive, OPERATOR, filed)] == [None] * 6
    drain(archive)


def png() -> bytes:
    """A small picture that is no other."""
    held = io.BytesIO()
    Image.new("RGB", (20, 20), (next(FREE) % 256, 20, 30)).save(held, "PNG")
    return held.getvalue()
