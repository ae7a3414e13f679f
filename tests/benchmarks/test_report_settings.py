"""What a report says that the benchmarks hold fixed is what they hold fixed."""

from __future__ import annotations

from benchmarks.negotiation import baseline, concurrency, hotspots, latency, limits
from benchmarks.questions import capacity, leak
from unladen.report import settings


def test_the_settings_are_those_of_the_benchmarks() -> None:
    assert settings.BASELINE_AGENTS == baseline.AGENTS == hotspots.WAIT_AGENTS
    assert settings.CONCURRENCY_AGENTS == concurrency.AGENTS
    assert settings.LATENCY_AGENTS == latency.AGENTS
    assert settings.LIMITS_AGENTS == limits.AGENTS
    assert settings.WORK_AGENTS == hotspots.WORK_AGENTS
    assert settings.LIMITED_SECONDS == limits.LATENCY_S
    assert settings.LIMITED_SECONDS in latency.LATENCIES
    assert settings.LEVEL_SECONDS == capacity.LEVEL_S
    assert settings.LEAK_NEGOTIATIONS == leak.COUNT
