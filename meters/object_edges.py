"""What one object refers to, under which names, and what it takes: for ``meters.holders``.

Nothing of the object is run, and nothing is allocated for it: no property is asked, and no
``__dict__`` is made of the attributes of an instance that has none yet. An attribute that neither
the methods nor the annotations of its class name has no name here.
"""

import gc
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import (
    AsyncGeneratorType,
    CodeType,
    CoroutineType,
    FunctionType,
    GeneratorType,
    MemberDescriptorType,
    ModuleType,
)
from typing import Any

ATTRIBUTES = ".__dict__"
"""The name of the dictionary of an object's attributes."""

_CODE: Mapping[type, str] = {
    FunctionType: "__code__",
    CoroutineType: "cr_code",
    GeneratorType: "gi_code",
    AsyncGeneratorType: "ag_code",
}
_MANAGED_DICT = 1 << 4
"""Of a type: attributes lie in a table of the instance's (``Py_TPFLAGS_MANAGED_DICT``)."""

_WORD = 8
ATOMS = frozenset({str, bytes, int, float, bool, complex, type(None), CodeType})
"""Types whose objects lead nowhere."""

_CONTAINERS = frozenset({dict, list, tuple, set, frozenset})


@dataclass(frozen=True, slots=True)
class ObjectKind:
    """``words``: what an object is, the same for all that are alike; ``type``: its type; ``file``,
    ``name``: where its class or its function is written, or it as a module, and what that is called
    there, "" if unknown."""

    words: str
    type: str
    file: str = ""
    name: str = ""


class ObjectKinds:
    """What is to be known of types, each found out once. It keeps them alive."""

    def __init__(self) -> None:
        self._by_type: dict[type, ObjectKind] = {}
        self._single: dict[tuple[int, type], ObjectKind] = {}
        self._attributes: dict[type, Sequence[tuple[str, Callable[[Any], object]]]] = {}
        self._names_by_object: dict[int, Mapping[int, str]] = {}

    def of(self, one: object) -> ObjectKind:
        """The kind of an object: its class, its function if it is one or is in the midst of one.
        Modules and classes are each their own."""
        kind = type(one)
        known = self._by_type.get(kind)
        if known is not None:
            return known
        if kind in _CODE:
            key = getattr(one, _CODE[kind])
        elif issubclass(kind, ModuleType | type):
            key = one
        else:
            known = self._by_type[kind] = _kind(kind, kind)
            return known
        known = self._single.get((id(key), kind))
        if known is None:
            known = self._single[id(key), kind] = _kind(key, kind)
        return known

    def edge(self, above: object, one: object) -> str:
        """The name by which an object holds another one, ``ATTRIBUTES`` if that has its names."""
        kind = type(above)
        if kind in _CONTAINERS:
            return ""
        names = self._names_of(above, kind)
        if id(one) in names:
            return names[id(one)]
        has_names = issubclass(kind, ModuleType | type) or kind.__dictoffset__
        return ATTRIBUTES if has_names and type(one) is dict else ""

    def key(self, attributes: object, one: object) -> str:
        """The name by which the attributes of an object hold another one."""
        return self._names_of(attributes, dict).get(id(one), "")

    def _names_of(self, one: object, kind: type) -> Mapping[int, str]:
        known = self._names_by_object.get(id(one))
        if known is None:
            found = self._keys(one) if isinstance(one, dict) else self._names(one, kind)
            known = self._names_by_object[id(one)] = found
        return known

    def _keys(self, names: Mapping[object, object]) -> Mapping[int, str]:
        found: dict[int, str] = {}
        for name, value in names.items():
            if type(name) is str and name.isidentifier():
                found.setdefault(id(value), f".{name}")
        return found

    def size(self, one: object) -> int:
        """Bytes of an object, with its table of elements. Of the table in which the attributes of
        an instance without a ``__dict__`` lie, before 3.13, no more than they take."""
        return sys.getsizeof(one, 0) + self._table_size(one)

    def _table_size(self, one: object) -> int:
        kind = type(one)
        if sys.version_info >= (3, 13) or not kind.__flags__ & _MANAGED_DICT:
            return 0
        names = self._names_of(one, kind)
        referents = gc.get_referents(one)
        if any(type(each) is dict and id(each) not in names for each in referents):
            return 0
        places = sum(id(each) in names for each in referents)
        return (places + 1) * _WORD if places else 0

    def _names(self, one: object, kind: type) -> Mapping[int, str]:
        known = self._attributes.get(kind)
        if known is None:
            known = self._attributes[kind] = list(_attributes(kind))
        found: dict[int, str] = {}
        for name, read in known:
            try:
                found.setdefault(id(read(one)), f".{name}")
            except (AttributeError, IndexError):
                continue  # it is not set
        return found


def _kind(key: Any, kind: type) -> ObjectKind:
    name = _name(kind)
    if isinstance(key, CodeType):
        words = f"{key.co_qualname} ({name})"
        return ObjectKind(words, name, key.co_filename, key.co_qualname)
    if issubclass(kind, ModuleType):
        said = vars(key)
        file = said.get("__file__")
        words = f"module {said.get('__name__')}"
        return ObjectKind(words, name, file if isinstance(file, str) else "", "<module>")
    if issubclass(kind, type):
        return ObjectKind(f"class {_name(key)}", name, _file(key), key.__qualname__)
    return ObjectKind(name, name, _file(kind), kind.__qualname__)


def _name(kind: type) -> str:
    is_plain = kind.__module__ == "builtins"
    return kind.__qualname__ if is_plain else f"{kind.__module__}.{kind.__qualname__}"


def _file(kind: type) -> str:
    file = getattr(sys.modules.get(kind.__module__), "__file__", None)
    return file if isinstance(file, str) else ""


def _attributes(kind: type) -> Iterator[tuple[str, Callable[[Any], object]]]:
    """The attributes that instances may have by what their class says, and what reads them."""
    if issubclass(kind, tuple):
        fields = getattr(kind, "_fields", ())
        yield from ((str(name), partial(_item, number)) for number, name in enumerate(fields))
    taken: dict[str, Any] = {}
    said: set[str] = set()
    for base in reversed(kind.__mro__):
        taken.update(vars(base))
        annotations = vars(base).get("__annotations__")
        said.update(annotations if type(annotations) is dict else ())
        for value in vars(base).values():
            for function in _functions(value):
                said.update(function.__code__.co_names)
    for name in sorted({*said, *taken}):
        if isinstance(taken.get(name), MemberDescriptorType):
            yield name, taken[name].__get__
        elif name not in taken:
            yield name, partial(_plain_attribute, name)


def _functions(value: Any) -> Iterator[FunctionType]:
    """The functions that an attribute of a class is made of, those that it wraps too."""
    pending = [value]
    while pending:
        one = pending.pop()
        if type(one) is FunctionType:
            yield one
            pending.append(getattr(one, "__wrapped__", None))
        elif type(one) is property:
            pending += [one.fget, one.fset]
        elif type(one) in (classmethod, staticmethod):
            pending.append(one.__func__)


def _item(number: int, one: Any) -> object:
    return tuple.__getitem__(one, number)


def _plain_attribute(name: str, one: object) -> object:
    return object.__getattribute__(one, name)


def is_untold(kind: type) -> bool:
    """Whether ``tracemalloc`` looks for instances where they do not begin, as it does before 3.12:
    behind what lies before them."""
    return sys.version_info < (3, 12) and bool(kind.__flags__ & _MANAGED_DICT)
