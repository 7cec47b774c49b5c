# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every module of the collection as an ordinary user, under any umask, and in a folder that is not fit for secrets."""

from __future__ import annotations

import os
import shutil
import stat
from pathlib import Path

import pytest

from ..both_ways import comparable
from ..conftest import NOBODY, tree
from ..test_both_ways import MODULES, files, story

READERS = {"custody_info", "secure_file_info", "tpd_info"}


def tasks(work, export):
    """Those of all modules; what the action plugin does on the controller before is left to test_both_ways."""
    return [
        (module, arguments)
        for module, arguments in story(work, export)
        if "src" not in arguments or arguments.get("remote_src")
    ]


def lay(work: Path, export, request_key, owner: int) -> None:
    """The files that every story begins with, as their owner would have them."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    for name, content in files(export, request_key).items():
        (work / name).parent.mkdir(exist_ok=True)
        (work / name).write_bytes(content)
    for path in [work, *work.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
        if os.geteuid() == 0:
            os.chown(path, owner, owner)


def test_an_ordinary_user_under_any_umask(operator, public_path, export, request_key):
    """Nothing needs root, and what is made has the same modes and owner."""
    public_path.chmod(0o1777)
    work = public_path / "work"
    made = []
    # First by whoever runs the tests, so that Python has read all of its modules, which nobody may be unable to.
    lay(work, export, request_key, os.geteuid())
    for module, arguments in tasks(work, export):
        operator.run(module, **arguments)
    for umask in (0o000, 0o077):
        lay(work, export, request_key, NOBODY)
        before = set(work.rglob("*"))
        previous = os.umask(umask)
        try:
            for module, arguments in tasks(work, export):
                answer = operator.as_nobody(module, **arguments)
                assert "failed" not in answer, (module, answer)
        finally:
            os.umask(previous)
        new = {str(path): oct(path.stat().st_mode) for path in sorted(work.rglob("*")) if path not in before}
        assert {path.stat().st_uid for path in work.rglob("*")} == {NOBODY if os.geteuid() == 0 else os.geteuid()}
        made.append(comparable(new))
    assert made[0] == made[1]
    assert len(made[0]) > 15
    modes = {int(mode, 8) for mode in made[0].values()}
    assert not any(stat.S_IMODE(mode) & 0o022 for mode in modes), "nothing is made that others may write"


@pytest.mark.parametrize("module", sorted(MODULES - READERS))
@pytest.mark.parametrize("fault", ["world-writable", "foreign-owned"])
def test_an_unfit_working_folder_is_refused(operator, public_path, give_away, export, request_key, module, fault):
    """By every module that writes, before it writes."""
    work = public_path / "work"
    given = next(arguments for name, arguments in tasks(work, export) if name == module)
    lay(work, export, request_key, os.geteuid())
    if fault == "world-writable":
        work.chmod(0o777)
    else:
        give_away(work)
    before = tree(work)
    answer = operator.run(module, **given)
    assert answer["failed"] is True
    assert str(work) in answer["msg"]
    assert tree(work) == before
