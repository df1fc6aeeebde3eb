"""What a walk sets aside by name or nature, with the sentence for each. Tables and one lookup; nothing is opened."""

from __future__ import annotations

Refusal = tuple[str, str, str]
"""Code, reason, remedy."""

_NOTHING_TO_DO = "不需要处理。"
WALK_REMEDY = "请从原处重新复制，或重新压缩后再移交。"

EMPTY: Refusal = ("empty", "文件是空的，没有任何内容。", "请核对原件，找到有内容的那一份后重新移交。")
SYMLINK: Refusal = ("symlink", "这是一个快捷链接，不是文件本身，没有跟随。", "请把链接指向的文件复制进来再移交。")
SPECIAL: Refusal = ("special_file", "这不是普通文件（是设备或管道），没有读取。", _NOTHING_TO_DO)
TRAVERSAL: Refusal = (
    "traversal",
    "压缩包里的路径指向文件夹以外，为安全没有展开。",
    "请确认压缩包来源；确需移交的，请解压后只移交其中的文件。",
)
NESTED_TOO_DEEP: Refusal = ("nesting", "压缩包里套压缩包的层数太多，没有继续展开。", "请解压后再移交里面的文件。")
NO_PERMISSION: Refusal = (
    "no_permission",
    "没有读取权限，打不开。",
    "请检查权限，或换一个账户复制出来后再移交。",
)
VANISHED: Refusal = ("vanished", "读取时文件已不在原处。", "请确认文件没有被移走，再移交一次。")
CHECKSUM: Refusal = ("fixity", "文件与移交清单上的校验值不符，内容被改动或已损坏。", "请向移交方索取原件，重新移交。")
NOT_LISTED: Refusal = ("not_in_manifest", "移交清单上没有这个文件。", "请与移交方核对清单后重新移交。")
MISSING: Refusal = ("missing", "移交清单上有这个文件，包里却没有。", "请向移交方索取，补齐后重新移交。")
BAD_BAG: Refusal = ("bad_bag", "BagIt 移交包不完整，无法核对。", "请移交方重新打包；或只移交 data 文件夹里的文件。")

_SYSTEM: Refusal = ("system_file", "这是系统自动生成的文件，不是档案内容，已跳过。", _NOTHING_TO_DO)
_LOCK: Refusal = ("lock_file", "这是软件打开文档时留下的临时文件，已跳过。", _NOTHING_TO_DO)
_SYSTEM_NAMES = frozenset(
    {"thumbs.db", "ehthumbs.db", "desktop.ini", ".ds_store", ".localized", "icon\r", "autorun.inf", ".directory"}
)
_SYSTEM_FOLDERS = frozenset(
    {
        "__macosx",
        "$recycle.bin",
        "system volume information",
        ".trashes",
        ".spotlight-v100",
        ".fseventsd",
        ".git",
        ".svn",
    }
)
_LOCK_STARTS = ("~$", ".~lock.", "._")
_LOCK_ENDINGS = (".tmp", ".crdownload", ".part", ".partial", ".swp")


def refusal_of_name(relative_path: str, size: int) -> Refusal | None:
    """Why this file is not an archival document, judged by its name and size; None when it may be one."""
    *folders, name = relative_path.lower().split("/")
    if name in _SYSTEM_NAMES or _SYSTEM_FOLDERS.intersection(folders):
        return _SYSTEM
    if name.startswith(_LOCK_STARTS) or name.endswith(_LOCK_ENDINGS) or (name.startswith("~") and name.endswith("~")):
        return _LOCK
    return EMPTY if size == 0 else None
