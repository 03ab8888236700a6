# make leaflets    build the repository's own leaflets into output/
# make test        run every test            make check       linters, types, import contract
# make pictures    redraw the README's picture         make bench   measure, and write benchmarks/RESULTS.md
# make page-images redraw the pages that tests compare: look at them before you commit them
# make docs        write docs/rules.md from the checks
# make safety      measure what the checks of translations catch, into benchmarks/safety/RESULTS.md
# Each does what set-up it needs, once.

PYTHON ?= python3
BIN := .venv/bin

.PHONY: leaflets test check pictures page-images docs safety bench clean
.DELETE_ON_ERROR:

leaflets: .venv/installed
	$(BIN)/polyleaf build

test: .venv/tested
	$(BIN)/pytest -n auto --dist loadgroup --no-loadscope-reorder

check: .venv/installed
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

pictures: .venv/tested
	$(BIN)/python tools/picture.py docs/leaflets.png

page-images: .venv/tested
	$(BIN)/python tests/page_images.py

docs: .venv/installed
	$(BIN)/polyleaf rule --markdown > docs/rules.md.new
	mv docs/rules.md.new docs/rules.md

safety: .venv/tested
	@test -x .venv/pofilter/bin/pofilter || $(PYTHON) -m venv .venv/pofilter
	@.venv/pofilter/bin/pip install --quiet --disable-pip-version-check translate-toolkit
	$(BIN)/python benchmarks/safety --pofilter .venv/pofilter/bin/pofilter

bench: .venv/tested
	$(BIN)/python benchmarks/bench.py

.venv/system: tools/system-packages
	@PYTHON=$(PYTHON) sh tools/system-packages build
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "error: Python 3.11 or newer is needed; name one with make PYTHON=python3.12")'
	@mkdir -p .venv && touch $@

.venv/installed: .venv/system pyproject.toml requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/tested: .venv/installed
	@PYTHON=$(PYTHON) sh tools/system-packages test
	@touch $@

clean:
	rm -rf .venv output
