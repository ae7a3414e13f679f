# Commands that do their own set-up: `make demo`, `make bare` and `make test`.
# They need Python 3.11 or newer, git, and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# Some files of tests at a time; tests/conftest.py says how many, and which first.
SIDE_BY_SIDE := --numprocesses auto --dist loadfile --no-loadscope-reorder

.PHONY: demo bare test test-all test-fast mutants check check-js clean

demo: $(VENV)/installed
	@$(BIN)/unladen demo

# Code 3: some benchmark failed, which the table shows.
bare: $(VENV)/installed
	@mkdir -p .asv/bare
	@echo "Measuring the floor, some minutes; asv tells how far it is in .asv/bare/run.log"
	@$(BIN)/unladen --target bare run > .asv/bare/run.log || [ $$? -eq 3 ] \
		|| { tail -n 3 .asv/bare/run.log; exit 1; }
	@$(BIN)/unladen --target bare table --short

test: check
	$(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-all: check
	UNLADEN_ALL_TREES=1 $(BIN)/python -m pytest $(SIDE_BY_SIDE)

test-fast: $(VENV)/installed
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) -m 'not slow'

mutants: $(VENV)/installed
	$(BIN)/python tests/mutants/run.py

check: $(VENV)/installed check-js
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

# Without npm the site's JavaScript is not checked, and that is said; CI has to check it.
ifneq ($(shell command -v npm),)
check-js: node_modules/.package-lock.json
	npm run --silent check
else ifdef CI
check-js:
	$(error npm is not installed, and in CI the JavaScript of the site has to be checked)
else
check-js:
	@echo "The site's JavaScript is not checked: npm is not installed"
endif

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --silent --no-audit --no-fund
	touch $@

$(VENV)/installed: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) .asv html node_modules
