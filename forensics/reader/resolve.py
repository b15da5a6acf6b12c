"""Which items a reference means: a rank, a digest or the start of one, a location as text."""

import re
from collections.abc import Collection, Iterable, Iterator
from itertools import islice, product

import msgspec

from forensics.casestore import Queries
from forensics.errors import AmbiguousItem, UnknownItem
from forensics.model.findings import Cluster, ItemRef, Ranked
from forensics.model.locations import BETWEEN, Location, quote
from forensics.reader.labels import labels_of
from forensics.reader.sealing.items import OPEN

LEAST_DIGITS = 6
"""Of a digest's start: with fewer, items of a large archive are often alike."""
HERE = "./"
"""May stand before a location, which then is no rank or digest whatever it looks like."""
_DIGEST = re.compile(r"[0-9a-f]{1,64}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_ENCODED = re.compile(r"(%[0-9A-F]{2})")
_WHOLE = 64
_CANDIDATES = 6
_MOST_READINGS = 64
"""Of a readable location: each step may be encoded already, or not."""


class Meant(msgspec.Struct, frozen=True, kw_only=True):
    """What a reference means."""

    digests: tuple[str, ...]
    """One; of a rank that is a cluster, those of all members."""
    place: str = ""
    """The location, where the reference is one, or its item was not read."""
    entry: tuple[ItemRef, ...] = ()
    """Of a rank: all items of its line, the partners of its item too."""

    @property
    def unread(self) -> str:
        """The location of an item that was not read: it has no digest by which it could be known; else empty."""
        return self.place if self.digests == ("",) else ""


class _Place(msgspec.Struct, frozen=True):
    sha256: str
    location: Location
    here: bool


class _Number(msgspec.Struct, frozen=True):
    n: int


_WHOLE_DIGEST = "SELECT sha256, location, false AS here FROM occurrences WHERE sha256 = $ref ORDER BY location LIMIT 1"
_PLACES = f"""
SELECT sha256, arg_min(location, location_text) AS location, bool_or(list_contains($places, location_text)) AS here
FROM occurrences WHERE list_contains($places, location_text) OR ($start <> '' AND starts_with(sha256, $start))
GROUP BY sha256 ORDER BY sha256 LIMIT {_CANDIDATES + 1}
"""
_ENDS = f"""
SELECT sha256, arg_min(location, location_text) AS location, true AS here FROM occurrences, unnest($places) AS u(place)
WHERE (ends_with(location_text, '/' || place) OR ends_with(location_text, '{BETWEEN}' || place)) AND {OPEN}
GROUP BY sha256 ORDER BY sha256 LIMIT {_CANDIDATES + 1}
"""
_RANK = "SELECT ranked AS text FROM ranking WHERE CAST(rank AS VARCHAR) = $number ORDER BY rank"
_LAST = "SELECT coalesce(max(rank), 0) AS n FROM ranking ORDER BY n"


def is_rank(ref: str | int, queries: Queries) -> bool:
    """Whether a reference is a rank: a number, ``#`` and digits, or a decimal number up to the last rank.

    A decimal number of fewer than `LEAST_DIGITS` digits is one, too, where no location is so.
    """
    if isinstance(ref, int) or ref.startswith("#"):
        return True
    if not _NUMBER.fullmatch(ref):
        return False
    if int(ref) <= _last(queries):
        return True
    found = queries.rows(_PLACES, {"places": [ref], "start": ""}, _Place)
    return len(ref) < LEAST_DIGITS and not list(found)


def resolve(queries: Queries, ref: str | int, sealed: tuple[Collection[str], Collection[str]] = ((), ())) -> Meant:
    """Return what a reference means.

    Args:
        queries: the case.
        ref: a rank (``3``, ``"3"``, ``"#3"``), a SHA-256, at least `LEAST_DIGITS` hex digits that begin one, or a
            location as text, encoded or readable, after `HERE` if it looks like another; where no location is so, the
            end of one, from a name on. What is a rank is nothing else.
        sealed: what may not be quoted, digests and places of unread items: no end of its location finds it.

    Raises:
        UnknownItem: it means no item.
        AmbiguousItem: it means several, and is no rank; or a rank that stands for further entries.
    """
    if is_rank(ref, queries):
        return _ranked(queries, str(ref).removeprefix("#"))
    ref = str(ref)
    lower = ref.lower()
    digest = _DIGEST.fullmatch(lower) is not None
    if digest and len(lower) == _WHOLE and list(queries.rows(_WHOLE_DIGEST, {"ref": lower}, _Place)):
        return Meant(digests=(lower,))
    start = lower if digest and len(lower) >= LEAST_DIGITS else ""
    places = [ref, *_readings(ref), *_readings(ref.removeprefix(HERE))]
    found = list(queries.rows(_PLACES, {"places": places, "start": start}, _Place))
    found = found or list(queries.rows(_ENDS, _ends(places, sealed), _Place))
    if not found:
        short = f"; a digest is given by at least {LEAST_DIGITS} of its digits" if digest and not start else ""
        raise UnknownItem(f"no item {ref!r} in this case{short}; `forensics items` lists them")
    if len(found) > 1:
        raise _ambiguous(queries, ref, found)
    (one,) = found
    return Meant(digests=(one.sha256,), place=one.location.text if one.here else "")


def _ends(places: Iterable[str], sealed: tuple[Collection[str], Collection[str]]) -> dict[str, list[str]]:
    digests, unread = sealed
    return {"places": sorted({*places} - {""}), "sealed": sorted(digests), "unread": sorted(unread)}


def _readings(ref: str) -> Iterator[str]:
    """Yield the locations that a readable text may be: of each step what is encoded in it may be so, or be its name."""
    steps = [sorted({_quoted(step), quote(step.encode(errors="surrogateescape"))}) for step in ref.split(BETWEEN)]
    for steps_read in islice(product(*steps), _MOST_READINGS):
        yield BETWEEN.join(steps_read)


def _quoted(step: str) -> str:
    parts = _ENCODED.split(step)
    return "".join(
        [part if _ENCODED.fullmatch(part) else quote(part.encode(errors="surrogateescape")) for part in parts]
    )


def _ambiguous(queries: Queries, ref: str, found: list[_Place]) -> AmbiguousItem:
    """Return the error that lists what a reference may mean, with what each is."""
    shown = found[:_CANDIDATES]
    labels = labels_of(queries, [one.location for one in shown])
    said = [
        "  ".join(
            [part for part in (one.sha256[:16], label.date[:10], label.subject or label.name, label.path) if part]
        )
        for one in shown
        for label in (labels[one.location],)
    ]
    more = "" if len(found) <= _CANDIDATES else " and more"
    names = ", ".join([one.sha256[:16] for one in shown])
    return AmbiguousItem(f"{ref!r} means several items: {names}{more}", [one.sha256 for one in shown], said)


def _last(queries: Queries) -> int:
    (row,) = queries.rows(_LAST, {}, _Number)
    return row.n


def _ranked(queries: Queries, number: str) -> Meant:
    for line in queries.stored(_RANK, {"number": number}, Ranked):
        if line.cluster is not None and line.cluster.kind == "folded":
            raise _folded(number, line.cluster)
        if line.cluster is not None:
            return Meant(digests=tuple([member.sha256 for member in line.cluster.members]), entry=line.items)
        assert line.item is not None
        place = "" if line.item.sha256 else line.item.location.text
        return Meant(digests=(line.item.sha256,), place=place, entry=line.items)
    last = _last(queries)
    reach = f"the last is {last}" if last else "nothing is ranked"
    raise UnknownItem(f"no rank '#{number}' in this case: {reach}; `forensics rank` lists them")


def _folded(number: str, cluster: Cluster) -> AmbiguousItem:
    names = tuple([member.sha256 for member in cluster.members[:_CANDIDATES]])
    shown = ", ".join([name[:16] for name in names])
    text = f"rank {number} stands for {len(cluster.members)} items: {shown} and more"
    return AmbiguousItem(f"{text}; `forensics rank --format csv --limit 0` names them all", names)
