# `make help` lists what there is. Everything below works on a machine with Python >= 3.11 and make.
SHELL := /bin/sh
.DEFAULT_GOAL := help
BIN := .venv/bin
LOCALES := $(patsubst %.po,%.mo,$(wildcard locales/*/LC_MESSAGES/*.po))
# Settings of this checkout, if there are any; see .env.example.
ENV := set -a; [ ! -f .env ] || . ./.env; set +a; export SEGIN_MODE=$${SEGIN_MODE:-demo};

.PHONY: help setup run chat test lint check referee browser gateway twilio chaos talks drawings pictures measure bench lock clean

help:  ## list these targets
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup:  ## install into .venv (PYTHON=... chooses the interpreter)
	@PYTHON="$(PYTHON)" sh scripts/setup.sh
	@$(MAKE) --no-print-directory --silent catalogues

run: setup  ## start everything in demo mode on http://127.0.0.1:8000
	@$(ENV) exec $(BIN)/segin run

chat: setup  ## talk to the assistant in this terminal
	@$(ENV) exec $(BIN)/segin chat

test: setup lint check  ## every check, then every test
	@$(BIN)/python -m pytest -n 2 --dist worksteal

lint: setup  ## format, style, types and imports
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/ruff check --quiet .
	@$(BIN)/mypy --no-error-summary
	@told=$$($(BIN)/lint-imports --no-cache) || { echo "$$told"; exit 1; }

check: setup  ## check flows, facts and both catalogues
	@$(BIN)/segin check

referee: setup  ## compare SMS counting with Twilio's own calculator on 100,000 texts (needs npm)
	@sh scripts/npm.sh
	@$(BIN)/python -m scripts.referee

browser: setup  ## run the tests that drive a real browser (found, or installed on Debian)
	@CHROMIUM=$$(sh scripts/chromium.sh) && export CHROMIUM && $(BIN)/python -m pytest -m browser

gateway: setup  ## hold whole conversations over a real Kannel and an SMPP link (found, or installed on Debian)
	@sh scripts/kannel.sh
	@PATH="$$PATH:/usr/sbin" $(BIN)/python -m pytest -m gateway

talks: setup  ## hold every scripted talk and write down what was really said
	@$(BIN)/python -m scripts.write_talks

drawings: setup  ## draw every flow into docs/flows/ and list them in docs/flows.md
	@$(BIN)/python -m scripts.drawings

pictures: drawings  ## take the documentation's pictures with a real browser
	@CHROMIUM=$$(sh scripts/chromium.sh) && export CHROMIUM && $(BIN)/python -m scripts.pictures

twilio: setup  ## play Twilio on this machine, with a page of what was delivered; prints the settings for make run
	@$(BIN)/python -m tests.twilio_stand_in

chaos: setup  ## kill workers, web and Redis during broadcasts; prints lost and doubled sends (ROUNDS=50)
	@$(BIN)/python -m scripts.chaos

measure: setup  ## time to ready, and memory of the whole process tree
	@$(BIN)/python scripts/measure.py

bench: setup  ## the benchmark, one table
	@$(BIN)/segin bench

lock: setup  ## choose the newest packages that fit, and write requirements.lock
	@.tools/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev --generate-hashes \
	    --no-annotate --no-header --no-emit-index-url -o requirements.lock pyproject.toml

clean:  ## remove what set-up and tests made (not the data in var/)
	@rm -rf .venv .tools build *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage $(LOCALES)

.PHONY: catalogues
catalogues: $(LOCALES)

%.mo: %.po
	@$(BIN)/pybabel -q compile --use-fuzzy -i $< -o $@
