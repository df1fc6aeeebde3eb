"""A donor's restriction wins over every role, is kept in the store, and ends by hand or after its day."""

from __future__ import annotations

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from archive_service.actions import (
    accounts,
    bulk_editing,
    catalogue,
    concerned,
    holdings,
    record_lists,
    restricting,
    sheets,
    tokens,
    yearly_filing,
)
from archive_service.actions.restricting import Wish
from archive_service.actions.searching import find
from archive_service.actions.suggesting import suggest
from archive_service.actions.villages import add_village
from archive_service.permissions import OPERATOR, Actor, Forbidden, Permission, Role, scope_of
from archive_service.rulebook import rule_book
from archive_service.settings import Settings
from archive_service.tasks import restricting as tasks
from archive_service.tasks.filing import file_records
from archive_service.tasks.handing_in import hand_in
from archive_service.tasks.rebuilding import rebuild_database, rebuild_index
from archive_service.tasks.revising import versions
from archive_service.tasks.setting_up import set_up
from archive_service.tasks.upkeep import seal_journal, sync_index
from archive_service.wiring import build
from classification.errors import RuleError
from storage.database.journal import JournalEntry
from storage.database.records import Record, files_of, record
from storage.errors import Conflict, Missing
from storage.index.query import SearchRequest
from storage.objects.ocfl import record_urn

WISH = Wish("本人在世时不公开", ("zhaolan",))
COUNTY_WIDE = frozenset({"personal", "party", "restricted"})
PEOPLE = (
    ("zhaolan", Role.ARCHIVIST),
    ("qianwei", Role.ARCHIVIST),
    ("shimenkan", Role.CLERK),
    ("zhoucs", Role.VILLAGER),
    ("sunli", Role.VILLAGER),
)


class Collection:
    """石门槛村 with a diary and a letter that are archived, and a poem that is not."""

    def __init__(self, folder: Path) -> None:
        self.archive = build(Settings(data=folder / "data", password_memory_kib=8, readers=1, ocr=False))
        set_up(self.archive, None, "admin")
        papers = folder / "papers"
        papers.mkdir()
        for name in ("日记", "书信", "诗稿"):
            text = f"周家{name}集\n周长寿 记\n二〇一九年三月五日\n周家{name}一册。\n"
            (papers / f"{name}.txt").write_text(text, encoding="utf-8")
        with self.archive.sessions.begin() as session:
            self.home = add_village(session, OPERATOR, self.archive.now(), "石门槛村", "V012", "望溪镇").id
            for login, role in PEOPLE:
                here = None if role is Role.ARCHIVIST else self.home
                accounts.add_account(
                    session, OPERATOR, self.archive.hasher, self.archive.now(), login, login, role, here,
                    password="足够长的口令",
                )  # fmt: skip
        hand_in(self.archive, OPERATOR, "石门槛村", papers)
        with self.archive.sessions.begin() as session:
            rules = rule_book(session)
            found = session.scalars(select(Record)).all()
            self.ids = {Path(files_of(session, [one.id])[one.id][0].name).stem: one.id for one in found}
            for name, id_ in self.ids.items():
                said = {"title": f"周家{name}集", "series": "WS-CW-02", "choice": "important", "people": ["周长寿"]}
                said |= {"date": "2019年3月5日", "access": "personal" if name == "书信" else "public"}
                catalogue.describe(session, OPERATOR, id_, said, rules, self.archive.now())
            filed = [self.ids["日记"], self.ids["书信"]]
            catalogue.accept(session, OPERATOR, filed, rules, self.archive.now())
        assert [one.error for one in file_records(self.archive, OPERATOR, filed)] == [None, None]
        self.settle()

    def settle(self) -> None:
        """Let the index and the seal follow."""
        sync_index(self.archive)
        seal_journal(self.archive)

    def actor(self, login: str) -> Actor:
        with self.archive.sessions.read() as session:
            return accounts.actor_named(session, login, self.archive.today())

    def sees(self, actor: Actor, name: str) -> bool:
        """Whether it opens, and whether list, count, search, facets and suggestions agree."""
        id_, title = self.ids[name], f"周家{name}集"
        with self.archive.sessions.read() as session:
            try:
                there = holdings.seen(session, actor, id_).id == id_
            except Missing:
                there = False
            counted = session.scalar(
                select(func.count()).select_from(Record).where(Record.id == id_, holdings.inside(scope_of(actor)))
            )
            found = find(session, self.archive.index, actor, SearchRequest(f"“{title}”", facets=True))
            guessed = suggest(session, self.archive.index, actor, title)
        everywhere = {there, counted == 1, found.answer.total == 1, bool(found.hits)}
        everywhere |= {any(found.answer.facets.values()), title in str(guessed)}
        assert len(everywhere) == 1, (everywhere, name, actor.login)
        return there

    def description(self, name: str) -> dict[str, object]:
        """What the newest version of the store says of a record."""
        found: dict[str, object] = json.loads(
            self.archive.root.content(self.archive.root.read(record_urn(self.ids[name])))
        )
        return found


