"""python -m archive_service.cli."""

from archive_service.cli.main import main

main()
