"""A Postgres of one's own, and what its clients have open."""

from __future__ import annotations

import shutil
import socket
import tempfile
from pathlib import Path

import pytest
from postgres_client import Client

from meters import postgres as module
from meters.postgres import NoPostgres, postgres, programs_folder


def is_installed() -> bool:
    """Whether there is a Postgres here that can be run."""
    try:
        programs_folder()
        module._user()
    except NoPostgres:
        return False
    return True


def test_where_there_is_none_one_line_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(module, "_DEBIAN", str(tmp_path))
    with pytest.raises(NoPostgres, match="no Postgres is installed here"), postgres(tmp_path):
        pass


def test_the_newest_of_debians_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for version in ("9.6", "15", "17", "13"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "initdb").touch()
    monkeypatch.setattr(shutil, "which", lambda name: None)
    monkeypatch.setattr(module, "_DEBIAN", str(tmp_path))
    assert programs_folder() == tmp_path / "17" / "bin"


@pytest.mark.skipif(not is_installed(), reason="no Postgres here")
@pytest.mark.slow
def test_its_clients_are_counted_by_their_state() -> None:
    # Not pytest's folder, into which nobody but its owner may go.
    with tempfile.TemporaryDirectory() as folder, postgres(Path(folder)) as server:
        assert server.accepts()
        assert server.clients() == {}
        with Client(server.port) as client:
            assert server.clients() == {"idle": 1}
            client.execute("BEGIN")
            client.execute("SELECT 1")
            assert server.clients() == {"idle in transaction": 1}
            client.execute("COMMIT")
            assert server.clients() == {"idle": 1}
        port = server.port
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
