"""Why a file cannot be read: a stable code, a sentence a clerk understands, and what to do next.

Codes are stored with the item and never change; sentences may be improved. Nothing is decided here.
"""

from __future__ import annotations

import zipfile
import zlib

from ingest.reading import Failure

ZIP_FAULTS = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError)
"""What `zipfile` raises for a package that is damaged, locked or packed in a way it does not know."""


class Unreadable(Exception):
    """This file is bad, not the program: `code`, `reason` and `remedy` are shown to the clerk."""

    def __init__(self, code: str, reason: str, remedy: str) -> None:
        super().__init__(code, reason, remedy)
        self.code, self.reason, self.remedy = code, reason, remedy

    @property
    def failure(self) -> Failure:
        """The same as a value that can be stored."""
        return Failure(self.code, self.reason, self.remedy)


class _Kind(Unreadable):
    """A kind with its usual wording; both sentences may be replaced."""

    usual = ("corrupt", "文件已损坏，打不开。", "请用原来的软件打开检查，另存一份后重新移交。")

    def __init__(self, reason: str | None = None, remedy: str | None = None) -> None:
        code, usual_reason, usual_remedy = self.usual
        super().__init__(code, reason or usual_reason, remedy or usual_remedy)

    def __reduce__(self) -> tuple[type[_Kind], tuple[str, str]]:
        # The default would call the class with three arguments, and a kind takes two.
        return type(self), (self.reason, self.remedy)


class Corrupt(_Kind):
    """The bytes are not what the format asks for."""


class Truncated(_Kind):
    """The file ends too early."""

    usual = ("truncated", "文件不完整，后半部分缺失。", "可能是复制或下载时中断，请从原处重新复制后再移交。")


class Protected(_Kind):
    """A password is needed."""

    usual = ("encrypted", "文件设有打开密码，读不到内容。", "请用密码打开，另存为不带密码的文件后重新移交。")


class TooLarge(_Kind):
    """Bigger than what is read here."""

    usual = ("too_large", "文件太大，超出读取上限。", "请拆分成较小的文件后重新移交，或联系县级管理员调高上限。")


class Bomb(_Kind):
    """Unpacks to far more than it is: refused."""

    usual = (
        "bomb",
        "压缩内容展开后大得不正常，为保护系统没有展开。",
        "请确认文件来源；确需移交的，请先解压再移交里面的文件。",
    )


class Unsupported(_Kind):
    """No way to read this format here."""

    usual = (
        "unsupported",
        "这种格式的文件读不出文字。",
        "原件可以照样保管；需要检索正文的，请另存为 PDF 或 DOCX 后一并移交。",
    )


class Empty(_Kind):
    """Zero bytes, or nothing in it."""

    usual = ("empty", "文件是空的，没有任何内容。", "请核对原件，找到有内容的那一份后重新移交。")


class ZeroPages(_Kind):
    """A paged document without a page."""

    usual = ("zero_pages", "文件里一页也没有。", "请用原来的软件打开核对，重新导出后再移交。")


class Charset(_Kind):
    """Bytes that are no text in any encoding tried."""

    usual = ("charset", "文字编码无法识别，读出来会是乱码。", "请用记事本打开，确认内容正常后另存为 UTF-8 编码再移交。")


class XmlEntities(_Kind):
    """Entity definitions: nothing an honest document needs."""

    usual = (
        "xml_entities",
        "文件里含有可能引用外部内容或无限展开的定义，为安全没有读取。",
        "请确认文件来源，用原软件重新导出后再移交。",
    )


class Changed(_Kind):
    """The file was written to while it was read."""

    usual = ("changed", "读取过程中文件被改动，内容前后不一致。", "请等文件保存、复制完成后再移交一次。")


class NoPermission(_Kind):
    """The operating system refuses."""

    usual = ("no_permission", "没有读取权限，文件打不开。", "请检查文件权限或换一个账户复制出来后再移交。")


class Timeout(_Kind):
    """The reader took too long and was stopped."""

    usual = ("timeout", "读取时间过长，已停止读取。", "原件没有改动；请用原来的软件打开另存一份，再重新移交。")


class OutOfMemory(_Kind):
    """The reader wanted more memory than it may have."""

    usual = ("out_of_memory", "读取时占用内存过多，已停止读取。", "原件没有改动；请拆分成较小的文件后重新移交。")


class Crashed(_Kind):
    """The reader's process died."""

    usual = ("crashed", "读取程序意外中止。", "原件没有改动；请用原来的软件打开另存一份，再重新移交。")


class ReaderAway(_Kind):
    """The server that reads what is not read here cannot be asked: nothing is said about the file."""

    usual = (
        "reader_away",
        "读这种格式要用的 Tika 服务现在连不上，文件完好，还没有读。",
        "不用重新移交，服务恢复后会自动再读；长时间不恢复的，请告诉县级管理员。",
    )


class ReaderDied(_Kind):
    """The server broke off while it read this file."""

    usual = (
        "reader_died",
        "Tika 服务在读这个文件时中断，没有读出内容。",
        "原件没有改动；一直读不出的，请用原来的软件打开，另存为 DOCX 或 PDF 后一并移交。",
    )


class Secret(_Kind):
    """Marked as a state secret: must not be kept here at all."""

    usual = (
        "secret",
        "文件上标有国家秘密标志，不能存入本系统，收到的副本已经清除。",
        "请按保密规定交县（乡镇）保密工作机构保管，不要用网络、聊天软件或普通 U 盘传送。",
    )

    @classmethod
    def marked(cls, marking: str) -> Secret:
        """The same, naming the marking as it stands on the file (机密★10年)."""
        return cls(f"文件上标有“{marking}”，属于国家秘密标志，不能存入本系统，收到的副本已经清除。")
