# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The benchmarks' page: its tables, and what of it a run replaces."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
sys.path.insert(0, str(BENCHMARKS))
try:
    import measure
    import runs
    import table
finally:
    sys.path.remove(str(BENCHMARKS))


def results_of(taken, measures, **facts):
    """Of one run: its measures, by part."""
    run = {"taken": taken, "machine": {"cores": "2"}, "versions": {"Python": "3.13"}, "settings": {"rounds": "5"}}
    return {
        "runs": [{**run, "parts": list(measures), **facts}],
        "measures": [
            {"part": part, "run": taken, **found.facts()} for part, several in measures.items() for found in several
        ],
    }


def page_of(*findings, series=()):
    found = measure.Measure("Export, local", "Seconds per tenant.", list(series), list(findings))
    return table.markdown(results_of("2026-03-02 08:00:00 UTC", {"export": [found]}))


def parts_of(taken, **titles):
    """Of one run: measures that are nothing but titles, by part."""
    return results_of(
        taken,
        {
            part.replace("_", "-"): [measure.Measure(title, "Seconds.") for title in several]
            for part, several in titles.items()
        },
    )


def taken_of(results):
    return [(found["title"], found["run"]) for found in results["measures"]]


# --- the table


def test_a_missed_bound_is_shown_as_missed():
    page = page_of(measure.Finding("ours to (a)", 0.1504, "", 0.14, 0.16, 0.15))
    assert "| Export, local | ours to (a) | 0.150 | 0.150 | **NOT REACHED** | 2026-03-02 |" in page
    assert " reached" not in page


def test_a_reached_bound_is_shown_as_reached():
    page = page_of(measure.Finding("ours to (a)", 0.12, "", 0.1, 0.2, 0.15))
    assert "| Export, local | ours to (a) | 0.120 | 0.150 | reached | 2026-03-02 |" in page
    assert "NOT" not in page


def test_what_has_no_bound_is_not_judged():
    page = page_of(measure.Finding("ours to (a)", 0.12, "", 0.1, 0.2))
    assert "| ours to (a) | 0.120 | 0.100 to 0.200 |  |" in page
    assert "reached" not in page.lower()


def test_figures_are_shown_with_unit_and_spread():
    page = page_of(series=[measure.Series("ours", "s", (0.5, 12.34, 1234.5))])
    assert "| ours | 12.3 s | 0.500 s to 1,234 s |" in page


def test_new_results_replace_old_ones_and_nothing_else():
    results = parts_of("2026-03-02 08:00:00 UTC")
    once = table.insert(f"By hand.\n{table.BEGIN}\nold\n{table.END}\nBy hand, too.\n", results)
    assert once.startswith("By hand.\n")
    assert once.endswith(f"{table.END}\nBy hand, too.\n")
    assert "old" not in once
    assert table.insert(once, results) == once
    with pytest.raises(ValueError, match="no place"):
        table.insert("A page without marks.", results)


def test_the_page_in_the_documentation_has_a_place_for_the_results():
    page = runs.PAGE.read_text()
    assert page.count(table.BEGIN) == page.count(table.END) == 1


def test_the_page_in_the_documentation_shows_the_results_that_are_kept():
    page = runs.PAGE.read_text()
    assert table.insert(page, json.loads(runs.RESULTS.read_text())) == page


def test_each_run_has_a_column_and_each_measure_says_when_it_was_taken():
    bound = measure.Finding("ours to (a)", 0.12, "", 0.1, 0.2, 0.15)
    old = results_of(
        "2026-03-02 08:00:00 UTC",
        {part: [measure.Measure(part.title(), "Milliseconds.", [], [bound])] for part in ("export", "floor")},
        versions={"Python": "3.13", "lxml": "5"},
    )
    new = results_of(
        "2026-04-05 09:00:00 UTC",
        {"export": [measure.Measure("Export", "Seconds.", [], [bound])]},
        machine={"cores": "4"},
        versions={"Python": "3.14", "xmlsec": "1"},
    )
    page = table.markdown(runs.merge(old, new))
    assert "| taken on | 2026-03-02 | 2026-04-05 |\n| --- | --- | --- |\n| cores | 2 | 4 |" in page
    assert "| Python | 3.13 | 3.14 |\n| lxml | 5 |  |\n| xmlsec |  | 1 |\n| rounds | 5 | 5 |" in page
    assert "| parts measured | export, floor | export |" in page
    assert "| Export | ours to (a) | 0.120 | 0.150 | reached | 2026-04-05 |" in page
    assert "| Floor | ours to (a) | 0.120 | 0.150 | reached | 2026-03-02 |" in page
    assert "## Export\n\nSeconds. Taken on 2026-04-05.\n" in page
    assert "## Floor\n\nMilliseconds. Taken on 2026-03-02.\n" in page


