# Two commands: `make report` builds the report, `make test` proves it. Both set up what they need.
YEAR ?= R5
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: report test fuzz errata bench lint lock clean

report: $(READY)
	$(BIN)/nenpo build $(YEAR)

# The executed chapters must reproduce their outputs (nbval); all else is pytest's.
test: $(READY) lint report
	$(BIN)/python -m pytest -n auto --dist loadfile
	$(BIN)/python -m pytest -q --nbval outputs/$(YEAR)/chapters

# Thousands of fresh inputs, and a thousand fresh orders of edits, builds and crashes; takes a quarter of an hour.
fuzz: $(READY)
	$(BIN)/python tests/fuzz/thousands.py --write docs/robustness.md
	NENPO_FRESH_EXAMPLES=1000 $(BIN)/python -m pytest -q tests/test_losses.py -k TestDesk

# Writes the pages of errata and of the figures in the prose from the data; tests hold them against it.
errata: $(READY)
	$(BIN)/python -m nenpo.review.errata $(YEAR)
	$(BIN)/python -m nenpo.prose.figures_page $(YEAR)

# Measures how long reports take, as ratios; takes half an hour.
bench: $(READY)
	$(BIN)/python -m compileall -q lib
	for part in build phases many ledger secrecy; do $(BIN)/python bench/$$part.py --write docs/performance.md || exit 1; done

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 以上が必要です（PYTHON=… で指定できます）" >&2; exit 2; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q lib  # as pip does for all packages but one that is installed in place
	$(BIN)/jupyter kernelspec install --sys-prefix --name nenpo --replace --log-level=ERROR lib/nenpo/warm/kernelspec
	@touch $@

# Writing the lock needs uv on the PATH; using it does not.
lock:
	uv pip compile pyproject.toml --extra dev --extra cluster --universal --python-version 3.11 --generate-hashes \
	  --no-header --no-annotate --no-emit-index-url --no-emit-find-links -o requirements.lock

# Chapters stay, and what is kept aside: an analyst may have written in them.
clean:
	rm -rf $(VENV) outputs/.cache outputs/R*/report.* outputs/R*/manifest.json
