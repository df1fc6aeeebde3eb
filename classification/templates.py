"""Templates of archival codes: the pattern language of a county document, printing and reading codes by it.

`{part}` or `{part:0Nd}`; N is the least number of digits, and a longer number has no leading zero. Which template a
class uses is the outline's business; which number comes next is the counter's (storage).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from classification.errors import RuleError

NUMBER = "number"
DEFAULT_PARTS: dict[str, str] = {
    "fonds": "[A-Z][0-9]{3}",
    "class1": "[A-Z]{2}",
    "class2": "[A-Z0-9]+",
    "class3": "[A-Z0-9]+",
    "class4": "[A-Z0-9]+",
    "topic": "[A-Z0-9]+|[\u4e00-\u9fff]+",
    "office": "[A-Z0-9]+|[\u4e00-\u9fff]+",
    "year": "[0-9]{4}",
    "retention": "Y|D[0-9]+",
    "project": "[A-Z0-9]+",
    "catalogue": NUMBER,
    "volume": NUMBER,
    "group": NUMBER,
    "item": NUMBER,
    "page": NUMBER,
}
"""Forms of DA/T 13-2022 as far as they were read; a document may say its own under `code_parts`."""

_FIELD = re.compile(r"\{([a-z][a-z0-9_]*)(?::0([1-9])d)?\}")
_DOTS = str.maketrans({".": "·", "・": "·", "•": "·"})
_WITHOUT_RETENTION = re.compile(r"[-·]\{retention\}|\{retention\}[-·]?")


def normalise(code: str) -> str:
    """The form in which codes are compared: after NFKC, without blanks, and with one separator for `.` `·` `・` `•`."""
    return "".join(unicodedata.normalize("NFKC", code).translate(_DOTS).split())


@dataclass(frozen=True)
class Template:
    """One code form. `counter` is the number the system allocates; `inner_counter` counts inside it."""

    pattern: str
    id: str = ""
    name: str = ""
    counter: str = ""
    inner_counter: str = ""
    example: str = ""
    parts: Mapping[str, str] = field(default_factory=lambda: DEFAULT_PARTS)

    def __post_init__(self) -> None:
        self._check()

    def _check(self) -> None:
        names = self.names
        if not names:
            raise RuleError(f"档号模板“{self.pattern}”没有任何 {{部分}}。")
        if "{" in _FIELD.sub("", self.pattern) or "}" in _FIELD.sub("", self.pattern):
            raise RuleError(f"档号模板“{self.pattern}”的花括号写法不对，应为 {{部分}} 或 {{部分:04d}}。")
        if unknown := [name for name in names if name not in self.parts]:
            raise RuleError(f"档号模板“{self.pattern}”用了没有定义的部分：{'、'.join(unknown)}。")
        if len(set(names)) != len(names):
            raise RuleError(f"档号模板“{self.pattern}”里有重复的部分。")
        for counter in filter(None, (self.counter, self.inner_counter)):
            if counter not in names or self.parts[counter] != NUMBER:
                raise RuleError(f"档号模板“{self.pattern}”里没有流水号“{counter}”。")

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The parts in the order of the pattern."""
        return tuple(match.group(1) for match in _FIELD.finditer(self.pattern))

    @cached_property
    def last_counter(self) -> str:
        """The number the system allocates: the one the document names, else the last number of the pattern."""
        numbers = [name for name in self.names if self.parts[name] == NUMBER]
        if not (self.counter or numbers):
            raise RuleError(f"档号模板“{self.pattern}”里没有流水号。")
        return self.counter or numbers[-1]

    def numbers(self, allocated: int) -> dict[str, str | int]:
        """The number parts of a new code: the allocated number, and 1 for what is counted inside it."""
        inner = {self.inner_counter: 1} if self.inner_counter else {}
        return {self.last_counter: allocated, **inner}

    def without_retention(self) -> Template:
        """The same form without the retention part and its separator: for event terms, whose period has no letter."""
        if "retention" not in self.names:
            return self
        pattern = _WITHOUT_RETENTION.sub("", self.pattern, count=1)
        return Template(pattern, self.id, self.name, self.counter, self.inner_counter, "", self.parts)

    def format(self, parts: Mapping[str, str | int]) -> str:
        """Print a code. Raises RuleError when a part is missing or does not have the form the document asks for."""
        return "".join(self._pieces(parts, None))

    def scope(self, parts: Mapping[str, str | int], counter: str = "") -> str:
        """Everything left of the number to be allocated, in comparing form: numbers are counted within it."""
        return normalise("".join(self._pieces(parts, counter or self.last_counter)))

    def _pieces(self, parts: Mapping[str, str | int], stop: str | None) -> list[str]:
        pieces, at = [], 0
        for match in _FIELD.finditer(self.pattern):
            pieces.append(self.pattern[at : match.start()])
            if match.group(1) == stop:
                return pieces
            pieces.append(self._printed(match.group(1), int(match.group(2) or 1), parts))
            at = match.end()
        return [*pieces, self.pattern[at:]]

    def _printed(self, name: str, width: int, parts: Mapping[str, str | int]) -> str:
        value = parts.get(name)
        if value is None or value == "":
            raise RuleError(f"编档号缺少“{PART_NAMES.get(name, name)}”。")
        if self.parts[name] == NUMBER:
            if isinstance(value, str) and not (value.isascii() and value.isdigit()):
                raise RuleError(f"档号的“{PART_NAMES.get(name, name)}”应为数字，现为“{value}”。")
            return str(int(value)).zfill(width)
        if not re.fullmatch(self.parts[name], str(value)):
            raise RuleError(f"档号的“{PART_NAMES.get(name, name)}”不能是“{value}”。")
        return str(value)

    def parse(self, code: str) -> dict[str, str | int] | None:
        """Read a code back into its parts, whichever separators it is written with; None when it has another form."""
        match = self._matcher.fullmatch(normalise(code))
        if match is None:
            return None
        return {name: int(text) if self.parts[name] == NUMBER else text for name, text in match.groupdict().items()}

    @cached_property
    def _matcher(self) -> re.Pattern[str]:
        built, at = "", 0
        for match in _FIELD.finditer(self.pattern):
            built += re.escape(normalise(self.pattern[at : match.start()]))
            built += f"(?P<{match.group(1)}>{self._form(match.group(1), int(match.group(2) or 1))})"
            at = match.end()
        return re.compile(built + re.escape(normalise(self.pattern[at:])))

    def _form(self, name: str, width: int) -> str:
        if self.parts[name] != NUMBER:
            return self.parts[name]
        return f"[0-9]{{{width}}}|[1-9][0-9]{{{width},}}"


PART_NAMES = {
    "fonds": "全宗号",
    "class1": "类别号",
    "class2": "二级类目",
    "class3": "三级类目",
    "class4": "四级类目",
    "topic": "问题代码",
    "office": "机构代码",
    "year": "年度",
    "retention": "保管期限代码",
    "project": "项目号",
    "catalogue": "目录号",
    "volume": "案卷号",
    "group": "组号",
    "item": "件号",
    "page": "页号",
}
