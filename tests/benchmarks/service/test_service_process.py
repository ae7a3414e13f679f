"""Each mistake of a service as a real process is found by the series that it is looked for in."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

import made_process
import made_services
import psutil
import pytest
from made_services import Choose

from benchmarks.core.cells import Broken, CellFailed, Kept, value_of
from benchmarks.core.notes import hearing
from benchmarks.core.workload import WrongOutcome
from benchmarks.service import asking, conversations, lives, process, started
from benchmarks.service.asking import Asked
from benchmarks.service.conversations import Conversed
from benchmarks.service.lives import (
    Batches,
    Began,
    LeftBehind,
    Lives,
    Opening,
    Shared,
    Unused,
    Used,
)
from benchmarks.service.process import Conversations, End, Left, Request, Start, Stream, Workers
from benchmarks.service.running import Provider
from meters import postgres
from meters.postgres import NoPostgres
from meters.server_process import Ending, ServerEnd
from mocks.worlds.service.endpoints import Answer, Kind, Piece, row_of
from mocks.worlds.service.traffic import ask_of
from mocks.worlds.service.users import User
from targets.protocol import Unavailable

STREAMS = 3


@pytest.fixture(autouse=True)
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few of everything, for a mistake shows at once."""
    for name, value in {"STARTS": 1, "BATCHES": 1, "USERS": 2, "REQUESTS": 2, "WORKERS": 3}.items():
        monkeypatch.setattr(lives, name, value)
    monkeypatch.setattr(lives, "STREAMS", STREAMS)
    monkeypatch.setattr(conversations, "USERS", 8)
    # On however busy a machine.
    monkeypatch.setattr(started, "GRACE_S", 100.0)
    monkeypatch.setattr(asking, "TIMEOUT_S", 100.0)
    monkeypatch.setattr(started, "PROVIDER", Provider(0.0, 0.01, 0.001))


@pytest.fixture
def little_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who does not hear is killed soon."""
    monkeypatch.setattr(started, "GRACE_S", 1.0)


@pytest.fixture
def usual_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model says the words of a stream as slowly as it usually does."""
    monkeypatch.setattr(started, "PROVIDER", Provider(latency_s=0.0))


@pytest.fixture(autouse=True)
def nothing_stays() -> Iterator[None]:
    """Whatever a service does, no process of it is left."""
    before = set(psutil.Process().children(recursive=True))
    yield
    after = set(psutil.Process().children(recursive=True)) - before
    left = [one for one in after if one.status() != "zombie"]
    others = [one for one in psutil.process_iter(["cmdline"]) if _is_made(one)]
    assert psutil.wait_procs([*left, *others], timeout=30)[1] == []


def _is_made(one: psutil.Process) -> bool:
    return str(made_process.HERE) in (one.info["cmdline"] or [])


def made(choose: Choose, mistake: str = "", **more: Any) -> None:
    """Put the service with that mistake under test."""
    choose(
        mistake,
        command=partial(made_process.command, mistake),
        variables=made_process.variables,
        missing=made_process.missing,
        held=made_process.held,
        conversation=made_process.CONVERSATION,
        **more,
    )


def used() -> Used:
    """The life with one worker."""
    with started.surroundings() as around:
        return lives.used(around)


def shared() -> Shared:
    """The life with several."""
    with started.surroundings() as around:
        return lives.shared(around)


def cache(**known: Any) -> process.Cache:
    """What the classes get; what is not ``known`` must not be asked for."""
    missing = Broken("not measured", unavailable=False)
    return Kept(Lives(**{"unused": missing, "used": missing, "shared": missing, **known}), "")


def of(life: Used) -> process.Cache:
    """The same, of a life with one worker."""
    return cache(used=Kept(life, ""))


def left(life: Used) -> LeftBehind:
    """What it left."""
    return value_of(life.left)


def ending(life: Used) -> tuple[int, int]:
    """How it ended, and the processes that it left."""
    end = End()
    end.setup(of(life), process.USED)
    return end.sample_ending(of(life), process.USED), end.sample_processes_left(
        of(life), process.USED
    )


def stream(life: Used) -> Stream:
    """Its streams."""
    found = Stream()
    found.setup(of(life))
    return found


