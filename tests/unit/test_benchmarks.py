# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks' arithmetic, and the check that keeps a contestant from winning with half the work."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from pathlib import Path

import pytest
from ansible_collections.infoprotect.tenant_key.plugins.module_utils._tpd import rsakeys, tpd

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
try:
    import check
    import measure
    import memory
    import plays
finally:
    sys.path.remove(str(BENCHMARKS))

GUID = "FA29D0FE-5049-4C8E-931B-96C6152B0441"


def of(name, *samples, unit="s"):
    return measure.Series(name, unit, samples)


# --- arithmetic


def test_a_ratio_is_that_of_the_medians_and_its_spread_that_of_the_rounds():
    found = measure.ratio("ours to theirs", of("ours", 1.0, 9.0, 2.0), of("theirs", 4.0, 10.0, 5.0), bound=0.5)
    assert (found.value, found.lowest, found.highest, found.reached) == (0.4, 0.25, 0.9, True)


def test_one_bad_round_moves_no_median():
    assert of("ours", 1.0, 1.1, 1.2, 1.1, 60.0).median == 1.1


@pytest.mark.parametrize(("value", "reached"), [(1.1499, True), (1.15, True), (1.1501, False)])
def test_a_bound_is_reached_where_it_is_not_exceeded_by_anything(value, reached):
    assert measure.ratio("many to few", of("many", value), of("few", 1.0), 1.15).reached is reached


def test_what_may_never_be_exceeded_is_not_judged_by_its_median():
    found = measure.highest("memory", of("memory", 900.0, 1000.0, 1600.0, unit="MiB"), 1536)
    assert (found.value, found.reached) == (1600.0, False)


def test_contestants_with_a_different_number_of_rounds_are_not_compared():
    with pytest.raises(ValueError, match="zip"):
        measure.ratio("ours to theirs", of("ours", 1.0), of("theirs", 1.0, 2.0))


def test_contestants_alternate_and_another_one_begins_each_round():
    turns = []

    def contestant(name):
        def run(number):
            turns.append((number, name))
            return {"seconds": float(number)}

        return run

    results = measure.alternate({name: contestant(name) for name in "abc"}, 4, say=lambda _text: None)
    assert [name for _number, name in turns] == list("abcbcacababc")
    assert measure.series("a", "ms", results["a"], "seconds", 1000).samples == (0.0, 1000.0, 2000.0, 3000.0)


# --- memory


def test_a_process_tree_has_those_who_started_it_not():
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(writing)
        os.read(reading, 1)
        os._exit(0)
    os.close(reading)
    try:
        assert {os.getpid(), child} <= memory.tree(os.getpid())
        assert os.getppid() not in memory.tree(os.getpid())
        alone, both = memory.proportional_size({os.getpid()}), memory.proportional_size({os.getpid(), child})
        # What they share counts once.
        assert alone < both < 2 * alone
        assert both < memory.own_peak() * 1.5
    finally:
        os.close(writing)
        os.waitpid(child, 0)


# --- what a contestant must have done


@pytest.fixture
def done(tmp_path, export):
    """A tenant's folder as a contestant should leave it."""
    folder = tmp_path / "contoso"
    stage = folder / "adrms"
    for path in (folder, stage):
        path.mkdir(mode=0o700)
    fingerprint = rsakeys.fingerprint(rsakeys.load_private(tpd.open(export.tpd, export.password).key_blob).public_key())
    manifest = {"sha256": hashlib.sha256(export.tpd).hexdigest(), "key_fingerprint": fingerprint}
    shown = "\n".join(export.fingerprint[start : start + 32] for start in (0, 32))
    for path, content in {
        folder / f"PrivateKey-{GUID}.txt": export.private_file,
        folder / f"PublicKey-{GUID}.txt": export.public_file,
        folder / f"TPD-{GUID}.xml": export.reply,
        folder / f"Password-{GUID}.txt": export.password.encode(),
        folder / f"ExportedTPD-{GUID}.xml": export.tpd,
        folder / "support-request.txt": shown.encode(),
        stage / f"ExportedTPD-{GUID}.xml": export.tpd,
        stage / "manifest.json": json.dumps(manifest).encode(),
        stage / "Import-TenantKey.ps1": b"",
        tmp_path / "contoso.log": b"created\ndecrypted and staged\n",
    }.items():
        path.write_bytes(content)
        path.chmod(0o644 if path.name.startswith("PublicKey") else 0o600)
    return folder


def faults(folder, export):
    return "; ".join(check.faults(folder, export.password, export.tpd))


def test_a_whole_job_is_accepted(done, export):
    assert faults(done, export) == ""


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (f"PrivateKey-{GUID}.txt", "0 files are named PrivateKey"),
        (f"Password-{GUID}.txt", "0 files are named Password"),
        ("support-request.txt", "0 files are named support-request"),
        ("adrms/manifest.json", "staged is ExportedTPD"),
        ("../contoso.log", "the log does not tell that it was created"),
    ],
)
def test_what_is_not_made_is_missed(done, export, path, fault):
    (done / path).unlink()
    assert fault in faults(done, export)


@pytest.mark.parametrize(
    ("path", "content", "fault"),
    [
        (f"Password-{GUID}.txt", "another", "the password is another one"),
        (f"ExportedTPD-{GUID}.xml", "another", "the TPD is another one"),
        (f"adrms/ExportedTPD-{GUID}.xml", "another", "the staged TPD is another one"),
        ("support-request.txt", "Please.", "the request does not tell"),
        ("../contoso.log", "created", "the log does not tell that it was decrypted"),
        ("plain", "the plain text", "plain was left behind"),
        ("adrms/Password.txt", "the password", "staged is "),
    ],
)
def test_what_is_wrong_or_left_behind_is_seen(done, export, path, content, fault):
    (done / path).write_text(content)
    assert fault in faults(done, export)


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        (".", "the folder is open to others"),
        (f"PrivateKey-{GUID}.txt", "has mode 644"),
        (f"Password-{GUID}.txt", "has mode 644"),
        ("adrms", "the stage is open to others"),
        ("adrms/manifest.json", "manifest.json is open to others"),
        ("../contoso.log", "contoso.log is open to others"),
    ],
)
def test_what_others_may_read_is_seen(done, export, path, fault):
    (done / path).chmod(0o755 if (done / path).is_dir() else 0o644)
    assert fault in faults(done, export)


def test_a_proof_that_was_left_out_is_missed(done, export):
    manifest = done / "adrms" / "manifest.json"
    manifest.write_text(json.dumps({**json.loads(manifest.read_text()), "key_fingerprint": ""}))
    assert "nothing shows that the password was proven" in faults(done, export)


def test_another_tpd_is_seen_even_if_the_manifest_agrees_with_it(done, export):
    stage = done / "adrms"
    other = export.tpd + b"\n"
    (stage / f"ExportedTPD-{GUID}.xml").write_bytes(other)
    manifest = json.loads((stage / "manifest.json").read_text())
    (stage / "manifest.json").write_text(json.dumps({**manifest, "sha256": hashlib.sha256(other).hexdigest()}))
    assert "the staged TPD is another one" in faults(done, export)


def test_a_re_run_that_changes_something_is_no_re_run():
    plays.require_unchanged(plays.Run(1.0, 1.0, "contoso : ok=9 changed=0 unreachable=0"), "ours")
    with pytest.raises(plays.BenchmarkError, match="ours has changed"):
        plays.require_unchanged(plays.Run(1.0, 1.0, "a : ok=9 changed=0\nb : ok=9 changed=2"), "ours")
