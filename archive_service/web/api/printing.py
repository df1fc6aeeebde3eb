"""Printed forms: catalogues, notes, labels, hand-over lists, registers and statistics, as PDF or XLSX."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from archive_service.actions.printing_rows import Asked
from archive_service.web.api.errors import refusals
from archive_service.web.context import ActorDep, ArchiveDep
from archive_service.web.printouts import MEDIA_TYPES, Format, printout

router = APIRouter(prefix="/print", tags=["print"])
Form = Literal[
    "catalogue", "volumes", "note", "stamps", "labels", "spines", "transfer", "use", "summary", "statistics"
]  # fmt: skip
FILE = {"schema": {"type": "string", "format": "binary"}, "example": "%PDF-1.7 …"}
ANSWER = {"description": "PDF 或 XLSX", "content": dict.fromkeys(MEDIA_TYPES.values(), FILE)}


@router.get(
    "/{form}",
    summary="打印一种表",
    responses={200: ANSWER, **refusals(404)},
    response_class=StreamingResponse,
)
def print_a_form(
    archive: ArchiveDep,
    actor: ActorDep,
    form: Annotated[Form, Path(description="归档文件目录 catalogue，案卷目录 volumes，备考表 note …")],
    village: str | None = None,
    year: Annotated[int | None, Query(ge=1000, le=9998)] = None,
    class_id: Annotated[str | None, Query(alias="class", max_length=40)] = None,
    period: Annotated[str | None, Query(max_length=40)] = None,
    per_box: Annotated[int, Query(ge=1, le=1000)] = 50,
    thick: Annotated[int, Query(ge=20, le=50)] = 30,
    format: Format = "pdf",
) -> StreamingResponse:
    """What is filed and open to the asker, in the order of codes. Without a village: the asker's villages."""
    return printout(archive, actor, Asked(form, village, year, class_id, period, per_box, thick), format)
