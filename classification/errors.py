"""The errors of the rule book: each is one Chinese sentence that a person can act on. No status codes, no logging."""

from __future__ import annotations

from dataclasses import dataclass

from classification.outline_words import COLUMN_NAMES


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in a county document: where (list and row), in which column, and what."""

    place: str
    column: str
    message: str

    def __str__(self) -> str:
        column = f"{COLUMN_NAMES[self.column]} {self.column}" if self.column in COLUMN_NAMES else self.column
        where = f"{self.place}·{column}" if column else self.place
        return f"{where}：{self.message}"


class RuleError(Exception):
    """A rule was asked for something it cannot give. The message is one sentence in Chinese.

    `problems` are the single faults, where a whole document was refused.
    """

    problems: tuple[Problem, ...] = ()


class OutlineInvalid(RuleError):
    """A county document was refused. Nothing of it was taken; `problems` lists everything that is wrong."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        first = f"第一处：{problems[0]}" if problems else ""
        super().__init__(f"大纲未通过检查，共 {len(problems)} 处问题，未导入任何内容。{first}")