@pytest.mark.slow
def test_a_service_without_a_mistake(choose: Choose, usual_words: None) -> None:
    made(choose)
    life = used()
    for kind in (Kind.CHAT, Kind.STREAM, Kind.BLOCKED, Kind.HEALTH):
        found = value_of(life.kinds[kind])
        assert found.wrong == "", kind
        assert all(0 < cpu_s < 1 for cpu_s in found.cpu_s), kind
    assert isinstance(life.kinds[Kind.WORK], Broken)
    assert left(life) == LeftBehind(0, 0, None, 8, 0)
    assert value_of(life.missing) == 0
    assert value_of(life.conversed) == Conversed(0, "")
    assert life.bytes > 10_000_000
    assert ending(life) == (0, 0)
    seconds = STREAMS / value_of(life.kinds[Kind.STREAM]).per_s[0]
    assert 0.43 <= stream(life).sample_first_data(of(life)) < seconds - 1.0
    assert life.began.seconds > 0
    assert 0 < life.began.cpu_s < 60
    assert life.began.bytes > 10_000_000


@pytest.mark.slow
def test_a_buffer_before_the_first_line_outlasts_the_time_out_of_a_client(
    choose: Choose, usual_words: None
) -> None:
    made(choose, "a buffer before the first token")
    life = used()
    found = stream(life)
    assert found.given_up == STREAMS
    assert found.sample_first_bytes(of(life)) == found.sample_first_data(of(life)) > 2.1


@pytest.mark.slow
def test_heartbeats_keep_a_client_waiting_for_data(choose: Choose, usual_words: None) -> None:
    made(choose, "heartbeats, then all at once")
    life = used()
    found = stream(life)
    assert found.sample_first_bytes(of(life)) < found.sample_first_data(of(life))
    assert found.sample_first_data(of(life)) > 2.1


def test_a_client_gives_up_if_no_byte_comes_in_time() -> None:
    openings = (
        Opening(first_bytes_s=0.5, first_data_s=0.5, longest_wait_s=0.4),
        Opening(first_bytes_s=0.1, first_data_s=2.2, longest_wait_s=0.2),  # heartbeats
        Opening(first_bytes_s=2.2, first_data_s=2.2, longest_wait_s=2.2),
        Opening(first_bytes_s=0.1, first_data_s=None, longest_wait_s=0.2),
    )
    found = stream(life_of(Batches([0.1], [1.0], openings, "")))
    assert found.given_up == 2
    firsts = [found.sample_first_data(None) for _ in openings]
    assert firsts == [0.5, 2.2, 2.2, 0.5]
    assert [found.sample_first_bytes(None) for _ in openings] == [0.5, 0.1, 2.2, 0.1]


@pytest.mark.parametrize(
    ("pieces", "first_bytes_s", "first_data_s", "longest_wait_s"),
    [
        ([(0.5, b"data: a\n\n"), (3.0, b"data: b\n\n")], 0.5, 0.5, 0.4),
        ([(0.2, b": wait\n\n"), (0.9, b"data: a\n\n")], 0.2, 0.9, 0.7),
        ([(0.2, b"data:"), (0.3, b" a\n"), (2.3, b"\n")], 0.2, 2.3, 2.0),
        ([(0.2, b": wait\n\n")], 0.2, None, 3.8),
        ([], None, None, 3.9),
    ],
)
def test_how_a_reply_begins(
    pieces: list[tuple[float, bytes]],
    first_bytes_s: float | None,
    first_data_s: float | None,
    longest_wait_s: float,
) -> None:
    """The head comes after 0.1 s, the end after 4."""
    endpoint = made_services.ENDPOINTS[1]
    came = [Piece(10.0 + at, data) for at, data in pieces]
    answer = Answer(200, {"content-type": "text/event-stream"}, came, answered=10.1)
    ask = ask_of(User(1), 1)
    row = row_of(endpoint, ask, answer, due=10.0, started=10.0, ended=14.0)
    asked = Asked(ask, row, answer)
    assert asked.first_bytes_s == pytest.approx(first_bytes_s)
    assert asked.first_data_s == pytest.approx(first_data_s)
    assert asked.longest_wait_s == pytest.approx(longest_wait_s)


@pytest.mark.slow
def test_streams_that_break_off_are_counted(choose: Choose) -> None:
    made(choose, "streams break off")
    life = used()
    assert left(life).broken_off == STREAMS
    assert "the connection ended" in value_of(life.kinds[Kind.STREAM]).wrong


