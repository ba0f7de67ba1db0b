# Treffsicher. `make` lists what there is; `make run` and `make test` are all one needs.
SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
BIN := $(VENV)/bin
CODE := layers geo_app tests
# The first Python on this machine that is new enough, or the one you name: make setup PYTHON=…
PYTHON ?= $(firstword $(foreach p,python3.11 python3.12 python3.13 python3.14 python3 python,\
  $(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo $(p))))
PIP := $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check
# Stamps: each is made again only when what it was made from has changed.
INSTALLED := $(VENV)/.installed
INSTALLED_DEV := $(VENV)/.installed-dev
ASSETS := geo_app/static/vendor/.made

.PHONY: help setup run test check format lock messages pictures bench clean

help: ## list these targets
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

setup: $(INSTALLED) $(ASSETS) ## set up: packages in .venv, fonts and scripts of the pages

run: setup ## serve at http://127.0.0.1:5000, with the invented town if there is no city yet
	@$(BIN)/python -m geo_app sample --if-empty
	@$(BIN)/python -m geo_app serve

test: $(INSTALLED_DEV) $(ASSETS) ## run every test; says what it skips and why
	@PATH="$(CURDIR)/$(BIN):$$PATH" bash tests/everything.sh

check: $(INSTALLED_DEV) ## format, lint, types, import direction
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(INSTALLED_DEV) ## put the code into its form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --no-header --no-emit-index-url --no-emit-find-links $(UPGRADE)
lock: $(INSTALLED_DEV) ## write requirements*.txt from requirements*.in; UPGRADE=--upgrade for newer ones
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) requirements-dev.in --constraints requirements.txt --output-file requirements-dev.txt
	@$(LOCK) requirements-bench.in --constraints requirements-dev.txt --output-file requirements-bench.txt
	@sed -i '1i # Every package with its hashes; `make lock` writes this file.' requirements*.txt

messages: $(INSTALLED_DEV) ## gather the sentences of the pages for translation
	@mkdir -p var
	@$(BIN)/python -m babel.messages.frontend --quiet extract --mapping-file pyproject.toml --no-default-keywords \
	  --keywords "Text _" --sort-output --no-location --omit-header --no-wrap \
	  --output-file var/messages.pot .
	@$(BIN)/python -m babel.messages.frontend --quiet update --input-file var/messages.pot --output-dir geo_app/translations \
	  --no-fuzzy-matching --ignore-obsolete --omit-header --no-wrap

pictures: $(INSTALLED_DEV) $(ASSETS) ## take the picture in the README anew, from the invented town
	@$(BIN)/pytest tests/browser/picture.py

bench: $(INSTALLED_DEV) ## measure beside named peers; prints ratios, judges nothing
	@$(PIP) --require-hashes --requirement requirements-bench.txt
	@$(BIN)/pytest tests/benchmarks/bench_*.py -p no:xdist

clean: ## remove everything built, not the store in var/
	@rm -rf $(VENV) node_modules geo_app/static/vendor .hypothesis .import_linter_cache \
	  .mypy_cache .pytest_cache .ruff_cache test-results
	@find layers geo_app tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed; install it or name it: make setup PYTHON=…" >&2; exit 1; }
	@echo "Setting up with $$($(PYTHON) --version) in $(VENV) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "This Python cannot make environments; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }

$(INSTALLED): requirements.txt | $(VENV)/bin/python
	@echo "Installing packages …"
	@$(PIP) --require-hashes --requirement requirements.txt
	@touch $@

$(INSTALLED_DEV): requirements-dev.txt $(INSTALLED)
	@echo "Installing what tests and checks need …"
	@$(PIP) --require-hashes --requirement requirements-dev.txt
	@touch $@

$(ASSETS): package.json package-lock.json geo_app/maps/assets.py $(INSTALLED)
	@echo "Fetching fonts and scripts of the pages …"
	@$(BIN)/python -m geo_app.maps.assets
	@touch $@
