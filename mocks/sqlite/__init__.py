"""SQLite inside a virtual clock: statements counted, locks that wait in virtual time."""

from mocks.sqlite.databases import Databases
from mocks.sqlite.statements import Statement, Statements

__all__ = ["Databases", "Statement", "Statements"]
