"""The plainest values of JSON schemas, and what is said in their form."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mocks.model import Reply, ToolCall
from mocks.openai.asked import JSON_TYPE, Asked, Function
from mocks.openai.said import CHARACTERS_PER_TOKEN, Ending, fitted, usage
from mocks.openai.schemas import example

DEFINED = {
    "$defs": {
        "Node": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/Node"}},
            "required": ["name"],
        }
    },
    "type": "object",
    "properties": {"root": {"$ref": "#/$defs/Node"}},
    "required": ["root"],
}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "string"}, "said"),
        ({}, "said"),
        ({"type": "string", "maxLength": 2}, "sa"),
        ({"type": "string", "minLength": 6}, "said.."),
        ({"type": "string", "format": "date"}, "2000-01-01"),
        ({"type": "integer"}, 1),
        ({"type": "integer", "minimum": 18}, 18),
        ({"type": "integer", "exclusiveMinimum": 18}, 19),
        ({"type": "integer", "exclusiveMinimum": 1}, 2),
        ({"type": "integer", "exclusiveMaximum": 1}, 0),
        ({"type": "number", "maximum": 0.5}, 0.5),
        ({"type": "number", "minimum": 0, "exclusiveMaximum": 1}, 0.0),
        ({"type": "integer", "multipleOf": 5}, 5),
        ({"type": "boolean"}, True),
        ({"type": ["null", "string"]}, None),
        ({"const": 7}, 7),
        ({"enum": ["a", "b"]}, "a"),
        ({"type": "integer", "default": 3}, 3),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, 1),
        ({"oneOf": [{"type": "null"}]}, None),
        ({"type": "array", "items": {"type": "integer"}}, []),
        ({"type": "array", "items": {"type": "integer"}, "minItems": 2}, [1, 1]),
        ({"properties": {"x": {"const": 1}}, "required": ["x"]}, {"x": 1}),
        ({"type": "object", "properties": {"x": {"const": 1}}}, {}),
        (
            {
                "allOf": [
                    {"properties": {"a": {"const": 1}}, "required": ["a"]},
                    {"properties": {"b": {"const": 2}}, "required": ["b"], "type": "object"},
                ]
            },
            {"a": 1, "b": 2},
        ),
        (DEFINED, {"root": {"name": "said"}}),
        ({"$ref": "#/$defs/Missing"}, "said"),
        ({"$ref": "#"}, "said"),
    ],
)
def test_the_plainest_value_fits_its_schema(schema: dict[str, Any], value: object) -> None:
    assert example(schema, "said") == value


def test_a_schema_that_never_ends_is_filled_so_far() -> None:
    node = {"type": "object", "properties": {"next": {"$ref": "#"}}, "required": ["next"]}
    assert json.dumps(example(node)).count("next") == 20


NAMES = st.text("abc", min_size=1, max_size=3)
SCHEMAS = st.recursive(
    st.sampled_from(
        [{"type": kind} for kind in ("string", "integer", "number", "boolean", "null")]
    ),
    lambda inner: (
        st.dictionaries(NAMES, inner, max_size=3).map(
            lambda properties: {
                "type": "object",
                "properties": properties,
                "required": sorted(properties),
            }
        )
        | inner.map(lambda items: {"type": "array", "items": items, "minItems": 1})
    ),
    max_leaves=8,
)
KINDS = {
    "string": str,
    "integer": int,
    "number": float,
    "boolean": bool,
    "null": type(None),
    "object": dict,
    "array": list,
}


def assert_fits(value: Any, schema: dict[str, Any]) -> None:
    assert type(value) is KINDS[schema["type"]]
    if schema["type"] == "object":
        assert sorted(value) == schema["required"]
        for name, inner in schema["properties"].items():
            assert_fits(value[name], inner)
    if schema["type"] == "array":
        assert len(value) == 1
        assert_fits(value[0], schema["items"])


@settings(max_examples=50, deadline=None)
@given(SCHEMAS)
def test_whatever_the_schema_its_value_fits(schema: dict[str, Any]) -> None:
    assert_fits(example(schema), schema)


def asked(**more: Any) -> Asked:
    return Asked(
        model="m",
        system="",
        prompt="12345678",
        functions=(),
        choice="auto",
        stream=False,
        stream_usage=False,
        **more,
    )


CITY = {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}


def test_a_text_stands_in_the_form_that_was_asked_for() -> None:
    assert fitted(asked(schema=JSON_TYPE), Reply("hi #7")).text == '{"answer": "hi #7"}'
    assert fitted(asked(schema=CITY), Reply("hi #7")).text == '{"city": "hi #7"}'
    assert fitted(asked(schema=CITY), Reply('{"x": 1}')).text == '{"city": "{\\"x\\": 1}"}'


def test_what_has_the_form_stays_as_it_is() -> None:
    text = '{"city":"Ulm"}'
    assert fitted(asked(schema=CITY), Reply(text)).text == text
    assert fitted(asked(schema=JSON_TYPE), Reply(text)).text == text
    call = Reply("", (ToolCall("f", {}),))
    assert fitted(asked(schema=CITY), call).body.tools == call.tools


def test_what_is_too_long_is_cut_off() -> None:
    whole = fitted(asked(most_tokens=2), Reply("1234567"))
    assert (whole.text, whole.ending) == ("1234567", Ending.STOP)
    cut = fitted(asked(most_tokens=2), Reply("123456789", (ToolCall("f", {}),)))
    assert (cut.text, cut.ending, cut.body.tools) == ("12345678", Ending.LENGTH, ())
    call = Reply("1234", (ToolCall("f", {"a": 1}), ToolCall("g", {"b": 2})))
    cut = fitted(asked(most_tokens=5), call)
    assert (cut.ending, list(cut.calls())) == (
        Ending.LENGTH,
        [("f", '{"a": 1}'), ("g", '{"b": ')],
    )
    assert usage(asked(), cut).said <= 5
    assert fitted(asked(most_tokens=6), call).ending is Ending.TOOLS


def test_tokens_are_characters_by_four() -> None:
    functions = (Function("f", {}),)
    used = usage(asked(), fitted(asked(), Reply("x" * 9)))
    assert CHARACTERS_PER_TOKEN == 4
    assert (used.asked, used.said, used.total) == (2, 3, 5)
    more = Asked(
        model="m",
        system="",
        prompt="12345678",
        functions=functions,
        choice="auto",
        stream=False,
        stream_usage=False,
    )
    assert usage(more, fitted(asked(), Reply(""))).asked == 3
