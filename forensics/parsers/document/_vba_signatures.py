"""What the signature of a VBA project says: who signed it, by which certificate, when, and the digest that it states.

Whether it holds is not tested: what the digest is made of ([MS-OVBA] 2.4.2) is not computed here.

Source: [MS-OSHARED] 2.3.2.1 (DigSigInfoSerialized), 2.3.2.2 (DigSigBlob); RFC 5652 5 (SignedData); RFC 5280 4.1
(certificates); [MS-OVBA] 2.4.2.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from forensics.model.facts import TICKS_PER_SECOND, ClockKind, Description, Precision
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers._gathering import Gathering
from forensics.parsers._written_dates import WrittenDate

MOST_BYTES = 1 << 20
"""Of one signature."""
_BLOB_HEAD, _INFO_HEAD = 8, 36
_SEQUENCE, _OCTETS, _UTC = 0x30, 0x04, 0x17
_FIRST, _SECOND = 0xA0, 0xA1
_COMMON_NAME, _SIGNING_TIME = bytes.fromhex("550403"), bytes.fromhex("2a864886f70d010905")
_COUNTER = bytes.fromhex("2a864886f70d010906")
_CITED = 60
"""Bytes of a signature that the fact that there is one cites."""
_MOST = 2_000
"""Values of one structure."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_TEXTS = {0x1E: "utf-16-be", 0x14: "latin-1"}
"""Types of texts that are not UTF-8 or a part of it."""


class _Value(NamedTuple):
    """One value in DER."""

    tag: int
    start: int
    """Of its content."""
    end: int


class Place(NamedTuple):
    """Where a signature stands."""

    name: str
    """Of the part, or of the property."""
    data: bytes
    locate: Callable[[str, int, int], Locator]
    """Returns the locator of bytes of it under a name."""


def signature_facts(place: Place, gathering: Gathering) -> None:
    """Add what the signature of a project says.

    Facts:
        ``vba.signature``: where it stands; ``vba.signature_signer`` and ``vba.signature_issuer``: whom its
        certificate names; ``vba.signature_valid``: from when and until when; ``vba.signature_digest``: the digest
        that it states of the project.
    """
    whole = place.locate("signature", 0, min(_CITED, len(place.data)))
    gathering.add_fact("vba.signature", place.name, whole, place.data[:_CITED])
    gathering.note(
        "signature_untested",
        f"{place.name}: whether the signature of the macros holds is not tested, for their digest is not computed",
        whole,
    )
    try:
        found = _message(place.data)
        if found is not None:
            _told(place, found, gathering)
    except (IndexError, ValueError, StopIteration):
        gathering.note("malformed", f"{place.name}: the signature of the macros could not be read whole", whole)


def _fact(place: Place, gathering: Gathering, name: str, value: str, start: int, end: int) -> None:
    if value:
        locator = place.locate(f"signature/{name}", start, end)
        gathering.add_fact(f"vba.signature_{name}", value[:1000], locator, place.data[start:end])


def _message(data: bytes) -> _Value | None:
    """Return where the signed message stands, behind one head or two."""
    for base in (0, _BLOB_HEAD):
        size, at = (int.from_bytes(data[base + 4 * n : base + 4 * n + 4], "little") for n in (0, 1))
        for start in (at, at + _BLOB_HEAD, at - _BLOB_HEAD):
            if size and start >= _INFO_HEAD and start + size <= len(data) and data[start] == _SEQUENCE:
                return next(_values(data, start, start + size), None)
    return None


def _values(data: bytes, at: int, end: int) -> Iterator[_Value]:
    """Yield the values that follow each other."""
    for _ in range(_MOST):
        if at + 2 > end:
            return
        tag, length = data[at], data[at + 1]
        at += 2
        if length & 0x80:
            count = length & 0x7F
            length = int.from_bytes(data[at : at + count], "big") if 0 < count <= 4 else end
            at += count
        if at + length > end:
            raise ValueError("it breaks off")
        yield _Value(tag, at, at + length)
        at += length


