"""The command line's frame: the list of commands, and the table from exception to exit code.

Exit codes: 0 done · 1 done, and something needs a person · 2 wrong use · 3 refused by a rule or a permission ·
4 not found · 5 conflict · 6 a store is not ready · 7 something kept is damaged.
"""

from __future__ import annotations

import sys

import typer
from pydantic import ValidationError

from archive_service.actions.accounts import Refused
from archive_service.cli import (
    accounts,
    backups,
    completeness,
    demo,
    disposing,
    holding,
    intake,
    lists,
    outline,
    printing,
    running,
    searching,
    upkeep,
    watching,
)
from archive_service.cli.screen import complain
from archive_service.exchange.list_files import ListInvalid
from archive_service.permissions import Forbidden
from archive_service.settings import WrongSettings, sentences
from classification.errors import OutlineInvalid, RuleError
from storage.errors import Conflict, Corrupt, Missing, NotReady, StorageError

app = typer.Typer(
    name="village-archive",
    help="村级档案管理：收材料、定类目、归档、查档。 Village archives: hand in, classify, archive, search.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)

for commands in (
    running, intake, watching, searching, holding, disposing, completeness, printing, upkeep, backups, demo,
):  # fmt: skip
    commands.add_to(app)
app.add_typer(outline.app, name="outline", help="分类大纲和保管期限表：导入、查看、比较。")
app.add_typer(lists.app, name="list", help="清单：导出来改、再导回去；导入新的目录或村史清单，写出模板。")
app.add_typer(disposing.holds_app, name="hold", help="停止处置：登记、列表、解除。")
app.add_typer(accounts.app, name="user", help="账号：开户、列表、授予和收回角色、接口令牌、重设口令。")
app.add_typer(accounts.villages, name="village", help="村：登记、更名、并村、列表。")

EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (Forbidden, 3),
    (Refused, 3),
    (RuleError, 3),
    (Missing, 4),
    (Conflict, 5),
    (NotReady, 6),
    (Corrupt, 7),
    (StorageError, 6),
)


def main() -> None:
    """Run a command; errors of ours become one sentence and an exit code, all others stay visible."""
    try:
        app()
    except (OutlineInvalid, ListInvalid) as error:
        complain(str(error))
        for problem in error.problems:
            complain(f"  {problem}")
        sys.exit(3)
    except ValidationError as error:
        for sentence in sentences(error):
            complain(sentence)
        sys.exit(2)
    except WrongSettings as error:
        complain(str(error))
        sys.exit(2)
    except tuple(kind for kind, _ in EXIT_CODES) as error:
        complain(str(error))
        sys.exit(next(code for kind, code in EXIT_CODES if isinstance(error, kind)))
