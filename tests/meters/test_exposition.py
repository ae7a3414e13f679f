"""Prometheus' text format is read as Prometheus' own parser reads it."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.parser import text_string_to_metric_families

from meters.exposition import Sample, samples, total

TEXT = """# HELP turns_total Turns that "ended".
# TYPE turns_total counter
turns_total{status="done",who="a \\"b\\" \\\\ \\n}"} 4
turns_total{ status = "failed" , } 1.5 1700000000000
\t
up 1
odd{le="+Inf"} +Inf
odd{le="x"}\tNaN
"""


def test_samples_have_names_labels_and_values() -> None:
    first, second, up, infinite, odd = samples(TEXT)
    assert first == Sample("turns_total", {"status": "done", "who": 'a "b" \\ \n}'}, 4.0)
    assert second == Sample("turns_total", {"status": "failed"}, 1.5)
    assert up == Sample("up", {}, 1.0)
    assert infinite.value == math.inf
    assert math.isnan(odd.value)


def test_a_total_is_over_all_labels() -> None:
    assert total(TEXT, "turns_total") == 5.5
    assert total(TEXT, "turns") is None
    assert total("", "turns_total") is None


@pytest.mark.parametrize(
    "line",
    ["turns", "turns{", 'turns{a="b} 1', "turns{a=b} 1", "1turns 2", "turns x", "turns 1 2 3"],
)
def test_what_is_no_sample_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r"no sample|no labels|could not convert"):
        list(samples(f"up 1\n{line}\n"))


def _told() -> str:
    registry = CollectorRegistry()
    counter = Counter("calls", "Calls", ["kind"], registry=registry)
    counter.labels('a "quoted"\nkind').inc(3)
    Gauge("bytes", "Bytes\nheld", registry=registry).set(1.5e9)
    Histogram("seconds", "Seconds", registry=registry, buckets=(0.1, 1)).observe(0.5)
    return generate_latest(registry).decode()


def _by_parser(text: str) -> list[tuple[str, dict[str, str], float]]:
    families = text_string_to_metric_families(text)
    found = [
        (one.name, dict(one.labels), one.value) for family in families for one in family.samples
    ]
    return sorted(found, key=repr)


def _by_us(text: str) -> list[tuple[str, dict[str, str], float]]:
    return sorted(((s.name, dict(s.labels), s.value) for s in samples(text)), key=repr)


def test_a_client_s_own_text_is_read_as_its_parser_reads_it() -> None:
    text = _told()
    assert _by_us(text) == _by_parser(text)
    assert total(text, "calls_total") == 3


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(st.dictionaries(st.text(max_size=8), st.floats(-1e9, 1e9), min_size=1, max_size=4))
def test_any_label_is_read_as_the_parser_reads_it(values: dict[str, float]) -> None:
    registry = CollectorRegistry()
    gauge = Gauge("g", "g", ["label"], registry=registry)
    for label, value in values.items():
        gauge.labels(label.encode("utf-8", "replace").decode()).set(value)
    text = generate_latest(registry).decode()
    assert _by_us(text) == _by_parser(text)
