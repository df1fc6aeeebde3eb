"""The title of a paper: from the first page, else from the properties of the file, else from its name.

It judges lines by their shape only; what the paper is about is not its business.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from classification.dates import read_date
from ingest.facts.body_names import BODY, only_bodies
from ingest.facts.numbers import number_in
from ingest.facts.paper import Paper, Row
from ingest.facts.surnames import NAME_PATTERN
from ingest.reading import Fact

_WORDS = (
    "通知 通告 通报 公告 公示 决定 决议 请示 批复 报告 意见 意见书 方案 预案 计划 规划 总结 记录 纪要 "
    "合同 合同书 协议 协议书 申请 申请书 承诺书 责任书 "
    "证明 证明书 收据 收条 借条 欠条 请假条 台账 登记表 登记册 登记簿 登记 花名册 名册 名单 清单 明细 "
    "明细表 汇总表 汇总 一览表 统计表 发放表 工资表 签到表 签到册 "
    "报销单 凭证 账 账本 表 章程 制度 办法 规定 细则 条例 村规民约 规民约 公约 须知 倡议书 介绍信 委托书 "
    "授权书 建议书 保证书 检讨书 悔过书 判决书 裁定书 "
    "函 信 家书 序 谱序 族谱序 谱 族谱 家谱 碑记 碑文 碑 契 地契 卖契 分关书 遗嘱 口述 回忆 大事记 村史 "
    "简史 简介 日志 日记 安排 安排表 课程表 回执 讲话 发言 发言稿 "
    "记录本 记录簿 登记本 值班本 手册 公开栏 提议 倡议 建议 "
    "述职报告 述廉报告 情况 说明 要点 记事 图 实录 摘要 提纲 调查表 审批表 审核表 评议表 推荐表 选票 "
    "结果 档案 卡 单 书 条 稿"
)
KINDS = tuple(_WORDS.split())
_ENDS = re.compile(rf"(?:{'|'.join(sorted(KINDS, key=len, reverse=True))})(?:[（(].{{1,30}}[）)])?$")
_LETTERHEAD = re.compile(r"^[\u4e00-\u9fff（）()]{4,30}(?:文件|简报|信笺|用笺|公文纸)$")
_ATTACHMENT = re.compile(
    r"^附\s*[件表录]?\s*[\d一二三四五六七八九十]{0,2}\s*[:：.、]?\s*(?:[ \u3000]+|$)|^附件\s*\d{0,2}\s*[:：.、]?\s*"
)
_PAGE_NUMBER = re.compile(r"^[-—–\s]*(?:第\s*)?\d{1,4}\s*(?:页|/\s*\d+)?[-—–\s]*$|^第.{1,4}页.{0,8}$|^共.{1,4}页$")
_NOT_TITLE = re.compile(
    r"^(?:绝密|机密|秘密|特急|加急|急件|平急|内部资料|内部文件|签发人|编号|文号|档号|No|NO|№|合同编号|"
    r"密级|保管期限|全宗号|单位[:：]|[\u4e00-\u9fff]{0,4}(?:日期|时间)[:：]|地点[:：]|"
    r"文\\s*件$|发件人|收件人|抄送[:：]|发送时间|日期|最高指示|毛主席语录|备战、备荒|此件|★|"
    r"来源|发布时间|当前位置|首页|打印|扫描|Page|Sheet|样本|存根|\(?盖章)"
)
_FIELD = re.compile(
    r"^(?:[\u4e00-\u9fff]{0,6}(?:单位|时间|地点|日期|编号|主持|参会|参加|出席|列席|到会|缺席|应到|实到|内容|记录|姓名|人员|名称|户主|甲方|乙方|电话|"
    r"事由|议题|主题|摘要|金额|住址|事项|备注)|[\u4e00-\u9fff]{2,5}[人方])(?:[（(].{1,10}[）)])?[:：]"
)
_DEED = re.compile(
    r"^立(?P<kind>[\u4e00-\u9fff]{1,8}?[契約约據据書书字])人?"
    rf"(?P<who>{NAME_PATTERN}(?=今|[，,因等为情])|[\u4e00-\u9fff]{{2,3}}?(?=今|[，,因等]|$)|{NAME_PATTERN}(?={NAME_PATTERN}))"
)
_SLIP = re.compile(r"今(?P<kind>[收借领欠])到?")
_GREETING = re.compile(r"^(?:各|尊敬|敬爱|亲爱|全体).{0,24}[:：]$|^.{0,8}(?:大人|膝下|敬[禀稟]|[台尊][鉴鑒])")
_JUNK = re.compile(
    r"^(?:(?:无)?标题\d*|文档\d*|新建.*|untitled.*|document\d*|microsoft\b.*|word\b.*|powerpoint.*|"
    r"演示文稿\d*|工作簿\d*|book\d*|sheet\d*|幻灯片\d*|扫描.*|scan.*|"
    r"ocr.*|img.*|dsc.*|新文件|副本|file|print|[\W\d_]*)$",
    re.IGNORECASE,
)
_COPY = re.compile(
    r"[\s_-]*(?:[（(]\s*(?:\d{1,2}|终稿|定稿|扫描件|扫描|副本|打字稿|打印稿|打印版|修改稿?\d*|修订稿?\d*|"
    r"最终版?|初稿|草稿|原件|复印件|盖章版|存档|.{0,4}稿\d*)\s*[）)]|"
    r"[-_ ]\s*(?:副本|复制|终稿|定稿|扫描件)(?:\s*[（(]\d+[）)])?|(?:副本|扫描件|终稿|定稿|最终版|复印件|"
    r"打印版)\d*|[-_ ]?v\d+(?:\.\d+)*)$",
    re.IGNORECASE,
)
_CAMERA = re.compile(
    r"^(?:IMG|DSC|DSCN|DSCF|DJI|P|PXL|VID|MVIMG|SCAN|Screenshot|mmexport|wx_camera|Camera|微信图片|"
    r"QQ图片|图片|照片|截图|扫描|CamScanner)?[\s_-]*[\d\s_:.\-~()]*$",
    re.IGNORECASE,
)
_FOLDER_JUNK = re.compile(r"^(?:新建文件夹.*|微信图片|照片|图片|老照片|其他|资料|文件|扫描件?|DCIM|[\d\W_]+)$")
_LONGEST, _LONGEST_REST, _LINES = 60, 20, 10
_MARK = re.compile(r"^(?:#{1,6}\s+|(?:(?:主题|标题|题目|题名)\s*[:：]\s*)(?:(?:转发|Fwd?)\s*[:：]\s*)?)")
_BLANK = re.compile(r"(?<=[\u3400-\u9fff]) +(?=[\u3400-\u9fff\d])|(?<=\d) +(?=[\u3400-\u9fff])")
_PICTURES = re.compile(r"照片|录像|视频|录音|图片|相册|实物")
_CAPTION_LABEL = re.compile(r"^(?:图片说明|照片说明|说明|图注|题注|实物登记|[图照]\s*\d{0,2})\s*[:：]\s*")
_OPENING_DATE = re.compile(r"^[\d〇一二三四五六七八九十]{2,4}年[\d〇一二三四五六七八九十月日春夏秋冬初末底间]*[，,]")
_CAPTION_LENGTH, _LEAST_CAPTION = 160, 6
_SERIAL = re.compile(r"[（(]?第\s*[\d一二三四五六七八九十]{1,3}\s*号[）)]?")
_LEAST_HAN = 2
_NUMBERED = re.compile(r"[（(]?[一二三四五六七八九十\d]{1,3}[、.．）)]|第[一二三四五六七八九十]{1,3}[条章]")
_KINSMAN = re.compile(r"^.{2,12}，[男女]，生：|字辈：.{1,2}$")


@dataclass(frozen=True, slots=True)
class Heading:
    """A title, the rows it came from (for the rules that look at what stands below it), and where it was found."""

    text: str
    source: str
    rows: int = 0


def heading(paper: Paper) -> Heading | None:
    """The title, or None where neither page, property nor name says anything."""
    caption = paper.metadata.get("photo.caption", "").strip()
    if caption and not _JUNK.match(caption) and not paper.head:
        return Heading(caption.split("\n")[0][:_LONGEST], "取自照片说明")
    return _from_caption(paper) or _from_page(paper) or _from_property(paper) or _from_name(paper)


def _from_caption(paper: Paper) -> Heading | None:
    """The first clause of a few words below a picture or about a recording: what is to be seen or heard."""
    first = paper.head[0].text if paper.head else ""
    labelled = _CAPTION_LABEL.match(first)
    kept_as_picture = any(_PICTURES.search(folder) for folder in paper.folders)
    alone = len(paper.head) == 1 and "，" in first and not _DEED.match(first)
    if (
        not (labelled or kept_as_picture or alone)
        or len(paper.text) > _CAPTION_LENGTH
        or "\t" in first
        or _FIELD.match(first)
    ):
        return None
    clause = re.split(r"[，。；,;]", _OPENING_DATE.sub("", _CAPTION_LABEL.sub("", first)))[0].strip()
    long_enough = _LEAST_CAPTION <= len(clause) <= _LONGEST
    return Heading(clause, f"取自第 {paper.head[0].page} 页说明") if long_enough else None


def cleaned(stem: str) -> str:
    """A file name without copy marks and numbering: 3.公示(1)_终稿 is 公示."""
    text = stem.strip()
    while (shorter := _COPY.sub("", text).strip()) != text and shorter:
        text = shorter
    return re.sub(r"^(?:\d{1,2}[、.．\s_-]+(?=[^\d\s])|[（(]\d+[）)])", "", text).strip(" _-") or stem.strip()


def fact(found: Heading | None) -> Fact | None:
    return Fact(found.text, found.source) if found else None


def _from_page(paper: Paper) -> Heading | None:
    rows = [row for row in paper.head if row.page == paper.head[0].page][:_LINES]
    if rows and _KINSMAN.search(rows[0].text):
        # A genealogy as data begins with its first person; only its name says what it is.
        return None
    for place, row in enumerate(rows):
        text = _MARK.sub("", _ATTACHMENT.sub("", row.text).strip())
        if not text or _to_skip(text, paper) or _is_issuer(text, rows[place + 1 :]):
            continue
        if slip := _SLIP.match(text):
            return Heading(slip["kind"] + "条", f"取自第 {row.page} 页首行", place)
        if deed := _DEED.match(text):
            return Heading(deed["who"] + deed["kind"], f"取自第 {row.page} 页首行", place + 1)
        if not _may_be_title(text):
            return None
        joined, used = _joined(text, rows[place + 1 :])
        below = rows[place + used].text if place + used < len(rows) else ""
        if "关于" not in joined and below.startswith("关于") and _ENDS.search(below) and _may_be_title(below):
            # The name of a form stands over what this one is about.
            joined, used = below, used + 1
        elif _SERIAL.fullmatch(below):
            joined, used = f"{joined}（{below.strip('（）()')}）", used + 1
        return Heading(joined, f"取自第 {row.page} 页标题", place + used)
    return None


def _to_skip(text: str, paper: Paper) -> bool:
    return bool(
        len(re.findall(r"[\u3400-\u9fff]", text)) < _LEAST_HAN
        or (_LETTERHEAD.match(text) and "关于" not in text)
        or number_in(text)
        or _PAGE_NUMBER.match(text)
        or _NOT_TITLE.match(text)
        or read_date(text, paper.received)
    )


def _is_issuer(text: str, following: Sequence[Row]) -> bool:
    """A body alone on its line, over number and title of its paper: a letterhead without the word 文件."""
    if not only_bodies(text) or (following and _goes_on(text, following[0].text)):
        return False
    return any(_ENDS.search(row.text) and _may_be_title(row.text) for row in following[:5])


def _goes_on(body: str, line: str) -> bool:
    """Is the line under a body the rest of its title (云岭县人民法院 / 民事判决书), not a title that names the body?"""
    own = line.startswith(("中共", body[:2])) or BODY.match(line) is not None
    return line.startswith("关于") or (_ENDS.search(line) is not None and len(line) <= _LONGEST_REST and not own)


def _may_be_title(text: str) -> bool:
    if "\t" in text or len(text) > _LONGEST or _GREETING.match(text) or text.endswith(("。", "；", "，", "：", ":")):
        return False
    label = _FIELD.match(text)
    return (not label or bool(_ENDS.search(text))) and len(re.findall(r"[\u3400-\u9fff]", text)) >= 2


def _joined(text: str, following: Sequence[Row]) -> tuple[str, int]:
    """A title broken over lines, put together: 关于开展…工作的 / 通知."""
    first, used = text, 1
    for row in following[:3]:
        line = row.text.strip()
        goes_on = _ENDS.search(line) or line.startswith("关于") or (text.endswith("关于") and line.endswith("的"))
        if not goes_on or _NUMBERED.match(line) or not _broken_off(text, line) or not _may_be_title(line):
            break
        text, used = text + line, used + 1
    # Joint issuers stay apart: 云岭县民政局 云岭县财政局关于…
    issuers = first if only_bodies(first) else ""
    rest = text.removeprefix(issuers)
    return " ".join(issuers.split()) + _BLANK.sub("", rest), used


def _broken_off(text: str, line: str) -> bool:
    """Does the line belong to the title so far, which does not yet end as titles do?"""
    if text.endswith(("的", "关于", "、", "和", "与")):
        return True
    if _ENDS.search(text) and text.count("《") == text.count("》"):
        return False
    short = len(line) <= _LONGEST_REST and not BODY.match(line)
    return "关于" in text or "《" in text or (only_bodies(text) and _goes_on(text, line)) or short


def _from_property(paper: Paper) -> Heading | None:
    title = paper.metadata.get("title", "").strip()
    if (
        len(title) < 4
        or len(title) > _LONGEST
        or _JUNK.match(title)
        or re.search(r"\.(?:docx?|xlsx?|pdf|wps)$", title, re.I)
    ):
        return None
    return Heading(title, "取自文件属性中的标题")


def _from_name(paper: Paper) -> Heading | None:
    name = cleaned(paper.stem)
    telling = [folder for folder in paper.folders if not _FOLDER_JUNK.match(folder)]
    if _CAMERA.match(name):
        return Heading(f"{telling[-1]} {name}", "取自文件夹名和文件名") if telling else Heading(name, "取自文件名")
    return Heading(name, "取自文件名") if name else None
