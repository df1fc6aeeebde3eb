"""The command line's frame: the list of commands, and the table from exception to exit code.

Exit codes: 0 done · 1 done, and something needs a person · 2 wrong use · 3 refused by a rule or a permission ·
4 not found · 5 conflict · 6 a store is not ready · 7 something kept is damaged.
"""

from __future__ import annotations

import sys

from pydantic import ValidationError

from archive_service.cli.frame import NAME, App
from archive_service.cli.on_demand import OnDemand
from archive_service.cli.screen import complain
from archive_service.permissions import Forbidden, Refused
from archive_service.settings import WrongSettings, sentences
from classification.errors import RuleError
from storage.errors import Conflict, Corrupt, Missing, NotReady, StorageError

app = App(
    name=NAME,
    cls=OnDemand,
    help="村级档案管理：收材料、定类目、归档、查档、鉴定、备份。",
    pretty_exceptions_enable=False,
)


@app.callback()
def _application() -> None:
    pass


EXIT_CODES: tuple[tuple[type[Exception], int], ...] = (
    (Forbidden, 3),
    (Refused, 3),
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
    except RuleError as error:
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
