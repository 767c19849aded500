# `make` or `make help` lists the targets. Works with GNU make 4 and any /bin/sh.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

VENV ?= .venv
PYTHON ?=
BIN := $(VENV)/$(if $(filter Windows_NT,$(OS)),Scripts,bin)
PY := $(BIN)/python
GOAL := $(or $(firstword $(MAKECMDGOALS)),run)
PATOKAZ := $(BIN)/patokaz

# The same test gives the same answer on every machine: one time zone, one locale, one hash seed.
STEADY := TZ=UTC LC_ALL=C.UTF-8 PYTHONHASHSEED=0
PYTEST := $(STEADY) $(PY) -m pytest
HOOKS_HOME := PRE_COMMIT_HOME="$(abspath $(VENV))/.pre-commit" PATH="$(abspath $(BIN)):$$PATH"

.PHONY: help install tools build run serve lab test test-slow lint format format-check types \
	contract docs spell hooks hooks-install check lock lock-check \
	bench bench-suite bench-sessions bench-pages soak walk faults pictures clean

help: ## List what can be made
	@echo "Patokaz: figures in, pages, dashboards and briefs out."
	@echo
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  \1|\2/p' $(firstword $(MAKEFILE_LIST)) \
		| awk -F'|' '{ printf "%-18s%s\n", $$1, $$2 }'
	@echo
	@echo "Another Python: make run PYTHON=python3.12   Another folder: make run VENV=other"

install: ## Make the environment (.venv) from requirements.lock
	@sh .ci/install.sh "$(VENV)" "$(GOAL)" "$(PYTHON)"

tools: ## Install what browser and document tests need beyond pip, where that is allowed
	@sh .ci/system_tools.sh

build: install ## Build the observations and the public zone
	@$(PATOKAZ) build

run: install ## Build, then make the pages and briefs of notebooks/suite.toml
	@$(PATOKAZ) build
	@$(PATOKAZ) run

serve: install ## Serve the pages and dashboards on this machine
	@$(PATOKAZ) serve

lab: install ## Open JupyterLab on the notebooks
	@$(PATOKAZ) lab

test: install tools ## Run the tests that take seconds
	@$(PYTEST) -n 2 -m "not slow"

test-slow: install tools ## Run the tests that start kernels, servers and whole suites
	@$(PYTEST) -n 2 -m slow

lint: install ## Check style and known mistakes
	@$(BIN)/ruff check .

format: install ## Set code and notebooks in the project's format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --select I --fix .

format-check: install ## Check the format, change nothing
	@$(BIN)/ruff format --check .

types: install ## Check types
	@$(BIN)/mypy

contract: install ## Check that imports go down only
	@$(BIN)/lint-imports

docs: install ## Test the documentation against the code
	@$(PYTEST) tests/docs

spell: install ## Check spelling
	@$(BIN)/codespell

hooks: install ## Run every hook on every file
	@$(HOOKS_HOME) $(BIN)/pre-commit run --all-files

hooks-install: install ## Run the hooks at every commit from now on
	@$(HOOKS_HOME) $(BIN)/pre-commit install

lock-check: install ## Check that pyproject.toml, environment.yml and the lock agree
	@$(PY) -m pip check
	@$(PYTEST) -q tests/house/test_environment.py

check: format-check lint types contract spell hooks lock-check ## All that is checked without running code

lock: ## Resolve the dependencies anew (needs uv)
	@command -v uv >/dev/null 2>&1 || { \
		echo "\`make lock\` needs uv. Install it (pipx install uv) and run it again." >&2; exit 1; }
	uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--extra test --extra dask pyproject.toml -o requirements.lock \
		--custom-compile-command "make lock"

bench-suite: install ## Run all 80 profiles with plain Papermill and with ours, and compare
	@$(PY) .ci/bench_suite.py

bench-sessions: install ## Open 20 dashboards at once with ordinary and with warm kernels
	@$(PY) .ci/bench_sessions.py

bench-pages: install ## Open pages and dashboards, beside stock Voila with stock kernels
	@$(PY) .ci/bench_pages.py

soak: install ## Ask for 200 dashboards at once, and use the server for an hour
	@PATOKAZ_SOAK_SECONDS=3600 PATOKAZ_CROWD=200 PATOKAZ_CROWD_SEATS=20 \
		$(PYTEST) -m slow tests/dashboard/serving/test_abuse.py

walk: install tools ## Look at every page and dashboard in each width and theme
	@PATOKAZ_REQUIRE_BROWSER=1 PATOKAZ_WALK=whole $(PYTEST) -n 2 -m slow tests/browser

faults: install ## Kill runs at random fifty times
	@PATOKAZ_FAULTS=50 $(PYTEST) -m slow tests/faults

bench: install ## Measure starting, building, a first and a second run
	@$(PY) .ci/bench.py
	@$(PY) .ci/bench_briefs.py

pictures: install ## Draw anew the pictures that tests compare with; look at them before you keep them
	@PATOKAZ_RENEW_PICTURES=1 $(PYTEST) tests/figures/test_baselines.py

clean: ## Remove the environment and caches; data, pages and briefs stay
	@rm -rf "$(VENV)" .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
	@find . -name __pycache__ -type d -not -path './.git/*' -prune -exec rm -rf {} +
