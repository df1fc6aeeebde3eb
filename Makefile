# The words of this project. Everything sets itself up; nothing needs more than python3, python3-venv, make and git.
SHELL := /bin/bash
BIN := .venv/bin
WORKERS ?= 2

.PHONY: run test test-long check fix services services-down bench bench-servers lock setup

.venv/.installed: requirements-dev.lock
	@test -x $(BIN)/python || python3 -m venv .venv
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements-dev.lock
	@echo "$(CURDIR)" > "$$($(BIN)/python -c 'import site; print(site.getsitepackages()[0])')/village_archive.pth"
	@printf '#!/bin/sh\nexec "%s/python" -m archive_service.cli "$$@"\n' "$(CURDIR)/$(BIN)" > $(BIN)/village-archive && chmod +x $(BIN)/village-archive
	@touch $@

setup: .venv/.installed  ## install what the lock says

run: setup  ## a sample county, filed and served on http://127.0.0.1:8000
	@$(BIN)/village-archive demo

test: setup  ## every test, with the servers that `make services` started; the last lines count what was left out
	@$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup $(PYTEST) $$(tools/services.sh options)

test-long: setup  ## servers are killed while a batch is read; needs `make services`
	@$(BIN)/python -m pytest -m long $(PYTEST) $$(tools/services.sh options)

check: setup  ## types, style, direction, sizes; changes nothing
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy && $(BIN)/lint-imports && $(BIN)/python -m pytest -q tests/house

fix: setup  ## what a machine can put right
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .

services:  ## real servers on loopback ports, without Docker; prints the options of pytest
	@tools/services.sh up

services-down:  ## stop them and remove their data
	@tools/services.sh down

bench: setup  ## the figures of bench/README.md, except those of a million records and of servers
	@for script in ingest list_import rebuild suggestion_quality unseen_quality facts_quality ocr_quality serving search_action desk_acts "search_speed 100000"; do \
	  echo "== $$script"; $(BIN)/python -m bench.$$script || exit 1; done

bench-servers: setup  ## those of index, search, workers and objects on the servers of `make services`
	@for script in index_server search_server workers objects; do \
	  echo "== $$script"; $(BIN)/python -m bench.$$script || exit 1; done

lock:  ## pin every dependency by hash
	uv pip compile pyproject.toml --generate-hashes --no-header --no-annotate -q -o requirements.lock
	uv pip compile pyproject.toml --group dev --generate-hashes --no-header --no-annotate -q -o requirements-dev.lock
