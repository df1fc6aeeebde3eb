"""OpenDocument: paragraphs, spaces, notes, tables, soft page breaks; sheets and slides as pages."""

from __future__ import annotations

from pathlib import Path

from tests.unit.ingest.files_to_read import extraction, packed, text_of, texts

NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (("office", "office"), ("text", "text"), ("table", "table"), ("draw", "drawing"),
                        ("style", "style"), ("fo", "xsl-fo-compatible"), ("presentation", "presentation"))
)  # fmt: skip


def open_document(target: Path, kind: str, body: str, styles: str = "", more: dict[str, str] | None = None) -> Path:
    content = (
        f"<office:document-content {NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
        f"<office:body><office:{kind}>{body}</office:{kind}></office:body></office:document-content>"
    )
    mimes = {"text": "text", "spreadsheet": "spreadsheet", "presentation": "presentation"}
    mimetype = f"application/vnd.oasis.opendocument.{mimes[kind]}"
    return packed(target, {"mimetype": mimetype, "content.xml": content, **(more or {})})


def test_spaces_tabs_and_line_ends_are_as_written(tmp_path: Path) -> None:
    body = '<text:p>甲<text:s text:c="3"/>乙<text:tab/>丙<text:line-break/>丁</text:p><text:h>标题</text:h>'
    assert text_of(open_document(tmp_path / "空.odt", "text", body)) == "甲   乙\t丙\n丁\n标题"


def test_soft_breaks_and_styles_that_ask_for_one_begin_pages(tmp_path: Path) -> None:
    styles = '<style:style style:name="P9"><style:paragraph-properties fo:break-before="page"/></style:style>'
    body = (
        "<text:p>一</text:p><text:soft-page-break/><text:p>二<text:soft-page-break/>三</text:p>"
        '<text:p text:style-name="P9">四</text:p>'
    )
    assert texts(open_document(tmp_path / "页.odt", "text", body, styles)) == ["一", "二", "三", "四"]


def test_deleted_text_and_comments_are_left_out_and_notes_stand_at_the_foot(tmp_path: Path) -> None:
    body = (
        "<text:tracked-changes><text:changed-region><text:p>删去的</text:p></text:changed-region></text:tracked-changes>"
        "<text:p>正文<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>注文</text:p>"
        "</text:note-body></text:note>继续<office:annotation><text:p>批注</text:p></office:annotation></text:p>"
        "<text:p>末段</text:p>"
    )
    assert text_of(open_document(tmp_path / "注.odt", "text", body)) == "正文继续\n末段\n注文"


def test_tables_have_a_line_a_row_and_lists_a_line_an_entry(tmp_path: Path) -> None:
    body = (
        "<text:list><text:list-item><text:p>其一</text:p></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>名称</text:p></table:table-cell>"
        "<table:table-cell><text:p>数量</text:p></table:table-cell></table:table-row></table:table-header-rows>"
        "<table:table-row><table:table-cell><text:p>公章</text:p></table:table-cell>"
        "<table:table-cell><text:p>1枚</text:p><text:p>完好</text:p></table:table-cell></table:table-row></table:table>"
    )
    assert text_of(open_document(tmp_path / "表.odt", "text", body)) == "其一\n名称\t数量\n公章\t1枚 完好"


def test_headers_come_once_after_the_text(tmp_path: Path) -> None:
    styles = (
        f"<office:document-styles {NAMES}><office:master-styles><style:master-page>"
        "<style:header><text:p>云岭县</text:p></style:header>"
        "<style:footer><text:p>第<text:page-number/>页</text:p></style:footer></style:master-page>"
        "</office:master-styles></office:document-styles>"
    )
    path = open_document(tmp_path / "眉.odt", "text", "<text:p>正文</text:p>", more={"styles.xml": styles})
    assert text_of(path) == "正文\n云岭县"


def test_sheets_are_pages_and_repeated_cells_are_written_out(tmp_path: Path) -> None:
    styles = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    body = (
        '<table:table table:name="Sheet1"><table:table-row><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:number-columns-repeated="2"><text:p>同</text:p></table:table-cell>'
        '<table:table-cell table:number-columns-repeated="16000"/></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row></table:table>'
        '<table:table table:name="底稿" table:style-name="ta2"><table:table-row><table:table-cell><text:p>数</text:p>'
        "</table:table-cell></table:table-row></table:table>"
    )
    found = extraction(open_document(tmp_path / "表.ods", "spreadsheet", body, styles))
    assert [page.text for page in found.pages] == ["\t\t同\t同", "底稿（隐藏的工作表）\n数"]
    assert found.warnings == ("有隐藏的工作表：底稿。",)


def test_slides_are_pages_with_their_notes(tmp_path: Path) -> None:
    box = "<draw:frame><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>"
    body = (
        f"<draw:page>{box.format('第一张')}<presentation:notes>{box.format('备注')}</presentation:notes></draw:page>"
        f"<draw:page>{box.format('第二张')}</draw:page>"
    )
    assert texts(open_document(tmp_path / "片.odp", "presentation", body)) == ["第一张\n备注", "第二张"]
