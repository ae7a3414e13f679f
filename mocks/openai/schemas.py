"""The plainest values that JSON schemas accept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_DEEPEST = 20
"""Levels of a schema that are filled in."""

_EXAMPLES = {"integer": 1, "number": 1.0, "boolean": True, "null": None}
_LIMITS = ("minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum", "multipleOf")

_FORMATS = {
    "date-time": "2000-01-01T00:00:00Z",
    "date": "2000-01-01",
    "time": "00:00:00Z",
    "email": "mock@example.org",
    "uri": "https://example.org",
    "uuid": "00000000-0000-4000-8000-000000000000",
}

Schema = Mapping[str, Any]


def example(schema: Schema, word: str = "mock") -> object:
    """The plainest value that ``schema`` accepts, as far as type, enum, const, default, required,
    references, alternatives, formats and lengths say. A free text is ``word``."""
    return _Filling(schema, word).value(schema, _DEEPEST)


class _Filling:
    def __init__(self, root: Schema, word: str) -> None:
        self._root = root
        self._word = word

    def value(self, schema: object, levels: int) -> object:
        schema = self._resolved(schema)
        if schema is None or levels == 0:
            return self._word
        for key in ("const", "default"):
            if key in schema:
                return schema[key]
        if isinstance(schema.get("enum"), list) and schema["enum"]:
            return schema["enum"][0]
        for key in ("anyOf", "oneOf"):
            if isinstance(schema.get(key), list) and schema[key]:
                return self.value(schema[key][0], levels - 1)
        if isinstance(schema.get("allOf"), list):
            parts = [self._resolved(part) or {} for part in schema["allOf"]]
            schema = _merged([{**schema, "allOf": None}, *parts])
        kind = schema.get("type")
        if isinstance(kind, list) and kind:
            kind = kind[0]
        if kind == "object" or (kind is None and "properties" in schema):
            return self._object(schema, levels)
        if kind == "array":
            least = schema.get("minItems", 0)
            count = least if isinstance(least, int) else 0
            return [self.value(schema.get("items"), levels - 1) for _ in range(count)]
        if kind in ("integer", "number"):
            return _number(schema, whole=kind == "integer")
        return _EXAMPLES[kind] if kind in _EXAMPLES else self._text(schema)

    def _object(self, schema: Schema, levels: int) -> dict[str, object]:
        properties, required = schema.get("properties"), schema.get("required")
        if not isinstance(properties, Mapping) or not isinstance(required, list):
            return {}
        return {name: self.value(properties.get(name), levels - 1) for name in map(str, required)}

    def _text(self, schema: Schema) -> str:
        known = _FORMATS.get(schema.get("format") or "")
        if known is not None:
            return known
        least, most = schema.get("minLength"), schema.get("maxLength")
        word = self._word
        if isinstance(least, int):
            word = word.ljust(least, ".")
        return word[:most] if isinstance(most, int) else word

    def _resolved(self, schema: object) -> Schema | None:
        """What a reference of the usual kind, ``#/$defs/Name``, stands for."""
        for _ in range(_DEEPEST):
            if not isinstance(schema, Mapping):
                return None
            reference = schema.get("$ref")
            if not isinstance(reference, str):
                return schema
            found: object = self._root
            for name in filter(None, reference.removeprefix("#").split("/")):
                found = found.get(name) if isinstance(found, Mapping) else None
            schema = found
        return None


def _merged(parts: list[Schema]) -> Schema:
    whole: dict[str, Any] = {}
    for part in parts:
        properties = {**whole.get("properties", {}), **(part.get("properties") or {})}
        required = [*whole.get("required", []), *(part.get("required") or [])]
        whole = {**whole, **part}
        if properties:
            whole["properties"], whole["required"] = properties, required
    return whole


def _number(schema: Schema, *, whole: bool) -> float:
    """1, or what is nearest to it within the limits."""
    limits = {key: schema[key] for key in _LIMITS if isinstance(schema.get(key), int | float)}
    step = limits.get("multipleOf", 1)
    value: float = step
    if "minimum" in limits:
        value = max(value, limits["minimum"])
    if "exclusiveMinimum" in limits and value <= limits["exclusiveMinimum"]:
        value = limits["exclusiveMinimum"] + step
    if "maximum" in limits:
        value = min(value, limits["maximum"])
    if "exclusiveMaximum" in limits and value >= limits["exclusiveMaximum"]:
        value = limits["exclusiveMaximum"] - step
    return int(value) if whole else float(value)
