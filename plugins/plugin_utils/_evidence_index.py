# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page over all tenants: how many are in order, and where each of them stands, with the way to its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from ._evidence_html import Column, Html, View, join, section, tag
from ._evidence_page import VERDICT_KINDS, VERDICTS
from ._evidence_style import page as whole

_CARDS = {"good": "In order", "attention": "Need attention", "bad": "With errors", "unknown": "Not looked at"}


def page(index: Mapping[str, Any]) -> str:
    view = View(index)
    header = tag(
        "header",
        tag("p", "Evidence of the custody of tenant keys", class_="kind"),
        tag("h1", "All tenants"),
        tag("p", "Tenants with a page in this folder: ", view.value("/totals/tenants"), ".", class_="headline"),
    )
    cards = [
        tag("li", tag("span", title, class_="title"), tag("span", view.value(f"/totals/{name}"), class_="figure"))
        for name, title in _CARDS.items()
    ]
    footer = tag(
        "footer",
        tag("p", "All times are UTC. A page is of the time at which its tenant was first seen like that."),
        tag(
            "p",
            "The same for programs: ",
            tag("a", "JSON", href="index.json"),
            " (schema ",
            view.value("/schema"),
            "). Of paths it shows: ",
            view.value("/paths"),
            ".",
        ),
    )
    table = view.table("Those first with which something is wrong", "/tenants", _columns(view))
    return whole(
        "Evidence: all tenants",
        header,
        tag("main", tag("ul", *cards, class_="cards"), section("Tenants", table)),
        footer,
    )


def _columns(view: View) -> tuple[Column, ...]:
    return (
        Column("Tenant", lambda place: _tenant(view, place)),
        Column("Verdict", lambda place: view.badge(f"{place}/verdict", VERDICT_KINDS, VERDICTS)),
        Column("Where it stands", lambda place: _stands(view, place), "said"),
        Column("Days exposed", lambda place: _exposed(view, place), "number"),
        Column("Good copies", lambda place: _good(view, place), "number"),
        Column("Findings", lambda place: _findings(view, place), "word"),
        view.column("Seen like this at", "collected_at"),
    )


def _tenant(view: View, place: str) -> Html:
    link = tag("a", view.value(f"{place}/tenant"), href=quote(view.at(f"{place}/page")))
    rehearsal = [tag("span", "rehearsal", class_="more", data_of=f"{place}/rehearsal", data_code="yes")]
    return join(link, *(rehearsal if view.at(f"{place}/rehearsal") else []))


def _stands(view: View, place: str) -> Html:
    since = [" since ", view.value(f"{place}/since")] if view.at(f"{place}/since") else []
    stage = tag("span", view.value(f"{place}/stage"), *since, class_="more")
    problem = [tag("p", view.value(f"{place}/problem"), class_="banner")] if view.at(f"{place}/problem") else []
    return join(view.value(f"{place}/headline"), stage, *problem)


def _exposed(view: View, place: str) -> Html:
    lasts = [tag("span", "it lasts", class_="more", data_of=f"{place}/exposed", data_code="yes")]
    return join(view.value(f"{place}/exposed_days"), *(lasts if view.at(f"{place}/exposed") else []))


def _good(view: View, place: str) -> Html:
    return join(view.value(f"{place}/good_copies"), " of ", view.value(f"{place}/copies"))


def _findings(view: View, place: str) -> Html:
    return join(*(tag("div", view.value(f"{place}/{name}"), f" {name}") for name in ("errors", "warnings", "overdue")))
