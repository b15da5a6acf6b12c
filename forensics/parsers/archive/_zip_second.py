"""What a reader finds that goes by a member's local header, where the directory says otherwise.

Programs that unpack a stream as it comes read local headers, others the directory: one archive can show each of them
another content.

Source: PKWARE APPNOTE.TXT 6.3.10, 4.3.7, 4.3.9 and 4.4.4.
"""

from collections.abc import Iterator

import msgspec

from forensics.intake.windows import Window, blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Budget, Limits, Notice
from forensics.model.locations import Locator, quote
from forensics.parsers.archive import _zip_records as records
from forensics.parsers.archive._zip_member import Member
from forensics.replay.streams import deflate_length

_DEFLATE = 8
_NAME = 80
"""Characters of a name that a notice quotes."""
_DESCRIPTOR_BYTES = 24


def by_local_header(
    source: ByteSource, member: Member, limits: Limits, budget: Budget, *, ended: bool
) -> Member | None:
    """Return a member as its local header describes it, ``None`` where that gives the same bytes.

    Args:
        source: the archive.
        member: as the directory describes it.
        limits: of what is decoded to find where data end.
        budget: of the source file.
        ended: whether the member's stream ended within the bytes that the directory states.
    """
    local = member.local
    if member.central is None or local is None:
        return None
    deferred = bool(local.flags & records.HAS_DESCRIPTOR) and local.stored_size in (0, records.FULL)
    data_end, size, stored_size, crc32 = member.data_end, local.size, local.stored_size, local.crc32
    if not deferred:
        data_end = min(local.end + stored_size, source.size)
    else:
        size, stored_size, crc32 = member.size, member.stored_size, member.crc32
        if local.method == _DEFLATE and not ended and not local.flags & records.ENCRYPTED:
            data_end, size, stored_size, crc32 = _streamed(source, local, limits, budget)
    second = msgspec.structs.replace(
        member,
        name=local.name,
        central=None,
        descriptor=None,
        data_end=data_end,
        size=size,
        stored_size=stored_size,
        crc32=crc32,
        method=local.method,
        flags=local.flags,
    )
    return None if _bytes_of(second) == _bytes_of(member) else second


def _streamed(source: ByteSource, local: records.Header, limits: Limits, budget: Budget) -> tuple[int, int, int, int]:
    """Return where a deflate stream really ends, and what the descriptor behind it says of it."""
    chunks = blocks(source, local.end, source.size)
    stored, size = deflate_length(chunks, limits.memory_bytes, limits.ratio, budget.spend)
    window = Window(source, _DESCRIPTOR_BYTES)
    found = records.read_descriptor(window, local.end + stored, stored, size)
    return local.end + stored, size, stored, found.crc32 if found else 0


def _bytes_of(member: Member) -> tuple[object, ...]:
    """Return what decides which bytes a member's content are."""
    return member.data_start, member.data_end, member.decoder.partition(":")[0], member.encrypted


def names_differ(member: Member) -> Iterator[Notice]:
    """Tell that both headers name a member, and not the same."""
    central, local = member.central, member.local
    if central is not None and local is not None and central.name != local.name:
        text = f"its local header names it {quote(local.name)[:_NAME] or 'nothing'}: readers differ on which they show"
        where = Locator(ranges=(local.range("name"), central.range("name")), path=f"zip:local[{member.index}].name")
        yield Notice(code="zip.two_names", text=text, locator=where)


def told(first: Member, second: Member) -> Notice:
    """Tell of a second content that it is one, and in what the headers differ."""
    differ = [
        f"{words} {getattr(second, field)}, not {getattr(first, field)}"
        for words, field in (("method", "method"), ("stored size", "stored_size"), ("size", "size"), ("flags", "flags"))
        if getattr(first, field) != getattr(second, field)
    ]
    text = f"what readers find that go by the local header: {', '.join(differ) or 'other bytes'}"
    where = Locator(ranges=((first.header_start, first.data_start),), path=f"zip:local[{first.index}]")
    return Notice(code="zip.two_contents", text=text, locator=where)
