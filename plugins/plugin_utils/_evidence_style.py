# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How the pages look: on a wide and a narrow screen, light and dark, and on paper. Nothing comes from elsewhere."""

from __future__ import annotations

import base64
import hashlib

from ._evidence_html import Html, join, tag

LIGHT = {
    "page": "#f3f5f8",
    "sheet": "#ffffff",
    "text": "#1a2530",
    "quiet": "#52606d",
    "line": "#d5dbe2",
    "stripe": "#f7f9fb",
    "link": "#0a5791",
    "good": "#14632f",
    "good-sheet": "#e4f3e8",
    "warn": "#734600",
    "warn-sheet": "#fdf0d0",
    "bad": "#9c1a1f",
    "bad-sheet": "#fce8e6",
    "plain": "#3d4a57",
    "plain-sheet": "#e9edf2",
    "out": "#c2362f",
    "pair": "#c47a12",
    "request": "#7a8794",
}
DARK = {
    "page": "#0f1419",
    "sheet": "#182028",
    "text": "#e6ebf0",
    "quiet": "#a4b0bc",
    "line": "#33404c",
    "stripe": "#1d2730",
    "link": "#83c5f7",
    "good": "#93dba9",
    "good-sheet": "#14331f",
    "warn": "#f3ca78",
    "warn-sheet": "#382b0e",
    "bad": "#ffa69f",
    "bad-sheet": "#421b1b",
    "plain": "#c9d2db",
    "plain-sheet": "#2a3540",
    "out": "#f0746b",
    "pair": "#e2a344",
    "request": "#8b98a5",
}


def _colours(colours: dict[str, str]) -> str:
    return "".join(f"--{name}:{colour};" for name, colour in colours.items())


# Paper is white, whatever the screen is.
_COLOURS = f"""
:root{{color-scheme:light dark;{_colours(LIGHT)}}}
@media screen and (prefers-color-scheme:dark){{:root{{{_colours(DARK)}}}}}
"""

