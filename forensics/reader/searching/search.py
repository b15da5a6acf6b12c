"""Searches a case: words by its index, or by subjects and names where it has none; parts of words by its tables."""

from functools import partial

import msgspec

from forensics.casestore import CaseFolder, Queries, index_of
from forensics.engine.desk.desk import Desk
from forensics.errors import NoIndex, OtherVersion, UsageError
from forensics.fulltext.asking import MAX_CHARACTERS, MAX_TERMS, ask
from forensics.fulltext.excerpts import excerpt, excerpt_of_parts
from forensics.fulltext.index_file import Index, open_index
from forensics.model.searching import Coverage
from forensics.reader.sealing.gate import Gate
from forensics.reader.searching.building import index_in_memory
from forensics.reader.searching.coverage import coverage_of, is_current
from forensics.reader.searching.found import Found
from forensics.reader.searching.reading import read_texts

_PARTS = """
WITH asked AS (SELECT unnest($parts::VARCHAR[]) AS part),
said AS (
    SELECT sha256, "name" AS text FROM occurrences WHERE sha256 <> ''
    UNION ALL SELECT sha256, author.value || chr(10) || last_author.value FROM documents
    UNION ALL SELECT sha256, concat_ws(chr(10), subject.value, message_id.value, list_id,
        array_to_string([p."name" || ' ' || p.address FOR p IN parties], chr(10))) FROM messages),
whole AS (
    SELECT sha256, strip_accents(lower(nfc_normalize(string_agg(DISTINCT text, chr(10))))) AS text
    FROM said GROUP BY sha256)
SELECT sha256 AS text FROM whole
WHERE NOT EXISTS (
    SELECT part FROM asked WHERE NOT contains(whole.text, strip_accents(lower(nfc_normalize(part)))))
ORDER BY text
"""


class _Text(msgspec.Struct, frozen=True):
    text: str


class Searcher:
    """Searches one opened case; its index is opened, and compared with the log, when it is first asked.

    Args:
        folder: the case.
        queries: its tables.
        desk: reads the texts of items for excerpts.
        gate: what is found passes it; nothing is found in what may not be quoted.
    """

    def __init__(self, folder: CaseFolder, queries: Queries, desk: Desk, gate: Gate) -> None:
        self._folder, self._queries, self._desk, self._gate = folder, queries, desk, gate
        self._index: Index | None = None
        self._coverage: Coverage | None = None
        self._asked = False

    def words(self, words: str, *, excerpts: bool) -> Found:
        """Return the items that hold all words, as `forensics.fulltext.asking.ask` reads them.

        Raises:
            UsageError: there is no word in what is asked, or there are too many.
            IntegrityError: the index is not the one that was made.
            OtherVersion: another version of this program made it.
        """
        asked = ask(words)
        stored = self._stored()
        texts = partial(read_texts, self._desk) if excerpts and stored is not None else None
        if stored is not None:
            digests = stored.matching(asked)
        else:
            made = index_in_memory(self._folder, self._queries)
            digests = made.asked().matching(asked)
            made.close()
        found = (lambda text: excerpt(text, asked)) if excerpts else (lambda text: None)
        digests = self._open(digests)
        return Found(self._queries, digests, found, texts, self._covered(), asked.wordless, self._gate.found)

    def parts(self, words: str) -> Found:
        """Return the items whose subject, names, addresses or ids hold all parts of words; no index is asked.

        Raises:
            UsageError: nothing is asked, or too much.
        """
        parts = [part for word in words.split() if (part := word.strip("<>"))]
        if not parts or len(parts) > MAX_TERMS or len(words) > MAX_CHARACTERS:
            raise UsageError(f"name parts of words: at least one, at most {MAX_TERMS}")
        digests = self._open([row.text for row in self._queries.rows(_PARTS, {"parts": parts}, _Text)])
        coverage = coverage_of(self._folder, self._queries, None)
        found = partial(excerpt_of_parts, parts=parts)
        return Found(self._queries, digests, found, None, coverage, shown=self._gate.found)

    def digests(self, words: str, most: int | None) -> list[str]:
        """Return the digests of items that hold all words, of those that were there when the index was made.

        Raises:
            NoIndex: the case has no index.
        """
        asked = ask(words)
        stored = self._stored()
        if stored is None:
            raise NoIndex("this case has no index of its words: `forensics search CASE --build` makes one")
        found = self._open(stored.matching(asked, None if self._gate.closed else most))
        return found[:most]

    def _open(self, digests: list[str]) -> list[str]:
        """Leave out what may not be quoted: that it holds a word would tell of it."""
        return [digest for digest in digests if not self._gate.withholds(digest)] if self._gate.closed else digests

    def close(self) -> None:
        """Close the index."""
        if self._index is not None:
            self._index.close()
        self._index = None

    def _stored(self) -> Index | None:
        if not self._asked:
            known = index_of(self._folder)
            if known is not None:
                index = open_index(known[0])
                if not is_current(index):
                    index.close()
                    raise OtherVersion(
                        f"{known[0]} was made by another version: `forensics search CASE --build` makes it anew"
                    )
                self._index = index
            self._asked = True
        return self._index

    def _covered(self) -> Coverage:
        if self._coverage is None:
            self._coverage = coverage_of(self._folder, self._queries, self._index)
        return self._coverage
