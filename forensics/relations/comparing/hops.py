"""The trace fields of two copies: where their ways part, and what was changed below that.

A server writes its trace field above those that it received. So copies that went different ways have the same fields
below and others above; a field that differs below one that both have was changed, taken out or put in afterwards.

Source: RFC 5321 4.4; knowledge base X-07, X-17.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rapidfuzz.distance import LCSseq

from forensics.model.comparing import Cause, Difference
from forensics.model.facts import ABSENT, Located
from forensics.model.mail import HeaderField
from forensics.relations.comparing.reading import ComparedMail, located, value_of

_BY = re.compile(r"\bby\s+(\S+)", re.IGNORECASE)
_ID = re.compile(r"\bid\s+<?([^\s;>]+)", re.IGNORECASE)
_DATE = re.compile(r";[^;]*\Z")


class Way(NamedTuple):
    """How the ways of two copies relate.

    Attributes:
        above: trace fields above those that both have, of the one and of the other; what differs below is not counted.
        both: trace fields that both have.
        none: whether the one, and the other, has no trace field at all.
        found: what differs in the trace fields.
    """

    above: tuple[int, int]
    both: int
    none: tuple[bool, bool]
    found: tuple[Difference, ...]

    @property
    def differs(self) -> bool:
        """Whether one of the copies passed servers that the other did not."""
        return self.above != (0, 0)


class _Hop(NamedTuple):
    field: HeaderField
    place: int
    value: str


def compare_hops(one: ComparedMail, other: ComparedMail) -> Way:
    """Compare the trace fields of two copies."""
    left, right = _hops(one), _hops(other)
    pairs = _same(left, right)
    ends = pairs[0] if pairs else (len(left), len(right))
    newer = left[: ends[0]], right[: ends[1]]
    changed = list(_changed(*newer))
    above = (0, 0) if changed else ends
    found = [*changed, *(_above(*newer) if any(above) else ()), *(_below(left, right, pairs) if pairs else ())]
    return Way(above, len(pairs), (not left, not right), tuple(found))


def _hops(mail: ComparedMail) -> list[_Hop]:
    fields = mail.root.by_key.get("received", ())
    return [_Hop(field, place, value_of(field)) for place, field in enumerate(fields)]


def _same(left: Sequence[_Hop], right: Sequence[_Hop]) -> list[tuple[int, int]]:
    """Return the pairs of equal trace fields, in order."""
    one, other = [hop.value for hop in left], [hop.value for hop in right]
    pairs: list[tuple[int, int]] = []
    for run in LCSseq.opcodes(one, other):
        if run.tag == "equal":
            pairs += zip(range(run.src_start, run.src_end), range(run.dest_start, run.dest_end), strict=True)
    return pairs


def _above(left: Sequence[_Hop], right: Sequence[_Hop]) -> Iterator[Difference]:
    """Yield that the ways part: the newest of the fields above, with how many there are."""
    if left or right:
        yield Difference(kind="hops_above", name="received", one=_newest(left), other=_newest(right), cause=Cause.ROUTE)


def _newest(hops: Sequence[_Hop]) -> Located:
    return located(hops[0].field, hops[0].place) if hops else ABSENT


def _below(left: Sequence[_Hop], right: Sequence[_Hop], pairs: Sequence[tuple[int, int]]) -> Iterator[Difference]:
    """Yield what differs below a trace field that both have."""
    at, to = pairs[0]
    for start, begin in (*pairs, (len(left), len(right))):
        yield from _gap(left[at:start], right[to:begin], left, right)
        at, to = start + 1, begin + 1


def _gap(
    one: Sequence[_Hop], other: Sequence[_Hop], left: Sequence[_Hop], right: Sequence[_Hop]
) -> Iterator[Difference]:
    changed = list(_changed(one, other))
    yield from changed
    mine = {found.one.raw for found in changed}
    yours = {found.other.raw for found in changed}
    moved = {hop.value for hop in left} & {hop.value for hop in right}
    for hop in one:
        shown = located(hop.field, hop.place)
        if shown.raw not in mine:
            yield Difference(kind="hop_order" if hop.value in moved else "hop_removed", name="received", one=shown)
    for hop in other:
        shown = located(hop.field, hop.place)
        if shown.raw not in yours and hop.value not in moved:
            yield Difference(kind="hop_added", name="received", other=shown)


def _changed(one: Sequence[_Hop], other: Sequence[_Hop]) -> Iterator[Difference]:
    """Yield trace fields of one server and one id whose other values differ."""
    known: dict[str, _Hop] = {}
    for hop in other:
        for key in _keys(hop):
            known.setdefault(key, hop)
    taken: set[int] = set()
    for hop in one:
        match = next((known[key] for key in _keys(hop) if key in known), None)
        if match is not None and match.place not in taken and match.value != hop.value:
            taken.add(match.place)
            yield Difference(
                kind="hop_changed",
                name="received",
                one=located(hop.field, hop.place),
                other=located(match.field, match.place),
            )


def _keys(hop: _Hop) -> tuple[str, ...]:
    """Return what is the same in two versions of one trace field: all but its date, or its server and id.

    Without an id, two deliveries of one mail by one server differ in the date alone.
    """
    by, id_ = _BY.search(hop.value), _ID.search(hop.value)
    if by is None or id_ is None:
        return ()
    return _DATE.sub("", hop.value), f"{by[1]} {id_[1]}".lower()
