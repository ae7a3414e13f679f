"""Only the command that is asked for is loaded, with no library that it does not need."""

from __future__ import annotations

import subprocess
import sys
from importlib import import_module

import pytest

from unladen import commands
from unladen.cli import asked_for
from unladen.commands.command import loaded


@pytest.mark.parametrize(
    ("words", "command"),
    [
        ([], ""),
        (["--help"], ""),
        (["run"], "run"),
        (["--target", "run", "table"], "table"),
        (["--targ", "run", "-v", "table", "--target", "gate"], "table"),
        (["--config=run", "table"], "table"),
        (["--target"], ""),
    ],
)
def test_the_command_is_the_first_word_that_is_no_option(words: list[str], command: str) -> None:
    assert asked_for(words) == command


@pytest.mark.parametrize("name", commands.COMMANDS)
def test_each_command_has_a_module_with_a_class_of_its_name(name: str) -> None:
    module = import_module(f"unladen.commands.{name.replace('-', '_')}")
    classes = {one.__name__ for one in loaded()}
    named = "".join(part.title() for part in name.split("-"))
    assert vars(module)[named].__module__ == module.__name__
    assert named in classes


def test_no_command_is_left_out_of_the_list() -> None:
    commands.import_commands()
    ours = [one.__module__.rpartition(".")[2].replace("_", "-") for one in loaded()]
    assert sorted(ours) == sorted(commands.COMMANDS)


@pytest.mark.slow
@pytest.mark.parametrize("words", [["run"], ["patches"], ["setup"]])
def test_what_draws_and_counts_is_not_loaded_for_nothing(words: list[str]) -> None:
    program = (
        "import sys\n"
        "from unladen.cli import build_parser, asked_for\n"
        "build_parser(asked_for(sys.argv[1:]))\n"
        "print(*sorted({'numpy', 'jinja2', 'virtualenv'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == ""
