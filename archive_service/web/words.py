"""The words on the page: Chinese as written in the templates, English from one table beside this module.

Sentences of refused acts come from elsewhere, in Chinese; `elsewhere` knows their English.
"""

from __future__ import annotations

from datetime import date, datetime
from functools import cache
from pathlib import Path

import yaml

from archive_service.county_time import day_in_words
from archive_service.permissions import WITHOUT_ACCOUNT
from archive_service.web.elsewhere import english_of
from classification.roles import Role

LANGUAGES = ("zh", "en")

STATES = {
    "proposed": "待整理",
    "accepted": "已采用，待归档",
    "archiving": "归档中",
    "archived": "已归档",
    "destroying": "销毁中",
    "destroyed": "已销毁",
    "withdrawn": "不归档",
}
ITEM_STATES = {
    "received": "已收，待读",
    "proposed": "待整理",
    "archived": "已归档",
    "destroyed": "归档后已销毁",
    "duplicate": "重复",
    "rejected": "退回",
    "unreadable": "待查（读不了）",
}
BATCH_STATES = {"open": "正在鉴定", "closed": "鉴定已结束", "given_up": "已放弃"}
OUTCOMES = {
    "extend": "续存",
    "permanent": "改为永久",
    "transfer": "移交",
    "hold": "停止处置",
    "destroy": "拟销毁",
    "stopped": "已不能销毁，重新鉴定",
    "taken_out": "退出这一批",
    "refused_row": "没有批准",
    "held": "停止处置，退出清册",
    "miscounted": "清点不符，退出清册",
    "refused": "没有批准",
    "withdrawn": "清册撤回",
    "aborted": "已终止",
    "removed_row": "已销毁",
    "destroyed": "已销毁",
}
"""What became of a record in an appraisal."""
SUM = {"found": "发现", "archived": "已归档", "waiting": "待整理", "rejected": "退回", "duplicate": "重复"}
KINDS = {
    "document": "文字材料",
    "photo": "照片",
    "audio": "录音",
    "video": "录像",
    "genealogy": "家谱",
    "mail": "邮件",
    "table": "表册",
    "data": "数据",
    "celebrity": "社会名人",
    "customs": "地方风俗、民俗",
    "landscape": "人文景观",
    "heritage": "文化遗产",
    "rural_change": "乡村变迁",
    "oral_history": "口述史",
    "accounting": "会计档案",
    "construction": "基建项目",
    "equipment": "设备仪器",
    "object": "实物",
}
ACCESS = {
    "public": "公开",
    "village": "本村",
    "internal": "内部",
    "personal": "涉个人信息",
    "party": "党内",
    "restricted": "捐赠人限制",
}
PERIODS = {"permanent": "永久", "event": "按事件", "open": "待定", "split": "待选重要或一般"}
CERTAINTY = {"certain": "确定", "exact": "确定", "inferred": "推断", "candidates": "有几种可能", "uncertain": "不确定"}
ROLES = {role.value: role.zh for role in Role}
CARRIED = {
    "hand_in": "移交材料",
    "catalogue": "整理材料",
    "archive": "把材料归档",
    "see_due": "查看到期清单",
    "hold": "停止处置或解除",
    "see_registers": "查看鉴定和销毁清册",
    "appraise": "参加鉴定",
    "prepare_destruction": "组织鉴定、编制清册",
    "decide_use": "答复利用申请、出具复制件证明",
    "transfer": "办理档案移交",
    "see_journal": "查看操作日志",
    "manage_outline": "更换分类大纲",
    "manage_accounts": "管理账号",
    "grant_roles": "授予或收回角色",
    "maintain": "维护系统",
}
"""What a token for a program may carry; what is done in person only is not among it."""
ACTS = {
    "account_opened": "开设账号",
    "account_linked": "登记统一登录身份",
    "record_restricted": "设捐赠人限制",
    "restriction_lifted": "解除捐赠人限制",
    "person_tied": "交给本人查看",
    "person_untied": "从本人收回",
    "account_closed": "停用账号",
    "account_reopened": "重新启用账号",
    "role_given": "授予角色",
    "role_taken_back": "收回角色",
    "token_made": "开出接口令牌",
    "token_revoked": "作废接口令牌",
    "second_factor_on": "两步验证开启",
    "second_factor_off": "两步验证关闭",
    "recovery_code_used": "用恢复码登录",
    "village_merged": "村并入另一个村",
    "village_moved": "村划归另一个乡镇",
    "township_renamed": "乡镇更名",
    "township_merged": "乡镇并入另一个乡镇",
    "village_renamed": "村更名",
    "password_changed": "更改口令",
    "log_in_refused": "登录被拒",
    "logged_in": "登录",
    "batch_opened": "开始移交",
    "batch_received": "移交收完",
    "item_received": "收到文件",
    "item_refused": "退回文件",
    "item_unreadable": "文件读不了",
    "bytes_removed": "清除副本",
    "backup_let_go": "删去旧备份",
    "secrecy_found": "发现密级标志",
    "duplicate_kept": "重复件另立一件",
    "record_proposed": "读出并提出建议",
    "record_described": "修改著录",
    "record_accepted": "采用",
    "record_withdrawn": "不归档",
    "record_merged": "并入另一件",
    "records_joined": "合并材料",
    "record_parted": "拆成另一件",
    "code_given": "编档号",
    "record_archived": "归档",
    "outline_imported": "导入大纲",
    "village_registered": "登记村",
    "record_viewed": "查看档案",
    "file_viewed": "查看文件",
    "file_downloaded": "下载文件",
    "fixity_fault": "发现文件损坏或丢失",
    "fixity_repaired": "已用第二份修复",
    "fixity_well": "复核时已完好",
    "list_imported": "导入清单",
    "demonstration": "示范归档",
    "record_reopened": "退回待整理",
    "record_revised": "更正，另存新版本",
    "record_placed": "记下存放位置",
    "record_lent": "借出原件",
    "record_returned": "原件归还",
    "absence_stated": "说明未发生",
    "absence_taken_back": "撤回未发生的说明",
    "calendar_imported": "导入台账日历",
    "post_entered": "登记村干部任职",
    "post_ended": "登记离任",
    "matter_entered": "登记发生的事项",
    "line_taken_back": "撤回登记的一行",
    "hold_placed": "停止处置",
    "removal_begun": "开始销毁这一件",
    "record_destroyed": "销毁并查证",
    "register_removed": "清册办完",
    "derivative_removed": "清除迟到的缩略图",
    "hold_released": "解除停止处置",
    "appraisal_opened": "鉴定立批",
    "appraisal_seated": "鉴定小组加人",
    "appraisal_leader": "鉴定小组换负责人",
    "appraisal_added": "列入鉴定",
    "appraisal_taken_out": "退出鉴定",
    "appraisal_given_up": "放弃鉴定",
    "opinion_given": "提出鉴定意见",
    "appraisal_closed": "结束鉴定",
    "appraisal_reported": "保存鉴定工作报告",
    "register_submitted": "提交销毁清册",
    "register_signed": "清册签字",
    "register_refused_row": "清册几件不批准",
    "register_held": "清册的行停止处置",
    "register_miscounted": "清册几件清点不符",
    "register_refused": "清册不批准",
    "register_withdrawn": "清册撤回",
    "register_approved": "清册批准",
    "register_filed_above": "清册报上级备案",
    "register_aborted": "清册终止",
    "register_counted": "清册清点核对",
    "register_begun": "清册开始销毁",
    "register_witnessed": "清册监销签字",
    "register_scanned": "清册挂上扫描件",
    "register_archived": "清册归档",
    "dossier_opened": "事项立卷",
    "dossier_changed": "改事项卷首",
    "dossier_step_noted": "填写事项的一步",
    "dossier_record_tied": "材料挂到事项",
    "dossier_record_untied": "材料从事项取下",
    "objection_noted": "登记异议",
    "objection_answered": "答复异议",
    "ledger_rows_added": "写入台账",
    "ledger_row_removed": "删去台账一行",
    "ledger_handed_in": "台账交去归档",
    "handover_opened": "登记移交",
    "handover_counted": "移交清点",
    "handover_item_added": "移交清册添一行",
    "handover_closed": "移交办结",
    "handover_handed_in": "移交清册交去归档",
    "database_rebuilt": "从档案库重建数据库",
    "form_printed": "打印",
    "search_saved": "记住一次查找",
    "search_forgotten": "不再记住一次查找",
    "access_asked": "申请利用",
    "access_granted": "同意利用",
    "access_refused": "不同意利用",
    "access_withdrawn": "撤回利用申请",
    "access_ended": "利用结束",
    "record_opened": "限时开放给利用人",
    "copy_issued": "出具复制件证明",
    "copy_withdrawn": "作废复制件证明",
    "opening_proposed": "开放审核初审",
    "opening_decided": "开放审核复核同意",
    "opening_not_agreed": "开放审核复核退回",
    "opening_taken_back": "撤回开放审核初审",
    "transfer_opened": "立一次移交进馆",
    "transfer_changed": "改移交进馆的内容",
    "transfer_package_asked": "要求做移交包",
    "transfer_package_made": "移交包做好",
    "transfer_package_failed": "移交包没有做成",
    "transfer_package_taken": "取走移交包",
    "transfer_receipt_refused": "接收凭证不符",
    "transfer_received": "登记接收凭证",
    "transfer_cancelled": "取消移交进馆",
    "record_transferred": "已移交进馆",
}
WISHES = {"view": "查阅", "copy": "复制", "certified": "要复制件证明", "borrow": "借原件"}
STANDINGS_OF_USE = {
    "open": "等着答复", "granted": "同意", "refused": "不同意", "ended": "已归还", "withdrawn": "已撤回",
    "expired": "已到期",
}  # fmt: skip
CARRIERS = ("纸质", "照片", "底片", "光盘", "磁带", "录像带", "实物", "电子")
WHO = {"system": "系统", **WITHOUT_ACCOUNT}
"""Those who act without an account."""
FIELD_NAMES = {
    "restriction": "捐赠人限制",
    "form": "表",
    "title": "题名",
    "series": "条目",
    "choice": "重要或一般",
    "date": "日期",
    "doc_number": "文号",
    "responsible": "责任者",
    "people": "人物",
    "places": "地点",
    "access": "利用范围",
    "note": "附注",
    "fields": "专门项目",
    "reason": "原因",
    "reason_code": "理由代码",
    "code": "档号",
    "box": "盒号",
    "shelf": "架位",
    "carrier": "载体",
    "count": "件数（页、张、个）",
    "borrower": "借阅人",
    "reader": "利用人",
    "receiver": "给谁",
    "number": "编号",
    "until": "看到哪一天",
    "purpose": "用途",
    "lent_on": "借出日期",
    "due_on": "应还日期",
}


