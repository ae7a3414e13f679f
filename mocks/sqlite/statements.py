"""What an SQL statement does, and to which table; and how often each was executed."""

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

WRITES = frozenset(
    {"INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER", "REINDEX", "VACUUM"}
)
"""Verbs of statements that need the lock of which a database has only one."""

ENDS = frozenset({"COMMIT", "END", "ROLLBACK", "RELEASE"})
"""Verbs of statements that may end a transaction."""

_TOKEN = re.compile(
    r"""--[^\n]* | /\*.*?(?:\*/|\Z)           # comments
      | '(?:[^']|'')*'                        # texts
      | "(?:[^"]|"")*" | `[^`]*` | \[[^\]]*\] # names in quotes
      | [A-Za-z_\x80-\uffff][\w$]* | [().;,]  # words, and what parts them""",
    re.VERBOSE | re.DOTALL,
)
_MAIN = frozenset({"SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "VALUES"})
# The word after which a statement names its table. Of the others none is looked for.
_BEFORE_TABLE = {
    "SELECT": ("FROM",),
    "DELETE": ("FROM",),
    "INSERT": ("INTO",),
    "REPLACE": ("INTO",),
    "UPDATE": ("UPDATE",),
    "CREATE": ("TABLE", "VIEW", "ON"),
    "DROP": ("TABLE", "VIEW", "INDEX"),
    "ALTER": ("TABLE",),
}
# Words between that one and the name: UPDATE OR IGNORE t, CREATE TABLE IF NOT EXISTS t.
_SKIPPED = frozenset(
    {"OR", "ROLLBACK", "ABORT", "REPLACE", "FAIL", "IGNORE", "IF", "NOT", "EXISTS"}
)


@dataclass(frozen=True, slots=True, order=True)
class Statement:
    """What a statement does.

    Attributes:
        verb: its first word, upper case; of WITH that of the statement after it.
        table: the first table that it names, without schema and quotes; empty if none.
    """

    verb: str
    table: str

    def __str__(self) -> str:
        return f"{self.verb} {self.table}".strip()


@lru_cache(maxsize=4096)
def statement(sql: str) -> Statement:
    """What `sql` does; the verb is empty if it is only a comment."""
    tokens = [each for each in _TOKEN.findall(sql) if not each.startswith(("--", "/*", "'"))]
    verb, at = _verb(tokens)
    return Statement(verb, _table(verb, tokens[at:]))


def _verb(tokens: list[str]) -> tuple[str, int]:
    words = [(each.upper(), at) for at, each in enumerate(tokens) if each[0] not in "().;,"]
    if not words:
        return "", 0
    first, at = words[0]
    if first != "WITH":
        return first, at
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        if depth == 0 and token.upper() in _MAIN:
            return token.upper(), at
    return first, 0


def _table(verb: str, tokens: list[str]) -> str:
    before = _BEFORE_TABLE.get(verb, ())
    depth = 0
    for at, token in enumerate(tokens):
        depth += (token == "(") - (token == ")")
        # FROM inside the brackets of a SELECT is another's; but a SELECT may come from brackets.
        if token.upper() in before and depth == 0:
            return _name(tokens[at + 1 :])
    return ""


def _name(tokens: list[str]) -> str:
    while tokens and (tokens[0].upper() in _SKIPPED or tokens[0] == "("):
        if tokens[0] == "(":
            return _table("SELECT", tokens[1:])
        tokens = tokens[1:]
    if len(tokens) > 2 and tokens[1] == ".":
        tokens = tokens[2:]
    return tokens[0].strip('"`[]') if tokens and tokens[0] not in ").;," else ""


class Statements:
    """How often each statement was executed. An attempt that met a lock and waited is none."""

    def __init__(self) -> None:
        self._counts: Counter[Statement] = Counter()

    @property
    def total(self) -> int:
        """All statements, those that begin and end transactions too."""
        return self._counts.total()

    @property
    def counts(self) -> dict[Statement, int]:
        """How often each was executed, ordered by verb and table."""
        return dict(sorted(self._counts.items()))

    def of(self, *verbs: str, table: str | None = None) -> int:
        """How many had one of `verbs` (all, if none is given), and were about `table`."""
        return sum(
            count
            for each, count in self._counts.items()
            if (not verbs or each.verb in verbs) and table in (None, each.table)
        )

    def add(self, executed: Statement, times: int = 1) -> None:
        """Count a statement."""
        self._counts[executed] += times
