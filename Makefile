# Everything starts here; each verb brings what it needs. `make` alone lists them.
# The first Python that runs: pyenv's python3 does not where it lacks the version we name.
PYTHON ?= $(shell for p in python3 /usr/bin/python3 python; do $$p -c '' 2>/dev/null && echo $$p && break; done)
PY := .venv/bin/python
BOT_PY := bot/.venv/bin/python
NPM := $(PYTHON) tools/bootstrap.py npm
CODE := frontline handoff web_chat voice_gateway actions tools benchmarks tests migrations bot
BENCHMARKS = $(basename $(notdir $(shell grep -l __main__ benchmarks/*.py)))

.PHONY: help run test test-telephony check fix train speech bench setup clean

help: ## list the verbs
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1	/' | expand -t 24

run: setup speech ## set up what is missing and start everything on 127.0.0.1:8080
	@exec $(PY) -m frontline up

test: setup train ## set up what is missing and run all tests
	@$(PY) -m tools.speech --size ci
	$(NPM) --silent test
	cd bot && .venv/bin/python -m pytest
	$(PY) -m pytest -m alone
	$(PY) -m pytest -m 'not alone and not telephony' -n 2 --dist loadgroup

test-telephony: setup train ## call through a real Asterisk; needs root, brings it into var/telephony
	@$(PY) -m tools.telephony
	$(PY) -m pytest -m telephony tests/telephony

check: setup ## format, lint, types, import directions, content, front-end types
	$(PY) -m ruff format --check $(CODE)
	$(PY) -m ruff check $(CODE)
	$(PY) -m mypy
	.venv/bin/lint-imports --no-logo
	$(PY) tools/check_content.py
	cd bot && .venv/bin/python -m validate
	$(NPM) run --silent check

fix: setup ## format and mend what can be mended
	$(PY) -m ruff check --fix $(CODE)
	$(PY) -m ruff format $(CODE)

train: setup ## train the bot, if its content changed
	@$(PY) -m frontline train

speech: setup ## make the demo speech models, if they are missing
	@$(PY) -m tools.speech --size full

bench: setup train speech ## measure; results go to benchmarks/results/
	@set -e; for name in $(BENCHMARKS); do \
		echo "$$name …"; \
		$(PY) -m benchmarks.$$name --json > benchmarks/results/$$name.new; \
		if [ -s benchmarks/results/$$name.new ]; then \
			mv benchmarks/results/$$name.new benchmarks/results/$$name.json; \
			cat benchmarks/results/$$name.json; \
		else rm benchmarks/results/$$name.new; fi; \
	done

setup: ## bring uv, Pythons, packages and the front end
	@$(PYTHON) tools/bootstrap.py

clean: ## remove environments, builds and trained models; data in var/ stays
	rm -rf .venv bot/.venv .tools var/models web/node_modules web/dist web/.tests
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis bot/.rasa
