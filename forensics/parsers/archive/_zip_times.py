"""Times of zip members: DOS local time, and the UTC times of extra fields.

Source: PKWARE APPNOTE.TXT 6.3.10, sections 4.4.6, 4.5.5 and 4.5.7; Info-ZIP extrafld.txt for 0x5455 and 0x5855.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from forensics.model.facts import TICKS_PER_SECOND, Absence, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import CENTRAL_OF, TimeKind
from forensics.parsers._counted_times import dos_wall, filetime, in_utc, local_to_packer
from forensics.parsers.archive import _zip_records as records

_UNIX_FIELDS = ("atime", "mtime")
_DOS = -1
"""In place of an extra field's id."""
_CENTRAL = {
    _DOS: TimeKind.CENTRAL_DOS,
    0x5455: TimeKind.CENTRAL_UNIVERSAL,
    0x000A: TimeKind.CENTRAL_NTFS,
    0x5855: TimeKind.CENTRAL_INFOZIP,
    0x000D: TimeKind.CENTRAL_UNIX,
}
_LOCAL = {
    _DOS: TimeKind.LOCAL_DOS,
    0x5455: TimeKind.LOCAL_UNIVERSAL,
    0x000A: TimeKind.LOCAL_NTFS,
    0x5855: TimeKind.LOCAL_INFOZIP,
    0x000D: TimeKind.LOCAL_UNIX,
}
_DESCRIPTIONS = {
    "mtime": Description.MODIFICATION,
    "atime": Description.LAST_ACCESS,
    "ctime": Description.CREATION,
}


class _What(NamedTuple):
    """The extra field that holds a time."""

    path: str
    kind: TimeKind
    place: int
    """How many came before it where one of its id did, else 0."""


def member_times(index: int, central: records.Header | None, local: records.Header | None) -> tuple[Timestamp, ...]:
    """Return every time of a member; of the local header only what the central one lacks or says otherwise."""
    found = list(_header_times(central, f"zip:central[{index}]", _CENTRAL)) if central else []
    if local is None or (central and not local.extras and (local.date, local.time) == (central.date, central.time)):
        return tuple(found)
    known = {(stamp.kind, stamp.index, stamp.description, stamp.raw) for stamp in found}
    return (
        *found,
        *[
            stamp
            for stamp in _header_times(local, f"zip:local[{index}]", _LOCAL)
            if (CENTRAL_OF[stamp.kind], stamp.index, stamp.description, stamp.raw) not in known
        ],
    )


def _header_times(header: records.Header, base: str, kinds: Mapping[int, TimeKind]) -> Iterator[Timestamp]:
    yield dos_time(header, f"{base}.dos", kinds[_DOS])
    seen: set[int] = set()
    for extra in header.extras:
        again = len(seen) if extra.id in seen else 0
        path = f"{base}.0x{extra.id:04x}" + (f"#{again}" if extra.id in seen else "")
        if extra.id in kinds:
            what = _What(path, kinds[extra.id], again)
            if extra.id == 0x5455:
                yield from _universal(extra, what)
            elif extra.id == 0x000A:
                yield from _ntfs(extra, what)
            else:
                for place, name in enumerate(_UNIX_FIELDS):
                    yield from _seconds(extra, 4 * place, name, what)
        seen.add(extra.id)


def dos_time(header: records.Header, path: str, kind: TimeKind) -> Timestamp:
    """Decode DOS date and time: local to the packer, no offset, 2 s; all zero means "not set"."""
    start, end = header.range("time")[0], header.range("date")[1]
    raw = header.fixed[start - header.start : end - header.start]
    return local_to_packer(dos_wall(header.date, header.time), raw, Locator(ranges=((start, end),), path=path), kind)


def _universal(extra: records.Extra, what: _What) -> Iterator[Timestamp]:
    """Info-ZIP's field: a byte of flags, then seconds; the central copy has the first time only."""
    if not extra.data:
        return
    place = 1
    for bit, name in enumerate(("mtime", "atime", "ctime")):
        if extra.data[0] >> bit & 1:
            yield from _seconds(extra, place, name, what)
            place += 4


def _seconds(extra: records.Extra, place: int, name: str, what: _What) -> Iterator[Timestamp]:
    raw = extra.data[place : place + 4]
    if len(raw) == 4:
        ticks = int.from_bytes(raw, "little", signed=True) * TICKS_PER_SECOND
        yield _utc(ticks, raw, extra.start + place, Precision.SECOND, name, what)


def _ntfs(extra: records.Extra, what: _What) -> Iterator[Timestamp]:
    """Four reserved bytes, then tagged attributes; tag 1 holds three FILETIMEs."""
    at = 4
    while at + 4 <= len(extra.data):
        tag = int.from_bytes(extra.data[at : at + 2], "little")
        size = int.from_bytes(extra.data[at + 2 : at + 4], "little")
        if tag == 1:
            for place, name in enumerate(("mtime", "atime", "ctime")):
                begin = at + 4 + 8 * place
                raw = extra.data[begin : begin + 8]
                if len(raw) == 8 and 8 * place + 8 <= size:
                    yield _utc(filetime(raw), raw, extra.start + begin, Precision.TICK, name, what)
            return
        at += 4 + size


def _utc(ticks: int | Absence, raw: bytes, start: int, precision: Precision, name: str, what: _What) -> Timestamp:
    place = Locator(ranges=((start, start + len(raw)),), path=f"{what.path}.{name}")
    return in_utc(ticks, raw, place, what.kind, _DESCRIPTIONS[name], precision=precision, index=what.place)
