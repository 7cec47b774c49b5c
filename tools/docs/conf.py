# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sphinx's settings for the documentation site; tools/make-docs uses them."""

from __future__ import annotations

import os
from typing import Any

from docutils import nodes

project = "infoprotect.tenant_key"
copyright = "infoprotect.tenant_key contributors, GPL-3.0-or-later"  # noqa: A001
html_title = "tenant_key"
html_theme = "furo"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sphinx = False
html_copy_source = False
extensions = ["myst_parser", "sphinx_antsibull_ext"]
# A block of code says its language, or has none.
highlight_language = "none"
# So that a link to a heading works as it does where the repository is browsed.
myst_heading_anchors = 4
# No server is asked: tools/docs/check_site.py follows the links within the site and lists the others. For `make links` they
# are followed, but for addresses that are reserved for examples.
RESERVED = r"https?://([^/]*\.)?example(\.(com|net|org))?([:/]|$)"
linkcheck_ignore = [RESERVED if os.environ.get("TENANT_KEY_LINKS") == "all" else r"https?://"]
linkcheck_timeout = 30
linkcheck_anchors = False

# What Ansible's own documentation has, and plugins refer to. No inventory of it is fetched.
ANSIBLE = "https://docs.ansible.com/ansible/latest/"
BUILTIN = "ansible_collections.ansible.builtin."
PLACES = {
    "action_plugins": "plugins/action.html#action-plugins",
    "ansible_configuration_settings": "reference_appendices/config.html",
    "common_return_values": "reference_appendices/common_return_values.html",
}


def elsewhere(_app: Any, _env: Any, node: Any, inner: Any) -> Any:
    """A link into Ansible's documentation; None for everything else, which then is a warning."""
    target = node.get("reftarget", "")
    place = PLACES.get(target)
    if target.startswith(BUILTIN):
        place = f"collections/ansible/builtin/{target[len(BUILTIN) :]}.html"
    return nodes.reference("", "", inner, refuri=ANSIBLE + place, internal=False) if place else None


def setup(app: Any) -> None:
    app.connect("missing-reference", elsewhere)
