"""What a search finds: items in the order of their first places, each with the words around what was found."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

import msgspec

from forensics.casestore import Queries
from forensics.model.instants import written
from forensics.model.lines import Place
from forensics.model.rows.times import TimeRow, timestamp
from forensics.model.searching import Coverage, Excerpt, SearchLine, TextState
from forensics.reader.lines import Lines
from forensics.reader.searching.contents import Content, read_contents

AT_ONCE = 20
"""Items whose texts are read together: as many as a table shows."""
_PAGE = 500
_STANDING = """
SELECT sha256 AS text FROM occurrences WHERE sha256 IN (SELECT unnest($digests::VARCHAR[]))
GROUP BY sha256 ORDER BY min((source, location_text)), sha256
"""
_DETAILS = """
SELECT sha256, from_address AS sender, date, message_id.value AS message_id, list_id
FROM messages WHERE sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY sha256
"""

T = TypeVar("T")
Words = Callable[[str], Excerpt | None]
"""Returns the part of a text where what was asked stands."""
Texts = Callable[[Sequence[Content]], Iterator[tuple[TextState, Sequence[str]]]]
"""Reads the texts of items."""


class _Text(msgspec.Struct, frozen=True):
    text: str


class Details(msgspec.Struct, frozen=True):
    """What only mails have."""

    sha256: str
    sender: str
    date: TimeRow | None
    message_id: str
    list_id: str


_NO_MAIL = Details(sha256="", sender="", date=None, message_id="", list_id="")


class Found(Lines[SearchLine]):
    """The items that a search finds.

    Attributes:
        coverage: how much of the case was looked through.
        wordless: what was asked and holds no word: nothing was looked for in its place.
    """

    def __init__(
        self,
        queries: Queries,
        digests: Sequence[str],
        words: Words,
        texts: Texts | None,
        coverage: Coverage,
        wordless: Sequence[str] = (),
        shown: Callable[[SearchLine], SearchLine] = lambda line: line,
    ) -> None:
        """Take what was found.

        Args:
            queries: the case.
            digests: the items; those that the case does not have any more are left out.
            words: finds the words in a text.
            texts: reads the texts of items; ``None``: only subjects and names are looked at.
            coverage: how much was looked through.
            wordless: see above.
            shown: returns a line as it may be shown.
        """
        self._queries, self._digests, self._words, self._texts = queries, digests, words, texts
        self._ordered: list[str] | None = None
        self._shown = shown
        self.coverage = coverage
        self.wordless = tuple(wordless)
        super().__init__(self._lines, lambda: len(self._standing()))

    def _standing(self) -> list[str]:
        if self._ordered is None:
            given = {"digests": list(self._digests)}
            self._ordered = [row.text for row in self._queries.rows(_STANDING, given, _Text)]
        return self._ordered

    def _lines(self, most: int | None) -> Iterator[SearchLine]:
        for page in _batches(iter(self._standing()[:most]), _PAGE):
            contents = read_contents(self._queries, page)
            mails = {row.sha256: row for row in self._queries.rows(_DETAILS, {"digests": page}, Details)}
            for some in _batches(contents, AT_ONCE):
                texts = self._texts(some) if self._texts else iter([(TextState.WHOLE, list[str]())] * len(some))
                for content, (outcome, said) in zip(some, texts, strict=True):
                    yield self._line(content, mails.get(content.sha256, _NO_MAIL), outcome, said)

    def _line(self, content: Content, mail: Details, outcome: TextState, texts: Sequence[str]) -> SearchLine:
        found = self._excerpt(content, mail, texts)
        line = SearchLine(
            sha256=content.sha256,
            size=content.size,
            media_type=content.media_type,
            location=Place.of(content.locations[0]),
            places=content.places,
            name=content.name,
            subject=content.subject,
            sender=mail.sender,
            date=(written(timestamp(mail.date)) or "") if mail.date is not None else "",
            excerpt=found,
            outcome=outcome if found is None and self._texts is not None else None,
        )
        return self._shown(line)

    def _excerpt(self, content: Content, mail: Details, texts: Sequence[str]) -> Excerpt | None:
        """Return the best excerpt of an item: that of its texts with most words, else of its subject or its names."""
        found = [one for text in texts if (one := self._words(text)) is not None]
        if found:
            return max(found, key=lambda one: len(one.found))
        fields = (("subject", [content.subject]), ("names", content.names), ("ids", [mail.message_id, mail.list_id]))
        for where, values in fields:
            for value in values:
                one = self._words(value)
                if one is not None:
                    return msgspec.structs.replace(one, where=where)
        return None


def _batches(rows: Iterator[T], size: int) -> Iterator[list[T]]:
    while some := list(islice(rows, size)):
        yield some