def test_runs_of_one_day_are_told_apart_by_their_time():
    old = runs.merge(
        parts_of("2026-03-01 07:00:00 UTC", fleet=["Fleet"]), parts_of("2026-03-02 08:00:00 UTC", floor=["Floor"])
    )
    page = table.markdown(runs.merge(old, parts_of("2026-03-02 09:30:00 UTC", reply=["Reply"])))
    assert "| taken on | 2026-03-01 | 2026-03-02 08:00:00 UTC | 2026-03-02 09:30:00 UTC |" in page
    assert "## Reply\n\nSeconds. Taken on 2026-03-02 09:30:00 UTC.\n" in page


# --- what is kept of the runs


def test_a_run_replaces_all_that_its_parts_had_and_nothing_else():
    old = parts_of("monday", export=["Export", "Re-run", "What is measured no more"], floor=["Floor"])
    new = parts_of("tuesday", export=["Export", "Re-run"])
    merged = runs.merge(old, new)
    assert taken_of(merged) == [("Export", "tuesday"), ("Re-run", "tuesday"), ("Floor", "monday")]
    assert merged["measures"] == [*new["measures"], old["measures"][3]]
    assert merged["runs"] == [*old["runs"], *new["runs"]]


def test_parts_that_were_never_measured_are_added():
    merged = runs.merge(parts_of("monday", floor=["Floor"]), parts_of("tuesday", tasks=["Tasks"]))
    assert taken_of(merged) == [("Floor", "monday"), ("Tasks", "tuesday")]


def test_a_run_of_which_no_measure_is_left_is_dropped():
    first = parts_of("monday", export=["Export"], floor=["Floor"])
    second = runs.merge(first, parts_of("tuesday", floor=["Floor"]))
    assert [run["taken"] for run in second["runs"]] == ["monday", "tuesday"]
    third = runs.merge(second, parts_of("wednesday", export=["Export"]))
    assert [run["taken"] for run in third["runs"]] == ["tuesday", "wednesday"]
    whole = parts_of("thursday", export=["Export"], floor=["Floor"])
    assert runs.merge(third, whole) == whole


def test_measures_stand_in_the_order_of_the_parts_whatever_was_measured_last():
    merged = parts_of("0", profile=["Profile, local", "Profile, over SSH"])
    for number, part in enumerate(("reply", "export", "tasks_ssh", "export_ssh", "fleet", "tasks", "floor"), 1):
        merged = runs.merge(merged, parts_of(str(number), **{part: [part]}))
    assert [found["title"] for found in merged["measures"]] == [
        "export", "export_ssh", "fleet", "reply", "floor", "tasks", "tasks_ssh", "Profile, local", "Profile, over SSH",
    ]  # fmt: skip
    assert {found["part"] for found in merged["measures"]} == set(runs.PARTS)


@pytest.fixture
def documentation(tmp_path, monkeypatch):
    """A page and results of a run of monday in place of those of the documentation; what both hold."""
    old = parts_of("monday", export=["Export"], floor=["Floor"])
    monkeypatch.setattr(runs, "PAGE", tmp_path / "benchmarks.md")
    monkeypatch.setattr(runs, "RESULTS", tmp_path / "results.json")
    runs.PAGE.write_text(table.insert(f"By hand.\n{table.BEGIN}\n{table.END}\nBy hand, too.\n", old))
    runs.RESULTS.write_text(json.dumps(old))
    return lambda: (runs.PAGE.read_text(), json.loads(runs.RESULTS.read_text()))


def test_a_run_of_parts_is_written_beside_what_others_have_measured(documentation):
    runs.write(parts_of("tuesday", floor=["Floor"]), quick=False, output=None)
    page, kept = documentation()
    assert taken_of(kept) == [("Export", "monday"), ("Floor", "tuesday")]
    assert page == f"By hand.\n{table.BEGIN}\n\n{table.markdown(kept)}\n{table.END}\nBy hand, too.\n"


def test_a_quick_run_is_only_printed(documentation, capsys):
    before = documentation()
    new = parts_of("tuesday", floor=["Floor"])
    runs.write(new, quick=True, output=None)
    assert documentation() == before
    assert capsys.readouterr().out == f"{table.markdown(new)}\n"


@pytest.mark.parametrize("quick", [True, False])
def test_another_folder_gets_only_what_was_measured(documentation, tmp_path, quick):
    before = documentation()
    new = parts_of("tuesday", floor=["Floor"])
    runs.write(new, quick, tmp_path / "new" / "folder")
    assert documentation() == before
    assert json.loads((tmp_path / "new" / "folder" / "results.json").read_text()) == new
    page = (tmp_path / "new" / "folder" / "benchmarks.md").read_text()
    assert page == table.insert(before[0], new)
    assert "monday" not in page


def test_results_stay_where_the_page_has_no_place_for_them(documentation):
    runs.PAGE.write_text("A page without marks.")
    before = documentation()
    with pytest.raises(ValueError, match="no place"):
        runs.write(parts_of("tuesday", floor=["Floor"]), quick=False, output=None)
    assert documentation() == before
