"""The settings of a live model: what is taken, what is refused, and that the key stays hidden."""

from __future__ import annotations

import pytest

from mocks.openai.endpoint import BadSettings, Endpoint, NoEndpoint, is_loopback

KEY = "sk-test-0123456789"
GIVEN = {
    "UNLADEN_LIVE_URL": "https://models.example.org/v1/",
    "UNLADEN_LIVE_KEY": f" {KEY}\n",
    "UNLADEN_LIVE_MODEL": "small",
}


def test_an_endpoint_from_the_environment() -> None:
    endpoint = Endpoint.from_environment(GIVEN)
    assert (endpoint.url.hostname, endpoint.path) == (
        "models.example.org",
        "/v1/chat/completions",
    )
    assert (endpoint.key, endpoint.model, endpoint.prices) == (KEY, "small", None)
    assert KEY not in repr(endpoint)
    assert endpoint.hide(f"the key {KEY} is wrong") == "the key [key] is wrong"


def test_the_whole_address_of_completions_is_taken_too() -> None:
    url = "https://models.example.org/v1/chat/completions"
    endpoint = Endpoint.from_environment({**GIVEN, "UNLADEN_LIVE_URL": url})
    assert endpoint.path == "/v1/chat/completions"


@pytest.mark.parametrize("name", list(GIVEN))
@pytest.mark.parametrize("value", [None, "", " "])
def test_what_is_not_set_is_named(name: str, value: str | None) -> None:
    given = {**GIVEN, name: value or ""}
    if value is None:
        del given[name]
    with pytest.raises(NoEndpoint, match=f"set {name}"):
        Endpoint.from_environment(given)


def test_prices_give_a_cost() -> None:
    given = {**GIVEN, "UNLADEN_LIVE_PRICE_IN": "0.5", "UNLADEN_LIVE_PRICE_OUT": "2"}
    prices = Endpoint.from_environment(given).prices
    assert prices is not None
    assert prices.cost(2_000_000, 500_000) == 2.0


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("UNLADEN_LIVE_URL", "models.example.org/v1", "must be a URL"),
        ("UNLADEN_LIVE_URL", "ftp://models.example.org", "must be a URL"),
        ("UNLADEN_LIVE_URL", "https://", "must be a URL"),
        ("UNLADEN_LIVE_URL", "https://[::1", "is no URL"),
        ("UNLADEN_LIVE_URL", "https://host:port/v1", "is no URL"),
        ("UNLADEN_LIVE_URL", f"https://me:{KEY}@models.example.org", "without user"),
        ("UNLADEN_LIVE_URL", f"https://models.example.org/v1?key={KEY}", "without user"),
        ("UNLADEN_LIVE_URL", "https://models.example.org/v 1", "characters"),
        ("UNLADEN_LIVE_URL", "http://models.example.org/v1", "unencrypted"),
        ("UNLADEN_LIVE_URL", "http://127.0.0.1.example.org/v1", "unencrypted"),
        ("UNLADEN_LIVE_KEY", f"{KEY}\r\nX-Other: 1", "characters"),
        ("UNLADEN_LIVE_KEY", f"{KEY} more", "characters"),
        ("UNLADEN_LIVE_KEY", f"{KEY}é", "characters"),
        ("UNLADEN_LIVE_PRICE_IN", "1", "set both"),
        ("UNLADEN_LIVE_TIMEOUT", "0", "above 0"),
        ("UNLADEN_LIVE_TIMEOUT", "soon", "above 0"),
        ("UNLADEN_LIVE_TIMEOUT", "inf", "above 0"),
    ],
)
def test_what_cannot_be_used_is_refused_in_one_line_without_the_key(
    name: str, value: str, said: str
) -> None:
    with pytest.raises(BadSettings, match=said) as caught:
        Endpoint.from_environment({**GIVEN, name: value})
    message = str(caught.value)
    assert name in message
    assert "\n" not in message
    assert KEY not in message


@pytest.mark.parametrize("price", ["-1", "nan", "free"])
def test_a_price_is_a_number(price: str) -> None:
    given = {**GIVEN, "UNLADEN_LIVE_PRICE_IN": "0", "UNLADEN_LIVE_PRICE_OUT": price}
    with pytest.raises(BadSettings, match="UNLADEN_LIVE_PRICE_OUT must be a number 0 or more"):
        Endpoint.from_environment(given)


def test_plain_http_is_for_this_machine_or_for_those_who_say_so() -> None:
    for url in ("http://127.0.0.1:8808/v1", "http://localhost/v1", "http://[::1]:1/v1"):
        Endpoint.from_environment({**GIVEN, "UNLADEN_LIVE_URL": url})
    meant = {"UNLADEN_LIVE_URL": "http://10.0.0.7/v1", "UNLADEN_LIVE_PLAIN_HTTP": "1"}
    assert Endpoint.from_environment({**GIVEN, **meant}).url.hostname == "10.0.0.7"


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("0.0.0.0", False),
        ("::", False),
        ("", False),
        ("10.0.0.7", False),
        ("localhost.example.org", False),
    ],
)
def test_what_is_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback
