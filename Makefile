# Commands that do their own set-up: `make demo`, `make bare` and `make test`.
# They need Python 3.11 or newer, git, and a package index.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check
# Old Pythons have to understand it.
SUITABLE_PYTHON = command -v $(PYTHON) > /dev/null || { echo "There is no $(PYTHON): \
install Python 3.11 or newer, or say where it is: make PYTHON=/path/to/python" >&2; exit 1; }; \
$(PYTHON) -c 'import sys; sys.exit(None if sys.version_info >= (3, 11) else "Unladen needs Python \
3.11 or newer, and $(PYTHON) is %d.%d: say where one is: make PYTHON=/path/to/python" \
% sys.version_info[:2])'
# Some files of tests at a time; tests/conftest.py says how many, and which first.
SIDE_BY_SIDE := --numprocesses auto --dist loadfile --no-loadscope-reorder
# Tests start a thousand processes: what those import is compiled once, whatever the shell says.
PYTEST := env -u PYTHONDONTWRITEBYTECODE $(BIN)/python -m pytest $(SIDE_BY_SIDE)
CHECK_TYPES := $(BIN)/mypy && $(BIN)/lint-imports
# Types, which one core checks for half a minute, beside the tests. What is wrong is said at the end.
WITH_TYPES = @said=$$(mktemp); { $(CHECK_TYPES); } > $$said 2>&1 & types=$$!; \
$(1); tests=$$?; wait $$types; types=$$?; cat $$said; rm $$said; [ $$tests -eq 0 ] && [ $$types -eq 0 ]

.PHONY: demo bare test test-all test-fast mutants check check-js check-style clean

demo: $(VENV)/ready
	@$(BIN)/unladen demo

# Code 3: some benchmark failed, which the table shows.
bare: $(VENV)/ready
	@mkdir -p .asv/bare
	@echo "Measuring the floor, some minutes; asv tells how far it is in .asv/bare/run.log"
	@$(BIN)/unladen --target bare run > .asv/bare/run.log || [ $$? -eq 3 ] \
		|| { tail -n 3 .asv/bare/run.log; exit 1; }
	@$(BIN)/unladen --target bare table --short

test: check-style check-js
	$(call WITH_TYPES,$(PYTEST))

test-all: check-style check-js
	$(call WITH_TYPES,UNLADEN_TEST_ALL=1 $(PYTEST))

test-fast: $(VENV)/installed
	$(PYTEST) -m 'not slow'

mutants: $(VENV)/installed
	$(BIN)/python tests/mutants/run.py

check: check-style check-js
	$(CHECK_TYPES)

check-style: $(VENV)/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check

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

# What the user's commands need, and with pip's progress, for it takes a while.
$(VENV)/ready: pyproject.toml
	@$(SUITABLE_PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) --editable .
	@touch $@

# What the tests need as well.
$(VENV)/installed: pyproject.toml
	@$(SUITABLE_PYTHON)
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) --quiet --editable '.[dev]'
	@touch $(VENV)/ready $@

clean:
	rm -rf $(VENV) .asv html node_modules
