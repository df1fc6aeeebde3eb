"""Villages, their townships, their fonds, the names they once had, and which went into which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Index, String, false, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id
from storage.errors import Missing


class Township(Base):
    """A township by the name it has now. `aliases` as of a village: the names it had, and from which year to which.

    A township that went into another keeps its row, so that its name still says whose records of which years.
    """

    __tablename__ = "townships"
    __table_args__ = (
        Index("ix_townships_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    """The store calls it by this: its name may change."""
    name: Mapped[str] = mapped_column(String(80), unique=True)
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    merged_into: Mapped[str | None] = mapped_column(String(80))
    merged_on: Mapped[date | None]
    kept: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the store has it as it is now."""


class Village(Base):
    """One village = one fonds (一村一全宗). `aliases`: [{"name": 红旗大队, "from": 1958, "to": 1984}].

    `township` is the one it belongs to now; `former_townships`, of the same shape as `aliases`, those it belonged to.

    A village that went into another keeps its fonds; `merged_into_id` says whose people look after it from that day on.
    """

    __tablename__ = "villages"
    __table_args__ = (
        Index("ix_villages_unkept", "id", sqlite_where=text("kept IS false"), postgresql_where=text("kept IS false")),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    fonds: Mapped[str] = mapped_column(String(20), unique=True)
    township: Mapped[str] = mapped_column(String(80), default="")
    aliases: Mapped[list[Any]] = mapped_column(default=list)
    former_townships: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    merged_into_id: Mapped[str | None] = mapped_column(Id)
    """Without a constraint, so that the rows of a dump can be put back in any order."""
    merged_on: Mapped[date | None]
    kept: Mapped[bool] = mapped_column(default=False, server_default=false())
    """Whether the store has it as it is now."""


def villages(session: Session) -> Sequence[Village]:
    """Every village, in the order of its fonds."""
    return session.scalars(select(Village).order_by(Village.fonds)).all()


def villages_by_id(session: Session, ids: Iterable[str]) -> dict[str, Village]:
    """These villages by their id."""
    return {found.id: found for found in session.scalars(select(Village).where(Village.id.in_(set(ids))))}


def townships_named(session: Session, names: Iterable[str]) -> dict[str, Township]:
    """What is registered of these townships, by name, in one query."""
    return {found.name: found for found in session.scalars(select(Township).where(Township.name.in_(set(names))))}


def village_named(session: Session, name: str) -> Village:
    """The village of that name or fonds number.

    Raises:
        Missing: there is none; the message says which there are.
    """
    found = session.scalars(select(Village).where((Village.name == name) | (Village.fonds == name))).one_or_none()
    if found is None:
        known = "、".join(village.name for village in villages(session)) or "还没有登记任何村"
        raise Missing(f"没有登记名为“{name}”的村，什么都没有写入。已登记：{known}。")
    return found


def village(session: Session, village_id: str) -> Village:
    """The village with that id.

    Raises:
        Missing: there is none.
    """
    found = session.get(Village, village_id)
    if found is None:
        raise Missing("没有这个村。")
    return found


def looked_after(
    session: Session, village_ids: Iterable[str], townships: Iterable[str], today: date
) -> dict[str, frozenset[str]]:
    """For each village and each township asked for: its villages with all that went into them by today. One query."""
    asked, names = set(village_ids), set(townships)
    merged = Village.merged_into_id.is_not(None)
    found = session.execute(
        select(Village.id, Village.township, Village.merged_into_id, Village.merged_on).where(
            or_(Village.township.in_(names), merged)
        )
    ).all()
    into: dict[str, list[str]] = {}
    for id_, _, successor, since in found:
        if successor is not None and since is not None and since <= today:
            into.setdefault(successor, []).append(id_)
    homes = {home: frozenset(_with_all_merged(home, into)) for home in asked}
    for name in names:
        members = [id_ for id_, township, _, _ in found if township == name]
        homes[name] = frozenset(one for home in members for one in _with_all_merged(home, into))
    return homes


def _with_all_merged(home: str, into: dict[str, list[str]]) -> set[str]:
    """The village and what went into it, and what had gone into that before."""
    reached, open_ = {home}, [home]
    while open_:
        for one in into.get(open_.pop(), []):
            if one not in reached:
                reached.add(one)
                open_.append(one)
    return reached


SAID_OF_TOWNSHIP = ("id", "name", "aliases", "merged_into")
SAID_OF_VILLAGE = ("id", "name", "fonds", "township", "aliases", "former_townships", "merged_into_id")


def township_document(held: Township) -> dict[str, Any]:
    """A township as the store keeps it."""
    return {name: getattr(held, name) for name in SAID_OF_TOWNSHIP} | {"merged_on": _plain(held.merged_on)}


def village_document(held: Village) -> dict[str, Any]:
    """A village as the store keeps it."""
    return {name: getattr(held, name) for name in SAID_OF_VILLAGE} | {"merged_on": _plain(held.merged_on)}


def _plain(day: date | None) -> str | None:
    return day.isoformat() if day else None


def restore_township(session: Session, said: dict[str, Any]) -> None:
    """Put one township back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    day = said["merged_on"] and date.fromisoformat(said["merged_on"])
    session.add(Township(**{name: said[name] for name in SAID_OF_TOWNSHIP}, merged_on=day, kept=True))
    session.flush()


def restore_village(session: Session, said: dict[str, Any]) -> None:
    """Put one village back as the store kept it.

    Raises:
        KeyError, ValueError: it is not what was kept.
    """
    day = said["merged_on"] and date.fromisoformat(said["merged_on"])
    session.add(Village(**{name: said[name] for name in SAID_OF_VILLAGE}, merged_on=day, kept=True))
    session.flush()
