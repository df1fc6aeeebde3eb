"""The frame of every command in Chinese: its usage, its help, and the answer to what was typed wrong."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import typer
from rich.padding import Padding
from rich.table import Table
from rich.text import Text
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption
from typer.exceptions import TyperException
from typer.models import CommandFunctionType

from archive_service.cli.folding import Folded
from archive_service.cli.screen import complain, console, errors, tell
from archive_service.cli.slips import ARGUMENTS, in_words

NAME = "village-archive"
BUILT_IN = {
    "--help": "显示这份说明。",
    "--install-completion": "给当前的终端装上命令补全。",
    "--show-completion": "显示命令补全的脚本，自己安装。",
}
"""Options that the library adds, with its English help."""
VALUES = {"int": "数", "float": "数", "datetime": "年-月-日", "Path": "路径"}
"""What is written after an option, where it is not any text."""

Parameter = TyperArgument | TyperOption
Rows = Iterable[tuple[str, str]]


class Command(TyperCommand):
    """One command."""

    def __init__(self, name: str | None, **said: Any) -> None:
        super().__init__(name, **said)
        for one in self.params:
            if isinstance(one, TyperArgument):
                one.metavar = ARGUMENTS.get(one.name, one.name)

    def get_usage(self, ctx: Any) -> str:
        """The line that says how it is written."""
        pieces = [_argument(one) for one in self.params if isinstance(one, TyperArgument)]
        return " ".join(["用法：" + ctx.command_path, "[选项]", *pieces])

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help, on the formatter of the library, which prints it."""
        formatter.write(_head(self, ctx) + _parameters(self.get_params(ctx)) + _examples(self.epilog or ""))


class Group(TyperGroup):
    """Several commands under one name; as the root, also what answers a slip."""

    def get_usage(self, ctx: Any) -> str:
        """The line that says how they are written."""
        return f"用法：{ctx.command_path} 命令 …"

    def parts(self) -> dict[str, list[str]]:
        """The names of its commands under their headings."""
        return {"命令": list(self.commands)}

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """The help: every command with its first sentence."""
        shown = ""
        widest = max(map(len, self.commands))
        for heading, names in self.parts().items():
            rows = [(name.ljust(widest), _first(self.commands[name].help or "")) for name in names]
            shown += _listed(heading, rows)
        after = f"一个命令的说明：{ctx.command_path} 命令 --help\n"
        formatter.write(_head(self, ctx) + shown + _parameters(self.get_params(ctx)) + after)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        windows_expand_args: bool = True,
        **extra: Any,
    ) -> Any:
        """Run a command; a slip is answered in Chinese, with exit code 2."""
        try:
            code = super().main(args, prog_name or NAME, complete_var, False, windows_expand_args, **extra)
        except typer.Abort:
            complain("没有确认，停下了。")
            sys.exit(1)
        except TyperException as slip:
            _answer(slip)
            sys.exit(slip.exit_code)
        sys.exit(code or 0)


class App(typer.Typer):
    """A list of commands that speak like this."""

    def __init__(self, *, cls: type[TyperGroup] = Group, no_args_is_help: bool = True, **said: Any) -> None:
        super().__init__(cls=cls, no_args_is_help=no_args_is_help, **said)

    def command(
        self, name: str | None = None, *, cls: type[TyperCommand] | None = None, **said: Any
    ) -> Callable[[CommandFunctionType], CommandFunctionType]:
        """Hang one more command on it."""
        return super().command(name, cls=cls or Command, **said)


def _answer(slip: TyperException) -> None:
    """One sentence, the usage, and where the help is."""
    ctx = getattr(slip, "ctx", None)
    if type(slip).__name__ == "NoArgsIsHelpError":
        tell(slip.message)
        return
    complain(in_words(slip.format_message()))
    if ctx is not None:
        errors.print(Text(f"{ctx.get_usage()}\n说明：{ctx.command_path} --help"), soft_wrap=True)


def _head(command: TyperCommand | TyperGroup, ctx: Any) -> str:
    said = re.sub(r"(?<!\n)\n(?!\n)\s*", "", (command.help or "").strip())
    with console.capture() as shown:
        console.print(Padding(Folded(said), 0))
    return f"{command.get_usage(ctx)}\n\n{shown.get()}\n"


def _parameters(params: Sequence[Any]) -> str:
    arguments = [(one.metavar or one.name, _said(one)) for one in params if isinstance(one, TyperArgument)]
    options = [(_option(one), _said(one)) for one in params if isinstance(one, TyperOption) and not one.hidden]
    return _listed("参数", arguments) + _listed("选项", options)


def _argument(one: TyperArgument) -> str:
    name = f"{one.metavar or one.name}" + (" …" if one.nargs != 1 else "")
    return f"<{name}>" if one.required else f"[{name}]"


def _option(one: TyperOption) -> str:
    names = "、".join([*sorted(one.opts, key=len), *one.secondary_opts])
    return names if one.is_flag else f"{names} {_value(one)}"


def _value(one: TyperOption) -> str:
    kind = one.type_descriptor
    if kind.is_datetime or kind.is_path:
        return VALUES["datetime" if kind.is_datetime else "Path"]
    return VALUES.get(getattr(kind.annotation, "__name__", ""), "值")


def _said(one: Parameter) -> str:
    """What it is for, what may be written, and what is taken where nothing is."""
    said = next((BUILT_IN[name] for name in one.opts if name in BUILT_IN), one.help or "")
    kind = one.type_descriptor
    choices = [str(getattr(choice, "value", choice)) for choice in kind.choices or ()]
    more = []
    if not all(choice in said for choice in choices):
        more.append("可以写 " + "、".join(choices))
    if one.min is not None and one.max is not None:
        more.append(f"{one.min} 至 {one.max}")
    elif one.min is not None:
        more.append(f"不小于 {one.min}")
    default = getattr(one.default, "value", one.default)
    if one.required and isinstance(one, TyperOption):
        more.append("必须写")
    elif default not in (None, "", False, True, ()) and not callable(default):
        more.append(f"不写就是 {default}")
    return said + (f"（{'；'.join(more)}）" if more else "")


def _first(said: str) -> str:
    """The first sentence."""
    return said.strip().split("。")[0].split("\n")[0] + "。"


def _listed(heading: str, rows: Rows) -> str:
    table = Table(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(no_wrap=True)
    table.add_column()
    for name, said in rows:
        table.add_row(f"  {name}", Folded(said))
    if not table.row_count:
        return ""
    with console.capture() as shown:
        console.print(table, markup=False)
    return f"{heading}\n{shown.get()}\n"


def _examples(epilog: str) -> str:
    """The examples, a line each, whole, so that they can be copied."""
    return "".join(f"{line.strip()}\n" for line in re.split(r"\s{3,}|(?<=：) ", epilog) if line)
