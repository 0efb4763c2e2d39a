# One word for each need; `make` alone lists them.
PY ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
ARGS ?=
V := .venv
BIN := $(V)/bin
MANAGE := $(BIN)/python manage.py
WORKERS ?= 2
THREADS ?= 4
PEOPLE ?= 100000
TYPED := accounts/audit.py accounts/audit_verifying.py accounts/nir.py accounts/phones.py accounts/limits.py accounts/tokens.py accounts/services \
	accounts/spending.py accounts/franceconnect/[!fuv]*.py \
	rights/dossiers rights/services rights/rules rights/yearly rights/imports catalogue/search catalogue/places \
	catalogue/imports catalogue/exports catalogue/services.py catalogue/suspending.py catalogue/rebuilding.py catalogue/saved/queries.py \
	cpf_portal/news.py cpf_portal/ui
# The test database is made anew, and left to the server that goes away with it.
KEEP := --reuse-db --create-db
PYTEST := $(BIN)/pytest -q -n $(shell nproc)

.DEFAULT_GOAL := help
.PHONY: help run serve test test-sqlite test-postgres postgres-test test-fast check lint fix types bench bench-search bench-relevance bench-import bench-credit bench-desk test-long screens audit lock clean

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

$(V)/.run: requirements.txt
	$(PY) -m venv $(V)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(V)/.test: requirements-test.txt
	$(PY) -m venv $(V)
	$(BIN)/pip install -q --disable-pip-version-check --require-hashes -r requirements-test.txt
	@touch $@ $(V)/.run

tests/e2e/node_modules/.ok: tests/e2e/package-lock.json
	cd tests/e2e && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

tests/audit/node_modules/.ok: tests/audit/package-lock.json
	cd tests/audit && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

run: $(V)/.run ## the portal with demonstration data, on http://$(HOST):$(PORT) (Ctrl-C stops it)
	@$(MANAGE) prepare
	@PORTAL_ENV=development PORTAL_WELCOME=1 SITE_URL=http://$(HOST):$(PORT) exec $(BIN)/gunicorn \
		-c python:cpf_portal.serving cpf_portal.wsgi --bind $(HOST):$(PORT) --workers 1 --threads 8 --graceful-timeout 5 --log-level warning

serve: $(V)/.run ## gunicorn with production settings on the loopback, for load and security tests
	@$(BIN)/python -m tests.serve --port $(PORT) --workers $(WORKERS) --threads $(THREADS)

test: test-sqlite test-postgres ## the whole suite, browser journeys included, on SQLite then PostgreSQL

test-sqlite: $(V)/.test tests/e2e/node_modules/.ok
	$(PYTEST) $(ARGS)

test-postgres: $(V)/.test tests/e2e/node_modules/.ok
	$(BIN)/python -m tests.postgres $(PYTEST) $(KEEP) $(ARGS)

postgres-test: $(V)/.test ## chosen tests on PostgreSQL: make postgres-test ARGS="tests/rights -k race"
	$(BIN)/python -m tests.postgres $(BIN)/pytest $(KEEP) $(ARGS)

test-fast: $(V)/.test ## SQLite without the browser, last failures first
	$(PYTEST) --ff -x -m "not e2e and not slow" $(ARGS)

LONG := tests/rights/test_stateful.py tests/rights/yearly tests/rights/dossiers tests/rights/api
LONGER := PORTAL_EXAMPLES=2000 PORTAL_KILLS=30 PORTAL_ROUNDS=50

test-long: $(V)/.test ## the ledger and the dossiers at length on both databases: stories, kills, 50 rounds of races
	$(LONGER) $(PYTEST) -o timeout=1800 $(LONG)
	$(LONGER) $(BIN)/python -m tests.postgres $(PYTEST) -o timeout=1800 $(LONG)

check: lint types test ## all that the gate asks for
lint: $(V)/.test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --quiet --lint templates
	$(MANAGE) makemigrations --check --dry-run
	$(BIN)/python -m tests.production_check

types: $(V)/.test
	$(BIN)/mypy $(TYPED)

fix: $(V)/.test ## format and mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screens: $(V)/.test tests/e2e/node_modules/.ok ## pictures of each page and state in var/screens/index.html, and those of docs/support.md
	@$(BIN)/python -m tests.gallery $(ARGS)
	@$(BIN)/python -m tests.gallery.desk

audit: $(V)/.test tests/e2e/node_modules/.ok tests/audit/node_modules/.ok ## axe, Nu, Lighthouse and weights of the pages, in one table
	@$(BIN)/python -m tests.audit $(ARGS)

bench: $(V)/.test ## requests per second and p95 of the main pages, as ratios to an empty view
	$(BIN)/python -m tests.bench

OFFERS ?= 25000
bench-search: $(V)/.test ## the search at national size, as ratios: make bench-search OFFERS=250000
	$(BIN)/python -m tests.bench.search

bench-relevance: $(V)/.test ## our first ten answers beside those of PostgreSQL, query by query, into docs/
	$(BIN)/python -m tests.bench.relevance

bench-import: $(V)/.test ## an import beside bare parsing and bulk loading, on both databases: make bench-import OFFERS=250000
	$(BIN)/python -m tests.bench.importing --offers $(OFFERS)

bench-credit: $(V)/.test ## the yearly credit as a ratio to the plain INSERT of the same rows: PEOPLE=100000
	$(BIN)/python -m tests.bench.credit $(PEOPLE)
	$(BIN)/python -m tests.postgres $(BIN)/python -m tests.bench.credit $(PEOPLE)

bench-desk: $(V)/.test tests/e2e/node_modules/.ok ## each task of the desk in a real browser on both databases, with PEOPLE and ten movements each
	$(BIN)/python -m tests.bench.desk $(PEOPLE)
	$(BIN)/python -m tests.postgres $(BIN)/python -m tests.bench.desk $(PEOPLE)

lock: ## write the requirements with hashes again (needs uv)
	uv pip compile -q --generate-hashes --universal --python-version 3.11 \
		--custom-compile-command "make lock" requirements.in -o requirements.txt
	uv pip compile -q --generate-hashes --universal --python-version 3.11 \
		--custom-compile-command "make lock" requirements-test.in -o requirements-test.txt

clean: ## forget the environment, the demonstration data and the caches
	rm -rf $(V) var tests/e2e/node_modules .pytest_cache .mypy_cache .ruff_cache .hypothesis
