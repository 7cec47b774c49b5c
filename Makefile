# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help rehearse test unit lint sanity molecule interop leaks bench docs links fuzz matrix release format venv lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

rehearse: venv ## the whole export against a throw-away tenant key, on this machine
	@tools/install-collection
	@tools/rehearse

test: venv ## everything that a change must pass
	@.venv/bin/python tools/gates.py

unit: venv ## the unit tests on the oldest supported ansible-core
	@.venv/bin/python -m pytest

lint: venv ## the checks that only read
	@.venv/bin/python tools/gates.py ansible-lint changelog docs mypy package publisher ruff yamllint

sanity: venv ## ansible-test sanity
	@.venv/bin/python tools/gates.py sanity

molecule: venv ## every scenario of extensions/molecule
	@.venv/bin/python tools/gates.py molecule

interop: venv ## cross-check with mono, xmlsec and openssl
	@PATH="$(CURDIR)/.venv/bin:$$PATH" tests/interop/run

leaks: venv ## every module and playbook on each ansible-core, and no secret in anything they leave
	@.venv/bin/python tools/gates.py leaks

bench: ## all benchmarks, into docs/benchmarks.md; options in BENCH (docs/benchmarks.md)
	@tools/make-venv bench .build/venvs/bench 3.14 3.13 3.12
	@.build/venvs/bench/bin/python benchmarks/run.py $(BENCH)

docs: venv ## the documentation site, in .build/docs/site
	@tools/make-docs

links: venv ## the site, and every link in it that leads elsewhere; takes the network
	@.venv/bin/python tools/gates.py links

fuzz: ## hostile input for the readers of keys, replies, TPDs and logs: how long the worst takes, then for a long time; options in FUZZ (CONTRIBUTING.md)
	@tools/make-venv fuzz .build/venvs/fuzz 3.11 3.12 3.13 3.14
	@.build/venvs/fuzz/bin/python tests/fuzz/hostile.py
	@.build/venvs/fuzz/bin/python tests/fuzz/run.py --grow $(FUZZ)

matrix: venv ## the tests with every ansible-core, and every module with every Python, into README.md; about an hour
	@.venv/bin/python tools/matrix.py

release: venv ## tarball, changelog and checksums of galaxy.yml's version, in .build/release
	@tools/release

format: venv ## let ruff mend and format the Python files
	@.venv/bin/ruff check --fix .
	@.venv/bin/ruff format .

venv: ## .venv: the oldest supported ansible-core and everything that checks the collection
	@tools/make-venv dev .venv 3.11 3.12 3.13 3.14

lock: venv ## make the hashed locks again, with the newest versions
	@tools/lock

clean: ## remove everything that was built here
	rm -rf .build .venv
