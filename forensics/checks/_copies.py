"""Which of several mails say the same: copies of one mail, whatever charset, wrap or encoding each came in."""

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Protocol, TypeVar

from forensics.checks._subjects import bare_subject
from forensics.model.rows.located import LocatedRow

TEXTS = "[t.words || ' ' || t.links FOR t IN texts] AS texts, files_sha256 AS files"
"""The columns of ``messages`` that tell copies, for a query."""

_MOST_TEXTS = 4
"""Texts of one mail of which every choice is kept; of more the whole and each alone."""


class Copy(Protocol):
    """A row of one mail, with its content as digests."""

    @property
    def sha256(self) -> str:
        """The mail."""
        ...

    @property
    def subject(self) -> LocatedRow:
        """Decoded, with its field."""
        ...

    @property
    def body_sha256(self) -> str:
        """Of all its leaves."""
        ...

    @property
    def texts(self) -> tuple[str, ...]:
        """Of each text: words and links."""
        ...

    @property
    def files(self) -> str:
        """Of all other leaves; empty where none is."""
        ...


C = TypeVar("C", bound=Copy)


def different(rows: Iterable[C]) -> list[C]:
    """Return one row of each different mail: of other words, links or files, or of another subject but for tags.

    A copy that lacks a text which the other has beside the same one lost its plain or HTML part on the way, and is no
    other mail. Rows of cases that keep no texts are told apart by their bodies.
    """
    known: set[tuple[str, str, frozenset[str]]] = set()
    found = []
    for row in sorted(rows, key=lambda row: (-len(row.texts), row.sha256)):
        subject, texts = bare_subject(row.subject.value), _texts(row)
        if (subject, row.files, texts) not in known:
            found.append(row)
            known.update([(subject, row.files, choice) for choice in _choices(texts)])
    return sorted(found, key=lambda row: row.sha256)


def _choices(texts: frozenset[str]) -> Iterator[frozenset[str]]:
    sizes = range(1, len(texts) + 1) if len(texts) <= _MOST_TEXTS else (1, len(texts))
    for size in sizes:
        yield from map(frozenset, combinations(sorted(texts), size))


def one_body(rows: Iterable[Copy]) -> bool:
    """Whether mails say the same under whatever subjects."""
    first, *others = sorted(rows, key=lambda row: -len(row.texts))
    return all(row.files == first.files and _texts(row) <= _texts(first) for row in others)


def _texts(row: Copy) -> frozenset[str]:
    return frozenset(row.texts or (row.body_sha256,))