@cache
def english() -> dict[str, str]:
    """The English of every sentence on the pages, by its Chinese."""
    table: dict[str, str] = yaml.safe_load(Path(__file__).with_name("english.yaml").read_text(encoding="utf-8"))
    return table


def say(lang: str, text: str, **values: object) -> str:
    """A sentence in the language of the visitor, its places filled in. What has no English stays Chinese.

    A day is spelled as the language of the sentence has it: 2023年11月18日; a table gives it as text, 2023-11-18.
    """
    if lang == "en":
        shown = english().get(text) or english_of(text, english()) or text
        return shown.format(**values) if values else shown
    for name, value in values.items():
        if isinstance(value, date):
            text = text.replace(f" {{{name}}}", f"{{{name}}}")
            text = text if isinstance(value, datetime) else text.replace(f"{{{name}}} ", f"{{{name}}}")
    return text.format(**{name: _spelled(value) for name, value in values.items()}) if values else text


def _spelled(value: object) -> object:
    if not isinstance(value, date):
        return value
    day = day_in_words(value)
    return f"{day} {value:%H:%M}" if isinstance(value, datetime) else day


def language(wanted: str | None) -> str:
    """The language of a cookie's value; Chinese unless English was asked for."""
    return "en" if wanted == "en" else "zh"
