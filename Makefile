PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3 2>/dev/null))
VENV := .venv
READY := $(VENV)/.ready
PYTEST_WORKERS ?= 2
STACK ?= staging

.DEFAULT_GOAL := plan
.PHONY: help plan up-local down-local test test-many check test-lowest bench bench-engine docs secret-formats policy-pack dist pulumi lock clean

help:  ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-13s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

plan: $(READY)  ## Plan the example's staging and prod offline: resources, policy violations, monthly cost
	@status=0; for stack in staging prod; do \
	  $(VENV)/bin/apprunner plan --stack $$stack --policy-config policies/config/$$stack.json || status=$$?; \
	done; exit $$status

up-local: $(READY)  ## Run `pulumi up` of the example (STACK=staging) against a local AWS, which keeps running
	@$(VENV)/bin/apprunner local up --stack $(STACK)

down-local: $(READY)  ## Destroy what up-local created, and stop the local AWS
	@$(VENV)/bin/apprunner local down

test: $(READY)  ## Run every test (without a Pulumi CLI or Go, the tests on the Pulumi engine are skipped)
	@tools/pulumi/find-or-build .build/pulumi >/dev/null || true
	@$(VENV)/bin/pytest -q -rs -n $(PYTEST_WORKERS) --dist loadgroup

check: $(READY)  ## Check lint, format and types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/pyright --warnings

bench: $(READY)  ## Measure time and memory offline, compared with a hand-written program
	@$(VENV)/bin/python benchmarks
	@$(VENV)/bin/python benchmarks/rules.py

bench-engine: $(READY)  ## Measure the same on the Pulumi engine, with and without the policy pack
	@$(VENV)/bin/python benchmarks/on_engine.py

test-many: $(READY)  ## Change forty services in one `up`, at each parallelism, ten times in a row
	@REPETITIONS=10 ENGINE=required $(VENV)/bin/pytest -q -s tests/engine/test_many.py

test-lowest: .venv-lowest/.ready  ## Run the tests without the Pulumi engine on the lowest supported versions
	@.venv-lowest/bin/pytest -q -n $(PYTEST_WORKERS) --ignore tests/engine

# Without --quiet: mkdocs then logs no warnings, and its strict mode, which counts them, passes broken links.
docs: $(READY)  ## Regenerate the generated pages, and build the documentation as a site in .build/site
	@$(VENV)/bin/python tools/arguments.py
	@$(VENV)/bin/python tools/argument_dicts.py
	@$(VENV)/bin/python tools/outputs.py
	@$(VENV)/bin/python tools/cli.py
	@$(VENV)/bin/python tools/changes.py
	@$(VENV)/bin/python tools/policies.py
	@NO_MKDOCS_2_WARNING=1 $(VENV)/bin/mkdocs build

secret-formats: $(READY)  ## Regenerate the formats of vendors' tokens from a checkout of gitleaks (GITLEAKS=folder)
	@$(VENV)/bin/python tools/gitleaks.py '$(GITLEAKS)/config/gitleaks.toml' "$$(git -C '$(GITLEAKS)' rev-parse HEAD)"
	@$(VENV)/bin/ruff format --quiet policies/apprunner_policies/plaintext/gitleaks.py

policy-pack: $(READY)  ## Write the folder for `pulumi policy publish`
	@$(VENV)/bin/python tools/policy_pack.py

dist: $(READY)  ## Build the wheel and the sdist, and install each into a clean environment (TAG=v1.2.3 checks the version)
	@$(VENV)/bin/python tools/distributions.py $(if $(TAG),--tag '$(TAG)')

pulumi:  ## Print the folder of a Pulumi CLI; without one on PATH, build it with Go (4 minutes, once)
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
	@echo "Setting up $(1): a minute or two, once" >&2
	@rm -rf $(1) && $(PYTHON) -m venv $(1)
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(2)
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(1)/.ready
endef
