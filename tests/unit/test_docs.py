# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documentation: links lead somewhere, and what it names (variables, playbooks, tags, messages) is there."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest
import yaml

from ..figures import count

CHECKOUT = Path(__file__).parents[2]
DOCS = CHECKOUT / "docs"
PAGES = [CHECKOUT / "README.md", CHECKOUT / "CONTRIBUTING.md", *sorted(DOCS.rglob("*.md"))]
RUNBOOK = DOCS / "runbook"
CHAPTERS = [page for page in sorted(RUNBOOK.rglob("*.md")) if page.name != "README.md"]
HEADINGS = {
    "runbook": ["Before", "Command", "What you see", "If it fails", "Undo"],
    "de": ["Vorher", "Befehl", "Was Sie sehen", "Wenn es scheitert", "Zurücknehmen"],
}
PLAYBOOKS = sorted(path.stem for path in (CHECKOUT / "playbooks").glob("*.yml"))
ROLES = sorted(path.name for path in (CHECKOUT / "roles").iterdir())
NAME = re.compile(rf"\b(?:{'|'.join(ROLES)}|tenant_key|breach|cloud_exit|rehearse)_[a-z0-9_]+\b")


def read(page):
    return page.read_text(encoding="utf-8")


def named(page):
    """The page's name as a test shows it."""
    return str(page.relative_to(CHECKOUT))


def without_code(text):
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))


def code(text):
    """What stands in code blocks and between backticks."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return "\n".join(
        blocks + re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL))
    )


def anchors(text):
    """As GitHub and the documentation site make them from headings."""
    headings = re.findall(r"^#+ (.+)$", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def generator():
    """tools/variables.py, which is no part of a package."""
    specification = importlib.util.spec_from_file_location("variables", CHECKOUT / "tools" / "variables.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


VARIABLES = generator()
SPECIFICATIONS = list(VARIABLES.specifications())


def options(specified):
    """Names of options, and of those within them."""
    for name, option in specified.items():
        yield name
        yield from options(option.get("options", {}))


def known_names():
    """Every word with a role's name before it that the collection has."""
    names = {name for _role, _entry, specified in SPECIFICATIONS for name in options(specified["options"])}
    for file in [*CHECKOUT.glob("roles/*/meta/*.yml"), *CHECKOUT.glob("roles/*/vars/*.yml")]:
        # Facts that a role leaves behind, and what must be typed.
        for found in re.findall(r"O\(ignore:(\w+)\)|extra_var', '(\w+)'", read(file)):
            names |= set(found)
    names |= {name for file in CHECKOUT.glob("playbooks/*.yml") for name in NAME.findall(read(file))}
    # What the action plugins themselves look for.
    for file in CHECKOUT.glob("plugins/plugin_utils/*.py"):
        names |= set(re.findall(r"task_vars\.get\(\"(\w+)\"", read(file)))
    # What an operation of a role is called.
    for _role, _entry, specified in SPECIFICATIONS:
        for option in specified["options"].values():
            names |= {str(choice) for choice in option.get("choices", ())}
    names |= {path.stem for path in CHECKOUT.glob("plugins/*/*.py")} | {*PLAYBOOKS, *ROLES}
    return names - {""}


KNOWN = known_names()


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_each_relative_link_leads_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", without_code(read(page))):
        if re.match(r"https?:", target):
            continue
        path, anchor = (target + "#").split("#")[:2]
        file = (page.parent / path).resolve() if path else page
        assert file.is_file(), f"{target} is not there"
        assert not anchor or anchor in anchors(read(file)), f"{target} has no such heading"
        count("links in the documentation followed")


@pytest.mark.parametrize("playbook", PLAYBOOKS)
def test_each_playbook_has_a_chapter(playbook):
    assert (RUNBOOK / f"{playbook}.md").is_file()
    assert f"({playbook}.md)" in read(RUNBOOK / "README.md")


