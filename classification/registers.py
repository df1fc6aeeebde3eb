"""The form of a register of destruction (销毁清册): its columns in their order, and the terms that a row states.

The columns are the union of a general form and of the list recalled from order 13, neither read as law here; what the
software adds is marked apart. Accounting records have a form of their own (《会计档案管理办法》, read in a copy).
"""

from __future__ import annotations

from datetime import date

ROW: dict[str, str] = {
    "number": "序号",
    "code": "档号",
    "doc_number": "文号",
    "responsible": "责任者",
    "title": "题名",
    "year": "所属年度",
    "formed": "形成时间",
    "term": "应保管期限",
    "kept": "已保管期限",
    "pages": "页数",
    "copies": "份数",
    "secrecy": "密级",
    "reason": "销毁原因",
    "note": "备注",
}
ADDED: dict[str, str] = {
    "record": "记录标识",
    "files": "文件摘要（SHA-256）和存储位置",
    "opinion": "鉴定意见编号",
    "table": "所依据期限表版本与行号",
}
ACCOUNTING_ROW: dict[str, str] = {
    "title": "名称",
    "volume": "卷号",
    "copies": "册数",
    "year": "起止年度",
    "code": "档案编号",
    "term": "应保管期限",
    "kept": "已保管期限",
    "removed_at": "销毁时间",
}
"""`removed_at` is known only after the removal; it stands in the entry of the row."""
COVER: dict[str, str] = {
    "fonds": "全宗号",
    "fonds_name": "全宗名称",
    "quantity": "数量",
    "years": "起止年度",
    "leader": "鉴定小组负责人签字",
    "appraised_on": "鉴定时间",
    "approver": "批准人签字",
    "approved_on": "批准时间",
    "witness_first": "监销人甲签字",
    "witness_second": "监销人乙签字",
    "removed_on": "销毁时间",
    "place": "销毁地点",
    "method": "销毁方式",
}


def years_kept(start: date | None, on: date) -> int:
    """Whole years from the first day of the term up to and without that day (已保管期限); 0 where none began."""
    if start is None or on < start:
        return 0
    return on.year - start.year - ((on.month, on.day) < (start.month, start.day))
