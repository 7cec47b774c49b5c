# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The part of a tenant's page that shows the custody log: its head, who vouches for it, and each line."""

from __future__ import annotations

from ._evidence_html import Column, Html, Part, View, about, join, tag

_INTACT = {True: ("whole", "good"), False: ("damaged", "bad"), None: ("not there", "warn")}


def log(view: View) -> Html:
    parts: list[Part] = [tag("h2", "Custody log"), _state(view)]
    if view.at("/log/seq") is not None:
        parts.append(
            view.facts(
                "/log", {"seq": "Lines", "head": "Head (SHA-256 of the last line)", "time": "Last line", "file": "File"}
            )
        )
    if view.at("/log/problems"):
        parts.append(view.sentences("/log/problems"))
    if view.at("/log/anchors"):
        parts.append(view.table("Anchors: what custodians keep of it", "/log/anchors", _anchors(view)))
    if view.at("/events"):
        parts.append(view.table("Lines about this tenant", "/events", _lines(view)))
    parts.append(about("Lines about other tenants, which are left out: ", view.value("/log/others"), "."))
    return tag("section", *parts)


def _state(view: View) -> Html:
    intact = view.at("/log/intact")
    word, kind = _INTACT[intact]
    code = {True: "yes", False: "no", None: ""}[intact]
    badge = tag("span", word, class_=f"badge {kind}", data_of="/log/intact", data_code=code)
    if intact is None:
        return about("The log: ", badge, ".")
    return about("Each line holds the hash of the one before. By itself the log is ", badge, ".")


def _anchors(view: View) -> tuple[Column, ...]:
    return (
        Column("Custodians", lambda place: view.several(f"{place}/custodians")),
        view.column("Line", "seq"),
        view.column("Head", "head"),
        Column("Fits", lambda place: view.value(f"{place}/holds")),
    )


def _lines(view: View) -> tuple[Column, ...]:
    return (
        view.column("Line", "seq", "number"),
        view.column("When", "time"),
        view.column("Event", "event", "word"),
        Column(
            "Who",
            lambda place: join(view.value(f"{place}/actor"), tag("span", view.value(f"{place}/host"), class_="more")),
        ),
        Column("What", lambda place: _what(view, place)),
    )


def _what(view: View, place: str) -> Html:
    """Subject, what is known of it, and of which case it is, if that is not this one."""
    parts = [view.value(f"{place}/subject")]
    if view.at(f"{place}/note"):
        parts.append(tag("span", view.value(f"{place}/note"), class_="more"))
    if view.at(f"{place}/other_case") is not None:
        parts.append(tag("span", "case ", view.value(f"{place}/other_case"), class_="more"))
    return join(*parts)
