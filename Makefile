# make demo: the base package on the bundled example.   make test: everything small, as CI runs it.
PYTHON ?= python3
DEMO := .venv-demo
TEST := .venv-test
PIP := -m pip install --quiet --disable-pip-version-check

.PHONY: demo test test-full bench size serve clean

# A virtual environment holds absolute paths: the stamp makes a moved checkout build its own again.
$(DEMO)/.done: pyproject.toml
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), f'warum needs Python 3.11 or newer, this is {sys.version.split()[0]}: make demo PYTHON=python3.12'"
	$(PYTHON) -m venv $(DEMO)
	$(DEMO)/bin/python $(PIP) .
	touch $@

$(TEST)/.done: pyproject.toml constraints.txt
	$(PYTHON) -c "import sys; assert sys.version_info >= (3, 11), f'warum needs Python 3.11 or newer, this is {sys.version.split()[0]}: make test PYTHON=python3.12'"
	$(PYTHON) -m venv $(TEST)
	$(TEST)/bin/python $(PIP) --upgrade "pip>=25.1"
	$(TEST)/bin/python $(PIP) --constraint constraints.txt --group lint --group test --group wheel --editable ".[api,oidc,postgres,s3]"
	touch $@

demo: $(DEMO)/.done
	$(DEMO)/bin/warum example demo
	$(DEMO)/bin/warum analyze demo/feedback.csv --text comment --question question --score nps:nps \
	  --score csat:csat --score ces:ces --id response_id --customer customer_id --date date \
	  --by branch --channel channel --source source --number waiting_minutes \
	  --number first_response_hours --number resolution_hours --number revenue_eur --number churned \
	  --out demo/result

test: $(TEST)/.done
	bash tests/system_packages.sh
	$(TEST)/bin/ruff check .
	$(TEST)/bin/ruff format --check .
	$(TEST)/bin/mypy
	$(TEST)/bin/lint-imports
	$(TEST)/bin/pytest -q -m "not full" -n auto --dist loadfile

test-full: $(TEST)/.done
	bash tests/system_packages.sh
	$(TEST)/bin/python $(PIP) --constraint constraints.txt --group oracles || echo "without ppi-python: its tests are skipped"
	$(TEST)/bin/pytest -q -n auto --dist loadfile --hypothesis-profile default
	bash tests/interpreters.sh

# make bench DATA=folder with the public data; BASELINE=python with torch, transformers, FastAPI and uvicorn
bench: $(TEST)/.done
	$(TEST)/bin/python $(PIP) --constraint constraints.txt --group bench
	$(TEST)/bin/python -m benchmarks --data "$(DATA)" $(if $(BASELINE),--baseline-python "$(BASELINE)")

# The base install's size: site-packages with bytecode, without pip, setuptools and the weights.
size: $(DEMO)/.done
	$(DEMO)/bin/python benchmarks/install_size.py

serve: $(DEMO)/.done
	$(DEMO)/bin/python $(PIP) ".[api]"
	$(DEMO)/bin/warum serve

clean:
	rm -rf $(DEMO) $(TEST) demo dist build