@pytest.mark.parametrize("chapter", CHAPTERS, ids=named)
def test_each_chapter_has_the_five_headings(chapter):
    assert re.findall(r"^## (.+)$", read(chapter), re.MULTILINE) == HEADINGS[chapter.parent.name]
    seen = re.search(r"^## (?:What you see|Was Sie sehen)$(.*?)^## ", read(chapter), re.MULTILINE | re.DOTALL)
    assert "```text\n" in seen.group(1), "it shows no output"
    count("chapters of the runbook")


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_each_variable_is_specified(page):
    found = set(NAME.findall(code(read(page))))
    assert found - KNOWN == set()
    count("variables named in the documentation", len(found))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_each_command_names_what_is_there(page):
    text = code(read(page)).replace("\\\n", " ")
    for line in re.findall(r"ansible-playbook (.+)", text):
        playbook = line.split()[0]
        if playbook.startswith("infoprotect"):
            assert re.fullmatch(rf"infoprotect\.tenant_key\.({'|'.join(PLAYBOOKS)})", playbook.rstrip("`")), line
        elif page.parent.parent.name == "examples":
            assert (page.parent / playbook).is_file(), line
        # Ansible splits at spaces once more, so that only the first word would count.
        for one, other, value in re.findall(r"""-e (?:'\w+=([^']*)'|\w+=(?:"([^"]*)"|'([^']*)'))""", line):
            assert re.fullmatch(r'".*"|[^ ]*', one or other or value), line
        for tag in re.findall(r"--(?:skip-)?tags[= ](\S+)", line):
            assert tag in re.findall(r"tags: \[(.+?)\]", read(page.parent / playbook)), line
        count("commands in the documentation looked up")
    for kind, name in re.findall(r"ansible-doc (-t role )?infoprotect\.tenant_key\.(\w+)", text):
        folder = CHECKOUT / ("roles" if kind else "plugins/modules")
        assert list(folder.glob(f"{name}*")), name


def source():
    """All that says something to an operator, with the lines of a sentence joined."""
    files = [*CHECKOUT.glob("roles/**/*.yml"), *CHECKOUT.glob("playbooks/*.yml"), *CHECKOUT.glob("plugins/**/*.py")]
    joined = "\n".join(read(file) for file in files)
    return " ".join(re.sub(r"[\"']\s*\n\s*f?[\"']", "", joined).split())


@pytest.mark.parametrize("chapter", CHAPTERS, ids=named)
def test_each_message_is_one_of_the_collection(chapter):
    said = source()
    table = re.search(r"^\| (?:message|Meldung) \|.*?\n((?:\|.*\n)+)", read(chapter), re.MULTILINE)
    assert table is not None
    for row in table.group(1).splitlines()[1:]:
        parts = re.findall(r"`([^`]+)`", row.split("|")[1])
        # Between the parts of one message stands what differs from case to case.
        found = re.search(".{0,200}?".join(map(re.escape, parts)), said)
        assert parts == ["UNREACHABLE"] or found, f"nothing says {' ... '.join(parts)}"
        count("messages in the runbook looked up")


def test_the_reference_has_every_variable():
    page = VARIABLES.page()
    for role, entry, specified in SPECIFICATIONS:
        start = page.index(f"### {role}, {entry}: {specified['short_description']}\n")
        section = page[start : page.find("\n### ", start)] if "\n### " in page[start:] else page[start:]
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        wanted = list(options(specified["options"]))
        assert [re.match(r"\| `(?:[\w.\[\]]+\.)?(\w+)`", row).group(1) for row in rows] == wanted
        count("variables in the reference", len(rows))
    assert not re.search(r"\b[OVCMPEI]\([^)]*\)", page), "markup of Ansible is left"


def test_the_reference_is_written_where_it_is_wanted(tmp_path, capsys):
    VARIABLES.main([str(tmp_path / "variables.md")])
    VARIABLES.main([])
    assert read(tmp_path / "variables.md") == VARIABLES.page() == capsys.readouterr().out


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("O(ignore:look_in) and O(summary:status_file)", "`look_in` and `status_file`"),
        ("O(rekey_mode=case) or V(C:\\\\x)", "`rekey_mode=case` or `C:\\x`"),
        ("P(infoprotect.tenant_key.rekey#role) C(a\\)b)", "`infoprotect.tenant_key.rekey` `a)b`"),
    ],
)
def test_markup(markup, text):
    assert VARIABLES.text(markup) == text


@pytest.mark.parametrize("role", ROLES)
def test_defaults_are_those_of_the_specification(role):
    defaults = yaml.safe_load(read(CHECKOUT / "roles" / role / "defaults" / "main.yml")) or {}
    specified = {
        name: option.get("default")
        for found, _entry, specification in SPECIFICATIONS
        if found == role
        for name, option in specification["options"].items()
    }
    for name, value in defaults.items():
        assert name in specified
        # One that is computed cannot be specified, and an empty text may stand for what core would refuse.
        if not (isinstance(value, str) and ("{{" in value or (value == "" and specified[name] is None))):
            assert value == specified[name], name
