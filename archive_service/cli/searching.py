"""search: find records, with the words marked, as any account would see them."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.text import Text

from archive_service.actions import searching
from archive_service.actions.accounts import actor_named
from archive_service.cli import options
from archive_service.cli.frame import App
from archive_service.cli.screen import console, marked, show_json, show_prose, tell
from archive_service.permissions import OPERATOR
from archive_service.wiring import Archive, open_archive
from storage.database.organisations import village_named
from storage.index.query import SearchRequest, Sort


def add_to(app: App) -> None:
    """Hang this command on the application."""
    app.command(epilog="例： village-archive search 土地承包 --village 石门槛村 --from 1980 --to 1990")(search)


def search(
    words: Annotated[list[str], typer.Argument(help="要找的字词；-词 表示不要，“引号”表示原样。")],
    as_user: options.As = None,
    village: options.MaybeVillage = None,
    year_from: Annotated[int | None, typer.Option("--from", help="从哪一年。", min=0, max=9999)] = None,
    year_to: Annotated[int | None, typer.Option("--to", help="到哪一年。", min=0, max=9999)] = None,
    series: Annotated[str | None, typer.Option(help="只找这个条目。")] = None,
    person: Annotated[str | None, typer.Option(help="只找写着这个人的。")] = None,
    sort: Annotated[
        Sort, typer.Option(help="次序：relevance 最相关，newest、oldest 按日期，pinyin、strokes 按题名。")
    ] = Sort.RELEVANCE,
    size: Annotated[int, typer.Option(help="一页多少件。", min=1, max=1000)] = 20,
    cursor: Annotated[str | None, typer.Option(help="接着上一页找（上一页 JSON 里的 cursor）。")] = None,
    data: options.Data = None,
    json: options.Json = False,
) -> None:
    """查档：题名、全文、人名、地名、档号。"""
    archive = open_archive(data=data)
    archive.check()
    with archive.sessions.read() as session:
        actor = actor_named(session, as_user, archive.today()) if as_user else OPERATOR
        home = village_named(session, village).id if village else None
        request = SearchRequest(
            text=" ".join(words),
            villages=(home,) if home else (),
            years=(year_from, year_to),
            series=(series,) if series else (),
            people=(person,) if person else (),
            sort=sort,
            size=size,
            cursor=cursor,
        )
        results = searching.find(session, archive.index, actor, request)
    if json:
        show_json(as_json(results))
    else:
        show(results)


def as_json(results: searching.Results) -> dict[str, Any]:
    """Hits in order with path or code, page and score."""
    answer = results.answer
    return {
        "total": answer.total,
        "rung": answer.rung,
        "used_words": list(answer.used_words),
        "cursor": answer.cursor,
        "facets": {name: [list(pair) for pair in values] for name, values in answer.facets.items()},
        "hits": [
            {
                "rank": rank,
                "record": hit.record.id,
                "code": hit.record.code,
                "path": hit.file.path if hit.file else None,
                "village": hit.village.name,
                "title": hit.record.title,
                "state": hit.record.state,
                "page": hit.excerpt.page if hit.excerpt else None,
                "snippet": hit.excerpt.text if hit.excerpt else None,
                "marks": [list(pair) for pair in hit.excerpt.marks] if hit.excerpt else [],
                "score": hit.score,
                "rung": hit.rung,
            }
            for rank, hit in enumerate(results.hits, 1)
        ],
    }


def show(results: searching.Results) -> None:
    """Hits for a person."""
    answer = results.answer
    used = "、".join(answer.used_words)
    said = f"查到 {answer.total} 件" if answer.total else "没有查到，换个说法或少写几个字再查"
    tell(said + (f"（按“{used}”查找）" if used else ""), "bold")
    for hit in results.hits:
        line = marked(hit.title.text, hit.title.marks)
        line.stylize("bold")
        console.print(line, soft_wrap=True)
        if hit.excerpt:
            text = marked(hit.excerpt.text.replace("\n", " "), hit.excerpt.marks)
            show_prose(Text(f"第 {hit.excerpt.page} 页 ", style="dim") + text)
        where = hit.record.code or (hit.file.path if hit.file else "")
        tell(f"  {hit.village.name} · {where} · {hit.record.date_wording or '无日期'}", "dim")


def search_once(archive: Archive, text: str, size: int) -> searching.Results:
    """One search as the operator."""
    with archive.sessions.read() as session:
        return searching.find(session, archive.index, OPERATOR, SearchRequest(text=text, size=size))
