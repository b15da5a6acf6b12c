"""The SQLite file that holds the words: written once under another name, then only read.

It stores no text: from each word to the items that hold it, and where in them. Texts that stand in it come in as bound
values, never as SQL; no extension is loaded, and what SQLite sorts stays in memory.
"""

import os
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import msgspec

from forensics.errors import CaseStoreError, StorageFull, UsageError
from forensics.fulltext import folding
from forensics.fulltext.asking import Asked
from forensics.fulltext.folding import fold

VERSION = f"2.{folding.VERSION}"
"""Of the file's form and of how words are folded."""
_BETWEEN = "forensicsbetweentwovalues"
"""A word that nobody asks for."""
_TOKENIZER = "unicode61 remove_diacritics 2 categories 'L* N* Mn Mc'"
_SCHEMA = (
    "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE items (item INTEGER PRIMARY KEY, sha256 BLOB NOT NULL, outcome TEXT NOT NULL)",
    f"CREATE VIRTUAL TABLE words USING fts5(names, subject, text, content='', columnsize=0, tokenize=\"{_TOKENIZER}\")",
)
_DEFINED = ("facts", "items", "words")
_SCHEMAS = "SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'words\\_%' ESCAPE '\\' ORDER BY name"
_MATCHES = "SELECT i.sha256 FROM words JOIN items i ON i.item = words.rowid WHERE words MATCH ? ORDER BY words.rowid"
_CACHE_KIB = 64 << 10
_HELD_BYTES = 16 << 20
"""Words that are held before they are written: with less the file is a tenth larger, and slower to make."""


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """What the index takes of one item."""

    sha256: str
    outcome: str
    """Whether its text is among the words, and why not; counted by `Index.outcomes`."""
    names: Iterable[str] = ()
    subject: str = ""
    text: Iterable[str] = ()


@contextmanager
def _reported(what: str) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        said = str(error)
        if "full" in said:
            raise StorageFull(f"{what}: no space left; free some and run the same command again") from error
        if "no such module: fts5" in said:
            raise UsageError("the SQLite of this Python cannot index words: it was made without FTS5") from error
        raise CaseStoreError(f"{what}: {said}") from error


def _connect(where: str, *, uri: bool = False) -> sqlite3.Connection:
    connection = sqlite3.connect(where, uri=uri, isolation_level=None)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA secure_delete = ON")
    connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    return connection


class NewIndex:
    """An index that is being written.

    Args:
        path: a file that does not exist yet; ``None``: it is held in memory, and can be asked as it stands.

    Raises:
        CaseStoreError: the file cannot be made.
        StorageFull: the disk is full.
        UsageError: SQLite was made without FTS5.
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            try:
                os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600))
            except OSError as error:
                raise CaseStoreError(f"cannot make the index: {error.strerror}") from error
        with _reported("cannot make the index"):
            self._connection = _connect(str(path) if path else ":memory:")
            # Nothing but this process reads the file before it is whole: a crash leaves nothing to be kept.
            self._connection.execute("PRAGMA journal_mode = OFF")
            self._connection.execute("PRAGMA synchronous = OFF")
            for statement in _SCHEMA:
                self._connection.execute(statement)
            self._connection.execute("INSERT INTO words (words, rank) VALUES ('hashsize', ?)", (_HELD_BYTES,))
            self._connection.execute("BEGIN")
        self._count = 0

    def add(self, entry: Entry) -> None:
        """Take the words of one item; those without any stand in the file too, so that they can be counted."""
        self._count += 1
        with _reported("cannot write the index"):
            self._connection.execute(
                "INSERT INTO items VALUES (?, ?, ?)", (self._count, bytes.fromhex(entry.sha256), entry.outcome)
            )
            texts = (_apart(entry.names), fold(entry.subject), _apart(entry.text))
            if any(texts):
                self._connection.execute(
                    "INSERT INTO words (rowid, names, subject, text) VALUES (?, ?, ?, ?)", (self._count, *texts)
                )

    def finish(self, facts: Mapping[str, str]) -> None:
        """Write what is to be known of the whole; nothing can be added afterwards."""
        with _reported("cannot write the index"):
            rows = sorted({**facts, "version": VERSION}.items())
            self._connection.executemany("INSERT INTO facts VALUES (?, ?)", rows)
            self._connection.execute("COMMIT")

    def asked(self) -> "Index":
        """Return one that was finished and is held in memory as an index to be asked."""
        return Index(self._connection)

    def close(self) -> None:
        """Close the file."""
        with suppress(sqlite3.Error):
            self._connection.close()


class Index:
    """An index that is read; made by `open_index` or `NewIndex.asked`.

    Attributes:
        facts: what its maker wrote of it, and its ``version``.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        with _reported("cannot read the index"):
            self.facts: Mapping[str, str] = dict(connection.execute("SELECT name, value FROM facts ORDER BY name"))

    def matching(self, asked: Asked, most: int | None = None) -> list[str]:
        """Return the digests of the items that hold all that is asked, in the order in which they were written.

        Args:
            asked: the question.
            most: no more than so many; ``None``: all.
        """
        with _reported("cannot search the index"):
            limit = "" if most is None else f" LIMIT {int(most)}"
            return [digest.hex() for (digest,) in self._connection.execute(_MATCHES + limit, (asked.match,))]

    def outcomes(self) -> dict[str, int]:
        """Return how many items have each outcome."""
        with _reported("cannot read the index"):
            counted = "SELECT outcome, count(*) FROM items GROUP BY outcome ORDER BY outcome"
            return {outcome: int(n) for outcome, n in self._connection.execute(counted)}

    def items(self) -> dict[str, str]:
        """Return every item that was met when it was made, with its outcome."""
        with _reported("cannot read the index"):
            rows = self._connection.execute("SELECT sha256, outcome FROM items ORDER BY item")
            return {digest.hex(): outcome for digest, outcome in rows}

    def close(self) -> None:
        """Close the file; a second call does nothing."""
        with suppress(sqlite3.Error):
            self._connection.close()


def open_index(path: Path) -> Index:
    """Open an index to ask it; nothing is written, not even beside it.

    Raises:
        CaseStoreError: the file is no index of ours, or cannot be read.
    """
    with _reported("cannot read the index"):
        connection = _connect(f"file:{quote(os.fsencode(path))}?mode=ro&immutable=1", uri=True)
        try:
            connection.execute("PRAGMA query_only = ON")
            if connection.execute(_SCHEMAS).fetchall() != list(zip(_DEFINED, _SCHEMA, strict=True)):
                raise CaseStoreError("the index is not one that this version can read: make it anew")
            return Index(connection)
        except BaseException:
            connection.close()
            raise


def _apart(values: Iterable[str]) -> str:
    """Return folded values with a word between them, so that no phrase goes from one into the next."""
    return f"\n{_BETWEEN}\n".join([fold(value) for value in values])
