"""How the gateway's replies are judged, its students, and the file in its database's place."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from mocks.worlds.service.endpoints import Answer, Ask, Endpoint, Kind, Piece, judge
from mocks.worlds.service.users import User, users
from targets.gateway import driver, students
from targets.gateway.databases import use_file
from targets.protocols.service import Service, Start

ASK = Ask(
    user=User(3), number=2, prompt="list", text="Ten animals? mark-bado-bafe", mark="mark-bado-bafe"
)
SERVICE = driver.TARGET.capability(Service)
assert SERVICE is not None


def endpoint(kind: Kind) -> Endpoint:
    assert SERVICE is not None
    found = SERVICE.endpoint(kind)
    assert found is not None
    return found


def completion(text: str) -> Answer:
    said = {"choices": [{"message": {"role": "assistant", "content": text}}]}
    return Answer(status=200, pieces=[Piece(1.0, json.dumps(said).encode())])


def test_users_are_known_by_their_keys() -> None:
    for kind in (Kind.CHAT, Kind.STREAM, Kind.BLOCKED):
        assert endpoint(kind).headers(ASK) == {"Authorization": f"Bearer {ASK.user.key}"}


def test_a_stream_is_asked_for() -> None:
    assert json.loads(endpoint(Kind.STREAM).content(ASK) or b"")["stream"] is True
    assert json.loads(endpoint(Kind.CHAT).content(ASK) or b"")["stream"] is False


def test_what_the_rules_refuse_must_not_be_answered() -> None:
    blocked = endpoint(Kind.BLOCKED)
    assert judge(blocked, ASK, completion("请先尝试")).error == ""
    assert "has answered" in judge(blocked, ASK, completion(f"Here: {ASK.mark}")).reason
    not_implemented = Answer(status=200, pieces=[Piece(1.0, b'{"error": "not_implemented"}')])
    assert "no chat completion" in judge(blocked, ASK, not_implemented).reason


def test_the_server_of_the_database_is_told_in_parts() -> None:
    world = SimpleNamespace(
        model_url="http://127.0.0.1:1/v1", database_url="postgresql://me:word@127.0.0.1:5999/mine"
    )
    assert SERVICE is not None
    assert SERVICE.variables is not None
    found = SERVICE.variables(Start(world, 8000))  # type: ignore[arg-type]
    assert {name: found[name] for name in found if name.startswith("DB_")} == {
        "DB_HOST": "127.0.0.1", "DB_PORT": "5999", "DB_USER": "me",
        "DB_PASSWORD": "word", "DB_NAME": "mine",
    }  # fmt: skip
    assert found["DEEPSEEK_BASE_URL"] == "http://127.0.0.1:1/v1"


MODELS = """
from sqlalchemy import DateTime, String, Text
from sqlalchemy.orm import Mapped, mapped_column
from gateway.app.db.base import Base

class Student(Base):
    __tablename__ = "students"
    id: Mapped[str] = mapped_column(String, primary_key=True)
    api_key_hash: Mapped[str] = mapped_column(String)
    created_at = mapped_column(DateTime(timezone=True))
    current_week_quota: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String, default="plain")

class Conversation(Base):
    __tablename__ = "conversations"
    id: Mapped[int] = mapped_column(primary_key=True)
    prompt_text: Mapped[str] = mapped_column(Text)
"""

FILES = {
    "gateway/__init__.py": "",
    "gateway/app/__init__.py": "",
    "gateway/app/core/__init__.py": "",
    "gateway/app/core/config.py": """
class settings:
    db_host = "nowhere"
""",
    "gateway/app/db/__init__.py": "",
    "gateway/app/db/base.py": """
from sqlalchemy.orm import DeclarativeBase
class Base(DeclarativeBase): pass
""",
    "gateway/app/db/models.py": MODELS,
    "gateway/app/main.py": "async def app(scope, receive, send): ...",
}


@pytest.fixture
def small_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A package with the gateway's names, and a world of five users."""
    for name, text in FILES.items():
        path = tmp_path / "tree" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    monkeypatch.syspath_prepend(tmp_path / "tree")
    yield SimpleNamespace(users=users(5), folder=tmp_path, database_url="")
    for name in [one for one in sys.modules if one.partition(".")[0] == "gateway"]:
        del sys.modules[name]


def test_the_gateway_finds_its_students_where_it_thinks_that_postgres_is(
    small_gateway: SimpleNamespace,
) -> None:
    from sqlalchemy import func, select
    from sqlalchemy.ext.asyncio import create_async_engine

    students.prepare(small_gateway)
    take_back = use_file(small_gateway.folder / students.FILE)
    models = sys.modules["gateway.app.db.models"]

    async def count() -> tuple[int, int, str]:
        engine = create_async_engine(
            "postgresql+asyncpg://me:word@nowhere:5432/mine",
            pool_size=3,
            max_overflow=2,
            pool_pre_ping=True,
            connect_args={"command_timeout": 30.0},
        )
        async with engine.connect() as connection:
            found = await connection.execute(select(func.count(), models.Student.kind))
            number, kind = found.one()
            size = engine.pool.size()  # type: ignore[attr-defined]
        await engine.dispose()
        return number, size, kind

    assert asyncio.run(count()) == (5, 3, "plain")
    take_back()
    with pytest.raises((OSError, ModuleNotFoundError)):
        asyncio.run(count())


def test_what_is_not_stored_is_missed(small_gateway: SimpleNamespace) -> None:
    from sqlalchemy import create_engine

    students.prepare(small_gateway)
    served = driver._open(small_gateway)  # type: ignore[arg-type]
    assert "SQLite" in served.remarks[0]
    assert served.missing is not None
    assert served.missing([ASK]) == 1
    engine = create_engine("sqlite+pysqlite:///./elsewhere.db")
    with engine.begin() as connection:
        conversations = sys.modules["gateway.app.db.models"].Conversation.__table__
        connection.execute(conversations.insert(), {"prompt_text": ASK.text})
    engine.dispose()
    assert served.missing([ASK]) == 0
    assert served.close is not None
    served.close()
    assert not Path("elsewhere.db").exists()


def test_before_there_was_a_database_nothing_is_prepared(
    small_gateway: SimpleNamespace, tmp_path: Path
) -> None:
    for file in (tmp_path / "tree/gateway/app/db").iterdir():
        file.unlink()
    (tmp_path / "tree/gateway/app/db").rmdir()
    students.prepare(small_gateway)
    assert not (tmp_path / students.FILE).exists()
