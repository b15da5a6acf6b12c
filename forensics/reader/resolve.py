"""Which items a reference means: a digest or the start of one, a location as text, a rank."""

import re

import msgspec

from forensics.casestore import Queries
from forensics.errors import AmbiguousItem, UnknownItem
from forensics.model.findings import ItemRef, Ranked

LEAST_DIGITS = 8
"""Of a digest's start: with fewer, items of a large archive are often alike."""
_DIGEST = re.compile(r"[0-9a-f]{1,64}")
_WHOLE = 64
_CANDIDATES = 6


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
    here: bool


_WHOLE_DIGEST = "SELECT sha256, false AS here FROM occurrences WHERE sha256 = $ref LIMIT 1"
_PLACES = f"""
SELECT DISTINCT sha256, location_text = $place AS here FROM occurrences
WHERE location_text = $place OR ($start <> '' AND starts_with(sha256, $start)) ORDER BY sha256 LIMIT {_CANDIDATES + 1}
"""

_RANK = "SELECT ranked AS text FROM ranking WHERE CAST(rank AS VARCHAR) = $number ORDER BY rank"


def is_rank(ref: str | int) -> bool:
    """Whether a reference is a rank: a number, or ``#`` and digits."""
    return isinstance(ref, int) or ref.startswith("#")


def resolve(queries: Queries, ref: str | int) -> Meant:
    """Return what a reference means.

    Args:
        queries: the case.
        ref: a SHA-256, at least `LEAST_DIGITS` hex digits that begin one, a location as text, or a rank: ``3``,
            ``"#3"``.

    Raises:
        UnknownItem: it means no item.
        AmbiguousItem: it means several, and is no rank.
    """
    if isinstance(ref, int) or ref.startswith("#"):
        return _ranked(queries, str(ref).removeprefix("#"))
    lower = ref.lower()
    digest = _DIGEST.fullmatch(lower) is not None
    if digest and len(lower) == _WHOLE and list(queries.rows(_WHOLE_DIGEST, {"ref": lower}, _Place)):
        return Meant(digests=(lower,))
    start = lower if digest and len(lower) >= LEAST_DIGITS else ""
    found = list(queries.rows(_PLACES, {"place": ref, "start": start}, _Place))
    digests = tuple(dict.fromkeys([row.sha256 for row in found]))
    if not digests:
        short = f"; a digest is given by at least {LEAST_DIGITS} of its digits" if digest and not start else ""
        raise UnknownItem(f"no item {ref!r} in this case{short}; `forensics items` lists them")
    if len(digests) > 1:
        shown = ", ".join([one[:16] for one in digests[:_CANDIDATES]])
        more = "" if len(digests) <= _CANDIDATES else " and more"
        raise AmbiguousItem(f"{ref!r} means several items: {shown}{more}", digests[:_CANDIDATES])
    return Meant(digests=digests, place=ref if any(row.here for row in found) else "")


def _ranked(queries: Queries, number: str) -> Meant:
    for line in queries.stored(_RANK, {"number": number}, Ranked):
        if line.cluster is not None:
            return Meant(digests=tuple([member.sha256 for member in line.cluster.members]), entry=line.items)
        assert line.item is not None
        place = "" if line.item.sha256 else line.item.location.text
        return Meant(digests=(line.item.sha256,), place=place, entry=line.items)
    raise UnknownItem(f"no rank '#{number}' in this case; `forensics rank` lists them")
