"""Reigns 年号 and the Republic 民国 as data: the first year of each, and its last.

The years of a reign run from lunar new year to lunar new year; those of the Republic from 1 January.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Era:
    """An era by the years in which its counting begins and ends. `lunar`: are its years lunar years?"""

    name: str
    first: int
    last: int
    lunar: bool = True


ERAS = (
    Era("万历", 1573, 1620),
    Era("天启", 1621, 1627),
    Era("崇祯", 1628, 1644),
    Era("顺治", 1644, 1661),
    Era("康熙", 1662, 1722),
    Era("雍正", 1723, 1735),
    Era("乾隆", 1736, 1795),
    Era("嘉庆", 1796, 1820),
    Era("道光", 1821, 1850),
    Era("咸丰", 1851, 1861),
    Era("同治", 1862, 1874),
    Era("光绪", 1875, 1908),
    Era("宣统", 1909, 1911),
    Era("民国", 1912, 1949, lunar=False),
)
BY_NAME = {era.name: era for era in ERAS}
