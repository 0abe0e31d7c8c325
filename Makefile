# make demo · make test · make check · make bench · make endurance · make pictures
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
APP_STAMP := $(VENV)/.app-installed
# Twice the cores that the tests are made for: half of their time they wait, for git and for paints.
PYTEST := $(BIN)/pytest -n 4 --dist worksteal
# Tests of the app that are measured: they reach nearly all of `tui/`. Measuring costs half of a test's time
# again, so the others go without.
APP := brief browse changing config conflicts deleted edit edit_source end_session file_history help history \
	markdown_pages marking marks merging new problems search sidebar status timeline trends welcome
MEASURED := $(APP:%=tests/app/test_%.py)
# Every command that a test starts would compile memarium anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check types house imports style bench endurance pictures clean

# The tools of development are not needed for it; where they are installed, so is memarium.
demo: $(if $(wildcard $(STAMP)),$(STAMP),$(APP_STAMP))
	@$(BIN)/memarium demo

test: check
	$(PYTEST) --cov --cov-report=term:skip-covered tests/unit
	TEXTUAL_FPS=15 $(PYTEST) --cov=tui --cov-report=term:skip-covered $(MEASURED)
	TEXTUAL_FPS=15 $(PYTEST) tests/app tests/commands tests/terminal tests/endurance $(MEASURED:%=--ignore=%)

# Two at a time: each of them works on one core.
check: $(STAMP)
	@$(MAKE) --jobs=2 --no-print-directory types house imports style

types: $(STAMP)
	$(BIN)/mypy

house: $(STAMP)
	$(BIN)/pytest tests/house

imports: $(STAMP)
	$(BIN)/lint-imports

style: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

bench: $(STAMP)
	$(BIN)/python benchmarks/bench.py

# Random damage, kills, merges and syncs for a long while; SEED=N begins elsewhere.
endurance: $(STAMP)
	ENDURANCE=long $(PYTEST) --timeout 3600 tests/endurance

# Those of the README; needs Chromium and Fira Code.
pictures: $(STAMP)
	$(BIN)/python docs/pictures.py

# Python 3.11 or newer and git are all that must be there before.
define make_venv
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "memarium needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)
endef

$(STAMP): pyproject.toml
	$(make_venv)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# Its progress is shown: it takes half a minute.
$(APP_STAMP): pyproject.toml
	$(make_venv)
	$(BIN)/python -m pip install --disable-pip-version-check --editable .
	@touch $@

clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .coverage .hypothesis
