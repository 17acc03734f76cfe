# make run, make test. `make help` lists the rest.

PYTHON ?=
PY := .venv/bin/python
unexport PIP_USER PIP_TARGET PIP_PREFIX PYTHONHOME VIRTUAL_ENV PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help run install test check format lock criteria contract words pictures teams teams-e2e bench bench-chat bench-faces bench-history bench-reach bench-stores faults faults-reach mutants truth service-test papers-test image clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "%-12s %s\n", $$1, $$2}' Makefile

run: .venv/.done-run ## the bot in this terminal; more for it with `make run ARGS=...`
	@$(PY) -m bot chat $(ARGS) || test $$? -eq 130  # Ctrl-C is a way to leave

install: .venv/.done-dev ## everything that running and testing need, into .venv
	@:

test: .venv/.done-dev ## the whole suite; one part of it with `make test T=tests/rules`
	@$(PY) -m pytest -n 4 --dist worksteal $(T)

check: .venv/.done-dev ## linter, formatter, types, and who may import whom
	@$(PY) -m ruff check --quiet --output-format concise .
	@$(PY) -m ruff format --quiet --check .
	@$(PY) -m mypy
	@$(PY) -m pytest -q tests/test_architecture.py

format: .venv/.done-dev ## put the code into the formatter's form
	@$(PY) -m ruff check --fix-only .
	@$(PY) -m ruff format .

criteria: .venv/.done-dev ## docs/criteria.md, for a medical physics expert, from the rules
	@$(PY) -m tools.criteria

contract: .venv/.done-dev ## docs/contract.md: facts in, verdict out, from the models
	@$(PY) -m tools.contract

words: .venv/.done-dev ## every sentence that the bot can say, sorted; some with `make words ARGS="notify"`
	@$(PY) -m tools.words $(ARGS)

pictures: .venv/.done-dev ## the pictures in the documents, from what the program shows
	@$(PY) -m tools.pictures.terminal
	@$(PY) -m tools.pictures.slack

teams: .venv/.done-dev .e2e/.done ## the bot in Microsoft's own test client for Teams, on this machine
	@$(PY) -m tests.e2e.playground

teams-e2e: .venv/.done-dev ## a check in that client, and every card of both platforms measured, by a browser; says where the pictures are
	@if command -v npm >/dev/null; then $(MAKE) -s .e2e/.done; fi
	@problem=$$($(PY) -m tests.e2e.playground --missing); if test -n "$$problem"; then echo "Skipped: $$problem."; \
	else $(PY) -m pytest -q tests/e2e tests/teams/test_package.py && echo "The pictures are in .e2e/pictures and .e2e/cards."; fi

faults: .venv/.done-dev ## what can go wrong done on purpose, as a table; some rows with `make faults ARGS="full polls"`
	@$(PY) -m tools.faults $(ARGS)

faults-reach: .venv/.done-dev ## the same of several processes, a PostgreSQL server and organisations; says what it lacks; rows with ARGS
	@$(PY) -m tools.faults.reach $(ARGS)

papers-test: .venv/.done-dev ## every kind of paper opened in LibreOffice and read back; says what it lacks
	@problem=$$($(PY) -m tests.office.converting); if test -n "$$problem"; then echo "Skipped: $$problem."; \
	else IRMER_OFFICE=1 $(PY) -m pytest -q tests/office; fi

bench: .venv-bench/.done-bench ## the measurements, beside other libraries
	@set -e; for table in rules questions first_message store reader register; do \
		.venv-bench/bin/python -m bench.$$table; done

bench-chat: .venv/.done-dev ## Slack and Teams beside bare echo bots on the same SDKs
	@$(PY) -m bench.slack
	@$(PY) -m bench.teams

bench-faces: .venv/.done-dev ## the list, themes and trends of 100,000 incidents, through Slack and Teams
	@$(PY) -m bench.register_faces $(ARGS)

bench-history: .venv/.done-dev ## ten years of records beside one month's; the stores stay with `make bench-history ARGS="--keep DIRECTORY"`
	@$(PY) -m bench.history $(ARGS)

bench-reach: .venv/.done-dev ## 09:00 at six hundred organisations; on a server with `make bench-reach ARGS="--store postgres"`
	@$(PY) -m bench.reach $(ARGS)

bench-stores: .venv/.done-dev ## cases written on a server beside a file, and a file copied to one; one of them with ARGS="cases"
	@$(PY) -m bench.reach_stores $(ARGS)

