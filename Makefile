# `make help` lists what there is. Needs Python 3.11 or later, and nothing else.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
# Processes of a test run: each has an environment of its own in the one local AWS.
TEST_PROCESSES ?= 3
ENVIRONMENTS := local dev staging prod
REGION := ap-southeast-1

# The first Python that is new enough; `make PYTHON=...` names another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(shell for python in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$python -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo $$python && break; done)
endif

.PHONY: help setup run test check bench templates lock clean
.DEFAULT_GOAL := help

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make run takes PORT (8000), LOCAL_AWS_PORT (4566) and LOCAL_DIR (.local); make test takes ARGS for pytest."

setup: $(STAMP) ## make .venv and install everything into it

run: $(STAMP) ## run the whole service on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m docker.run

test: $(STAMP) ## run all tests
	@exec $(BIN)/python -m pytest -n $(TEST_PROCESSES) $(ARGS)

check: $(STAMP) ## lint, types, imports, templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m docker.offline mypy
	$(BIN)/lint-imports
	@rm -rf build/check
	@for env in $(ENVIRONMENTS); do \
		$(BIN)/python -m deploy build --env $$env --out build/check/first >/dev/null && \
		$(BIN)/python -m deploy build --env $$env --out build/check/second >/dev/null || exit 1; done
	diff -r build/check/first build/check/second
	$(BIN)/cfn-lint --regions $(REGION) -- build/check/first/*.json

bench: $(STAMP) ## measure latency and throughput
	@exec $(BIN)/python -m tests.load.bench $(ARGS)

templates: $(STAMP) ## write production's CloudFormation templates to build/templates
	@exec $(BIN)/python -m deploy build --env prod --out build/templates

lock: $(STAMP) ## pin the requirements again, with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove .venv and what was built; the data of the local stack stays
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Exists only after everything is installed: an interrupted installation is repeated.
$(STAMP): requirements.txt requirements-dev.txt
	@$(PYTHON) -c '$(NEW_ENOUGH)' >/dev/null 2>&1 || \
		{ echo "Smart Cooking needs Python 3.11 or later; name yours with make PYTHON=/path/to/python3" >&2; exit 1; }
	@test -x $(BIN)/python || { echo "Making $(VENV) with $(PYTHON)"; $(PYTHON) -m venv $(VENV); } || \
		{ rm -rf $(VENV); echo "$(PYTHON) -m venv failed; Debian and Ubuntu have it in the package python3-venv" >&2; exit 1; }
	@echo "Installing the requirements; this takes a minute the first time"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes \
		-r requirements.txt -r requirements-dev.txt
	@touch $(STAMP)
