"""A page that a capability has on the site: what it shows, in words that know no capability.

A capability declares it as ``PAGE`` of ``unladen.capabilities.NAME.site``, a ``CapabilityPage``;
one script draws the pages of all. Series are named as they are in the results. What a target has
no value of is left out, and so is a plot of nothing but zeros, which tables show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from unladen.report.capability_parts import capability_parts

Points = Mapping[str, str]
"""Values of some of a series' parameters, as people read them, by their names."""


@dataclass(frozen=True)
class OverCommits:
    """A plot of a series over the commits, with a line for each parameter combination with a
    value; ``only``: of those with these parameters."""

    title: str
    series: str
    only: Points = field(default_factory=dict)


@dataclass(frozen=True)
class OverNumbers:
    """A plot of a series over a parameter whose values are numbers, at the commit that is chosen
    and at another one. ``only``: what the other parameters are."""

    title: str
    series: str
    axis: str
    only: Points = field(default_factory=dict)


@dataclass(frozen=True)
class ByParameter:
    """A table at the commit that is chosen: a row for each series, with what it is called, a column
    for each value of a parameter. ``only``: what the other parameters are."""

    title: str
    rows: Sequence[tuple[str, str]]
    axis: str
    only: Points = field(default_factory=dict)


@dataclass(frozen=True)
class ByOutcome:
    """A matrix at the commit that is chosen: a row for each parameter combination of a series whose
    values are codes, a column for each code. ``beside``: further series over the same parameters,
    with what each is called."""

    title: str
    series: str
    beside: Sequence[tuple[str, str]] = ()


Panel = OverCommits | OverNumbers | ByParameter | ByOutcome


@dataclass(frozen=True)
class PageSection:
    """Some panels below a title. ``text``: what to know of them."""

    title: str
    text: str
    panels: Sequence[Panel]


@dataclass(frozen=True)
class CapabilityPage:
    """``label``: in the navigation; ``heading``, ``lead``: at the top of the page."""

    label: str
    heading: str
    lead: str
    sections: Sequence[PageSection]


@cache
def capability_pages() -> Mapping[str, CapabilityPage]:
    """The page of each capability that has one, by the capability's name."""
    found: dict[str, CapabilityPage] = {}
    for name, part in capability_parts("site"):
        page: CapabilityPage = part.PAGE
        found[name] = page
    return found
