# `make` alone lists the targets, with the text after ##. Targets that need .venv make it, and update it when a
# requirements file has changed.

SHELL := /bin/sh
BASE_PYTHON ?= python3
PYTHON := .venv/bin/python
# The processes of a test run; each has its own database in one PostgreSQL.
TEST_PROCESSES ?= 2
PACKAGES := uit reservations credits organisers

# Else each process compiles again all that it imports, and the tests start hundreds of processes.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help run test check bench attack format words lock clean fresh

help: ## List the targets
	@printf 'make <what>\n\n'
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  \1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{ printf "%-9s %s\n", $$1, $$2 }'
	@printf '\nPORT=, DATABASE_URL= and REDIS_URL= are honoured: make run PORT=9000\n'

run: .venv/.stamp-run ## Serve pages, API and worker with two example regions, at 127.0.0.1:8000
	@$(PYTHON) -m uit serve

test: .venv/.stamp-dev ## All tests, the browser's journeys included
	@tools/need chromium
	@tools/need caddy
	@tools/need curl
	@tools/stripe-openapi
	@tools/invoice-rules
	@$(PYTHON) -m pytest -n $(TEST_PROCESSES)

check: .venv/.stamp-dev ## Format, lint, types, import contracts, SQL and templates, changing nothing
	@.venv/bin/ruff format --check --quiet .
	@.venv/bin/ruff check --quiet .
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo
	@.venv/bin/squawk uit/migrations/*.sql
	@.venv/bin/djlint --check templates
	@.venv/bin/djlint --quiet --lint templates

bench: .venv/.stamp-dev ## Measure bookings and reading over HTTP, against an echo and one transaction each
	@tools/need wrk
	@$(PYTHON) -m bench

attack: .venv/.stamp-dev ## Do what strangers and bad days do, at its real size, and measure what others notice
	@tools/need caddy
	@$(PYTHON) -m attack

format: .venv/.stamp-dev ## Format Python and templates
	@.venv/bin/ruff check --quiet --fix-only .
	@.venv/bin/ruff format --quiet .
	@.venv/bin/djlint --quiet --reformat templates || true

words: .venv/.stamp-dev ## Collect the words for people in uit.pot, for who translates them
	@.venv/bin/pybabel --quiet extract --mapping-file pyproject.toml --output-file uit.pot $(PACKAGES) templates

lock: .venv/.stamp-dev ## Pin the newest versions that pyproject.toml allows, with their hashes
	@.venv/bin/uv pip compile $(LOCK) --output-file requirements.txt pyproject.toml
	@.venv/bin/uv pip compile $(LOCK) --output-file requirements-embedded.txt --group embedded \
	    --constraint requirements.txt
	@.venv/bin/uv pip compile $(LOCK) --output-file requirements-dev.txt --group dev \
	    --constraint requirements.txt --constraint requirements-embedded.txt pyproject.toml

clean: ## Remove what tools left behind; .venv and .uit stay
	@rm -rf .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find $(PACKAGES) tests bench attack -name __pycache__ -prune -exec rm -rf {} +

fresh: clean ## Remove .venv and .uit, the example's data, as well
	@rm -rf .venv .uit

# One file for Linux, macOS and every supported Python; only versions of some days old (tool.uv in pyproject.toml).
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --annotation-style line

# Wheels only: a machine without a compiler then fails at once, with a clear error.
INSTALL := $(PYTHON) -m pip install --quiet --disable-pip-version-check --no-compile \
    --only-binary :all: --require-hashes --requirement

# What uit needs, and its own stores and mail catcher; an installation has others, and takes requirements.txt alone.
.venv/.stamp-run: requirements.txt requirements-embedded.txt | .venv/bin/python
	@echo "Installing what uit needs; this happens once."
	@$(INSTALL) requirements.txt --requirement requirements-embedded.txt
	@touch $@

# The requirements for development include those for running, in the same versions.
.venv/.stamp-dev: requirements.txt requirements-embedded.txt requirements-dev.txt | .venv/bin/python
	@echo "Installing what the tests and checks need; this happens once."
	@$(INSTALL) requirements-dev.txt
	@touch .venv/.stamp-run $@

.venv/bin/python:
	@$(BASE_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	    echo "uit needs Python 3.11 or newer: make BASE_PYTHON=python3.12 ..." >&2; exit 1; }
	@$(BASE_PYTHON) -m venv .venv || { rm -rf .venv; \
	    echo "Python cannot make a virtual environment here; on Debian: apt-get install python3-venv" >&2; exit 1; }
