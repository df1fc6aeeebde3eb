"""Print: choose a form and of what; the file opens. The words beside each form say what it is for."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from archive_service.actions.outlines import outline_at
from archive_service.actions.printing_rows import Asked, homes
from archive_service.forms.printed.cards import SPINES
from archive_service.forms.printed.layouts import FORMS
from archive_service.permissions import Permission, can
from archive_service.web.context import ArchiveDep, VisitorDep
from archive_service.web.pages.spoken import banner, path_of
from archive_service.web.printouts import Format, printout
from archive_service.web.rendering import answer
from storage.database.organisations import villages

router = APIRouter()
PURPOSES = {
    "catalogue": "归档后装在盒里、订成册的目录，A4 横排。",
    "volumes": "会计、基建、专业档案一卷一行。",
    "note": "每盒、每卷一张，件数、页数和缺号已写好，其余手写。",
    "stamps": "每件的归档章内容，照着盖或剪下来贴。",
    "labels": "贴在盒面，带二维码，扫出来就是盒里的起止档号。",
    "spines": "贴在盒脊，按盒的厚度印。",
    "transfer": "换届、交接、进馆时双方签字用。",
    "use": "谁在什么时候看了、借了哪一件，还了没有。",
    "summary": "各村各年各类各期限有多少件、多少页。",
    "statistics": "年报：各乡镇各村的馆藏、当年归档和利用。",
}


@router.get("/print")
def choose(request: Request, archive: ArchiveDep, visitor: VisitorDep) -> Response:
    """The form to choose with."""
    mine = homes(visitor.actor)
    with archive.sessions.read() as session:
        here = [home for home in villages(session) if mine is None or home.id in mine]
        _, outline = outline_at(session)
    forms = [form for form in FORMS if form != "use" or can(visitor.actor, Permission.SEE_JOURNAL)]
    return answer(
        request,
        "print.html",
        forms=[(form, FORMS[form], PURPOSES[form]) for form in forms],
        villages=here,
        classes=[(one.id, path_of(outline, one.id, visitor.lang)) for one in outline.classes.values()],
        periods=[(one.id, one.name) for one in outline.retention_values.values()],
        thicknesses=SPINES,
        banner=banner(outline, visitor.lang),
    )


@router.get("/print/file")
def file(
    archive: ArchiveDep,
    visitor: VisitorDep,
    form: Annotated[str, Query(max_length=20)],
    village: str = "",
    year: Annotated[str, Query(pattern=r"^$|^[1-9]\d{3}$")] = "",
    class_id: Annotated[str, Query(alias="class", max_length=40)] = "",
    period: Annotated[str, Query(max_length=40)] = "",
    per_box: Annotated[int, Query(ge=1, le=1000)] = 50,
    thick: Annotated[int, Query(ge=20, le=50)] = 30,
    format: Format = "pdf",
) -> Response:
    """The file that was chosen; what a form leaves empty does not narrow."""
    number = int(year) if year else None
    asked = Asked(form, village or None, number, class_id or None, period or None, per_box, thick)
    return printout(archive, visitor.actor, asked, format)