@pytest.fixture
def diary(tmp_path: Path) -> Collection:
    return Collection(tmp_path)


def restrict(at: Collection, name: str, wish: Wish = WISH, by: Actor = OPERATOR) -> None:
    tasks.restrict(at.archive, by, [at.ids[name]], wish)
    at.settle()


def test_a_restriction_hides_a_public_record_from_every_role_and_shows_it_to_those_it_names(
    diary: Collection,
) -> None:
    everybody = [Actor("x", "x", "x", role, clearances=frozenset({"personal", "party"})) for role in Role]
    assert all(diary.sees(one, "日记") for one in everybody)
    restrict(diary, "日记")
    assert not any(diary.sees(one, "日记") for one in everybody)
    assert not diary.sees(diary.actor("qianwei"), "日记")
    assert diary.sees(diary.actor("zhaolan"), "日记")


def test_no_count_or_facet_gives_it_away_in_the_moment_after(diary: Collection) -> None:
    tasks.restrict(diary.archive, OPERATOR, [diary.ids["日记"]], WISH)
    assert not diary.sees(diary.actor("qianwei"), "日记")


def test_the_class_of_restricted_records_is_opened_to_no_account_as_a_class(diary: Collection) -> None:
    restrict(diary, "日记")
    with diary.archive.sessions.begin() as session:
        accounts.add_account(
            session, OPERATOR, diary.archive.hasher, diary.archive.now(), "wushan", "wushan", Role.ARCHIVIST,
            clearances=tuple(COUNTY_WIDE),
        )  # fmt: skip
    assert not diary.sees(diary.actor("wushan"), "日记")
    assert diary.sees(diary.actor("wushan"), "书信")


def test_exports_of_whoever_is_not_named_do_not_hold_it(diary: Collection) -> None:
    def listed(login: str) -> str:
        with diary.archive.sessions.read() as session:
            rules, wanted, actor = rule_book(session), record_lists.Wanted(state="archived"), diary.actor(login)
            columns = record_lists.list_columns(session, actor, wanted, rules)
            return str(list(record_lists.list_rows(session, actor, wanted, rules, columns)))

    restrict(diary, "日记")
    assert "日记" not in listed("qianwei")
    assert "周家日记集" in listed("zhaolan")
    assert "本人在世时不公开" in listed("zhaolan")


