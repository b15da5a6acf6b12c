"""What rules on packed members share: the offset between two times of a change, a writer's marks, quoting both."""

from typing import NamedTuple

from forensics.checks._facts import HOUR, MINUTE, cite
from forensics.model.documents import ArchiveMember
from forensics.model.facts import Fact, Timestamp
from forensics.model.locations import Locator, unquote
from forensics.model.rules import Evidence, Role

QUARTER = 15 * MINUTE
"""All offsets that zones have had since archives are packed are multiples of it."""
EARLIEST, LATEST = -12 * HOUR, 14 * HOUR
CARELESS = MINUTE
"""Packers round to the two seconds of DOS, and some get the seconds wrong: of whole packages they are off by half a
minute (one writes twice the seconds, without the bits that do not fit)."""
CITED = 5
"""Members that an observation quotes."""
_MARKS_AT = 4
"""Where in a header of the directory the marks begin: version made by, version needed, flags, method."""


class Pair(NamedTuple):
    """The two times of one change of a member."""

    member: ArchiveMember
    local: Timestamp
    utc: Timestamp
    apart: int
    """Local reading less UTC."""

    @property
    def offset(self) -> int:
        """The nearest that an offset can be."""
        return (self.apart + QUARTER // 2) // QUARTER * QUARTER

    @property
    def is_zone(self) -> bool:
        """Whether a zone sets them apart."""
        return EARLIEST <= self.offset <= LATEST and abs(self.apart - self.offset) <= CARELESS


def pairs(member: ArchiveMember) -> list[Pair]:
    """Return a member's local time with each UTC time of the same change."""
    times = member.twice_dated
    return [Pair(member, times[0], utc, _ticks(times[0].wall) - _ticks(utc.instant)) for utc in times[1:]]


def _ticks(value: object) -> int:
    return value if isinstance(value, int) else 0


def name_of(member: ArchiveMember) -> str:
    """Return a member's name for people."""
    return unquote(member.name).decode("utf-8", "replace")[:200]


def writer(member: ArchiveMember) -> tuple[int, int]:
    """Return host system and version of the program that wrote a listed member.

    Many programs give for version what the member needs, or 1.0 and 2.0 in turn: these are one (0).
    """
    host, version = divmod(member.made_by or 0, 256)
    plain = version in (10, 20) or version == (member.needed or 0) & 0xFF
    return host, 0 if plain else version


def cite_pair(pair: Pair, role: Role) -> list[Evidence]:
    """Quote both times of a member."""
    return [cite("local time of the member", pair.local, role), cite("UTC time of the member", pair.utc, role)]


def cite_marks(member: ArchiveMember, role: Role) -> list[Evidence]:
    """Quote a member's time and the marks of its writer in the directory."""
    found = [cite("time in the directory", stamp, role)] if (stamp := member.packed) else []
    fields = (member.made_by or 0, member.needed or 0, member.flags or 0, member.method or 0)
    if member.listed_at is not None:
        start = member.listed_at + _MARKS_AT
        host, version = divmod(fields[0], 256)
        ids = ", ".join([f"0x{one:04X}" for one in (*member.extras, *member.local_extras)])
        found.append(
            Evidence(
                role=role,
                label="marks of the writer",
                value=f"{name_of(member)}: host {host}, version {version / 10}, needs {fields[1] / 10}, "
                f"flags 0x{fields[2]:04X}, method {fields[3]}, extra fields {ids or 'none'}",
                raw=b"".join([field.to_bytes(2, "little") for field in fields]),
                locator=Locator(ranges=((start, start + 8),), path=f"zip:central[{member.index}].made_by"),
            )
        )
    return found


_NAME_AT, _LOCAL_NAME_AT = 46, 30
"""Where a member's name stands in a header of the directory, and in a local one."""


def cite_name(member: ArchiveMember, role: Role) -> Evidence:
    """Quote a member's name where the directory lists it, else in its local header, with size and checksum."""
    raw = unquote(member.name)
    at, where = member.header_start + _LOCAL_NAME_AT, f"zip:local[{member.index}].name"
    if member.listed_at is not None:
        at, where = member.listed_at + _NAME_AT, f"zip:central[{member.index}].name"
    return Evidence(
        role=role,
        label="member of the directory" if member.listed_at is not None else "member that the directory does not list",
        value=f"{name_of(member)}: {member.size} bytes, CRC-32 {member.crc32 or 0:08x}",
        raw=raw,
        locator=Locator(ranges=((at, at + len(raw)),), path=where),
    )


def cite_conflict(member: ArchiveMember, said: Fact) -> Evidence:
    """Quote what the two headers of a member say otherwise."""
    return Evidence(
        role=Role.EITHER, label=f"headers of {name_of(member)}", value=said.value, raw=said.raw, locator=said.locator
    )
