"""village-archive: the commands. Arguments only; each calls the function that the pages and the workers use too."""

from archive_service.cli.main import main

__all__ = ["main"]
