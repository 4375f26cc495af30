# Bellwether. Needs Python 3.11 or newer and make; everything else is installed into .venv and .venv-dev here.
PYTHON ?= python3
PORT ?= 8000
JOBS ?= 2
NAME ?=
# What `make screenshots ONLY=en` restricts the pictures to.
ONLY ?=
# What `make test ARGS=tests/jobs` hands to pytest.
ARGS ?=

# Byte code is kept even where the environment says otherwise: every process starts three times as fast.
export PYTHONDONTWRITEBYTECODE :=

RUN = .venv/bin/python
DEV = .venv-dev/bin/python

.PHONY: help run test test-long test-examples faults ci fmt lint bench lock backup restore-verify screenshots clean

help:
	@echo "make run      start Bellwether on this machine: http://127.0.0.1:$(PORT)/ (PORT=, PYTHON=)"
	@echo "make test     the test suite on SQLite (ARGS=tests/jobs, JOBS=2)"
	@echo "make test-long  what make test asks of one register of each kind, asked of all the others"
	@echo "make test-examples  the property tests with other examples than those of make test, ten times as many"
	@echo "make faults   kill workers, broker and database under running jobs, one line per fault (PostgreSQL, Redis)"
	@echo "make ci       everything that must hold before a change lands (installs PostgreSQL, Redis, Chromium where missing)"
	@echo "make fmt      format the code        make lint   check it"
	@echo "make bench    all benchmarks, or one: make bench NAME=recompute"
	@echo "make lock     lock the packages named in requirements.in and requirements-dev.in"
	@echo "make screenshots  take the README's pictures again (Chromium; ONLY=zh or en)"
	@echo "make backup   copy database and files into var/backup/        make restore-verify  prove that the last one can be restored"

run: .venv/.installed
	@$(RUN) -c '' 2>/dev/null || sh scripts/setup.sh "$(PYTHON)" .venv requirements.txt
	@$(RUN) manage.py serve --port "$(PORT)"

test: .venv-dev/.installed
	@$(DEV) manage.py compile_catalogues
	@# Tables from the models, which lint holds equal to the migrations: eleven seconds less for each process. The suite on
	@# PostgreSQL and tests/pages/test_start_empty.py migrate from nothing.
	@$(DEV) -m pytest -q -n $(JOBS) --dist loadscope --nomigrations $(ARGS)

test-long: .venv-dev/.installed
	@$(DEV) manage.py compile_catalogues
	@$(DEV) -m pytest -q -n $(JOBS) --nomigrations -m long $(ARGS)

test-examples: .venv-dev/.installed
	@$(DEV) -m pytest -q -n $(JOBS) --nomigrations -m hypothesis --hypothesis-profile=search $(ARGS)

faults: .venv-dev/.installed
	@$(DEV) -m pytest -v --no-header -m services tests/services

ci:
	@.ci/run

fmt: .venv-dev/.installed
	@$(DEV) -m ruff check --fix-only --quiet .
	@$(DEV) -m ruff format .

lint: .venv-dev/.installed
	@$(DEV) scripts/lint.py

bench: .venv-dev/.installed
	@$(DEV) -m bench.run $(NAME)

lock: .venv-dev/.installed
	@sh scripts/lock.sh $(DEV)

backup: .venv/.installed
	@$(RUN) manage.py backup

# The newest, or BACKUP=var/backup/bellwether-20261122-120000
restore-verify: .venv/.installed
	@$(RUN) manage.py restore_verify $(BACKUP)

screenshots: .venv-dev/.installed
	@$(DEV) manage.py compile_catalogues
	@$(DEV) scripts/screenshots.py $(ONLY)

clean:
	rm -rf .venv .venv-dev .mypy_cache .ruff_cache .pytest_cache .import_linter_cache

.venv/.installed: requirements.txt scripts/setup.sh scripts/uv.txt
	@sh scripts/setup.sh "$(PYTHON)" .venv requirements.txt

.venv-dev/.installed: requirements.txt requirements-dev.txt scripts/setup.sh scripts/uv.txt
	@sh scripts/setup.sh "$(PYTHON)" .venv-dev requirements.txt requirements-dev.txt
