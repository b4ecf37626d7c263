# What people type: run, test, check, bench. `make` alone lists them.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --require-hashes --only-binary :all:
AS_IN_PRODUCTION := env ENV=production DATA_DIR=.venv/check-data \
  SITE_URL=https://errors.example.com TRUSTED_PROXIES=10.0.0.0/8
OURS := config ingest errors projects accounts common deploy benchmarks tests

.PHONY: help run run-production test check bench faults performance requirements
.DEFAULT_GOAL := help

help:
	@echo "make run    install what is needed, then serve on http://127.0.0.1:8000"
	@echo "make run-production  several processes, against DATABASE_URL and REDIS_URL, on one PORT"
	@echo "make test   the whole test suite, with what it needs"
	@echo "make check  format, types, layers, templates, migrations, deploy settings"
	@echo "make bench  speed, memory and disk of the site as one table"

run: .venv/base.installed
	@exec $(BIN)/python manage.py up

run-production: .venv/base.installed
	@exec $(BIN)/python -m deploy.run

test: .venv/test.installed
	@$(BIN)/python -m tests.suite

check: .venv/test.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy $(OURS) conftest.py manage.py
	cd clients/python && ../../$(BIN)/mypy src tests
	$(BIN)/lint-imports
	git ls-files -z 'templates/*.html' | xargs -0 -r $(BIN)/djade --check --target-version 5.2
	$(AS_IN_PRODUCTION) $(BIN)/python manage.py makemigrations --check --dry-run
	$(AS_IN_PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(AS_IN_PRODUCTION) $(BIN)/python manage.py spectacular --validate --fail-on-warn --file /dev/null

bench: .venv/test.installed
	@$(BIN)/python -m benchmarks

# Every fault at its full length, as a table of what was accepted, stored, lost and doubled.
faults: .venv/test.installed
	@$(BIN)/python -m tests.faults

# Half an hour or more on a machine that does nothing else; writes docs/performance.md.
performance: bench
	@$(BIN)/python -m benchmarks.curve
	@$(BIN)/python -m benchmarks.page

requirements: .venv/test.installed
	for list in base s3 test; do \
	  $(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --no-emit-find-links requirements/$$list.in -o requirements/$$list.txt \
	  || exit 1; done

# pip runs again only when a list of pins is newer than the stamp beside it.
.venv/base.installed: requirements/base.txt | $(BIN)/python
	@echo "Installing what the site needs (once, about a minute)"
	@$(PIP) -r requirements/base.txt
	@touch $@

.venv/test.installed: requirements/test.txt .venv/base.installed
	@echo "Installing what the tests need"
	@$(PIP) -r requirements/base.txt -r requirements/test.txt
	@touch $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { \
	  echo "Catchall needs Python 3.11 or later; no $(PYTHON) was found." \
	       "Another one: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Catchall needs Python 3.11 or later; $$($(PYTHON) --version) is older." \
	       "Another one: make run PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments." \
	       "On Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(PYTHON) -m venv .venv
