"""What SIGINT and SIGTERM do to a command."""

from __future__ import annotations

import subprocess
import sys
import textwrap

import pytest

from unladen.interrupts import INTERRUPTED

BEGIN = """
import os, signal, sys
from unladen.interrupts import Interrupts, held
signal.signal(signal.SIGINT, signal.default_int_handler)
interrupts = Interrupts()
interrupts.install()
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    """A Python program in a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", BEGIN + textwrap.dedent(program)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_the_first_one_is_raised_and_others_do_not_end_the_cleaning_up(name: str) -> None:
    done = run(f"""
        try:
            try:
                os.kill(os.getpid(), signal.{name})
            finally:
                os.kill(os.getpid(), signal.SIGINT)
                os.kill(os.getpid(), signal.SIGTERM)
                print("cleaned up")
        except KeyboardInterrupt:
            print("interrupted")
    """)
    assert (done.returncode, done.stdout) == (0, "cleaned up\ninterrupted\n"), done.stderr


@pytest.mark.slow
def test_one_that_is_swallowed_ends_the_process_all_the_same() -> None:
    done = run("""
        import time
        while True:
            try:
                os.kill(os.getpid(), signal.SIGTERM)
                time.sleep(600)
            except BaseException:
                pass
    """)
    assert done.returncode == INTERRUPTED
    assert done.stderr == "unladen: interrupted; ended before all was cleaned up\n"


def test_one_in_a_held_block_is_raised_at_its_end() -> None:
    done = run("""
        try:
            with held():
                with held():
                    os.kill(os.getpid(), signal.SIGINT)
                    print("held")
                print("still held")
            print("never")
        except KeyboardInterrupt:
            print("raised")
    """)
    assert done.stdout == "held\nstill held\nraised\n", done.stderr


def test_none_is_raised_after_the_end() -> None:
    done = run("""
        interrupts.finish()
        os.kill(os.getpid(), signal.SIGTERM)
        sys.exit(3)
    """)
    assert done.returncode == 3


def test_the_exit_code_stays_after_an_interrupt_of_generated_code() -> None:
    """Python would end itself by SIGINT."""
    done = run("""
        try:
            exec("os.kill(os.getpid(), signal.SIGTERM)\\nimport time\\ntime.sleep(600)")
        except KeyboardInterrupt:
            interrupts.finish()
            sys.exit(130)
    """)
    assert done.returncode == INTERRUPTED


def test_what_is_ignored_stays_ignored() -> None:
    done = run("""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        Interrupts().install()
        os.kill(os.getpid(), signal.SIGINT)
        print("here")
    """)
    assert (done.returncode, done.stdout) == (0, "here\n"), done.stderr
