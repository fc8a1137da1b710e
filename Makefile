# Each target is complete alone: it needs make, git and Python 3.11 or later with the venv module.

VENV   := .venv
BIN    := $(VENV)/bin
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
PIP    := $(BIN)/python -m pip --disable-pip-version-check
# The lock names everything, so nothing is left to resolve: a release made since cannot come in through an extra.
LOCKED := --quiet --no-deps --require-hashes --only-binary=:all:

LOCKER := $(VENV)/uv
LOCK   := $(LOCKER)/bin/uv pip compile pyproject.toml --universal --generate-hashes --no-header --no-annotate --quiet

# Options a caller may set: make test ARGS="-k units" WORKERS=0, make bench CASES="gap", make soak MINUTES=60.
ARGS    ?=
CASES   ?= --all
MINUTES ?= 10
WORKERS ?= auto

# Benchmark data live outside the repository; a folder named by the caller wins.
ifndef COGOV_DATA
ifneq ($(wildcard ../shared/data/.),)
export COGOV_DATA := $(abspath ../shared/data)
endif
endif

.PHONY: demo test lint bench soak docs phrases reference lock pyz clean

demo: $(VENV)/run.done
	$(BIN)/cogov demo

test: $(VENV)/dev.done
	$(BIN)/python -m pytest --cov --numprocesses $(WORKERS) $(ARGS)

lint: $(VENV)/dev.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: $(VENV)/run.done
	$(BIN)/cogov bench $(CASES)

soak: $(VENV)/dev.done
	$(BIN)/python -m pytest tests/soak --soak=$(MINUTES) $(ARGS)

docs: $(VENV)/docs.done
	$(BIN)/python tools/check_docs.py
	$(BIN)/python tools/make_reference.py --check
	$(BIN)/zensical build --clean --strict
	$(BIN)/python tools/check_site.py dist/site

# The verifier knows the phrase sets it may meet: to be renewed when a phrase changes.
phrases: $(VENV)/run.done
	$(BIN)/python tools/renew_phrases.py

# The pages of docs/reference are written from the help of the commands.
reference: $(VENV)/run.done
	$(BIN)/python tools/make_reference.py

pyz: $(VENV)/run.done
	$(BIN)/python tools/make_pyz.py

# Removes what the other targets made, the environment included; never data or runs.
clean:
	rm -rf $(VENV) dist .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find cogov_opt tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

# The runtime pins constrain the test pins, so both files agree; no address is written into either.
lock: $(LOCKER)/made
	$(LOCK) --group build -o requirements/run.txt
	$(LOCK) --group build --group test -c requirements/run.txt -o requirements/dev.txt
	$(subst pyproject.toml,,$(LOCK)) --group docs -c requirements/run.txt -o requirements/docs.txt

$(LOCKER)/made: $(VENV)/made
	$(BIN)/python -m venv --clear $(LOCKER)
	$(LOCKER)/bin/python -m pip --disable-pip-version-check install --quiet uv
	@touch $@

$(VENV)/made:
	@test -n "$(PYTHON)" || { echo "cogov_opt needs Python 3.11 or later; set PYTHON=/path/to/python3.11" >&2; exit 1; }
	$(PYTHON) -m venv --clear $(VENV) || { echo "this Python has no venv; on Debian: apt-get install python3-venv" >&2; exit 1; }
	@touch $@

$(VENV)/run.done: $(VENV)/made requirements/run.txt pyproject.toml
	$(PIP) install $(LOCKED) -r requirements/run.txt
	PIP_REQUIRE_HASHES= $(PIP) install --quiet --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/docs.done: $(VENV)/run.done requirements/docs.txt
	$(PIP) install $(LOCKED) -r requirements/docs.txt
	@touch $@

$(VENV)/dev.done: $(VENV)/run.done requirements/dev.txt
	$(PIP) install $(LOCKED) -r requirements/dev.txt
	@touch $@