@pytest.mark.slow
def test_connections_to_the_model_that_nobody_closes_are_counted(choose: Choose) -> None:
    made(choose, "a connection to the model for each chat")
    life = used()
    # Those of the pool are fewer than calls were in flight at the busiest moment.
    assert left(life).to_model >= 5
    assert left(life).to_clients == 0


@pytest.mark.slow
def test_connections_to_users_that_nobody_closes_are_counted(choose: Choose) -> None:
    made(choose, "connections of users are kept")
    life = used()
    assert left(life).to_clients >= 4
    assert left(life).to_model == 0


@pytest.mark.slow
def test_what_is_answered_and_not_stored_is_counted(choose: Choose) -> None:
    made(choose, "nothing is stored")
    assert value_of(used().missing) == 2 * 2 * 2 + STREAMS  # two batches, two users, two chats each


@pytest.mark.slow
def test_what_is_stored_at_the_end_is_stored(choose: Choose) -> None:
    made(choose, "it stores what was said when it ends")
    assert value_of(used().missing) == 0


@pytest.mark.slow
def test_what_is_stored_at_the_end_is_lost_with_a_process_that_has_to_be_killed(
    choose: Choose, little_grace: None
) -> None:
    made(choose, "it stores what was said when it ends, and does not hear SIGTERM")
    life = used()
    assert ending(life)[0] == 1
    assert value_of(life.missing) == 2 * 2 * 2 + STREAMS


@pytest.mark.slow
def test_a_conversation_that_is_forgotten_is_lost_with_one_worker(choose: Choose) -> None:
    made(choose, "conversations are forgotten")
    assert value_of(used().conversed) == Conversed(8, "")


