"""How a record is cited (引用格式): as GB/T 7714 names an archival document, [A]. What is unknown is left out."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Cited:
    """What a citation is made of; empty texts are unknown. `version` 1 is what was first filed, and is not named."""

    title: str
    code: str
    responsible: str
    archive: str
    village: str
    fonds: str
    day: str
    version: int = 1


def citation(cited: Cited) -> str:
    """石门槛村民委员会. 灌溉渠维修记录[A]. 云岭县村级档案: 石门槛村全宗, V012-WS·2014-D10-0001, 2014-05-06."""
    who = f"{cited.responsible}. " if cited.responsible else ""
    version = f", 第 {cited.version} 版" if cited.version > 1 else ""
    place = ", ".join(part for part in (f"{cited.village}全宗（{cited.fonds}）", cited.code, cited.day) if part)
    return f"{who}{cited.title.rstrip('。.')}[A]. {cited.archive}: {place}{version}."
