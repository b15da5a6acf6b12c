"""In which words mails differ that may be versions of one: they are read again from their sources, two at a time.

A store makes one text of another: of what it keeps, texts of one kind are compared, if they are nearly alike.
"""

import msgspec

from forensics import parsers
from forensics.model.items import Limits
from forensics.model.locations import Location
from forensics.model.rows.copies import ChangeRow, CopyRow
from forensics.model.rows.located import LocatedRow, row_of
from forensics.relations.alike import PAIRS, Pair
from forensics.relations.quotes.shown import Shown, locate, read_pages, read_shown
from forensics.relations.versions import Change, agreement, changes
from forensics.stages.rereading import Rereading
from forensics.stages.stage import Settings, Tables, Write

NAME = "copies"
VERSION = 1
READS = ("messages", "occurrences")
WRITES = ("copies", "notices")
TAKES = ("contents", "limits")
ROWS_NEEDED = {"messages": 2}

CITED = 1_000
"""Bytes of a line that a row quotes."""
NAMED = 5
"""Changes that a row names."""
MOST = 20
"""Changes beyond which two mails are no versions of one."""
LEAST_ALIKE = 0.9
"""Share of the letters of a text of a store that the other has; with fewer another text was made of it."""
_ADDED = {"start": 1, "end": 2}


def loads() -> tuple[str, ...]:
    """Return the modules of the parsers that read the texts of messages."""
    return parsers.modules(parsers.MESSAGES)


def run(tables: Tables, settings: Settings, write: Write) -> None:
    """Compare the mails of every pair."""
    stage = _Copies(settings, write)
    for pair in tables.rows(PAIRS, {}, Pair):
        stage.compare(pair)
    stage.tell()


class _Mail(msgspec.Struct, frozen=True):
    data: bytes
    shown: Shown

    def plain(self) -> "_Mail | None":
        """Return it with its plain text, if it has one."""
        return self if self.shown.page is None else None

    def pages(self, limits: Limits) -> "_Mail | None":
        """Return it with what its pages say, if it has any."""
        if self.shown.page is not None:
            return self
        return _Mail(self.data, read_pages(self.data, limits)) if self.shown.has_pages else None


class _Copies:
    """One run of the stage; counts what was left out."""

    def __init__(self, settings: Settings, write: Write) -> None:
        self._write = write
        self._limits = settings.limits
        self._mails = Rereading(settings.contents, write, "engine.copies_unread", "engine.copies_fault")
        self._first: tuple[int, _Mail | None] = (0, None)
        self._cut = self._unlike = 0

    def compare(self, pair: Pair) -> None:
        """Write the row of a pair that differs in few places."""
        with self._mails.guarded(pair.location):
            if self._first[0] != pair.first:
                self._first = pair.first, self._read(pair.location)
            first, second = self._first[1], self._read(pair.other_location)
            if pair.stored and first and second:
                first, second = self._of_one_kind(first, second)
            found = changes(first.shown, second.shown) if first and second else []
            self._cut += found is None
            if first and second and found and found[0].kind != "all" and len(found) <= MOST:
                self._write("copies", self._row(pair, first, second, found))

    def _of_one_kind(self, first: _Mail, second: _Mail) -> tuple[_Mail, _Mail] | tuple[None, None]:
        """Return two mails, of which a store keeps one, with the texts that can be compared.

        Where both have pages, the plain text beside one may have been made of it, and not be what the sender wrote.
        """
        one, other = first.pages(self._limits), second.pages(self._limits)
        if one is None or other is None:
            one, other = first.plain(), second.plain()
        if one and other and agreement(one.shown, other.shown) >= LEAST_ALIKE:
            return one, other
        self._unlike += 1
        return None, None

    def _row(self, pair: Pair, first: _Mail, second: _Mail, found: list[Change]) -> CopyRow:
        inner = [change for change in found if change.kind not in _ADDED]
        return CopyRow(
            sha256=pair.sha256,
            other_sha256=pair.other_sha256,
            by=pair.by,
            changed=len(inner),
            added=sum({_ADDED[change.kind] for change in found if change.kind in _ADDED}),
            changes=[
                ChangeRow(
                    kind=change.kind,
                    words=change.words[:CITED],
                    other_words=change.other_words[:CITED],
                    line=self._line(first, change.span),
                    other_line=self._line(second, change.other_span),
                )
                for change in inner[:NAMED]
            ],
        )

    def _line(self, mail: _Mail, span: tuple[int, int]) -> LocatedRow:
        return row_of(locate(mail.data, self._limits, mail.shown, *span), CITED)

    def _read(self, location: Location) -> _Mail | None:
        data = self._mails.read(location)
        if data is None:
            return None
        shown, whole = read_shown(data, self._limits)
        self._cut += not whole
        return _Mail(data, shown)

    def tell(self) -> None:
        """Write a notice for each kind of what was left out."""
        unlike = "pairs of mails, one of them in a store, of which no texts of one kind are nearly alike: not compared"
        self._mails.tell(
            ("engine.copies_limit", self._cut, "mails too long to be compared whole"),
            ("engine.copies_stored", self._unlike, unlike),
        )
