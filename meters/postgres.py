"""A Postgres of one's own: its cluster, its life, and what its clients have open.

The cluster is made in a folder of its own, listens at a free port of the loopback interface, writes
nothing to disk in earnest (``fsync`` is off) and trusts everybody on this machine. Postgres refuses
to run as root, so root runs it as the user ``postgres``, whom Debian's package makes.

Cost: a second or two of CPU to make a cluster; a look at the clients is one short connection.
Blind spots: what a client did and has ended.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from meters.server_process import NotReady, ServerProcess
from meters.sockets import free_port

READY_S = 60.0
"""Real seconds in which it must accept connections."""

OWNER = "postgres"
"""Its superuser, and the user whom root runs it as."""

_DEBIAN = "/usr/lib/postgresql"
_LIMIT_S = 120.0
_CLIENTS = (
    "SELECT coalesce(state, 'unknown'), count(*) FROM pg_stat_activity "
    "WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() GROUP BY 1"
)


class NoPostgres(Exception):
    """There is no Postgres here, or it cannot be run; one line says why."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that accepts connections. ``programs``: the folder of its own ones."""

    programs: Path
    port: int

    @property
    def url(self) -> str:
        """Of an empty database, with its superuser, who needs no password."""
        return f"postgresql://{OWNER}@127.0.0.1:{self.port}/{OWNER}"

    def clients(self) -> Counter[str]:
        """How many connections are open to it, by their state as ``pg_stat_activity`` has it:
        ``idle``, ``idle in transaction``, ``active``, ... Raises ``NoPostgres``."""
        said = self._ask("psql", "--no-psqlrc", "-A", "-t", "-F", "|", "-c", _CLIENTS)
        rows = (line.rpartition("|") for line in said.splitlines())
        return Counter({state: int(count) for state, _, count in rows})

    def accepts(self) -> bool:
        """Whether it answers."""
        try:
            self._ask("pg_isready", "-q")
        except NoPostgres:
            return False
        return True

    def _ask(self, program: str, *arguments: str) -> str:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER, "-d", OWNER]
        return _run([str(self.programs / program), *where, *arguments])


@contextmanager
def postgres(folder: Path) -> Iterator[Postgres]:
    """One that lives as long as the block, in this folder, which must be empty; the folders that it
    is in must let its owner pass. Raises ``NoPostgres``."""
    programs = programs_folder()
    user = _user()
    cluster = folder / "cluster"
    cluster.mkdir(mode=0o700)
    if user is not None:
        folder.chmod(0o711)
        shutil.chown(cluster, user, pwd.getpwnam(user).pw_gid)
    made = ["-D", str(cluster), "-U", OWNER, "--auth=trust", "--encoding=UTF8", "--locale=C"]
    _run([str(programs / "initdb"), *made, "--no-sync"], user)
    running = Postgres(programs, free_port())
    settings = {
        "port": str(running.port),
        "listen_addresses": "127.0.0.1",
        "unix_socket_directories": "",
        "fsync": "off",
    }
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    server = ServerProcess(
        [str(programs / "postgres"), "-D", str(cluster), *options],
        folder=cluster,
        variables={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
        log=folder / "postgres.log",
        user=user,
    )
    with server:
        try:
            server.wait_until_ready(running.accepts, READY_S)
        except NotReady as error:
            raise NoPostgres(f"Postgres: {error}") from error
        yield running


def programs_folder() -> Path:
    """Where Postgres' programs are: on the path, or where Debian has them, the newest. Raises
    ``NoPostgres``."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(os.path.realpath(found)).parent
    versions = sorted(Path(_DEBIAN).glob("*/bin/initdb"), key=_version)
    if not versions:
        raise NoPostgres("no Postgres is installed here (Debian: apt install postgresql)")
    return versions[-1].parent


def _version(program: Path) -> float:
    name = program.parents[1].name
    return float(name) if name.replace(".", "", 1).isdigit() else 0.0


def _user() -> str | None:
    """Who is to run it, ``None``: whoever runs this. Raises ``NoPostgres``."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(OWNER)
    except KeyError:
        raise NoPostgres(f"Postgres does not run as root, and there is no user {OWNER}") from None
    return OWNER


def _run(command: list[str], user: str | None = None) -> str:
    """What a program prints. Raises ``NoPostgres`` if it fails."""
    name = Path(command[0]).name
    try:
        done = subprocess.run(
            command,
            cwd="/",
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=_LIMIT_S,
            user=user,
            group=None if user is None else pwd.getpwnam(user).pw_gid,
            extra_groups=None if user is None else [],
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise NoPostgres(f"{name}: {error}") from error
    if done.returncode != 0:
        said = (done.stderr.strip().splitlines() or ["no message"])[-1]
        raise NoPostgres(f"{name} ended with code {done.returncode}: {said}")
    return done.stdout
