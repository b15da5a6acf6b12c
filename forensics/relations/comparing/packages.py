"""Two files that are no mails: packages of office documents and other zips member by member, all else as bytes."""

import hashlib
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from forensics.errors import ParseError
from forensics.model.byte_sources import MemoryBytes
from forensics.model.comparing import Cause, Comparison, Difference
from forensics.model.facts import ABSENT, Located
from forensics.model.items import Limits
from forensics.model.locations import quote
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive.zip_structure import read_directory, read_member
from forensics.relations.comparing.reading import quoted
from forensics.relations.comparing.rewritten import same_xml

_BLOCK = 4096
"""Bytes that are compared at once where two files have the same size."""
_XML_BYTES = 4_000_000
"""Of one member that is compared as XML."""


class _Held(NamedTuple):
    member: Member
    sha256: str
    """Of what it decodes to; empty where it cannot be decoded."""


def compare_files(one: bytes, other: bytes, limits: Limits) -> Comparison:
    """Compare two files that are no mails."""
    if one == other:
        return Comparison(identical=True)
    mine, yours = (_members(data, limits) for data in (one, other))
    if mine and yours:
        found = list(_packages(mine, yours, one, other))
        packing = Difference(kind="packing", one=_whole(one), other=_whole(other), cause=Cause.ENCODING)
        return Comparison(differences=tuple(found or [packing]))
    return Comparison(differences=(compare_bytes(one, other),))


def _members(data: bytes, limits: Limits) -> Mapping[str, _Held]:
    """Return the members of a zip by name, equal names numbered; nothing where it is none or cannot be read whole."""
    if b"PK" not in data[:4096]:
        return {}
    source, left = MemoryBytes(data), limits.expansion
    found: dict[str, _Held] = {}
    try:
        for member in read_directory(source, limits).members:
            name = quote(member.name)
            count = sum([known == name or known.startswith(f"{name}#") for known in found]) if name in found else 0
            digest, size = _digest(source, member, left)
            left -= size
            found[f"{name}#{count}" if count else name] = _Held(member, digest)
    except ParseError:
        return {}
    return found


def _digest(source: MemoryBytes, member: Member, left: int) -> tuple[str, int]:
    """Return the digest of a member, and its size; of one that cannot be decoded those of its stored bytes."""
    try:
        data = read_member(source, member, left)
    except ParseError:
        data = source.read(member.data_start, member.data_end)
    return hashlib.sha256(data).hexdigest(), len(data)


def _packages(mine: Mapping[str, _Held], yours: Mapping[str, _Held], one: bytes, other: bytes) -> Iterator[Difference]:
    for name in dict.fromkeys([*mine, *yours]):
        left, right = mine.get(name), yours.get(name)
        if left is not None and right is not None and left.sha256 == right.sha256:
            continue
        kind = "member_changed" if left and right else "member_removed" if left else "member_added"
        cause = Cause.REWRITTEN if left and right and _same(name, (left, one), (right, other)) else None
        yield Difference(kind=kind, name=name, one=_shown(left, one), other=_shown(right, other), cause=cause)


def _same(name: str, *sides: tuple[_Held, bytes]) -> bool:
    """Whether two versions of a member are the same XML."""
    try:
        one, other = [read_member(MemoryBytes(data), held.member, _XML_BYTES) for held, data in sides]
    except ParseError:
        return False
    return same_xml(name, one, other)


def _shown(held: _Held | None, data: bytes) -> Located:
    if held is None:
        return ABSENT
    member = held.member
    value = f"{member.size} bytes, {held.sha256}"
    return quoted(value, data[member.data_start : member.data_end], member.data_start, f"member:{quote(member.name)}")


def _whole(data: bytes) -> Located:
    digest = hashlib.sha256(data).hexdigest()
    return quoted(f"{len(data)} bytes, {digest}", data, 0, "")


def compare_bytes(one: bytes, other: bytes) -> Difference:
    """Return from where to where two files differ, and in how many ranges where they are of one size."""
    first = _common(one, other)
    last = _common(one[first:][::-1], other[first:][::-1])
    ranges = _ranges(one, other) if len(one) == len(other) else 1
    sides = [
        quoted(f"bytes {first} to {end} of {len(data)}, in {ranges} ranges", data[first:end], first, "")
        for data, end in ((one, len(one) - last), (other, len(other) - last))
    ]
    return Difference(kind="bytes", one=sides[0], other=sides[1])


def _common(one: bytes, other: bytes) -> int:
    """Return how many bytes two texts share at their beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _ranges(one: bytes, other: bytes) -> int:
    """Return in how many runs of blocks two files of one size differ."""
    count, inside = 0, False
    for at in range(0, len(one), _BLOCK):
        differs = one[at : at + _BLOCK] != other[at : at + _BLOCK]
        count += differs and not inside
        inside = differs
    return count
