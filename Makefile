# What people type: make run. The rest: make test, make check.
PYTHON ?= python3
PORT ?= 8000
OPEN ?= 1
# More for pytest: make test ARGS="tests/calls -x"
ARGS ?=

BIN := .venv/bin
STAMP := .venv/.installed

.PHONY: install run test check bench browser translations pictures
.DEFAULT_GOAL := run

install: $(STAMP)

run: $(STAMP)
	@exec $(BIN)/hotline demo --port $(PORT) $(if $(filter 0,$(OPEN)),--no-open)

test: $(STAMP)
	@$(MAKE) --no-print-directory browser || echo "The browser tests will fail; the others run."
	@$(BIN)/pytest $(ARGS)

check: $(STAMP)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m hotline.store.check

# SQLite, and PostgreSQL when DATABASE_URL names one (in a schema of its own): a few minutes.
bench: $(STAMP)
	@$(BIN)/python -m tests.bench

# The pictures in the README.
pictures: $(STAMP) browser
	@PICTURES=docs/images $(BIN)/pytest tests/browser/test_pictures.py

# After a text of the pages has changed: what is new stands untranslated in the .po file; then run it again.
PO := hotline/dashboard/translations/en/LC_MESSAGES/messages
translations: $(STAMP)
	@$(BIN)/pybabel -q extract -F hotline/dashboard/translations/babel.cfg -k translated -k _ --no-location \
		--sort-output --project Hotline --version 1 -o $(PO).pot hotline/dashboard
	@$(BIN)/pybabel -q update --no-fuzzy-matching --ignore-obsolete --no-wrap -D messages -l en \
		-i $(PO).pot -d hotline/dashboard/translations
	@rm $(PO).pot
	@sed -i -e 's/FULL NAME <EMAIL@ADDRESS>/Hotline/; s/EMAIL@ADDRESS//; s/en <LL@li.org>/en/' $(PO).po
	@$(BIN)/pybabel -q compile -D messages -l en -d hotline/dashboard/translations --statistics

# The browser tests drive Debian's chromium, or the one that CHROMIUM names.
browser:
	@if [ -n "$$CHROMIUM" ] || command -v chromium >/dev/null; then \
		: ; \
	elif [ "$$(id -u)" = 0 ] && [ -e /etc/debian_version ]; then \
		echo "Installing chromium for the browser tests (once, about a minute)…"; \
		apt-get -qq update >/dev/null && \
		DEBIAN_FRONTEND=noninteractive apt-get -qq install --no-install-recommends chromium >/dev/null; \
	else \
		echo "No chromium found. Install it (Debian: apt-get install chromium) or name one in CHROMIUM." >&2; \
		exit 1; \
	fi

# Again only when the requirements have changed; uv is used where it is, pip is enough.
$(STAMP): pyproject.toml requirements/all.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.13" >&2; \
		exit 1; }
	@echo "Installing what Hotline needs into .venv (once; with pip it takes about a minute)…"
	@if command -v uv >/dev/null; then \
		uv venv --quiet --allow-existing --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv && \
		uv pip install --quiet --python $(BIN)/python -r requirements/all.txt && \
		uv pip install --quiet --python $(BIN)/python --no-deps -e . ; \
	else \
		$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { \
			echo "Python's venv is missing (Debian: apt-get install python3-venv)." >&2; exit 1; }; \
		$(PYTHON) -m venv .venv && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/all.txt && \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -e . ; \
	fi
	@touch $@
