# Everything runs from .venv. `make serve` installs what the server needs; the first command that needs more, the rest.
# Both are done once, and again when pyproject.toml changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime
STAMP := $(VENV)/.installed
ARGS ?=

# The tests start mock-sma as a process many times; without the bytecode of the last time each start compiles it anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup install serve test test-fast test-browser test-container lint lock docs bench generated release clean
.DEFAULT_GOAL := setup

setup: $(STAMP)

TYPED := $(strip make $(MAKECMDGOALS))
$(RUNTIME): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "mock-sma needs Python 3.11 or newer: make PYTHON=python3.12 …")'
	@$(PYTHON) tools/environment.py $(VENV) "$(TYPED)"
	@touch $@

$(STAMP): $(RUNTIME)
	@$(PYTHON) tools/environment.py $(VENV) "$(TYPED)" --dev
	@$(BIN)/python tools/apart.py
	@touch $@

install: $(RUNTIME)

serve: $(RUNTIME)
	@exec $(BIN)/mock-sma serve $(ARGS)

test: $(STAMP)
	$(BIN)/python -m pytest -n 2 --hypothesis-profile=thorough --cov --cov-report=term-missing:skip-covered $(ARGS)

test-fast: $(STAMP)
	$(BIN)/python -m pytest -n 2 -m "not slow and not browser and not container" --ignore=tests/browser --ignore=tests/container $(ARGS)

test-browser: $(STAMP)
	$(BIN)/python -m pytest -m browser $(ARGS)

test-container: $(STAMP)
	cd tests/newman && npm ci --no-audit --no-fund --no-update-notifier
	$(BIN)/python -m pytest -m container $(ARGS)

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

docs: $(STAMP)
	$(BIN)/properdocs build --strict $(ARGS)

# The image's packages, each with the hashes of all its wheels: for Python 3.11 and newer, on every processor.
LOCK := pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --upgrade
lock: $(STAMP)
	$(BIN)/uv $(LOCK) --extra redis --custom-compile-command "make lock" pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv $(LOCK) --custom-compile-command "make lock" requirements/build.in -o requirements/build.txt

# Everything in the repository that is made of something else in it: schema, reference, pages, examples, sums, plots.
generated: $(STAMP)
	$(BIN)/python -m tools.generated $(ARGS)

# Packages, SBOM, checksums and, with ARGS="--key FILE", their signature, in dist. Nothing is uploaded.
release: $(STAMP)
	$(BIN)/python -m tools.release $(ARGS)

bench: $(STAMP)
	$(BIN)/python benchmarks/run.py $(ARGS)

clean:
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis
	rm -rf tests/newman/node_modules
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
