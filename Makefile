# make lab: install what is needed and open the first lesson.   make test: install and run every test.
PYTHON ?= python3
BIN := .venv/bin
# In a container one is often root, which JupyterLab wants to be told.
AS_ROOT := $(if $(filter 0,$(shell id -u 2>/dev/null)),--allow-root)
LAB_STAMP := .venv/.lab-installed
TEST_STAMP := .venv/.test-installed

.PHONY: lab test fast site pictures packet links benchmarks assignments grade binder tidy lock clean

lab: $(LAB_STAMP)
	$(BIN)/python -m jupyterlab --LabApp.news_url=None --LabApp.extension_manager=readonly $(AS_ROOT) \
		--LabApp.default_url=/lab/tree/notebooks/00-start-here.ipynb

# Whoever has nothing left to do takes tests from another process: so all cores are busy to the end.
PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal

test: $(TEST_STAMP)
	$(BIN)/python -m ruff check
	$(BIN)/python -m ruff format --check --quiet
	$(PYTEST) --durations 25

# Everything but the tests that start kernels and browsers.
fast: $(TEST_STAMP)
	$(PYTEST) helpers tests/test_layout.py tests/test_documentation.py tests/corpus tests/words tests/coding tests/show tests/classroom

# The reading edition: static pages in build/site, to be read without Python.
site: $(TEST_STAMP)
	$(BIN)/python docs/site/build.py

# The lessons on paper: one page to print, in build/packet.html.
packet: $(LAB_STAMP)
	$(BIN)/python -m helpers.classroom.packet build/packet.html

# Links for a class, from one's own copy:   make links REPO=https://github.com/you/your-copy BRANCH=main HUB=https://hub.your-school.org
links: export REPO := $(value REPO)
links: export BRANCH := $(value BRANCH)
links: export HUB := $(value HUB)
links: $(LAB_STAMP)
	@$(BIN)/python -m helpers.classroom.links "$$REPO" "$$BRANCH" "$$HUB"

# The pictures of the README, from the running lessons.
pictures: $(TEST_STAMP)
	$(BIN)/python tests/pictures.py

benchmarks: $(TEST_STAMP)
	$(BIN)/python tests/benchmarks/report.py $(ONLY)

# The learners' assignments from the instructor's; SEED="any phrase" draws other words and values, for a class of one's own.
assignments: export SEED := $(value SEED)
assignments: $(TEST_STAMP)
	@$(BIN)/python notebooks/instructor/assignments/make.py "$$SEED"

# Grade what a class has handed in: make grade FOLDER="handed in" DUE=2027-01-31
grade: export FOLDER := $(value FOLDER)
grade: export DUE := $(value DUE)
grade: $(LAB_STAMP)
	@$(BIN)/python notebooks/instructor/assignments/grade.py "$$FOLDER" --due "$$DUE"

# The browser tests with the versions of JupyterLab and its kin that Binder's image brings.
binder: | .venv/bin/python
	test -d .venv-binder || $(PYTHON) -m venv .venv-binder
	.venv-binder/bin/python -m pip install --quiet --disable-pip-version-check -r requirements.lock -r requirements-test.lock
	.venv-binder/bin/python -m pip install --quiet --disable-pip-version-check -r tests/binder-image.txt
	.venv-binder/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	.venv-binder/bin/python -m pytest -n auto --dist worksteal tests/browser tests/notebooks

# Strip outputs from the notebooks and put imports and spacing in order.
tidy: $(TEST_STAMP)
	$(BIN)/python -m ruff check --fix
	$(BIN)/python -m ruff format
	$(BIN)/python tests/strip_outputs.py

# After an edit of the versions in pyproject.toml.
lock: $(TEST_STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv
	$(BIN)/python tests/lock.py

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "These lessons need Python 3.11 or later. Install it, then say: make PYTHON=python3.11 lab"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make an environment. On Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(LAB_STAMP): requirements.lock pyproject.toml .jupyter/overrides.json | .venv/bin/python
	@echo "Installing what the lessons need: a minute or two, this once …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@mkdir -p .venv/share/jupyter/lab/settings && cp .jupyter/overrides.json .venv/share/jupyter/lab/settings/
	@touch $@

$(TEST_STAMP): requirements-test.lock $(LAB_STAMP)
	@echo "Installing what tests and grading need: about a minute, this once …"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

clean:
	rm -rf .venv .venv-binder build