_SHEET = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--text);line-height:1.5;font-size:15px;
font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",Arial,sans-serif}
main,header,footer{max-width:1040px;margin:0 auto;padding:0 24px}
header{padding-top:32px}
a{color:var(--link)}
h1{font-size:30px;line-height:1.2;margin:0 0 10px;overflow-wrap:anywhere}
h2{font-size:19px;line-height:1.3;margin:0 0 4px}
p{margin:0 0 10px}
.kind{color:var(--quiet);font-size:13px;letter-spacing:.06em;text-transform:uppercase;margin:0 0 4px}
.headline{font-size:18px;margin:0 0 4px}
.about{color:var(--quiet);margin:0 0 14px}
.banner{border-left:4px solid var(--warn);background:var(--warn-sheet);color:var(--warn);padding:10px 14px;margin:0 0 14px;border-radius:4px}
section{background:var(--sheet);border:1px solid var(--line);border-radius:8px;padding:20px 22px;margin:0 0 18px}
code{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.92em;overflow-wrap:anywhere}
[data-of]{unicode-bidi:isolate}
time{font-variant-numeric:tabular-nums;white-space:nowrap}
"""

_BADGES = """
.badge{display:inline-block;padding:1px 9px;border-radius:10px;font-size:13px;font-weight:600;max-width:100%;
color:var(--plain);background:var(--plain-sheet)}
.badge.good{color:var(--good);background:var(--good-sheet)}
.badge.warn{color:var(--warn);background:var(--warn-sheet)}
.badge.bad{color:var(--bad);background:var(--bad-sheet)}
.verdict{display:flex;flex-wrap:wrap;gap:8px;margin:0 0 12px}
.verdict .badge{font-size:14px;padding:3px 12px;border-radius:14px}
"""

_CARDS = """
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:14px;margin:0 0 18px;padding:0;list-style:none}
.cards li{background:var(--sheet);border:1px solid var(--line);border-radius:8px;padding:14px 16px}
.cards .title{color:var(--quiet);font-size:13px;display:block}
.cards .figure{font-size:26px;font-weight:650;line-height:1.25;display:block;font-variant-numeric:tabular-nums}
.cards .below{font-size:13px;display:block}
.facts{display:grid;grid-template-columns:repeat(2,1fr);gap:0 28px;margin:12px 0 0}
.facts div{padding:7px 0;border-top:1px solid var(--line);min-width:0}
.facts .long{grid-column:1/-1}
.facts dt{color:var(--quiet);font-size:13px}
.facts dd{margin:0;overflow-wrap:anywhere}
ul{margin:6px 0 12px;padding-left:20px}
"""

_TABLES = """
table{border-collapse:collapse;width:100%;margin:12px 0 4px;font-size:14px}
caption{text-align:left;color:var(--quiet);font-size:13px;padding:0 0 6px}
th,td{text-align:left;vertical-align:top;padding:7px 12px 7px 0;border-top:1px solid var(--line);overflow-wrap:anywhere;min-width:6.2em}
th:last-child,td:last-child{padding-right:0}
tbody th{font-weight:600;min-width:9.5em}
thead th{color:var(--quiet);font-size:13px;font-weight:600;border-top:0;overflow-wrap:normal}
td .badge{white-space:nowrap;overflow-wrap:normal}
.more{display:block;color:var(--quiet);font-size:13px;font-weight:400}
.quiet{color:var(--quiet);font-weight:400}
td.said{min-width:13em}
td.word{min-width:7.6em}
tbody th.number,td.number{min-width:4.2em}
tbody th.id{min-width:12em}
td ul{margin:2px 0 0;padding-left:16px}
"""

_DRAWINGS = """
.drawing{margin:12px 0 4px}
.drawing svg{display:block;max-width:100%;height:auto}
.drawing.narrow{display:none}
svg text{fill:var(--text);font-size:12px}
svg .day{fill:var(--quiet)}
svg .axis{stroke:var(--quiet);stroke-width:1.5}
svg .pole{stroke:var(--line);stroke-width:1.5}
svg .step{fill:var(--link);stroke:var(--sheet);stroke-width:1.5}
svg .proof{fill:var(--sheet);stroke:var(--good);stroke-width:2}
svg .bar.service{fill:var(--out)}
svg .bar.pair{fill:var(--pair)}
svg .bar.request_key{fill:var(--request)}
svg .bar.open{stroke:var(--text);stroke-width:1.5;stroke-dasharray:5 3}
footer{color:var(--quiet);font-size:13px;padding-top:4px;padding-bottom:32px}
nav{font-size:14px;margin:0 0 14px}
"""

_WIDE = """
@media screen and (min-width:1200px){td.said{min-width:16em}}
"""

# A row of a table becomes a block, with the column's title before each value.
_NARROW = """
@media screen and (max-width:980px){
main,header,footer{padding-left:12px;padding-right:12px}
header{padding-top:18px}
h1{font-size:24px}
section{padding:16px 14px}
.cards{grid-template-columns:repeat(2,1fr);gap:10px}
.facts{grid-template-columns:1fr}
.drawing.wide{display:none}
.drawing.narrow{display:block}
table,tbody,tr,th,td,caption{display:block}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{border-top:1px solid var(--line);padding:8px 0}
tbody th,tbody td{border:0;padding:2px 0;display:grid;grid-template-columns:104px minmax(0,1fr);gap:8px}
tbody th::before,tbody td::before{content:attr(data-title);color:var(--quiet);font-size:13px;font-weight:400}
}
"""

_PAPER = """
@page{margin:16mm 14mm}
@media print{
body{background:#fff;font-size:10.5pt}
main,header,footer{max-width:none;padding-left:0;padding-right:1px}
header{padding-top:0}
nav{display:none}
section{border:0;border-radius:0;padding:0;margin:0 0 16pt}
.cards li{break-inside:avoid}
.facts div,tr,.drawing{break-inside:avoid}
h2,h3,caption,.about,thead{break-after:avoid}
tbody tr:first-child{break-before:avoid}
thead{display:table-header-group}
table{font-size:9pt}
th,td,tbody th,td.said,td.number,tbody th.number{min-width:5.6em;padding-right:8px}
td time,td .badge{white-space:normal}
td .more,th .more,td .badge{font-size:inherit}
a{color:inherit;text-decoration:none}
.badge,.banner,.cards li,svg *{print-color-adjust:exact;-webkit-print-color-adjust:exact}
}
"""

STYLE = "".join((_COLOURS, _SHEET, _BADGES, _CARDS, _TABLES, _DRAWINGS, _WIDE, _NARROW, _PAPER))
# The browser takes this one style sheet, and neither another one nor a script nor anything from elsewhere.
_HASH = base64.b64encode(hashlib.sha256(STYLE.encode("ascii")).digest()).decode("ascii")
POLICY = f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src data:; base-uri 'none'; form-action 'none'"


def page(title: str, *body: Html) -> str:
    """A whole page. The empty icon keeps a browser from asking a server for one."""
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=POLICY),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("meta", name="robots", content="noindex"),
        tag("link", rel="icon", href="data:,"),
        tag("title", title),
        tag("style", Html(STYLE)),
    )
    return str(join(Html("<!DOCTYPE html>\n"), tag("html", head, tag("body", *body), lang="en"), Html("\n")))
