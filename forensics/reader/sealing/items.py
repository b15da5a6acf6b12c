"""The items of a case that its list names, with all that is inside them, and the places by number."""

import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from forensics.casestore import Queries
from forensics.model.codec import decode
from forensics.model.locations import Location, Step, StepKind
from forensics.model.restricting import Entry, EntryKind
from forensics.model.rows.restrictions import RestrictionRow, UnsealedRow

_BETWEEN = " > "
_ENTRIES = """
SELECT * FROM restrictions WHERE list = (SELECT max(list) FROM restrictions) ORDER BY kind, "value"
"""
_UNSEALED = """
SELECT * FROM unsealed WHERE list = (SELECT max(list) FROM restrictions) ORDER BY act, sha256, location_text
"""
_NAMED = """
SELECT DISTINCT sha256, said FROM (
    SELECT sha256, lower(concat_ws(' ', address, "name")) AS said FROM parties
    UNION ALL SELECT sha256, lower(written.value) FROM parties WHERE written IS NOT NULL
    UNION ALL SELECT sha256, lower(message_id.value) FROM messages
    UNION ALL SELECT sha256, lower(unnest(hops).for_) FROM messages
    UNION ALL SELECT sha256, lower(concat_ws(' ', "name", address, "to", cc)) FROM quoted_mails
    UNION ALL SELECT sha256, lower(CAST(to_json(d) AS VARCHAR)) FROM documents AS d
) WHERE regexp_matches(said, $pattern) ORDER BY sha256, said
"""
"""Items that say a restricted address or domain of those who wrote, got, passed on or are quoted."""
_QUOTING = """
SELECT DISTINCT sha256 FROM quotes WHERE original_sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY sha256
"""
_AROUND = """
SELECT DISTINCT message_sha256 AS sha256 FROM occurrences
WHERE message_sha256 <> '' AND sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY message_sha256
"""
_MESSAGES = "SELECT sha256 FROM messages WHERE sha256 IN (SELECT unnest($digests::VARCHAR[])) ORDER BY sha256"
_PLACES = "SELECT sha256, size, source, location_text FROM occurrences ORDER BY source, location_text, sha256"
OPEN = """(sha256 NOT IN (SELECT unnest($sealed::VARCHAR[]))
    AND NOT (sha256 = '' AND location_text IN (SELECT unnest($unread::VARCHAR[]))))"""
"""What a filter on occurrences, or the end of a location, may find: neither tells what may not be quoted."""

Place = tuple[str, str]
"""Label of the source, and text of the location."""


class _Said(msgspec.Struct, frozen=True):
    sha256: str
    said: str


class _Digest(msgspec.Struct, frozen=True):
    sha256: str


class _PlaceRow(msgspec.Struct, frozen=True):
    sha256: str
    size: int
    source: str
    location_text: str


def pattern_of(entries: Iterable[Entry]) -> str:
    """Return a linear pattern that finds the addresses and domains of a list in text of lower case; empty: it has none.

    A domain has all that is below it; another that only ends or begins alike is none of it.
    """
    addresses = sorted([re.escape(one.value) for one in entries if one.kind is EntryKind.ADDRESS])
    domains = sorted([re.escape(one.value) for one in entries if one.kind is EntryKind.DOMAIN])
    after = r"(?:$|[^a-z0-9.-]|\.(?:$|[^a-z0-9]))"
    parts = []
    if addresses:
        parts.append(rf"(?:^|[^a-z0-9._%+-])(?:{'|'.join(addresses)}){after}")
    if domains:
        parts.append(rf"(?:^|[^a-z0-9-])(?:{'|'.join(domains)}){after}")
    return "|".join(parts)


