"""What stands above a page: groups that a person may enter, and the rooms of the one he is in."""

from __future__ import annotations

from pathlib import PurePath

from fastapi.routing import iter_route_contexts

from archive_service.permissions import Actor, Role
from archive_service.web.app import create_app
from archive_service.web.rooms import GROUPS, rooms_of
from archive_service.web.words import english
from archive_service.wiring import Archive


def person(role: Role) -> Actor:
    return Actor("1", "someone", "某人", role)


def test_a_villager_finds_and_reads_and_sees_no_desk() -> None:
    above = rooms_of(person(Role.VILLAGER), "/search?q=村")
    assert [one.name for one in above.groups] == ["首页", "查档利用", "规则和管理"]
    assert [(one.name, one.here) for one in above.rooms] == [("查档", True), ("利用", False), ("打印", False)]


def test_a_group_leads_to_the_first_room_that_is_open() -> None:
    above = rooms_of(person(Role.WITNESS), "/registers/1")
    appraising = next(one for one in above.groups if one.name == "鉴定处置")
    assert (appraising.path, appraising.here) == ("/holds", True)
    assert [one.name for one in above.rooms] == ["停止处置", "鉴定", "销毁清册"]


def test_the_first_page_belongs_to_no_group() -> None:
    above = rooms_of(person(Role.ARCHIVIST), "/")
    assert [one.name for one in above.groups if one.here] == ["首页"]
    assert above.rooms == ()


def test_every_room_is_a_page_and_has_an_english_name(archive: Archive) -> None:
    pages = {PurePath(route.path or "/").parts[1:2] for route in iter_route_contexts(create_app(archive).routes)}
    for name, some in GROUPS.items():
        assert name in english()
        for room in some:
            assert room.name in english()
            assert (room.path,) in pages