def _told(place: Place, message: _Value, gathering: Gathering) -> None:
    data = place.data

    def below(value: _Value) -> list[_Value]:
        return list(_values(data, value.start, value.end))

    content = next(one for one in below(message) if one.tag == _FIRST)
    fields = below(below(content)[0])
    stated = _digest(data, below(fields[2]))
    if stated is not None:
        _fact(place, gathering, "digest", data[stated.start : stated.end].hex(), stated.start, stated.end)
    held = [one for one in fields if one.tag == _FIRST]
    signer = below(below(fields[-1])[0])
    issuer, serial = below(signer[1])[:2]
    for one in below(held[0]) if held else ():
        certificate = below(below(one)[0])
        certificate = certificate[1:] if certificate[0].tag == _FIRST else certificate
        number, by, valid, subject = certificate[0], certificate[2], certificate[3], certificate[4]
        same = data[number.start : number.end] == data[serial.start : serial.end]
        if same and data[by.start : by.end] == data[issuer.start : issuer.end]:
            _fact(place, gathering, "signer", _named(data, subject), subject.start, subject.end)
            _fact(place, gathering, "issuer", _named(data, by), by.start, by.end)
            times = [_time(data, stamp) for stamp in below(valid)]
            shown = [one.strftime("%Y-%m-%d") for one in times if one is not None]
            _fact(place, gathering, "valid", " to ".join(shown), valid.start, valid.end)
            break
    for value in signer[3:]:
        if value.tag in (_FIRST, _SECOND):
            _attributes(place, below(value), gathering)


def _digest(data: bytes, content: Sequence[_Value]) -> _Value | None:
    """Return the digest that is signed, the last one in what is stated of the project."""
    found, left = None, [(one, 0) for one in content]
    while left:
        value, depth = left.pop(0)
        if value.tag == _OCTETS and value.end - value.start in (16, 20, 32, 48, 64):
            found = value
        elif value.tag in (_SEQUENCE, _FIRST) and depth < 6:
            left += [(one, depth + 1) for one in _values(data, value.start, value.end)]
    return found


def _named(data: bytes, name: _Value) -> str:
    """Return the common name; where there is none, all texts of a name."""
    texts: list[tuple[bool, str]] = []
    for group in _values(data, name.start, name.end):
        for pair in _values(data, group.start, group.end):
            kind, text = list(_values(data, pair.start, pair.end))[:2]
            written = data[text.start : text.end].decode(_TEXTS.get(text.tag, "utf-8"), "replace")
            texts.append((data[kind.start : kind.end] == _COMMON_NAME, written))
    return next((text for common, text in texts if common), ", ".join([text for _, text in texts]))


def _time(data: bytes, value: _Value) -> datetime | None:
    written = data[value.start : value.end].decode("ascii", "replace")
    if value.tag == _UTC:
        written = ("20" if written[:2] < "50" else "19") + written
    try:
        return datetime.strptime(written, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


def _attributes(place: Place, attributes: Sequence[_Value], gathering: Gathering) -> None:
    """Add the times among attributes of the signer's: his own, and that of a server that countersigned."""
    data = place.data
    for one in attributes:
        kind, values = list(_values(data, one.start, one.end))[:2]
        number = data[kind.start : kind.end]
        for value in _values(data, values.start, values.end):
            if number == _SIGNING_TIME:
                _stamp(place, value, TimeKind.DOCUMENT_SIGNED, ClockKind.APPLICATION, gathering)
            elif number == _COUNTER:
                parts = list(_values(data, value.start, value.end))
                for part in [one for one in parts[3:] if one.tag == _FIRST]:
                    for inner in _values(data, part.start, part.end):
                        named, held = list(_values(data, inner.start, inner.end))[:2]
                        if data[named.start : named.end] == _SIGNING_TIME:
                            first = next(_values(data, held.start, held.end))
                            _stamp(place, first, TimeKind.SIGNATURE_STAMPED, ClockKind.SERVER, gathering)


def _stamp(place: Place, value: _Value, kind: TimeKind, clock: ClockKind, gathering: Gathering) -> None:
    moment = _time(place.data, value)
    if moment is None:
        return
    ticks = round((moment - _EPOCH).total_seconds()) * TICKS_PER_SECOND
    raw = place.data[value.start : value.end]
    locator = place.locate("signature/time", value.start, value.end)
    reading = WrittenDate(ticks, ticks, 0, Precision.SECOND)
    gathering.add_time(reading, kind, Description.SIGNED, locator, raw, clock=clock)