class SealedItems:
    """The items that may not be quoted.

    Attributes:
        entries: the list.
        idle: entries that name nothing.
        digests: contents that are never quoted.
        holders: contents that hold one of them: their bytes cannot be given.
        archives: of the holders those that are no mails: what is told of them may name what they hold.
        unread: places of items without a digest.
        opened: how many items were unsealed.
    """

    def __init__(self, queries: Queries, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self.pattern = pattern_of(entries)
        self._folders = {one.value for one in entries if one.kind is EntryKind.FOLDER}
        self._met: set[Entry] = set()
        self._numbers: dict[Place, int] = {}
        opened = list(queries.rows(_UNSEALED, {}, UnsealedRow))
        self._open = {row.sha256 for row in opened if row.sha256}
        self._open_places = {
            (decode(row.location, Location).source, row.location_text) for row in opened if not row.sha256
        }
        self.opened = len(self._open) + len(self._open_places)
        named = self._named(queries) - self._open
        self.digests = frozenset(self._first_pass(queries, named))
        self.holders, self.unread = self._second_pass(queries)
        mails = queries.rows(_MESSAGES, {"digests": sorted(self.holders)}, _Digest)
        self.archives = self.holders - {row.sha256 for row in mails}
        self.idle = tuple([one for one in entries if one not in self._met])

    def _named(self, queries: Queries) -> set[str]:
        """Return what says an entry, what quotes such a mail, and the mails around: whose text has it too."""
        if not self.pattern:
            return set()
        found: set[str] = set()
        for row in queries.rows(_NAMED, {"pattern": self.pattern}, _Said):
            found.add(row.sha256)
            self._meet(row.said)
        fresh = found
        while fresh:
            given = {"digests": sorted(fresh)}
            more = {row.sha256 for sql in (_QUOTING, _AROUND) for row in queries.rows(sql, given, _Digest)}
            fresh = more - found
            found |= fresh
        return found

    def _meet(self, said: str) -> None:
        """Note which entries a text names."""
        for one in self.entries:
            if one not in self._met and one.value in said:
                self._met.add(one)

    def _first_pass(self, queries: Queries, named: set[str]) -> Iterator[str]:
        """Yield the contents at places that are named, or inside such; note these places."""
        self._inside: set[Place] = set()
        clear: set[Place] = set()
        for row in queries.rows(_PLACES, {}, _PlaceRow):
            place = (row.source, row.location_text)
            above = list(_above(place))
            if row.sha256 in self._open or (not row.sha256 and place in self._open_places):
                clear.add(place)
                continue
            nearest = next((one for one in above if one in clear or one in self._inside), None)
            if nearest in clear:
                clear.add(place)
            elif nearest is not None or row.sha256 in named or self._in_folder(row.location_text):
                self._inside.add(place)
                if row.size and row.sha256:
                    yield row.sha256
        self._clear = clear

    def _second_pass(self, queries: Queries) -> tuple[frozenset[str], frozenset[Place]]:
        """Number every place that may not be named; return what holds one, and the places of what was not read."""
        contents: dict[Place, str] = {}
        unread = set()
        around: set[Place] = set()
        for row in queries.rows(_PLACES, {}, _PlaceRow):
            place = (row.source, row.location_text)
            above = list(_above(place))
            if place in self._inside or row.sha256 in self.digests or any(one in self._numbers for one in above):
                self._numbers[place] = len(self._numbers) + 1
                around.update([one for one in above if one not in self._numbers])
                if not row.sha256 and place not in self._clear:
                    unread.add(place)
            else:
                contents[place] = row.sha256
        held = {contents[place] for place in around if place in contents}
        return frozenset(held - self.digests - {""}), frozenset(unread)

    def _in_folder(self, text: str) -> bool:
        """Whether a step of a place is a restricted folder, or lies in one."""
        if not self._folders:
            return False
        found = False
        for step in text.split(_BETWEEN):
            parts = step.split("/")
            for end in range(1, len(parts) + 1):
                name = "/".join(parts[:end])
                if name in self._folders:
                    self._met.add(Entry(kind=EntryKind.FOLDER, value=name))
                    found = True
        return found

    def seals(self, sha256: str, location: Location | None = None) -> bool:
        """Whether an item may not be quoted."""
        if sha256:
            return sha256 in self.digests
        return location is not None and (location.source, location.text) in self.unread

    def hidden_folder(self, source: str, text: str) -> bool:
        """Whether a folder or mailbox may not be named."""
        place = (source, text)
        return self._in_folder(text) or any(one in self._numbers for one in (place, *_above(place)))

    def place(self, location: Location) -> Location:
        """Return a location as it may be shown: itself, or a number in its place."""
        place = (location.source, location.text)
        number = self._numbers.get(place, 0)
        if not number:
            inside = any(one in self._numbers for one in _above(place)) or self._in_folder(location.text)
            if place in self._clear or not inside:
                return location
        last = location.steps[-1]
        name = f"restricted-{number}" if number else "restricted"
        return Location((Step(kind=StepKind.FILE, name=name, start=0, end=0, sha256=last.sha256, source=place[0]),))


def _above(place: Place) -> Iterator[Place]:
    """Yield the places that hold a place, the nearest first."""
    source, text = place
    while _BETWEEN in text:
        text = text.rpartition(_BETWEEN)[0]
        yield source, text


def read_sealed(queries: Queries) -> SealedItems | None:
    """Return what may not be quoted; ``None``: the case has no list."""
    rows = list(queries.rows(_ENTRIES, {}, RestrictionRow))
    entries = [Entry(kind=EntryKind(row.kind), value=row.value) for row in rows]
    return SealedItems(queries, entries) if entries else None
