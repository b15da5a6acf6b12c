"""What a zip says of itself: its members as both headers describe them, and where the two disagree."""

from collections.abc import Iterator

from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import Fact, Timestamp
from forensics.model.locations import Locator, quote
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive._zip_times import member_times
from forensics.parsers.archive.zip_structure import Directory


def archive_facts(directory: Directory, format_id: str) -> ArchiveFacts:
    """Return the facts of a zip-based container.

    Args:
        directory: its structure.
        format_id: ``zip``, or the id of the format that is built on it.
    """
    return ArchiveFacts(
        format=format_id,
        members=tuple(_facts(member) for member in directory.members),
        comment=directory.comment,
        gaps=directory.gaps,
    )


def times_of(member: Member) -> tuple[Timestamp, ...]:
    """Return every time that the container gives a member."""
    return member_times(member.index, member.central, member.local)


def _facts(member: Member) -> ArchiveMember:
    central, local = member.central, member.local
    header = central or local
    return ArchiveMember(
        index=member.index,
        name=quote(member.name),
        size=member.size,
        stored_size=member.stored_size,
        method=member.method,
        flags=member.flags,
        made_by=central.made_by if central else 0,
        needed=header.needed if header else None,
        extras=_ids(central),
        local_extras=_ids(local),
        listed_at=central.start if central else None,
        crc32=member.crc32,
        encrypted=member.encrypted,
        # In the last piece of a cut archive a place before the piece is given as the directory states it.
        header_start=member.header_start if member.header_start >= 0 or not central else central.offset,
        times=times_of(member),
        conflicts=tuple(conflicts(member)),
    )


def _ids(header: records.Header | None) -> tuple[int, ...]:
    return tuple([extra.id for extra in header.extras]) if header else ()


def conflicts(member: Member) -> Iterator[Fact]:
    """Yield the fields in which local header, data descriptor and central header disagree.

    A local header may leave CRC and sizes zero when a data descriptor follows; then the descriptor is compared.
    """
    central, local = member.central, member.local
    if central is None or local is None:
        return
    deferred = bool(local.flags & records.HAS_DESCRIPTOR)
    for field in ("name", "method", "flags", "time", "date", "crc32", "stored_size", "size"):
        here, there = getattr(local, field), getattr(central, field)
        if here == there or (deferred and field in ("crc32", "stored_size", "size") and here in (0, records.FULL)):
            continue
        texts = (quote(here), quote(there)) if field == "name" else (str(here), str(there))
        yield Fact(
            name=f"zip.member.{field}",
            value=f"local {texts[0]}, central {texts[1]}",
            raw=local.raw(field) + central.raw(field),
            locator=Locator(
                ranges=(local.range(field), central.range(field)), path=f"zip:local[{member.index}].{field}"
            ),
        )
    yield from _descriptor_conflicts(member, central)


def _descriptor_conflicts(member: Member, central: records.Header) -> Iterator[Fact]:
    found = member.descriptor
    if found is None:
        return
    for field in ("crc32", "stored_size", "size"):
        here, there = getattr(found, field), getattr(central, field)
        if here != there:
            yield Fact(
                name=f"zip.member.{field}",
                value=f"descriptor {here}, central {there}",
                raw=found.raw(field) + central.raw(field),
                locator=Locator(
                    ranges=(found.range(field), central.range(field)),
                    path=f"zip:descriptor[{member.index}].{field}",
                ),
            )
