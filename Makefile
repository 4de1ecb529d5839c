# Two commands on a fresh machine: `make run` and `make test`. The rest is for those who change things.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export FLASK_APP := app.py

.PHONY: run test check format lint types contracts bench lock messages docs clean

$(VENV)/ready: requirements.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --require-hashes -r requirements.txt
	touch $@

$(VENV)/ready-dev: requirements-dev.txt $(VENV)/ready
	$(BIN)/pip install --quiet --require-hashes -r requirements-dev.txt
	touch $@

run: $(VENV)/ready
	@$(BIN)/python -m karmyogi.demo.serve

test: $(VENV)/ready-dev
	@sh tests/install-browser.sh
	$(BIN)/pytest -n 2 --dist worksteal $(TESTS)

check: $(VENV)/ready-dev format lint types contracts test

format:
	$(BIN)/ruff format --check .

lint:
	$(BIN)/ruff check .

types:
	$(BIN)/mypy

contracts:
	$(BIN)/lint-imports

bench: $(VENV)/ready-dev
	$(BIN)/python -m tests.bench

# For maintainers: pin what requirements*.in ask for, with hashes.
lock: $(VENV)/ready-dev
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile -q --generate-hashes --no-annotate --no-emit-find-links --no-emit-index-url --python-version 3.11 requirements.in -o requirements.txt
	$(BIN)/uv pip compile -q --generate-hashes --no-annotate --no-emit-find-links --no-emit-index-url --python-version 3.11 requirements-dev.in -o requirements-dev.txt

# Bring new texts into the Hindi catalogue, and what WTForms says by itself; then translate what is empty.
messages: $(VENV)/ready
	@mkdir -p instance
	$(BIN)/pybabel -q extract -F babel.cfg -k N_ -k _l -k lazy_gettext --no-location --sort-output --no-wrap -o instance/messages.pot . $$($(BIN)/python -c "import wtforms; print(*wtforms.__path__)")
	$(BIN)/pybabel -q update -i instance/messages.pot -d karmyogi/translations -l hi --no-fuzzy-matching --ignore-obsolete --no-wrap --ignore-pot-creation-date

# Print docs/roles.md and docs/workflows.md from the tables in the code.
docs: $(VENV)/ready
	$(BIN)/python -m karmyogi.docs

clean:
	rm -rf $(VENV) instance .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# The walks in a real Chromium; a few minutes on an idle machine.
.PHONY: walk
walk: $(VENV)/ready-dev
	@sh tests/install-browser.sh
	$(BIN)/pytest tests/journeys

# Take the pictures of the handbook anew.
.PHONY: guide
guide: $(VENV)/ready-dev
	@sh tests/install-browser.sh
	KARMYOGI_GUIDE=1 $(BIN)/pytest tests/journeys/test_guide.py

# Back an invented State up while others write, bring it back elsewhere, and print how long it takes and what would be lost.
.PHONY: drill
drill: $(VENV)/ready-dev
	$(BIN)/python -m tests.drill
