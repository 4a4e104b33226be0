PYTHON ?= $(firstword $(shell command -v python3.11 python3.12 python3.13 python3 2>/dev/null))
VENV := .venv
READY := $(VENV)/.ready
PYTEST_WORKERS ?= 2
STACK ?= staging

.PHONY: plan up-local down-local test test-many check test-lowest bench bench-engine docs policy-pack pulumi lock clean

plan: $(READY)  ## What both environments would make, which rules they break, what they cost: no account, no network
	@$(VENV)/bin/apprunner plan --stack staging --policy-config policies/config/staging.json
	@$(VENV)/bin/apprunner plan --stack prod --policy-config policies/config/prod.json

up-local: $(READY)  ## `pulumi up` of a stack (STACK=staging) on the real engine, against a local AWS that stays
	@PYTHONPATH=tests $(VENV)/bin/python -m localaws up --stack $(STACK)

down-local: $(READY)  ## Destroy what up-local made, and stop the local AWS
	@PYTHONPATH=tests $(VENV)/bin/python -m localaws down

test: $(READY)  ## Every test; those on the real engine are skipped, and say so, where there is none
	@tools/pulumi/find-or-build .build/pulumi >/dev/null || true
	@$(VENV)/bin/pytest -q -rs -n $(PYTEST_WORKERS) --dist loadgroup

check: $(READY)  ## Lint and types
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/pyright --warnings

bench: $(READY)  ## The components against a hand-written program, as ratios of time and memory
	@$(VENV)/bin/python benchmarks
	@$(VENV)/bin/python benchmarks/rules.py

bench-engine: $(READY)  ## The same on the real engine: preview, up, memory, and what the policy pack adds
	@$(VENV)/bin/python benchmarks/on_engine.py

test-many: $(READY)  ## Forty services changed in one `up`, at each parallelism, ten times in a row
	@REPETITIONS=10 ENGINE=required $(VENV)/bin/pytest -q -s tests/engine/test_many.py

test-lowest: .venv-lowest/.ready  ## Every test but the engine's on the lowest versions that pyproject.toml supports
	@.venv-lowest/bin/pytest -q -n $(PYTEST_WORKERS) --ignore tests/engine

docs: $(READY)  ## The pages that are generated
	@$(VENV)/bin/python tools/arguments.py
	@$(VENV)/bin/python tools/changes.py
	@$(VENV)/bin/python tools/policies.py

policy-pack: $(READY)  ## The folder that `pulumi policy publish` is run in
	@$(VENV)/bin/python tools/policy_pack.py

pulumi:  ## The folder of a Pulumi CLI with its Python host: the one on PATH, else one that is built here from its Go modules
	@tools/pulumi/find-or-build .build/pulumi

lock: $(READY)  ## Pin every version again
	@$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --all-extras --group dev pyproject.toml -o requirements.lock
	@$(VENV)/bin/uv pip compile --quiet --upgrade --universal --generate-hashes --python-version 3.11 \
	  --resolution lowest-direct --all-extras --group dev pyproject.toml -o requirements-lowest.lock

clean:
	@rm -rf .venv .venv-lowest .build .local .pytest_cache .ruff_cache .hypothesis

$(READY): requirements.lock pyproject.toml
	$(call set-up,$(VENV),requirements.lock)

.venv-lowest/.ready: requirements-lowest.lock pyproject.toml
	$(call set-up,.venv-lowest,requirements-lowest.lock)

define set-up
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and there is none on PATH" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0] + ": make PYTHON=... names another")'
	@echo "Setting up $(1): a minute or two, once" >&2
	@rm -rf $(1) && $(PYTHON) -m venv $(1)
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes --requirement $(2)
	@$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $(1)/.ready
endef
