"""What somebody typed wrong, in Chinese: the command-line library says it in English, one pattern for each slip."""

from __future__ import annotations

import re
from collections.abc import Callable

ARGUMENTS = {
    "batch": "批次编号",
    "book": "台账",
    "codes": "档号",
    "dossier": "事项编号",
    "file": "文件",
    "form": "表",
    "handover": "移交编号",
    "hold": "停止处置编号",
    "into": "并入哪里",
    "kind": "种类",
    "login": "登录名",
    "name": "名称",
    "new": "新名",
    "number": "编号",
    "path": "文件或文件夹",
    "records": "档号",
    "register": "清册编号",
    "request": "申请编号",
    "role": "角色",
    "seat": "席位=登录名",
    "setting": "设置",
    "source": "哪里",
    "target": "哪里",
    "township": "乡镇",
    "transfer": "移交编号",
    "value": "取值",
    "what": "什么",
    "words": "字词",
}
"""What stands for each argument in the usage line and in sentences about it."""

Said = Callable[[re.Match[str]], str]


def _listed(names: str | None) -> str:
    """Python's list of quoted names, as a Chinese sentence has it."""
    return "、".join(one.strip().strip("'") for one in re.split(r",\s*", (names or "").strip()))


def _meant(found: re.Match[str]) -> str:
    return f"是不是 {_listed(found[2])}？" if found[2] else "有哪些，见说明。"


def _there(found: re.Match[str]) -> str:
    return {"file": "文件", "dir": "文件夹", "path": "文件或文件夹"}[found[1]]


SLIPS: tuple[tuple[str, Said], ...] = (
    (r"No such command '(.*?)'\.?(?: Did you mean (.+)\?)?", lambda m: f"没有“{m[1]}”这个命令；{_meant(m)}"),
    (r"No such option: (\S+)(?: \(Possible options: (.+)\))?", lambda m: f"没有 {m[1]} 这个选项；{_meant(m)}"),
    (r"Missing command\.", lambda _: "没有写哪个命令。"),
    (r"Missing option '(.+?)'\.(?: Choose from:\s*(.+))?", lambda m: f"少写了 {m[1].split(chr(39))[0]}{_choices(m)}"),
    (r"Missing argument '(.+?)'\.(?: Choose from:\s*(.+))?", lambda m: f"少写了“{m[1]}”{_choices(m)}"),
    (r"Got unexpected extra argument\(s\) \((.*)\)", lambda m: f"多写了“{m[1]}”。"),
    (r"Option '(.+?)' requires .+", lambda m: f"{m[1]} 后面要写出取值。"),
    (r"Option '(.+?)' does not take a value\.", lambda m: f"{m[1]} 后面不写取值。"),
    (r"Argument '(.+?)' takes (\d+) values\.", lambda m: f"“{m[1]}”要写 {m[2]} 个。"),
    (r"Invalid value: (.+)", lambda m: in_words(m[1])),
    (r"Invalid value for (.+?): (.+)", lambda m: f"{_named(m[1])}：{in_words(m[2])}"),
    (r"Input should be a valid integer.*", lambda _: "要写整数。"),
    (r"Input should be a valid number.*", lambda _: "要写数。"),
    (r"Input should be greater than or equal to (.+)", lambda m: f"不能小于 {m[1]}。"),
    (r"Input should be less than or equal to (.+)", lambda m: f"不能大于 {m[1]}。"),
    (r"(?:Value error, )?'(.*)' is not one of (.+)\.", lambda m: f"没有“{m[1]}”，可以写 {_listed(m[2])}。"),
    (
        r"(?:Value error, )?'(.*)' does not match the formats .+",
        lambda m: f"“{m[1]}”不是日期，要像 2026-03-16。",
    ),
    (r"(file|dir|path) '(.+)' does not exist\.", lambda m: f"没有“{m[2]}”这个{_there(m)}。"),
    (r"(file|dir|path) '(.+)' is a file\.", lambda m: f"“{m[2]}”是文件，这里要写文件夹。"),
    (r"(file|dir|path) '(.+)' is a directory\.", lambda m: f"“{m[2]}”是文件夹，这里要写文件。"),
    (r"(file|dir|path) '(.+)' is not readable\.", lambda m: f"“{m[2]}”没有权限读。"),
    (r"(file|dir|path) '(.+)' is not writable\.", lambda m: f"“{m[2]}”没有权限写。"),
    (r"'(.+)': No such file or directory", lambda m: f"没有“{m[1]}”这个文件。"),
    (r"'(.+)': Is a directory", lambda m: f"“{m[1]}”是文件夹，这里要写文件。"),
    (r"'(.+)': Permission denied", lambda m: f"“{m[1]}”没有权限读写。"),
)


def in_words(message: str) -> str:
    """The Chinese of a message of the library; what is ours, or not known, stays as it is."""
    for pattern, said in SLIPS:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return said(found)
    return message


def _choices(found: re.Match[str]) -> str:
    return f"，可以写 {_listed(found[2])}。" if found[2] else "。"


def _named(hint: str) -> str:
    """'--limit' as an option, 'role' as an argument."""
    names = [one.strip("'\"") for one in hint.split(" / ")]
    return names[0] if names[0].startswith("-") else f"“{names[0]}”"