mutants: .venv/.done-dev ## which small changes to rules/ no test notices, of a sample; one module with `make mutants M=settle`, all with `M=--all`
	@$(PY) -m tools.mutants $(M)

truth: .venv/.done-dev ## a truthful person on every kind of face, 50,000 times; fewer with ARGS="--plays 4000"
	@$(PY) -m tools.truth $(ARGS)

service-test: .venv/.done-dev ## the systemd units in a booted machine of its own making; says what it lacks
	@$(PY) -m tools.service

image: .venv/.done-dev ## the container image, built twice, compared and run; says what it lacks
	@$(PY) -m tools.image

clean: ## take away everything that the other targets made
	@rm -rf .venv .venv-* .e2e .service-test .image .mypy_cache .pytest_cache .ruff_cache .hypothesis .truth.jsonl mutants
	@find rules storage bot tests tools bench -name __pycache__ -prune -exec rm -rf {} +

# --- environments --------------------------------------------------------------------------------------------------
# A stamp goes before anything is touched and is written last: an install that was cut short is begun afresh.
# Everything comes from a lock, hashes checked, and as wheels: nothing is compiled here and nothing unpinned fetched.

ifneq ($(shell test -x $(PY) && echo whole),whole)
$(shell rm -f .venv/.done-*)
endif

PIP_INSTALL := locks/bundled_pip.py --disable-pip-version-check install -qq --no-deps

# $(call fill,directory,lock). To run the bot, what is not imported need not be compiled: that was a third of an
# install. The tests' processes import nearly all of it, each by itself.
define fill
@set -e; set -- $(1)/.done-*; \
if ! test -e "$$1"; then \
	python=$$(sh locks/python.sh $(PYTHON)); \
	echo "Installing into $(1), once ..." >&2; \
	"$$python" -m venv --without-pip --clear $(1); \
fi; \
rm -f $(1)/.done-*; \
$(1)/bin/python $(PIP_INSTALL) $(if $(filter run,$(2)),--no-compile) --only-binary :all: --require-hashes -r locks/$(2).txt || { \
	echo "Not everything could be fetched: see above, and run it again when the network is there." >&2; exit 1; }
endef

SELF := $(PIP_INSTALL) --no-build-isolation --no-index -e .

# To run it, the bot itself is not installed: it lies here.
.venv/.done-run: locks/run.txt pyproject.toml
	$(call fill,.venv,run)
	@touch $@

.venv/.done-dev: locks/dev.txt pyproject.toml
	$(call fill,.venv,dev)
	@$(PY) $(SELF)
	@touch .venv/.done-run $@

.venv-bench/.done-bench: locks/bench.txt pyproject.toml
	$(call fill,.venv-bench,bench)
	@.venv-bench/bin/python $(SELF)
	@touch $@

.venv-lock/.done-lock: locks/lock.txt
	$(call fill,.venv-lock,lock)
	@touch $@

# --- Microsoft's test client ---------------------------------------------------------------------------------------
# A development tool of Microsoft's under a licence of its own: installed by name beside the project, never part of it.
# Beside it what draws a card alone, for `python -m tools.pictures.cards`.

.e2e/.done: Makefile
	@command -v npm >/dev/null || { echo "There is no Node here (npm), which Microsoft's test client needs." >&2; exit 1; }
	@rm -f $@
	@npm install --prefix .e2e --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
		@microsoft/m365agentsplayground@0.2.28 @microsoft/app-manifest@1.1.2 playwright-core@1.65.1 \
		adaptivecards@3.0.6 markdown-it@14.1.0
	@touch $@

# --- locks ---------------------------------------------------------------------------------------------------------
# One lock serves every Python from 3.11 on every system. `make lock` keeps the versions that still fit;
# `make lock UPGRADE=--upgrade` takes the newest.

UPGRADE ?=
COMPILE := .venv-lock/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-emit-index-url --no-emit-find-links $(UPGRADE)

lock: .venv-lock/.done-lock ## write the locks anew from pyproject.toml
	@$(COMPILE) pyproject.toml --extra slack --extra teams --extra papers --extra charts --extra postgres --group dev -o locks/dev.txt
	@$(COMPILE) pyproject.toml --extra slack --extra teams --extra papers --extra charts --extra postgres --group build -c locks/dev.txt -o locks/serve.txt
	@$(COMPILE) pyproject.toml --no-emit-package pip -c locks/dev.txt -o locks/run.txt
	@$(COMPILE) pyproject.toml --group bench -o locks/bench.txt
	@$(COMPILE) --group pyproject.toml:lock -o locks/lock.txt
