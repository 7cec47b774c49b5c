# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Namespaces in XML (W3C, REC-xml-names), looked up here and not by expat.

Expat writes a namespace out anew for each element and attribute in it, and goes on doing so to the end of the piece when it
was told to stop. So a long one would take gigabytes.
"""

from __future__ import annotations

LONGEST = 256
_XML = "http://www.w3.org/XML/1998/namespace"
_XMLNS = "http://www.w3.org/2000/xmlns/"

# Prefixes and what they stood for; None for nothing.
Hidden = dict[str, "str | None"]


class NamespaceError(Exception):
    """The document is not well-formed; in a phrase such as expat's."""


class Namespaces:
    """What prefixes stand for at a place in a document."""

    def __init__(self) -> None:
        self._prefixes: Hidden = {"": "", "xml": _XML}

    def enter(self, attributes: dict[str, str]) -> tuple[dict[str, str], Hidden]:
        """The attributes less the declarations, named "namespace name" or "name"; and what the declarations hide."""
        hidden: Hidden = {}
        for key in [key for key in attributes if key == "xmlns" or key.startswith("xmlns:")]:
            self._declare(key[len("xmlns:") :], attributes.pop(key), key != "xmlns", hidden)
        if not any(":" in key for key in attributes):
            return attributes, hidden
        named = {" ".join(self.expanded(key)) if ":" in key else key: attributes[key] for key in attributes}
        if len(named) < len(attributes):
            raise NamespaceError("duplicate attribute")
        return named, hidden

    def leave(self, hidden: Hidden) -> None:
        """Behind the element that has hidden this."""
        self._prefixes.update(hidden)

    def expanded(self, name: str) -> tuple[str, str]:
        """Namespace and local name of an element."""
        if ":" not in name:
            return self._prefixes[""] or "", name
        prefix, _colon, local = name.rpartition(":")
        namespace = self._prefixes.get(prefix) if prefix else None
        if namespace is None or not local[:1].isidentifier():
            raise NamespaceError("unbound prefix, or name without a beginning")
        return namespace, local

    def _declare(self, prefix: str, namespace: str, prefixed: bool, hidden: Hidden) -> None:
        if len(namespace) > LONGEST:
            raise NamespaceError(f"namespace of more than {LONGEST} characters")
        if prefixed and (not namespace or not prefix[:1].isidentifier() or ":" in prefix or prefix == "xmlns"):
            raise NamespaceError("invalid prefix of a namespace")
        if (prefix == "xml") != (namespace == _XML) or namespace == _XMLNS:
            raise NamespaceError("reserved prefix or namespace")
        hidden[prefix] = self._prefixes.get(prefix)
        self._prefixes[prefix] = namespace
