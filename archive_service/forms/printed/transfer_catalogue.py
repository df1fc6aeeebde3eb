"""移交目录: the catalogue that goes with a transfer: the columns of 归档文件目录 (DA/T 22), then what the law asks for.

The law (条例 art. 30) asks for the opening opinion, the disclosure state and the changes of secrecy.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from archive_service.forms.printed.layouts import CATALOGUE, HANDED_OVER
from archive_service.forms.printed.listing import Cell, Column, Listing, numbered

TITLE = "移交目录"
COLUMNS = (
    *CATALOGUE[:-1], Column("文件数", 14, "right", whole=True, summed=True), Column("保管期限", 22, "center"),
    Column("开放审核意见", 24, "center"), Column("意见理由", 40), Column("复审日", 22, "center"),
    Column("公开属性", 26, "center"), Column("密级变更", 30), CATALOGUE[-1],
)  # fmt: skip


def transfer_catalogue(rows: Iterable[Sequence[Cell]], heading: Sequence[str]) -> Listing:
    """The catalogue of one transfer; its rows are taken one by one."""
    return Listing(TITLE, COLUMNS, numbered(rows), heading, counted="题名", landscape=True, signed=HANDED_OVER)
