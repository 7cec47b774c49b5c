# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A module carries to a host what it works with, and loads there what this run of it needs."""

from __future__ import annotations

import base64
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from ansible.executor import module_common
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

CHECKOUT = Path(__file__).resolve().parents[2]
TREE = CHECKOUT / ".build" / "tree"
PLUGINS = TREE / "ansible_collections" / "infoprotect" / "tenant_key" / "plugins"
MODULES = {path.stem: path for path in sorted((PLUGINS / "modules").glob("*.py"))}

# Carried by every module: how an operation is run, and how files are read and written.
ALL = {"_deps", "_operation", "_runner", "_secrets", "_tpd/__init__"}
FILES = {f"_files/{name}" for name in ("__init__", "acl", "attributes", "destroy", "folder", "lowlevel", "paths")}
BASE = {*ALL, *FILES, "_inputs"}
PLACING = {*BASE, "_placing"}
NAMES = {"_tpd/names"}
KEYS = {f"_tpd/{name}" for name in ("cspblob", "namespaces", "pem", "pieces", "primitives", "rsakeys", "xmlsafe")}
PASSWORD = {"_passwords", "_tpd/passwords"}
TPD = {*PASSWORD, *KEYS, "_tpd/tpd", "_tpd/mark"}
CONTENTS = {*TPD, "_tpd/contents", "_tpd/xrml"}
CHECKS = {*CONTENTS, "_checks", "_tpd/preflight", "_tpd/preflight_key"}
CUSTODY = {"_custody", "_custody_line"}
CARRIED = {
    "adrms_stage": {*PLACING, *NAMES, *CHECKS, "_adrms_script"},
    "case_record": PLACING,
    "custody_info": {*BASE, *CUSTODY, "_custody_exposure"},
    "custody_log": {*ALL, *FILES, *CUSTODY, "_files/append"},
    "rehearsal_reply": {*PLACING, *NAMES, *TPD, "_tpd/metered", "_tpd/rehearsal", "_tpd/wrap", "_tpd/xmlenc"},
    "secure_file": PLACING,
    "secure_file_info": BASE,
    "tpd_decrypt": {*PLACING, *NAMES, *CHECKS, "_tpd/envelope", "_tpd/hybrid", "_tpd/metered", "_tpd/xmlenc"},
    "tpd_info": {*BASE, *CHECKS},
    "tpd_keypair": {*PLACING, *NAMES, *KEYS},
    "tpd_protect": {*PLACING, *CONTENTS},
    "tpd_split": {*PLACING, *CONTENTS, "_tpd/preflight_key"},
}


def carried(name: str) -> set[str]:
    """Those of our files that Ansible packs with a module, without those that are empty and the module's own."""
    sent = module_common.modify_module(
        module_name=f"infoprotect.tenant_key.{name}",
        module_path=str(MODULES[name]),
        module_args={},
        templar=Templar(DataLoader()),
        task_vars={"ansible_python_interpreter": sys.executable},
        module_compression="ZIP_DEFLATED",
    ).b_module_data
    packed = max(re.findall(rb"[A-Za-z0-9+/=]{1000,}", sent), key=len)
    with zipfile.ZipFile(io.BytesIO(base64.b64decode(packed))) as archive:
        ours = {info.filename.partition("/plugins/module_utils/")[2] for info in archive.infolist() if info.file_size}
    return {file[: -len(".py")] for file in ours if file and file != f"_ops/{name}.py"}


def test_every_module_is_looked_at() -> None:
    assert CARRIED.keys() == MODULES.keys()


@pytest.mark.parametrize("name", CARRIED)
def test_what_travels_with_a_module(name: str) -> None:
    assert carried(name) == CARRIED[name]


# Runs modules' main() one after the other, each with its arguments, and tells of each what it answered and has loaded.
PROGRAM = """
import contextlib, importlib, io, json, sys
from ansible.module_utils import basic
basic._ANSIBLE_PROFILE = "legacy"
watched = ("cryptography", "cryptography.x509", "cryptography.hazmat.primitives.serialization", "http.client", "_strptime")
told = []
for name, arguments in json.load(sys.stdin):
    arguments.update(_ansible_no_log=True)
    basic._ANSIBLE_ARGS = json.dumps({"ANSIBLE_MODULE_ARGS": arguments}).encode()
    answer = io.StringIO()
    with contextlib.redirect_stdout(answer), contextlib.suppress(SystemExit):
        importlib.import_module("ansible_collections.infoprotect.tenant_key.plugins.modules." + name).main()
    told.append((json.loads(answer.getvalue()), [module for module in watched if module in sys.modules]))
print(json.dumps(told))
"""


def run(*calls: tuple[str, dict[str, str]]) -> list[tuple[dict[str, object], list[str]]]:
    """The answers of modules in one fresh process, and what that had loaded after each."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        input=json.dumps(calls),
        env={**os.environ, "PYTHONPATH": str(TREE)},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def test_arguments_are_valid_before_anything_is_loaded_for_the_work() -> None:
    for answer, loaded in run(*((name, {"nonsense": "made for a test"}) for name in MODULES)):
        assert answer["failed"] is True
        assert loaded == []


def test_a_pair_that_is_there_a_file_and_a_log_need_no_cryptography(tmp_path: Path) -> None:
    pair, file, log = {"directory": f"{tmp_path}/a"}, f"{tmp_path}/file", {"path": f"{tmp_path}/log"}
    (answer, loaded), *_rest = run(("tpd_keypair", pair))
    assert answer["changed"] is True
    assert loaded == ["cryptography"]
    told = run(
        ("secure_file", {"dest": file, "content": "made for a test"}),
        ("secure_file_info", {"path": file}),
        ("custody_log", {**log, "event": "opened"}),
        ("custody_info", log),
        ("tpd_keypair", pair),
    )
    for again, loaded in told:
        assert "failed" not in again
        assert loaded == []
    assert (again["changed"], again["fingerprint"]) == (False, answer["fingerprint"])


def test_a_tpd_takes_no_certificates_of_the_usual_kind(tmp_path: Path) -> None:
    directory = {"directory": f"{tmp_path}/a"}
    ((pair, _loaded),) = run(("tpd_keypair", directory))
    ((reply, loaded),) = run(
        ("rehearsal_reply", {**directory, "public_key_file": pair["public_key_file"], "allow_beside_export": True})
    )
    assert loaded == ["cryptography"]
    export = {**directory, "private_key_file": pair["private_key_file"], "target": reply["target"]}
    ((opened, loaded),) = run(("tpd_decrypt", export))
    assert (opened["changed"], loaded) == (True, ["cryptography"])
    tpd = {"password_file": opened["password_file"]}
    staged = {"tpd_file": opened["tpd_file"], "directory": f"{tmp_path}/staged", "display_name": "made for a test"}
    split = {"keyless_file": f"{tmp_path}/a/keyless", "pem_file": f"{tmp_path}/a/pem", "allow_unencrypted": True}
    protected = {"dest": f"{tmp_path}/a/dest", "new_password_file": f"{tmp_path}/a/new"}
    told = run(
        ("tpd_info", {**tpd, "path": opened["tpd_file"]}),
        ("adrms_stage", {**tpd, **staged}),
        ("tpd_protect", {**tpd, **protected, "path": opened["tpd_file"]}),
        ("tpd_split", {**tpd, **split, "path": opened["tpd_file"]}),
    )
    for answer, loaded in told:
        assert "failed" not in answer
        assert "cryptography.x509" not in loaded
        assert "http.client" not in loaded
        assert "_strptime" not in loaded
