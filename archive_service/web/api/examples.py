"""Examples for the OpenAPI document. The county and everybody in it are invented."""

from __future__ import annotations

from typing import Any

Example = dict[str, Any]

ID = "0199f2a1c3d45e6f7a8b9c0d1e2f3a4b"
OTHER_ID = "0199f2a1c3d45e6f7a8b9c0d1e2f3a4c"
VILLAGE_ID = "0199f2a000000000000000000000012a"
BANNER = "示范大纲，不是任何一级档案主管部门的规定。"
_AT = "2026-03-01T04:00:00Z"

SESSION: Example = {"token": "kWq3…", "expires_at": _AT, "must_change_password": False}
ME: Example = {
    "login": "shimenkan",
    "name": "石门槛村档案员",
    "role": "clerk",
    "village_id": VILLAGE_ID,
    "roles": [{"role": "clerk", "villages": [VILLAGE_ID]}],
    "permissions": ["catalogue", "hand_in"],
    "clearances": [],
    "must_change_password": False,
    "csrf": "f0aX…",
}
VILLAGE: Example = {
    "id": VILLAGE_ID,
    "name": "石门槛村",
    "fonds": "V012",
    "township": "望溪镇",
    "aliases": [{"name": "红旗大队", "from": 1958, "to": 1984}],
    "former_townships": [],
    "merged_into_id": None,
    "merged_on": None,
}
NEW_ACCOUNT: Example = {"login": "shimenkan", "name": "石门槛村档案员", "role": "clerk", "village_id": VILLAGE_ID}
GRANT: Example = {
    "id": ID,
    "role": "clerk",
    "village_id": VILLAGE_ID,
    "township": None,
    "begins_on": None,
    "ends_on": None,
    "granted_by": "admin",
}
TOKEN: Example = {
    "id": ID,
    "name": "夜间移交脚本",
    "permissions": ["hand_in"],
    "made_at": _AT,
    "expires_at": "2026-05-30T04:00:00Z",
}
ACCOUNT: Example = {**NEW_ACCOUNT, "clearances": [], "active": True, "must_change_password": True, "grants": [GRANT]}
BATCH: Example = {
    "id": ID,
    "village_id": VILLAGE_ID,
    "source": "新建文件夹(2)",
    "opened_by": "shimenkan",
    "opened_at": _AT,
    "walked_at": _AT,
    "sum": {"found": 3, "archived": 0, "waiting": 1, "rejected": 1, "duplicate": 1},
    "states": {"proposed": 1, "rejected": 1, "duplicate": 1},
    "left": 0,
}
TAKEN: Example = {"item": ID, "state": "received", "path": "会议/村民代表会议记录.docx"}
ITEM: Example = {
    "item": ID,
    "batch": OTHER_ID,
    "path": "会议/空.docx",
    "state": "rejected",
    "reason_code": "empty",
    "reason": "这个文件是空的，里面什么都没有。",
    "remedy": "找到有内容的那一份再移交。",
    "size": 0,
    "sha256": None,
    "duplicate_of": None,
    "record": None,
}
RECORD: Example = {
    "id": ID,
    "village_id": VILLAGE_ID,
    "state": "archived",
    "kind": "document",
    "title": "石门槛村土地承包合同",
    "code": "V012-WS·2019-D30-0001",
    "class_id": "WS",
    "series_id": "WS-01",
    "period": "定期30年",
    "due_on": "2049-12-31",
    "date_wording": "二〇一九年三月五日",
    "earliest": "2019-03-05",
    "latest": "2019-03-05",
    "date_certainty": "exact",
    "doc_number": "石村〔2019〕3号",
    "responsible": "石门槛村村民委员会",
    "people": [],
    "places": [],
    "access": "public",
    "confident": True,
    "page_count": 2,
}
FILE: Example = {
    "id": OTHER_ID,
    "name": "土地承包合同.docx",
    "path": "合同/土地承包合同.docx",
    "role": "main",
    "position": 1,
    "size": 18234,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "mime": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "format": "Word",
    "puid": "fmt/412",
    "page_count": 2,
    "ocr_state": "none",
    "details": {},
}
RECORD_WHOLE: Example = {
    **RECORD,
    "retention": 30,
    "retention_choice": None,
    "starts_on": "2020-01-01",
    "note": "",
    "fields": {},
    "proposals": {"series": [{"series": "WS-01", "class": "WS", "score": 0.91, "reasons": ["题名含“土地承包”"]}]},
    "described_by": "shimenkan",
    "changed_at": _AT,
    "archived_at": _AT,
    "files": [FILE],
    "why": [{"kind": "period", "text": "定期30年", "mark": "示范"}],
    "history": [{"at": _AT, "actor": "shimenkan", "act": "record_accepted", "details": {"series": "WS-01"}}],
    "kin": [],
}
DESCRIPTION: Example = {"title": "石门槛村土地承包合同", "date": "二〇一九年三月五日", "series": "WS-01"}
FILED: Example = {"record_id": ID, "code": "V012-WS·2019-D30-0001", "error": None}
PAGES: Example = {
    "files": [
        {
            "file": OTHER_ID,
            "pages": [{"number": 1, "text": "土地承包合同", "confidence": None, "vertical": False}],
        }
    ]
}
HITS: Example = {
    "total": 1,
    "rung": 1,
    "used_words": ["土地承包"],
    "note": "",
    "cursor": None,
    "facets": {"village": [[VILLAGE_ID, 1]]},
    "hits": [
        {
            "record": RECORD,
            "village": "石门槛村",
            "title_marks": [[4, 8]],
            "file": OTHER_ID,
            "path": "合同/土地承包合同.docx",
            "page": 1,
            "snippet": "土地承包合同",
            "marks": [[0, 4]],
            "score": 7.2,
        }
    ],
}
VERSION: Example = {
    "document": "yunling-model",
    "version": "2026-1",
    "kind": "model",
    "title": "云岭县村级档案分类大纲（示范）",
    "effective_from": "2026-01-01",
    "imported_by": "admin",
    "imported_at": _AT,
    "in_force": True,
}
JOBS: Example = {
    "sum": {"found": 86, "archived": 60, "waiting": 12, "rejected": 8, "duplicate": 6},
    "to_read": 0,
    "to_recognise": 4,
    "pages_to_recognise": 31,
    "records": {"archived": 60, "proposed": 12},
    "index_backlog": 0,
    "index_parked": 0,
    "unsealed": 0,
    "fixity_faults": 0,
    "stages": [
        {"name": "reading", "waiting": 0, "per_minute": 240.0, "minutes_left": 0.0},
        {"name": "recognition", "waiting": 31, "per_minute": 6.2, "minutes_left": 5.0},
        {"name": "indexing", "waiting": 0, "per_minute": None, "minutes_left": 0.0},
    ],
}
