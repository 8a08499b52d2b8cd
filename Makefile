# The interface to this repository. `make` alone lists every target.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.stamp
IMAGES := gateway policy ledger
ENGINE ?= $(firstword $(notdir $(shell command -v docker podman)))
OVERLAYS := deploy/k8s/base $(wildcard deploy/k8s/overlays/*)
MIGRATIONS = $(wildcard services/*/migrations/*.sql)
# Who has no home to write to, as some users of containers, gets no caches there and no failure.
ifneq ($(shell test -w "$${HOME:-$$(getent passwd "$$(id -u)" | cut -d: -f6)}" && echo yes),yes)
export UV_NO_CACHE := 1
export PIP_NO_CACHE_DIR := 1
endif
# uv trusts whom pip trusts: behind a proxy with a certificate of its own, the system knows that one.
ifneq ($(wildcard /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt),)
export UV_SYSTEM_CERTS ?= 1
endif
QUICK := $(wildcard tests/tidy tests/unit tests/property tests/golden tests/contract)

help: ## List every target
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(STAMP) ## Install everything into .venv (done by every other target when needed)

$(STAMP): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Reeve needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Say make PYTHON=python3.12, for instance.")'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the locked packages into $(VENV)"
	@awk '/^uv==/ {p = 1} p {print} p && !/\\$$/ {exit}' requirements/dev.txt > $(VENV)/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.txt
	@$(BIN)/uv pip sync --quiet --compile-bytecode --python $(BIN)/python requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q services libs reeve
	@touch $@

native: $(STAMP) ## Compile the judge's core with mypyc; without a C compiler it stays interpreted
	@$(BIN)/python deploy/native.py

homeserver: $(STAMP)
	@$(BIN)/python -m reeve.homeserver

check: $(STAMP) ## Lint, types, import contracts, generated code, prose, manifests; needs no server
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	MYPYPATH=proto $(BIN)/mypy proto/generate.py
	$(BIN)/lint-imports
	$(BIN)/deptry .
	$(BIN)/vulture
	$(BIN)/codespell
	$(BIN)/yamllint --strict .
	$(BIN)/buf lint proto
	$(BIN)/buf breaking proto --against proto/accepted.binpb
	$(BIN)/python proto/generate.py --check
	$(BIN)/python services/policy/tables/generate.py --check
	@test -z "$(MIGRATIONS)" || { echo "$(BIN)/squawk services/*/migrations/*.sql"; $(BIN)/squawk $(MIGRATIONS); }
	$(BIN)/hadolint deploy/Dockerfile
	$(BIN)/python deploy/grafana/dashboard.py --check
	$(BIN)/python deploy/k8s/users.py --check
	@mkdir -p build
	@for overlay in $(OVERLAYS); do \
		echo "$(BIN)/kubectl kustomize $$overlay | kubernetes-validate --strict"; \
		$(BIN)/kubectl kustomize $$overlay > build/manifests.yaml || exit 1; \
		$(BIN)/kubernetes-validate --strict --quiet build/manifests.yaml || exit 1; \
	done
	$(BIN)/pytest -q tests/tidy

fix: $(STAMP) ## Let the tools repair what they can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/codespell --write-changes
	$(BIN)/python proto/generate.py
	$(BIN)/python -m reeve.reference
	$(BIN)/python deploy/grafana/dashboard.py
	$(BIN)/python deploy/k8s/users.py

test: check homeserver native ## Everything a change must pass: check, all tests, the demo without a screen
	$(BIN)/pytest $(filter-out tests/tidy,$(QUICK)) tests/integration tests/e2e \
		tests/chaos/test_proof.py tests/chaos/test_short.py

test-all: test chaos bench ## test, and then the long ones: chaos and bench

unit: $(STAMP) ## Tests that need no server
	$(BIN)/pytest $(QUICK)

explore: $(STAMP) ## Tests that need no server, in another order, laws with examples never tried
	EXPLORE=1 $(BIN)/pytest -p randomly $(QUICK)

coverage: $(STAMP) ## Show that tests without servers reach every line and branch of the judge's core
	REEVE_INTERPRETED=1 $(BIN)/coverage run -m pytest -q tests/golden tests/unit/policy tests/property/policy
	$(BIN)/coverage report

integration: $(STAMP) ## Loops and adapters against real NATS and PostgreSQL
	$(BIN)/pytest tests/integration

e2e: homeserver ## All processes and a real Matrix homeserver
	$(BIN)/pytest tests/e2e

chaos: homeserver ## kill -9 of the judge 100 times, then of everything; JUDGE_KILLS, CHAOS_ROUNDS, CHAOS_SEED
	JUDGE_KILLS=$${JUDGE_KILLS:-100} $(BIN)/pytest tests/integration/policy/test_process.py -k killed
	$(BIN)/pytest tests/chaos/test_long.py

bench: native ## Measure against the budgets; writes build/bench.json
	$(BIN)/python -m tests.bench.run

proto: $(STAMP) ## Generate code and values from proto/
	$(BIN)/python proto/generate.py

tables: $(STAMP) ## Generate the tables of the text views from Unicode, OpenCC, pypinyin and chaizi
	$(BIN)/python services/policy/tables/generate.py

proto-accept: $(STAMP) ## Accept today's proto/ as what later changes may not break
	$(BIN)/buf build proto --exclude-source-info --output proto/accepted.binpb

lock: $(STAMP) ## Resolve requirements/*.txt anew
	@for extra in dev $(IMAGES); do \
		echo "requirements/$$extra.txt"; \
		$(BIN)/uv pip compile pyproject.toml --extra $$extra --universal --python-version 3.11 \
			--generate-hashes --no-annotate --no-header --quiet --output-file requirements/$$extra.txt || exit 1; \
	done
	@echo requirements/synapse.txt
	@$(BIN)/uv pip compile requirements/synapse.in --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --quiet --output-file requirements/synapse.txt
	@echo requirements/native.txt
	@$(BIN)/uv pip compile requirements/native.in --constraints requirements/dev.txt --universal --python-version 3.11 \
		--generate-hashes --no-annotate --no-header --quiet --output-file requirements/native.txt

docs: $(STAMP) ## Write the generated pages of docs/ and deploy/ anew
	$(BIN)/python -m reeve.reference
	$(BIN)/python deploy/grafana/dashboard.py
	$(BIN)/python deploy/k8s/users.py

image: ## Build the three container images (needs docker or podman)
	@test -n "$(ENGINE)" && $(ENGINE) info >/dev/null 2>&1 || \
		{ echo "make image needs a running docker or podman, and there is none here." >&2; exit 1; }
	@for service in $(IMAGES); do \
		$(ENGINE) build --file deploy/Dockerfile --build-arg SERVICE=$$service --tag reeve-$$service . || exit 1; \
	done

up: native ## Start the local stack: NATS, PostgreSQL and the services
	$(BIN)/reeve up

down: $(STAMP) ## Stop the local stack; its data is kept
	$(BIN)/reeve down

status: $(STAMP) ## Say what of the local stack runs, and where
	$(BIN)/reeve status

demo: homeserver ## A story of a minute in a real Matrix room; HEADLESS=1 verifies it and stops
	$(BIN)/reeve demo $(if $(HEADLESS),--headless)

ci: ## What CI runs: test with nothing to ask and a clean tree afterwards
	.ci/run

clean: ## Remove what is built and cached, and keep .venv and .reeve
	rm -rf build dist .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +

.PHONY: help setup native check fix test test-all unit explore coverage integration e2e chaos bench proto proto-accept tables lock \
	homeserver docs image up down status demo ci clean
