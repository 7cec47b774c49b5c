# Copyright (c) 2026 infoprotect.tenant_key contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The time line and the bars of what lay where, as SVG within a page.

Each is drawn twice, for a wide and for a narrow screen, as a drawing that is made smaller cannot be read. Whoever does not
see it has its title and the table beside it, which says the same.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ._evidence_html import Html, View, join, tag
from ._evidence_story import PROOFS
from ._life_cycle_facts import moment

WIDE, NARROW = 960, 340
_MARGIN = 12
# How wide a flag with a date and a few words may get, and how far apart two rows of them are.
_FLAG, _LANE = 190, 22
_ROW, _LINE = 46, 16


def drawings(draw: Callable[[View, int], Html], view: View) -> Html:
    """For a wide and for a narrow screen; a style sheet shows one of them."""
    return join(
        tag("div", draw(view, WIDE), class_="drawing wide"), tag("div", draw(view, NARROW), class_="drawing narrow")
    )


class _Scale:
    """From a time to a place on the axis."""

    def __init__(self, since: str, until: str, left: float, right: float) -> None:
        begun, ended = moment(since), moment(until)
        if begun is None or ended is None:
            raise ValueError("An axis goes from one time to another.")
        self._begun, self._left, self._right = begun, left, right
        self._seconds = (ended - begun).total_seconds()

    def place(self, at: str) -> float:
        then = moment(at)
        if then is None or self._seconds <= 0:
            return self._left
        part = (then - self._begun).total_seconds() / self._seconds
        return round(self._left + min(1.0, max(0.0, part)) * (self._right - self._left), 1)


# -- the time line -----------------------------------------------------------------------------------------------------


def timeline(view: View, width: int) -> Html:
    """An axis with a flag for each step, and a dot for each proof between the first step and the last."""
    place = "/timeline"
    since, until = view.at(f"{place}/since"), view.at(f"{place}/until")
    scale = _Scale(since, until, _MARGIN, width - _MARGIN - _FLAG)
    milestones = [(each, view.at(each)) for each in view.places(f"{place}/milestones")]
    steps = [(each, scale.place(said["at"])) for each, said in milestones if said["event"] not in PROOFS]
    proofs = [scale.place(said["at"]) for _each, said in milestones if said["event"] in PROOFS and said["at"] <= until]
    lanes = _lanes([left for _each, left in steps])
    axis = _MARGIN + (max(lanes) + 1) * _LANE
    flags = [_flag(view, each, left, axis - (lane + 1) * _LANE, axis) for (each, left), lane in zip(steps, lanes)]
    line = _line(_MARGIN, axis, width - _MARGIN - _FLAG, axis, "axis")
    dots = [tag("circle", cx=_number(left), cy=_number(axis), r="3", class_="proof") for left in proofs]
    return _drawing(
        "Time line of the case",
        place,
        width,
        axis + _LANE,
        [line, *flags, *dots, *_ends(view, place, width - _MARGIN - _FLAG, axis, "start")],
    )


def _lanes(lefts: Sequence[float]) -> list[int]:
    """The lowest lane for the last flag; one that would lie over later ones goes above them, so that no pole crosses a text."""
    lanes: list[int] = []
    for number in reversed(range(len(lefts))):
        over = [lane for lane, later in zip(reversed(lanes), lefts[number + 1 :]) if later - lefts[number] < _FLAG]
        lanes.append(max(over, default=-1) + 1)
    return lanes[::-1]


def _flag(view: View, place: str, left: float, top: float, axis: float) -> Html:
    day = tag("tspan", view.at(f"{place}/at")[:10], class_="day", data_day_of=f"{place}/at")
    label = tag("tspan", view.at(f"{place}/label"), data_of=f"{place}/label", dx="6")
    return join(
        _line(left, top - 4, left, axis, "pole"),
        tag("circle", cx=_number(left), cy=_number(axis), r="4.5", class_="step"),
        tag("text", day, label, x=_number(left + 6), y=_number(top + 6)),
    )


# -- the bars ----------------------------------------------------------------------------------------------------------


def bars(view: View, width: int) -> Html:
    """A bar for each span, with its name above it; one that lasts has no end."""
    place = "/exposure"
    scale = _Scale(view.at(f"{place}/since"), view.at(f"{place}/until"), _MARGIN, width - _MARGIN)
    row = _ROW + (_LINE if width == NARROW else 0)
    rows = [_bar(view, each, scale, row * number, width) for number, each in enumerate(view.places(f"{place}/spans"))]
    axis = row * len(rows) + 4
    line = _line(_MARGIN, axis, width - _MARGIN, axis, "axis")
    parts = [*rows, line, *_ends(view, place, width - _MARGIN, axis, "end")]
    return _drawing("How long what lay where", place, width, axis + _LANE, parts)


def _bar(view: View, place: str, scale: _Scale, top: float, width: int) -> Html:
    span = view.at(place)
    left = scale.place(span["since"])
    # What has gone at a time that nobody knows is a mark at its beginning.
    right = scale.place(view.at("/exposure/until") if span["open"] else span["until"] or span["since"])
    below = {"x": _number(_MARGIN), "dy": str(_LINE)} if width == NARROW else {"dx": "8"}
    name = tag("tspan", span["what"], data_of=f"{place}/what")
    lasted = tag("tspan", span["lasted"], data_of=f"{place}/lasted", class_="day", **below)
    box = tag(
        "rect",
        x=_number(left),
        y=_number(top + 22 + (_LINE if width == NARROW else 0)),
        width=_number(max(3.0, right - left)),
        height="14",
        rx="3",
        class_=f"bar {span['id']}{' open' if span['open'] else ''}",
    )
    return join(tag("text", name, lasted, x=_number(_MARGIN), y=_number(top + 15)), box)


# -- both --------------------------------------------------------------------------------------------------------------


def _ends(view: View, place: str, right: float, axis: float, anchor: str) -> list[Html]:
    """The days at which the axis begins and ends; C(anchor): on which side of its end the second one stands."""
    ends = (("since", _MARGIN, "start"), ("until", right, anchor))
    return [
        tag(
            "text",
            view.at(f"{place}/{name}")[:10],
            data_day_of=f"{place}/{name}",
            x=_number(left),
            y=_number(axis + 17),
            text_anchor=side,
            class_="day",
        )
        for name, left, side in ends
    ]


def _drawing(title: str, place: str, width: int, height: float, parts: Sequence[Html]) -> Html:
    """A drawing is one image to whoever cannot see it, with a title and a sentence."""
    name = f"{place[1:]}-{width}"
    size: dict[str, Any] = {"viewBox": f"0 0 {width} {_number(height)}", "width": str(width), "height": _number(height)}
    return tag(
        "svg",
        tag("title", title, id=f"{name}-title"),
        tag("desc", "The table below says the same in words.", id=f"{name}-desc"),
        *parts,
        role="img",
        aria_labelledby=f"{name}-title",
        aria_describedby=f"{name}-desc",
        **size,
    )


def _line(left: float, top: float, right: float, bottom: float, class_: str) -> Html:
    return tag("line", x1=_number(left), y1=_number(top), x2=_number(right), y2=_number(bottom), class_=class_)


def _number(value: float) -> str:
    return f"{value:g}"
