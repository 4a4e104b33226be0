# With uv, the set-up takes seconds instead of a minute or two. `make UV= ...` uses pip.
UV ?= $(shell command -v uv 2>/dev/null)
PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3 2>/dev/null))
VENV := .venv
READY := $(VENV)/.ready
PYTEST_WORKERS ?= 2
STACK ?= staging

.DEFAULT_GOAL := plan
.PHONY: help plan up-local down-local test test-many check test-lowest bench bench-engine docs secret-formats policy-pack dist pulumi lock clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s  %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

plan: $(READY)  ## Plan the example offline: staging, prod
	@status=0; for stack in staging prod; do \
	  $(VENV)/bin/apprunner plan --stack $$stack --policy-config policies/config/$$stack.json || status=$$?; \
	done; exit $$status

up-local: $(READY)  ## `pulumi up` of the example (STACK=staging) on a local AWS
	@$(VENV)/bin/apprunner local up --stack $(STACK)

down-local: $(READY)  ## Destroy what up-local created, and stop the local AWS
	@$(VENV)/bin/apprunner local down

test: $(READY)  ## Run every test; those on the engine need a Pulumi CLI or Go
	@tools/pulumi/find-or-build .build/pulumi >/dev/null || true
	@$(VENV)/bin/pytest -q -rs -n $(PYTEST_WORKERS) --dist loadgroup

check: $(READY)  ## Check lint, format and types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/pyright --warnings

bench: $(READY)  ## Measure time and memory against a hand-written program
	@$(VENV)/bin/python benchmarks
	@$(VENV)/bin/python benchmarks/rules.py

bench-engine: $(READY)  ## Measure the same on the Pulumi engine
	@$(VENV)/bin/python benchmarks/on_engine.py

test-many: $(READY)  ## Change forty services in one `up`, ten times in a row
	@REPETITIONS=10 ENGINE=required $(VENV)/bin/pytest -q -s tests/engine/test_many.py

test-lowest: .venv-lowest/.ready  ## Run the tests but tests/engine on the lowest versions
	@.venv-lowest/bin/pytest -q -n $(PYTEST_WORKERS) --ignore tests/engine

# Without --quiet: mkdocs then logs no warnings, and its strict mode, which counts them, passes broken links.
docs: $(READY)  ## Regenerate pages, and build the site in .build/site
	@$(VENV)/bin/python tools/iam_reference.py
	@$(VENV)/bin/python tools/arguments.py
	@$(VENV)/bin/python tools/argument_dicts.py
	@$(VENV)/bin/python tools/outputs.py
	@$(VENV)/bin/python tools/cli.py
	@$(VENV)/bin/python tools/changes
	@$(VENV)/bin/python tools/evidence.py
	@$(VENV)/bin/python tools/policies.py
	@NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build

secret-formats: $(READY)  ## Regenerate token formats from gitleaks (GITLEAKS=folder)
	@$(VENV)/bin/python tools/gitleaks.py '$(GITLEAKS)/config/gitleaks.toml' "$$(git -C '$(GITLEAKS)' rev-parse HEAD)"
	@$(VENV)/bin/ruff format --quiet policies/apprunner_policies/plaintext/gitleaks.py

policy-pack: $(READY)  ## Write the folder for `pulumi policy publish`
	@$(VENV)/bin/python tools/policy_pack.py

dist: $(READY)  ## Build and install wheel and sdist (TAG=v1.2.3 checks it)
	@$(VENV)/bin/python tools/distributions.py $(if $(TAG),--tag '$(TAG)')

pulumi:  ## Print a Pulumi CLI's folder, or build one (4 minutes)
	@tools/pulumi/find-or-build .build/pulumi

lock: $(READY)  ## Pin the newest and the lowest versions in the lock files
	@$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --all-extras --group dev --group docs pyproject.toml -o requirements.lock
	@$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --resolution lowest-direct --all-extras --group dev --group docs pyproject.toml -o requirements-lowest.lock

clean:  ## Delete everything that make created
	@rm -rf dist .venv .venv-lowest .build .local .pytest_cache .ruff_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	$(call set-up,$(VENV),requirements.lock)

.venv-lowest/.ready: requirements-lowest.lock pyproject.toml
	$(call set-up,.venv-lowest,requirements-lowest.lock)

define set-up
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is required, but none is on PATH" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is required, got " + sys.version.split()[0] + ". Run make PYTHON=... with another one")'
	@echo "Setting up $(1) with $(if $(UV),uv,pip: a minute or two, once)" >&2
	@rm -rf $(1) && $(if $(UV),$(UV) venv --quiet --seed --no-project --python $(PYTHON) $(1),$(PYTHON) -m venv $(1))
	@$(call install,$(1)) --require-hashes --requirement $(2)
	@$(call install,$(1)) --no-deps --no-build-isolation --editable .
	@touch $(1)/.ready
endef

install = $(if $(UV),$(UV) pip install --quiet --python $(1)/bin/python,$(1)/bin/python -m pip install --quiet --disable-pip-version-check)