@pytest.mark.slow
def test_a_conversation_in_one_process_is_lost_where_another_answers(
    choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(choose)
    monkeypatch.setattr(conversations, "USERS", 50)  # who answers is by chance
    life = shared()
    conversed = value_of(life.conversed)
    assert conversed.wrong == ""
    assert conversed.lost > 0
    assert value_of(life.chats).wrong == ""
    assert life.end.how is Ending.TERMINATED
    monkeypatch.setattr(conversations, "USERS", 8)
    made(choose, "conversations in a file")
    assert value_of(shared().conversed) == Conversed(0, "")


@pytest.mark.slow
def test_who_does_not_hear_has_to_be_killed(choose: Choose, little_grace: None) -> None:
    made(choose, "it does not hear SIGTERM")
    assert ending(used()) == (1, 0)


@pytest.mark.slow
def test_what_outlives_its_service_is_counted_and_killed(choose: Choose) -> None:
    made(choose, "it leaves a process behind")
    assert ending(used()) == (0, 1)


@pytest.mark.slow
def test_a_service_that_hangs_costs_one_time_out_and_has_to_be_killed(
    choose: Choose, monkeypatch: pytest.MonkeyPatch, little_grace: None
) -> None:
    """A stream that spins takes all of its process along."""
    monkeypatch.setattr(asking, "TIMEOUT_S", 5.0)
    made(choose, "a receive that never waits")
    life = used()
    assert "time-out" in value_of(life.kinds[Kind.STREAM]).wrong
    assert ending(life)[0] == 1


@pytest.mark.slow
def test_one_that_ends_as_it_begins_is_a_failure_with_its_reason(choose: Choose) -> None:
    made(choose, "it ends as it begins")
    found = lives.lives()
    for life in (found.unused, found.used, found.shared):
        with pytest.raises(CellFailed, match="it ended with code 1: the table of rules is missing"):
            value_of(life)


@pytest.mark.slow
def test_one_that_is_never_ready_is_a_failure(
    choose: Choose, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(started, "READY_S", 0.5)
    made(choose, "it is never ready")
    with pytest.raises(CellFailed, match=r"it was not ready after 0\.5 s"):
        value_of(lives.lives().unused)


def test_what_has_no_process_is_unavailable(choose: Choose) -> None:
    choose()
    with pytest.raises(Unavailable, match="the driver starts no process"):
        lives.lives()


@pytest.mark.slow
def test_where_users_send_the_whole_conversation_nothing_can_be_lost(choose: Choose) -> None:
    made(choose)
    choose("", command=partial(made_process.command, ""), variables=made_process.variables)
    life = used()
    with pytest.raises(NotImplementedError, match="keeps no conversation"):
        value_of(life.conversed)
    assert (left(life).held, value_of(life.missing)) == (None, None)


def test_without_postgres_a_service_that_wants_it_is_unavailable(
    choose: Choose, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgres, "_DEBIAN", str(tmp_path))
    made(choose, wants_postgres=True)
    with pytest.raises(Unavailable, match="it wants Postgres: no Postgres is installed here"):
        lives.lives()


def _has_postgres() -> bool:
    try:
        postgres.programs_folder()
    except NoPostgres:
        return False
    return True


@pytest.mark.slow
@pytest.mark.skipif(not _has_postgres(), reason="no Postgres here")
def test_a_transaction_that_is_left_open_is_counted(choose: Choose) -> None:
    made(choose, "a transaction for each chat", wants_postgres=True)
    life = used()
    assert left(life).to_database == {"idle in transaction": 2 * 2 * 2 + STREAMS}
    found = Left()
    found.setup(of(life))
    assert found.sample_open_transactions(of(life)) == 2 * 2 * 2 + STREAMS


def test_values_without_a_right_reply_are_none() -> None:
    """Where nothing was measured there is no figure, and where a reply is wrong it is said."""
    life = life_of(Batches([], [], [], "2 x time-out: the user gave up"))
    known = cache(unused=Kept([Unused(life.began, life.end)], ""), used=Kept(life, ""))
    for one in (Request(), Workers()):
        with pytest.raises(WrongOutcome, match="the user gave up"):
            one.setup(known, "chat" if isinstance(one, Request) else 1)
    with hearing() as heard:
        lost = Conversations()
        lost.setup(known, 1)
    assert heard.wrong == "8 x time-out: the user gave up"
    assert lost.sample_lost(known, 1) == 8
    start = Start()
    start.setup(known)
    assert start.sample_cpu(known) == 0.5


def life_of(batches: Batches) -> Used:
    """A life in which all kinds of requests came to this."""
    return Used(
        began=Began(1.0, 0.5, 10),
        kinds={kind: Kept(batches, "") for kind in Kind},
        conversed=Kept(Conversed(8, "8 x time-out: the user gave up"), ""),
        left=Kept(LeftBehind(0, 0, None, None, 0), ""),
        bytes=10,
        end=ServerEnd(Ending.TERMINATED, 0, 0.1),
        missing=Kept(None, ""),
    )


@pytest.mark.slow
def test_each_series_has_a_figure_of_the_floor_or_says_why_not() -> None:
    known: process.Cache = Kept(lives.lives(), "")
    figures: dict[tuple[str, ...], float] = {}
    reasons: dict[tuple[str, ...], str] = {}
    for benchmark in (Start, Request, Stream, End, Left, Workers, Conversations):
        points = [(point,) for point in getattr(benchmark, "params", ())] or [()]
        names = [name for name in vars(benchmark) if name.startswith("sample_")]
        for name, point in product(names, points):
            key = (f"{benchmark.__name__}.{name}", *map(str, point))
            one = benchmark()
            try:
                with hearing() as heard:
                    one.setup(known, *point)
                    getattr(getattr(one, name), "setup", lambda *_: None)(known, *point)
            except NotImplementedError as error:
                reasons[key] = str(error)
                continue
            assert heard.wrong == "", (key, heard.wrong)
            figures[key] = getattr(one, name)(known, *point)
    must_be_0 = {
        ("Left.sample_broken_off",), ("Left.sample_not_stored",),
        ("Left.sample_client_connections",), ("Left.sample_model_connections",),
        ("Conversations.sample_lost", "1"),
        *(("End.sample_ending", life) for life in End.params),
    }  # fmt: skip
    # What else is 0 depends on how busy the machine is, or on chance.
    assert must_be_0 <= {key for key, value in figures.items() if value == 0}
    assert figures["Left.sample_sessions",] == 8
    assert all(figures[key] > 0 for key in figures if key[0].startswith(("Start", "Request")))
    assert reasons == {
        ("Request.sample_cpu", "work"): "the service has no endpoint of the kind work",
        ("Left.sample_database_connections",): "the service has no database server",
        ("Left.sample_open_transactions",): "the service has no database server",
    }
