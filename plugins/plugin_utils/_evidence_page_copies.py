# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parts of a tenant's page that show its copies and what an audit has found."""

from __future__ import annotations

from ._evidence_html import Column, Html, Part, View, about, join, section, tag

_STATES = {"good": "good", "gone": "bad", "wrong": "bad", "not reached": "warn", "not looked at": "warn"}
_SEVERITIES = {"error": "bad", "warning": "warn"}


def copies(view: View) -> Html:
    if not view.at("/copies"):
        return section("Copies", about("No copy is on record."))
    columns = (
        view.column("Custodian", "custodian"),
        view.column("Half", "half"),
        Column("Where", lambda place: _where(view, place)),
        view.column("Placed", "placed_at"),
        Column("Last proof", lambda place: _proof(view, place)),
        Column("Now", lambda place: _now(view, place)),
    )
    return section(
        "Copies",
        about("Each copy on record, as it was seen, and when it was last proven to hold what it should."),
        view.table("Copies with custodians", "/copies", columns),
    )


def _where(view: View, place: str) -> Html:
    file = [tag("span", view.value(f"{place}/file"), class_="more")] if view.at(f"{place}/file") else []
    known = [
        (word, name)
        for word, name in (("owner ", "owner"), ("mode ", "mode"), ("vault ", "vault_id"))
        if view.at(f"{place}/{name}")
    ]
    how: list[Part] = []
    for word, name in known:
        how += [", " if how else "", word, view.value(f"{place}/{name}")]
    return join(view.value(f"{place}/host"), *file, *([tag("span", *how, class_="more")] if how else []))


def _proof(view: View, place: str) -> Html:
    if not view.at(f"{place}/proven_at"):
        return view.value(f"{place}/proven_at")
    late = (
        [tag("span", "overdue", class_="badge warn", data_of=f"{place}/overdue", data_code="yes")]
        if view.at(f"{place}/overdue")
        else []
    )
    return join(view.value(f"{place}/proven_at"), tag("span", view.value(f"{place}/proven_by"), class_="more"), *late)


def _now(view: View, place: str) -> Html:
    problems = [view.sentences(f"{place}/problems")] if view.at(f"{place}/problems") else []
    return join(view.badge(f"{place}/state", _STATES), *problems)


def findings(view: View) -> Html:
    parts: list[Part] = []
    if view.at("/findings"):
        columns = (
            view.column("Finding", "id", "id"),
            Column("Severity", lambda place: view.badge(f"{place}/severity", _SEVERITIES)),
            view.column("What was found", "message"),
        )
        parts.append(view.table("Findings of the audit", "/findings", columns))
    else:
        parts.append(about("The audit has found nothing to be wrong."))
    for title, place in (("Overdue", "/overdue"), ("What needs nobody, and why", "/no_action")):
        if view.at(place):
            parts += [tag("h3", title), view.sentences(place)]
    return section("Findings", *parts)