def test_a_batch_still_adds_up_and_does_not_say_how_its_file_was_called(diary: Collection, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    shutil.copy(tmp_path / "papers" / "日记.txt", again / "又一份.txt")
    hand_in(diary.archive, OPERATOR, "石门槛村", again)
    restrict(diary, "日记")

    def listed(login: str) -> list[dict[str, object]]:
        with diary.archive.sessions.read() as session:
            return list(sheets.rows(session, diary.actor(login), text=True))

    assert len(listed("shimenkan")) == len(listed("zhaolan")) == 4
    assert "日记" not in str(listed("shimenkan"))
    assert str(listed("zhaolan")).count("日记.txt") == 3
    (twin,) = [one for one in listed("shimenkan") if one["state"] == "duplicate"]
    assert twin["reason"] == "与一件已经收过的材料内容完全相同。"


def test_that_a_file_is_the_same_as_one_of_it_is_told_to_nobody_else(diary: Collection) -> None:
    def twins(login: str) -> bool:
        with diary.archive.sessions.read() as session:
            looked = yearly_filing.report(session, diary.actor(login), diary.home, 2019, rule_book(session)).looked
            return any(found.check == "I07" for one in looked for found in one.findings)

    with diary.archive.sessions.begin() as session:
        poem, twin = (files_of(session, [diary.ids[one]])[diary.ids[one]][0] for one in ("诗稿", "日记"))
        poem.sha256 = twin.sha256
    assert twins("qianwei")
    restrict(diary, "日记")
    assert not twins("qianwei")
    assert twins("zhaolan")


def test_it_is_not_set_without_somebody_who_could_lift_it_again(diary: Collection) -> None:
    for readers in (("zhoucs",), ("shimenkan",)):
        with pytest.raises(RuleError, match="管这个村归档的人"):
            restrict(diary, "日记", Wish("不公开", readers))
    with pytest.raises(RuleError, match="nobody"):
        restrict(diary, "日记", Wish("不公开", ("zhaolan", "nobody")))
    for wrong in (Wish(" ", ("zhaolan",)), Wish("不公开", ()), Wish("不公开", ("zhaolan",), date(2020, 1, 1))):
        with pytest.raises(RuleError):
            restrict(diary, "日记", wrong)
    assert diary.sees(diary.actor("qianwei"), "日记")


def test_a_clerk_restricts_what_is_not_archived_and_an_archivist_what_is(diary: Collection) -> None:
    clerk = diary.actor("shimenkan")
    with pytest.raises(Forbidden):
        restrict(diary, "日记", by=clerk)
    restrict(diary, "诗稿", Wish("不公开", ("zhaolan", "shimenkan")), by=clerk)
    assert diary.sees(diary.actor("shimenkan"), "诗稿")
    assert not diary.sees(diary.actor("qianwei"), "诗稿")


def test_an_archived_record_gets_a_version_that_says_it_and_one_more_when_it_is_lifted(diary: Collection) -> None:
    restrict(diary, "日记", Wish("本人在世时不公开", ("zhaolan",), date(2099, 12, 31)))
    kept = diary.description("日记")
    assert kept["access"] == "public"
    assert kept["restriction"] == {
        "text": "本人在世时不公开", "until": "2099-12-31", "readers": ["zhaolan"], "access": "public",
    }  # fmt: skip
    tasks.lift(diary.archive, diary.actor("zhaolan"), [diary.ids["日记"]], "家属书面同意公开")
    diary.settle()
    assert diary.description("日记")["restriction"] is None
    said = [one.message for one in versions(diary.archive, OPERATOR, diary.ids["日记"])]
    assert said == ["解除捐赠人限制：家属书面同意公开", "设捐赠人限制：本人在世时不公开", "归档"]
    assert diary.sees(diary.actor("sunli"), "日记")


def test_only_somebody_it_names_who_archives_there_lifts_it_and_says_why(diary: Collection) -> None:
    restrict(diary, "诗稿", Wish("不公开", ("zhaolan", "shimenkan")))
    poem = [diary.ids["诗稿"]]
    with pytest.raises(Missing):
        tasks.lift(diary.archive, diary.actor("qianwei"), poem, "想看")
    with pytest.raises(Forbidden):
        tasks.lift(diary.archive, diary.actor("shimenkan"), poem, "想看")
    with pytest.raises(RuleError, match="理由"):
        tasks.lift(diary.archive, diary.actor("zhaolan"), poem, " ")
    tasks.lift(diary.archive, diary.actor("zhaolan"), poem, "捐赠人同意")
    with diary.archive.sessions.read() as session:
        acts = session.execute(
            select(JournalEntry.act, JournalEntry.actor)
            .where(JournalEntry.object_id == poem[0], JournalEntry.act.like("%restrict%"))
            .order_by(JournalEntry.id)
        ).all()
    assert [tuple(one) for one in acts] == [("record_restricted", "operator"), ("restriction_lifted", "zhaolan")]


def test_its_last_day_counts_whole_and_the_day_after_it_ends_by_itself(diary: Collection) -> None:
    last = diary.archive.today() + timedelta(days=3)
    restrict(diary, "日记", Wish("不公开", ("zhaolan",), last))
    with diary.archive.sessions.begin() as session:
        assert restricting.end_past(session, diary.archive.now(), last) == []
        ended = restricting.end_past(session, diary.archive.now(), last + timedelta(days=1))
        assert [one.id for one in ended] == [diary.ids["日记"]]
    diary.settle()
    assert diary.sees(diary.actor("sunli"), "日记")


def test_an_access_class_set_meanwhile_counts_after_the_restriction_and_opens_nothing_before(
    diary: Collection,
) -> None:
    restrict(diary, "诗稿")
    with diary.archive.sessions.begin() as session:
        said = {"access": "internal", "title": "周家诗稿集"}
        who, at = diary.actor("zhaolan"), diary.archive.now()
        catalogue.describe(session, who, diary.ids["诗稿"], said, rule_book(session), at)
    diary.settle()
    assert not diary.sees(diary.actor("qianwei"), "诗稿")
    tasks.lift(diary.archive, OPERATOR, [diary.ids["诗稿"]], "捐赠人同意")
    with diary.archive.sessions.read() as session:
        assert record(session, diary.ids["诗稿"]).access == "internal"


def test_a_restricted_record_is_not_hidden_away_in_one_that_is_not(diary: Collection, tmp_path: Path) -> None:
    more = tmp_path / "more"
    more.mkdir()
    (more / "照片说明.txt").write_text("照片说明\n二〇一九年三月五日\n", encoding="utf-8")
    hand_in(diary.archive, OPERATOR, "石门槛村", more)
    restrict(diary, "诗稿")
    with diary.archive.sessions.begin() as session:
        fresh = session.scalars(select(Record.id).where(Record.id.not_in(diary.ids.values()))).one()
        with pytest.raises(Conflict, match="捐赠人限制"):
            catalogue.merge(session, OPERATOR, fresh, [diary.ids["诗稿"]], diary.archive.now())


def test_a_restriction_comes_back_from_the_store_when_the_database_is_lost(diary: Collection, tmp_path: Path) -> None:
    restrict(diary, "日记")
    diary.archive.sessions.engine.dispose()
    for left in (tmp_path / "data").glob("archive.db*"):
        left.unlink()
    shutil.rmtree(tmp_path / "data" / "index")
    again = build(Settings(data=tmp_path / "data", password_memory_kib=8, readers=1, ocr=False))
    again.prepare()
    rebuild_database(again)
    rebuild_index(again)
    diary.archive = again
    with again.sessions.begin() as session:
        for login in ("zhaolan", "qianwei"):
            accounts.add_account(
                session, OPERATOR, again.hasher, again.now(), login, login, Role.ARCHIVIST, password="足够长的口令"
            )
    assert diary.sees(diary.actor("zhaolan"), "日记")
    assert not diary.sees(diary.actor("qianwei"), "日记")


def test_a_personal_record_opens_to_the_person_it_concerns_and_to_nobody_else(diary: Collection) -> None:
    named = Actor("z", "zhaolan", "赵岚", Role.ARCHIVIST, clearances=frozenset({"personal"}))
    assert not diary.sees(diary.actor("zhoucs"), "书信")
    with diary.archive.sessions.begin() as session:
        assert concerned.tie(session, named, "zhoucs", [diary.ids["书信"]], diary.archive.now()) == 1
    diary.settle()
    assert diary.sees(diary.actor("zhoucs"), "书信")
    for other in ("sunli", "qianwei", "shimenkan"):
        assert not diary.sees(diary.actor(other), "书信")
    with diary.archive.sessions.read() as session:
        assert [one.id for one in concerned.mine(session, diary.actor("zhoucs"))] == [diary.ids["书信"]]
    with diary.archive.sessions.begin() as session:
        concerned.untie(session, named, "zhoucs", diary.ids["书信"], diary.archive.now())
    diary.settle()
    assert not diary.sees(diary.actor("zhoucs"), "书信")


def test_only_an_officer_who_sees_it_ties_a_personal_record_and_never_to_himself(diary: Collection) -> None:
    with diary.archive.sessions.begin() as session:
        at, letter = diary.archive.now(), [diary.ids["书信"]]
        with pytest.raises(Missing):
            concerned.tie(session, diary.actor("qianwei"), "zhoucs", letter, at)
        with pytest.raises(Forbidden):
            concerned.tie(session, diary.actor("sunli"), "zhoucs", [diary.ids["日记"]], at)
        own = Actor(diary.actor("zhaolan").id, "zhaolan", "赵岚", Role.ARCHIVIST, clearances=frozenset({"personal"}))
        with pytest.raises(RuleError, match="自己"):
            concerned.tie(session, own, "zhaolan", letter, at)
        both = {diary.ids["日记"], diary.ids["书信"]}
        assert {one.id for one in concerned.naming(session, own, "周长寿")} == both
        assert [one.id for one in concerned.naming(session, diary.actor("qianwei"), "周长寿")] == [diary.ids["日记"]]


def test_what_concerns_a_person_is_hidden_from_him_too_while_a_donor_restricts_it_or_it_is_not_filed(
    diary: Collection,
) -> None:
    with diary.archive.sessions.begin() as session:
        ids = [diary.ids["书信"], diary.ids["诗稿"]]
        catalogue.describe(
            session, OPERATOR, diary.ids["诗稿"], {"access": "personal"}, rule_book(session), diary.archive.now()
        )
        assert concerned.tie(session, OPERATOR, "zhoucs", ids, diary.archive.now()) == 2
    diary.settle()
    assert not diary.sees(diary.actor("zhoucs"), "诗稿")
    restrict(diary, "书信")
    assert not diary.sees(diary.actor("zhoucs"), "书信")
    restrict(diary, "书信", Wish("只给本人", ("zhaolan", "zhoucs")))
    assert diary.sees(diary.actor("zhoucs"), "书信")


def test_a_token_opens_nothing_that_is_open_to_its_owner_by_name(diary: Collection) -> None:
    restrict(diary, "日记")
    with diary.archive.sessions.begin() as session:
        owner = diary.actor("zhaolan")
        _, token = tokens.make(session, owner, diary.archive.now(), "脚本", (Permission.CATALOGUE,), 3)
        session.flush()
        script = tokens.bearer(session, token, diary.archive.now(), diary.archive.today())
    assert script is not None
    assert not diary.sees(script, "日记")


def test_many_are_restricted_at_once_and_taken_back_until_they_are_archived(diary: Collection) -> None:
    at, poem = diary.archive.now(), [diary.ids["诗稿"]]
    with diary.archive.sessions.begin() as session:
        rules = rule_book(session)
        shown = bulk_editing.preview(session, OPERATOR, poem, {"restriction": WISH}, rules, at)
        session.rollback()
    assert "restriction" in shown[0].changed
    with diary.archive.sessions.begin() as session:
        assert bulk_editing.edit(session, OPERATOR, poem, {"restriction": WISH}, rules, at) == 1
    diary.settle()
    assert not diary.sees(diary.actor("qianwei"), "诗稿")
    with diary.archive.sessions.begin() as session:
        assert bulk_editing.undo(session, OPERATOR, at, rules, at + timedelta(minutes=1)) == (1, 0)
    diary.settle()
    assert diary.sees(diary.actor("qianwei"), "诗稿")


def test_many_are_not_restricted_by_whoever_could_not_let_it_be_lifted(diary: Collection) -> None:
    changes, at = {"restriction": Wish("不公开", ("zhoucs",))}, diary.archive.now()
    with diary.archive.sessions.begin() as session:
        rules = rule_book(session)
        with pytest.raises(RuleError, match="管这个村归档的人"):
            bulk_editing.edit(session, OPERATOR, [diary.ids["诗稿"]], changes, rules, at)
