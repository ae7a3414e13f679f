"""A model of an SDK's own kind has what it is given; whatever else is wanted of it, it refuses."""

from __future__ import annotations

from abc import ABC, abstractmethod

import pytest

from mocks.worlds.agent.models import model_class


class Base(ABC):
    @abstractmethod
    def answer(self) -> str: ...

    @abstractmethod
    def count(self) -> int: ...


def test_what_a_model_is_not_told_to_do_it_refuses() -> None:
    model = model_class(Base, answer=lambda self: "that is all")()
    assert isinstance(model, Base)
    assert model.answer() == "that is all"
    with pytest.raises(NotImplementedError, match="nothing else"):
        model.count()
