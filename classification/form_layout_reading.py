"""A county's own layouts of the printed forms, from plain values: everything wrong with them, or the layouts."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence

from classification.form_layouts import FORMS, MODEL, Form, Layout, Place, Shown

LONGEST = {"title": 30, "heading": 20, "label": 30, "note": 200}
MOST = {"signatures": 12, "notes": 10}
"""More do not fit on the sheet that people sign."""
NARROWEST = 0.03
"""Of the paper's width: what is less holds no two Chinese characters."""
PARTS = ("title", "columns", "signatures", "notes")


def wrong(said: object) -> Iterator[str]:
    """Everything that is wrong with the layouts of a county, a sentence each."""
    if not isinstance(said, Mapping):
        yield "应写成：表的编号，下面是它的 title、columns、signatures、notes"
        return
    for name, one in said.items():
        if name not in FORMS:
            yield f"没有“{name}”这种表，可以设的有 {'、'.join(FORMS)}"
        elif not isinstance(one, Mapping):
            yield f"{FORMS[name].zh}：应写明 title、columns、signatures、notes 中的几项"
        else:
            yield from (f"{FORMS[name].zh}：{fault}" for fault in _wrong_form(FORMS[name], one))


def _wrong_form(form: Form, said: Mapping[str, object]) -> Iterator[str]:
    yield from (f"没有“{part}”这一项，可以写 {'、'.join(PARTS)}" for part in said if part not in PARTS)
    if "title" in said and not _is_text(said["title"], LONGEST["title"]):
        yield f"表名不能空着，最长 {LONGEST['title']} 字"
    if "columns" in said:
        yield from _wrong_columns(form, said["columns"])
    if "signatures" in said:
        yield from _wrong_places(form, said["signatures"])
    notes = said.get("notes", [])
    if not (isinstance(notes, list) and len(notes) <= MOST["notes"] and all(map(_is_note, notes))):
        yield f"notes 应为 {MOST['notes']} 行以内的文字，每行最长 {LONGEST['note']} 字"


def _wrong_columns(form: Form, said: object) -> Iterator[str]:
    if not isinstance(said, list):
        yield "columns 应为各栏的列表"
        return
    ids = [_id(one) for one in said]
    yield from (f"没有“{one}”这一栏，可用的有 {'、'.join(form.columns)}" for one in ids if one not in form.columns)
    yield from (f"“{one}”这一栏写了两次" for one in _twice(ids) if one in form.columns)
    for one, who in form.needed.items():
        if one not in ids:
            yield f"不能少了“{form.columns[one].heading}”（{one}）：{who}"
    for one in said:
        yield from _wrong_column(one)
    known = [_column(form, one) for one in said if _id(one) in form.columns and not list(_wrong_column(one))]
    yield from (f"有两栏都叫“{one}”" for one in _twice([one.heading for one in known]) if len(set(ids)) == len(ids))
    whole = sum(one.width for one in known)
    yield from (f"“{one.id}”这一栏太窄，放不下字" for one in known if one.width < NARROWEST * whole)


def _wrong_column(said: object) -> Iterator[str]:
    if not isinstance(said, Mapping):
        return
    yield from (f"栏“{_id(said)}”没有“{part}”这一项" for part in said if part not in ("id", "heading", "width"))
    if "heading" in said and not _is_text(said["heading"], LONGEST["heading"]):
        yield f"栏“{_id(said)}”的 heading 不能空着，最长 {LONGEST['heading']} 字"
    width = said.get("width", 1)
    if not isinstance(width, int | float) or isinstance(width, bool) or not 0 < width <= 1000:
        yield f"栏“{_id(said)}”的 width 应为 1000 以内的正数"


def _wrong_places(form: Form, said: object) -> Iterator[str]:
    if not isinstance(said, list) or len(said) > MOST["signatures"]:
        yield f"signatures 应为签字处的列表，最多 {MOST['signatures']} 处"
        return
    ids = [str(one["id"]) for one in said if isinstance(one, Mapping) and "id" in one]
    ids += [one for one in said if isinstance(one, str) and one in form.places]
    yield from (f"没有“{one}”这个签字处，可用的有 {'、'.join(form.places)}" for one in ids if one not in form.places)
    yield from (f"签字处“{one}”写了两次" for one in _twice(ids) if one in form.places)
    for place, who in form.needed_places.items():
        if place not in ids:
            yield f"不能少了“{form.places[place].label}”签字处（{place}）：{who}"
    for one in said:
        label = one.get("label", "有") if isinstance(one, Mapping) and "id" in one else one
        if not _is_text(label, LONGEST["label"]) or (isinstance(one, Mapping) and set(one) - {"id", "label"}):
            yield f"签字处“{one}”应写成文字，或写明 id 和 label；最长 {LONGEST['label']} 字"


def _is_text(said: object, longest: int) -> bool:
    """One line that says something and has no signs that steer."""
    if not isinstance(said, str) or not said.strip() or len(said) > longest:
        return False
    return not any(unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") for one in said)


def _is_note(said: object) -> bool:
    return _is_text(said, LONGEST["note"])


def _twice(ids: Sequence[str]) -> list[str]:
    return [one for one in dict.fromkeys(ids) if ids.count(one) > 1]


def _id(column: object) -> str:
    return str(column.get("id", "")) if isinstance(column, Mapping) else str(column)


def layouts(said: Mapping[str, Mapping[str, object]]) -> dict[str, Layout]:
    """The layouts of a county in which nothing is `wrong`; what is left out is as in the model."""
    return MODEL | {name: _layout(FORMS[name], one) for name, one in said.items()}


def _layout(form: Form, said: Mapping[str, object]) -> Layout:
    columns, places, notes = (said.get(part) for part in ("columns", "signatures", "notes"))
    return Layout(
        str(said.get("title", form.model.title)).strip(),
        tuple(_column(form, one) for one in columns) if isinstance(columns, list) else form.model.columns,
        tuple(_place(form, one) for one in places) if isinstance(places, list) else form.model.signatures,
        tuple(map(str, notes)) if isinstance(notes, list) else form.model.notes,
    )


def _column(form: Form, said: object) -> Shown:
    known = form.columns[_id(said)]
    if not isinstance(said, Mapping):
        return known
    return Shown(known.id, str(said.get("heading", known.heading)).strip(), float(said.get("width", known.width)))


def _place(form: Form, said: object) -> Place:
    """The place; a text that is none of the form's own is one for the pen, with that label."""
    if not isinstance(said, Mapping):
        return form.places.get(str(said), Place("", str(said).strip()))
    known = form.places[str(said["id"])]
    return Place(known.id, str(said.get("label", known.label)).strip())
