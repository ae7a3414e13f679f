"""Limited address space: what fits is given, what does not is refused, and the limit goes again."""

from __future__ import annotations

import sys

import pytest
from fresh_process import printed_by

from meters import address_space

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")

PROGRAM = """
from meters.address_space import limited_to
import resource

MIB = 2**20

def had(size):
    try:
        return len(bytearray(size)) == size
    except MemoryError:
        return False

before = resource.getrlimit(resource.RLIMIT_AS)
"""


@linux
def test_only_what_is_beyond_the_headroom_is_refused() -> None:
    program = f"{PROGRAM}\nwith limited_to(16 * MIB): print(had(4 * MIB), had(32 * MIB))"
    assert printed_by(program, "0") == "True False"


@linux
def test_the_limit_goes_with_the_block_and_with_an_error_in_it() -> None:
    program = f"""{PROGRAM}
try:
    with limited_to(16 * MIB):
        bytearray(64 * MIB)
except MemoryError:
    print(had(64 * MIB), resource.getrlimit(resource.RLIMIT_AS) == before)
"""
    assert printed_by(program, "0") == "True True"


@linux
def test_a_limit_that_is_refused_is_said_to_be() -> None:
    program = f"""{PROGRAM}
def refuse(*_):
    raise ValueError("not allowed")
resource.setrlimit = refuse
try:
    with limited_to(16 * MIB): pass
except NotImplementedError as error:
    print(error)
"""
    assert printed_by(program, "0") == "the limit is refused: not allowed"


@linux
def test_a_system_that_takes_the_limit_and_ignores_it_is_found_out() -> None:
    program = f"""{PROGRAM}
resource.setrlimit = lambda *_: None
try:
    with limited_to(16 * MIB): pass
except NotImplementedError as error:
    print(error)
"""
    assert printed_by(program, "0") == "the system takes the limit and does not keep to it"


def test_another_system_has_no_such_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with (
        pytest.raises(NotImplementedError, match="darwin does not limit"),
        address_space.limited_to(2**20),
    ):
        pass
