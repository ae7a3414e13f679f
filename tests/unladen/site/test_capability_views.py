"""The pages of capabilities: which series and cells their panels show."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from made_history import history, series

from unladen.site import capability_views as views
from unladen.site.capability_page import (
    ByOutcome,
    ByParameter,
    CapabilityPage,
    OverCommits,
    OverNumbers,
    PageSection,
    Panel,
    capability_pages,
)
from unladen.site.pages import page_of_capability

KIND = {"kind": ("'chat'", "'stream'")}
AT_ONCE = {**KIND, "users": ("1", "10")}

LATENCY = series("talk.Request.track_latency", axes=KIND)
TOKEN = series("talk.Request.track_token", axes=KIND)
FAILED = series("talk.Burst.track_failed", axes=AT_ONCE)
OUTCOME = series("talk.Health.track_outcome", axes=KIND, codes=("ok", "hang"))
SLOWEST = series("talk.Health.track_slowest", axes=KIND)
ABSENT = series("talk.Request.track_absent")

ROWS = (
    (LATENCY, [[1.1, 2.2], [1.1, 2.2]]),
    (TOKEN, [["n/a", 0.4], ["n/a", 0.4]]),
    (FAILED, [[0, 0, 0, 0], [0, 5, 0, 0]]),
    (OUTCOME, [[0, 1], [0, 0]]),
    (SLOWEST, [[0.1, "n/a"], [0.1, 0.1]]),
    (ABSENT, ["n/a", "n/a"]),
)


def shown(monkeypatch: pytest.MonkeyPatch, *panels: Panel) -> list[dict[str, Any]]:
    """The panels of a page of one section."""
    page = CapabilityPage("Talk", "Talks", "How it talks.", [PageSection("One", "", panels)])
    pages: Mapping[str, CapabilityPage] = {"talk": page}
    monkeypatch.setattr(views, "capability_pages", lambda: pages)
    found = views.capability_views(history(*ROWS).series)
    return [panel for section in found.get("talk", []) for panel in section["panels"]]


def test_a_plot_over_commits_has_the_cells_that_were_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second, chosen = shown(
        monkeypatch,
        OverCommits("Latency", LATENCY.name),
        OverCommits("Token", TOKEN.name),
        OverCommits("Latency", LATENCY.name, {"kind": "chat"}),
    )
    assert first == {"kind": "commits", "title": "Latency", "series": 0, "cells": [0, 1]}
    assert second["cells"] == [1]
    assert chosen["cells"] == [0]


def test_a_plot_of_nothing_but_zeros_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    (panel,) = shown(
        monkeypatch,
        OverNumbers("Chats", FAILED.name, "users", {"kind": "chat"}),
        OverNumbers("Streams", FAILED.name, "users", {"kind": "stream"}),
    )
    assert (panel["title"], panel["points"], panel["cells"]) == ("Chats", [1.0, 10.0], [0, 1])


def test_a_table_has_a_row_for_each_series_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = (("latency", LATENCY.name), ("token", TOKEN.name), ("none", ABSENT.name))
    (panel,) = shown(monkeypatch, ByParameter("By kind", rows, "kind"))
    assert panel["points"] == ["chat", "stream"]
    assert panel["rows"] == [
        {"label": "latency", "series": 0, "cells": [0, 1]},
        {"label": "token", "series": 1, "cells": [0, 1]},
    ]


def test_outcomes_are_beside_series_of_the_same_parameters(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    beside = (("slowest", SLOWEST.name), ("other parameters", FAILED.name))
    (panel,) = shown(monkeypatch, ByOutcome("Health", OUTCOME.name, beside))
    assert panel["cells"] == [0, 1]
    assert panel["beside"] == [{"label": "slowest", "series": 4}]


def test_without_a_value_there_is_no_page(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, OverCommits("Nothing", ABSENT.name)) == []
    assert shown(monkeypatch, OverCommits("Nothing", "talk.Request.track_unknown")) == []
    assert shown(monkeypatch, OverNumbers("Nothing", LATENCY.name, "users")) == []


def test_the_pages_of_capabilities_are_called_as_no_other_page() -> None:
    for name, page in capability_pages().items():
        assert page_of_capability(name, page.label).file == f"{name}.html"
    with pytest.raises(ValueError, match="a capability cannot be called faults"):
        page_of_capability("faults", "Faults")
