"""Villages, their fonds and the names they once had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.database.base import Base, Id, new_id
from storage.errors import Missing


class Village(Base):
    """One village = one fonds (一村一全宗). `aliases`: [{"name": 红旗大队, "from": 1958, "to": 1984}]."""

    __tablename__ = "villages"

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    fonds: Mapped[str] = mapped_column(String(20), unique=True)
    township: Mapped[str] = mapped_column(String(80), default="")
    aliases: Mapped[list[Any]] = mapped_column(default=list)


def villages(session: Session) -> Sequence[Village]:
    """Every village, in the order of its fonds."""
    return session.scalars(select(Village).order_by(Village.fonds)).all()


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
