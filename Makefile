# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help venv unit lock clean

help: ## this list
	@sed -nE 's/^([a-z]+):.*## (.*)/make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|'

venv: ## .venv with the oldest supported ansible-core and everything that checks the collection
	@tools/make-venv dev .venv 3.11 3.12 3.13 3.14

unit: venv ## the unit tests on the oldest supported ansible-core
	@.venv/bin/python -m pytest

lock: venv ## make the hashed locks again, with the newest versions
	@tools/lock

clean: ## remove everything that was built here
	rm -rf .build .venv
