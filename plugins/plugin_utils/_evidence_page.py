# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of one tenant: what its document says, for people. Every value on it is one of the document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from . import _evidence_svg as evidence_svg
from ._evidence_html import Column, Html, Part, View, about, join, section, tag
from ._evidence_page_copies import copies, findings
from ._evidence_page_key import key, others
from ._evidence_page_log import log
from ._evidence_style import page as whole

VERDICTS = {"good": "In order", "attention": "Needs attention", "bad": "Something is wrong", "unknown": "Not looked at"}
VERDICT_KINDS = {"good": "good", "attention": "warn", "bad": "bad", "unknown": "warn"}
_RESULTS = {"proven": "good", "not so": "bad", "not proven": "warn", "waived": "warn", "not known": "warn"}

_CASE = {
    "guid": "Case",
    "support_case": "Support case",
    "purpose": "Purpose of the export",
    "engine": "Engine",
    "opened": "Opened",
    "expected_by": "Reply expected by",
}


def page(document: Mapping[str, Any], name: str) -> str:
    """The whole page. C(name): what its files are called, without their ends."""
    view = View(document)
    sections = list(_sections(view)) if document["seen"] else []
    title = f"Evidence: tenant key of {document['tenant']}"
    return whole(title, _header(view), tag("main", *sections), _footer(view, name))


def _header(view: View) -> Html:
    seen = view.at("/seen")
    parts: list[Part] = [
        tag("nav", tag("a", "All tenants", href="index.html")),
        tag("p", "Evidence of the custody of a tenant key", class_="kind"),
        tag("h1", view.value("/tenant")),
        tag("p", *_badges(view), class_="verdict"),
        tag("p", view.value("/headline"), class_="headline"),
    ]
    if seen:
        parts.append(tag("p", view.value("/assessment"), class_="about"))
        if view.at("/case/rehearsal"):
            parts.append(
                tag(
                    "p",
                    "This is a rehearsal. Its key opens no real document, and nothing here is about one.",
                    class_="banner",
                )
            )
    else:
        parts.append(tag("p", view.value("/problem"), class_="banner"))
    return tag("header", *parts)


def _badges(view: View) -> Iterator[Html]:
    yield view.badge("/verdict", VERDICT_KINDS, VERDICTS)
    if view.at("/seen"):
        since = [" since ", view.value("/since")] if view.at("/since") else []
        yield tag("span", "Stage: ", view.value("/stage"), *since, class_="badge plain")
        yield from (tag("span", view.value(each), class_="badge warn") for each in view.places("/conditions"))


def _footer(view: View, name: str) -> Html:
    """When, of which host, and where the same is for programs. The time is that of the state, not of the run that saw it again."""
    return tag(
        "footer",
        tag(
            "p",
            "Seen like this first at ",
            view.value("/collected_at"),
            " from the inventory host ",
            view.value("/host"),
            ". A later look that finds the same leaves this page as it is. All times are UTC; what lasts is counted in whole days.",
        ),
        tag(
            "p",
            "The same for programs: ",
            tag("a", "JSON", href=f"{quote(name)}.json"),
            " (schema ",
            view.value("/schema"),
            "). Of paths it shows: ",
            view.value("/paths"),
            ". No secret is in either, nor the hash of a password file.",
        ),
    )


def _sections(view: View) -> Iterator[Html]:
    yield _cards(view)
    yield _claims(view)
    if view.at("/timeline/milestones"):
        yield _timeline(view)
    yield _exposure(view)
    yield copies(view)
    yield findings(view)
    yield from key(view)
    yield from others(view)
    yield log(view)


# -- at a glance -------------------------------------------------------------------------------------------------------


def _cards(view: View) -> Html:
    return tag(
        "ul",
        _card("Key exposed", *_exposed(view)),
        _card(
            "Good copies",
            join(view.value("/numbers/good_copies"), " of ", view.value("/numbers/copies")),
            join(
                "TPD ", view.value("/numbers/tpd_custodians"), ", password ", view.value("/numbers/password_custodians")
            ),
            join("required for each: ", view.value("/numbers/required_custodians")),
            join("proof overdue: ", view.value("/numbers/late_copies")),
        ),
        _card(
            "Audit",
            join(view.value("/numbers/errors"), " errors"),
            join(view.value("/numbers/warnings"), " warnings"),
            join(view.value("/numbers/overdue"), " overdue"),
        ),
        _card(
            "Custody log",
            join(view.value("/numbers/log_lines"), " lines"),
            join("vouched for by ", view.value("/numbers/vouching_custodians"), " custodians"),
        ),
        class_="cards",
    )


def _card(title: str, figure: Html, *below: Html) -> Html:
    lines = [tag("span", line, class_="below") for line in below]
    return tag("li", tag("span", title, class_="title"), tag("span", figure, class_="figure"), *lines)


def _exposed(view: View) -> list[Html]:
    """The first span is that of the service, where there is one."""
    spans = view.at("/exposure/spans")
    if not spans or spans[0]["id"] != "service":
        return [tag("span", "not"), tag("span", "as far as is on record")]
    place = "/exposure/spans/0"
    ended = "and it lasts" if spans[0]["open"] else "and it has ended"
    return [join(view.value(f"{place}/days"), " days"), tag("span", ended)]


# -- what is proven, and when ------------------------------------------------------------------------------------------


def _claims(view: View) -> Html:
    columns = (
        view.column("Claim", "claim"),
        Column("Result", lambda place: view.badge(f"{place}/result", _RESULTS)),
        view.column("When", "at"),
        view.column("By what", "proof"),
    )
    return section(
        "What is proven",
        about("From the case record, the custody log, and a look at every copy."),
        view.table("Claims, in the order of a case's life", "/claims", columns),
    )


def _timeline(view: View) -> Html:
    columns = (
        view.column("When", "at"),
        view.column("What", "label"),
        view.column("How often", "count"),
        view.column("By", "by"),
        view.column("Source", "source"),
    )
    said = "Flags are steps, rings are proofs between them. Proofs after the last step, which the drawing leaves out: "
    parts: list[Part] = [about(said, view.value("/timeline/later"), ".")]
    if view.at("/timeline/until"):
        parts.append(evidence_svg.drawings(evidence_svg.timeline, view))
    parts.append(view.table("Steps and proofs", "/timeline/milestones", columns))
    if view.at("/case/guid"):
        parts.append(view.facts("/case", _CASE))
    return section("Time line", *parts)


def _exposure(view: View) -> Html:
    parts: list[Part] = [tag("p", view.value("/exposure/note"), class_="about")]
    if view.at("/exposure/spans"):
        columns = (
            view.column("What", "what"),
            view.column("Since", "since"),
            Column("Until", lambda place: _until(view, place)),
            view.column("Whole days", "days"),
            view.column("How long", "lasted"),
        )
        parts.append(evidence_svg.drawings(evidence_svg.bars, view))
        parts.append(view.table("How long what lay where", "/exposure/spans", columns))
    return section("Exposure", *parts)


def _until(view: View, place: str) -> Html:
    """One that has ended has an end, but for what was taken away unseen."""
    if view.at(f"{place}/open"):
        return tag("span", "it lasts", class_="badge warn", data_of=f"{place}/open", data_code="yes")
    return view.value(f"{place}/until")
