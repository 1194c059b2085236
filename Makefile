# One command per intention; `make` alone prints them. Needs Python 3.11 or newer, git and make.

PORT ?= 8000
DATA ?= .data
ARGS ?=
BIN := .venv/bin
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "make lock"

export PORT DATA
# Where it is set, every process compiles every module anew, which takes seconds each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help up test leaks faults lint format shape bench messages static lock sbom audit clean .venv

help:
	@echo "make up        start the trial on http://localhost:$(PORT)/ (PORT= DATA=)"
	@echo "make test      run the tests on servers of their own (ARGS=\"-k words\")"
	@echo "make lint      check code and templates;  make format  mends what it can"
	@echo "make leaks     look for leaks, every planted one included (minutes)"
	@echo "make faults    kill, stop and starve its parts, and see that people hardly notice (minutes)"
	@echo "make shape     run the tests that hold the architecture"
	@echo "make bench     measure, and write DATA/bench.json (OUT= ONLY=)"
	@echo "make messages  collect and compile the translations"
	@echo "make static    collect the static files"
	@echo "make sbom      write sbom.json, what the site is made of (CycloneDX)"
	@echo "make audit     look for known weaknesses of packages (needs the network)"
	@echo "make lock      write requirements/*.txt anew from pyproject.toml"

up: .venv/trial.ok
	@exec $(BIN)/python manage.py up $(ARGS)

test: .venv/dev.ok
	@exec $(BIN)/python -m pytest -n 2 --dist worksteal --durations=40 $(ARGS)

shape: .venv/dev.ok
	@exec $(BIN)/python -m pytest tests/shape $(ARGS)

leaks: .venv/dev.ok
	@exec $(BIN)/python -m pytest -n 2 --dist worksteal -m "long or not long" tests/leaks $(ARGS)

faults: .venv/dev.ok
	@exec $(BIN)/python -m pytest -m faults tests/faults $(ARGS)

lint: .venv/dev.ok
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint --lint --quiet templates

format: .venv/dev.ok
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/dev.ok
	@exec $(BIN)/python -m benchmarks $(ARGS)

messages: .venv/dev.ok
	@$(BIN)/python manage.py messages $(ARGS)

static: .venv/trial.ok
	@$(BIN)/python manage.py collectstatic --no-input $(ARGS)

lock:
	$(LOCK) pyproject.toml -o requirements/run.txt
	$(LOCK) --extra trial -c requirements/run.txt pyproject.toml -o requirements/trial.txt
	$(LOCK) --extra s3 -c requirements/run.txt pyproject.toml -o requirements/s3.txt
	$(LOCK) --extra trial --extra s3 --extra dev -c requirements/trial.txt -c requirements/s3.txt pyproject.toml -o requirements/dev.txt

sbom: .venv/trial.ok
	@$(BIN)/python manage.py sbom $(ARGS) > sbom.json && echo "sbom.json"

# Needs the network, so it is no test: the package index tells of known weaknesses.
audit:
	@for list in run s3; do uvx pip-audit==2.10.1 --require-hashes --disable-pip --no-deps -r requirements/$$list.txt || exit 1; done

clean:
	rm -rf .venv .ruff_cache .pytest_cache

.venv: .venv/dev.ok

# A file, not the directory: it is written only after a whole installation.
.venv/%.ok: requirements/%.txt .ci/venv
	@sh .ci/venv $<
	@touch $@
