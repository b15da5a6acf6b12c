"""What a tar says of its members: owners, modes, kinds and links as they stand, and where two headers contradict.

Source: POSIX.1-2017 pax; GNU tar manual; star(5).
"""

from collections.abc import Iterator

from forensics.model.documents import ArchiveMember
from forensics.model.facts import TICKS_PER_SECOND, Fact
from forensics.model.locations import Locator, quote
from forensics.parsers.archive import _tar_fields as fields
from forensics.parsers.archive._tar_events import RECORDS, SOLARIS, Member
from forensics.parsers.archive._tar_extensions import Placed, others, ticks, whole_number
from forensics.parsers.archive._tar_names import NAME_BYTES
from forensics.parsers.archive._tar_times import agrees, member_times

KINDS = {
    b"\0": "file",
    b"0": "file",
    b"1": "hard link",
    b"2": "symbolic link",
    b"3": "character device",
    b"4": "block device",
    b"5": "folder",
    b"6": "pipe",
    b"7": "contiguous file",
    b"A": "access control list",
    b"D": "folder with its list of names",
    b"E": "extended attribute",
    b"I": "inode alone",
    b"M": "file that another volume began",
    b"N": "long names of an early GNU tar",
    b"S": "sparse file",
    b"V": "label of the volume",
}
VALUE_BYTES = 1_000
"""Of a value that are copied into a fact."""
MOST_RECORDS = 64
"""Records of one member that are told beside those that are read."""
_READ = frozenset((b"path", b"linkpath", b"size", b"mtime", b"atime", b"ctime", b"LIBARCHIVE.creationtime"))
_OWNER = (("uid", b"uid"), ("gid", b"gid"), ("uname", b"uname"), ("gname", b"gname"))
_OCTAL_MOST = {"size": 8**11, "uid": 8**7, "gid": 8**7}
"""Larger numbers do not fit the header's field: what stands there then is no statement."""


def member_facts(member: Member, said: tuple[Fact, ...]) -> ArchiveMember:
    """Return what the headers of a member say.

    Args:
        member: as it was read.
        said: what is told of its further fields.
    """
    return ArchiveMember(
        index=member.index,
        name=quote(member.name[:NAME_BYTES]),
        size=member.size,
        stored_size=member.data_end - member.data_start,
        encrypted=False,
        header_start=member.header.start,
        times=member_times(member),
        conflicts=tuple(conflicts(member)) if member.extensions.kinds else (),
        said=said,
    )


def dialect(member: Member) -> str:
    """Return in which dialect a member is written."""
    kinds = member.extensions.kinds
    if RECORDS in kinds or b"g" in kinds:
        return "pax"
    if SOLARIS in kinds:
        return "solaris"
    return "gnu" if kinds else member.header.dialect


def said(member: Member) -> Iterator[Fact]:
    """Yield the further fields of a member's headers: kind, mode, owner, link, device, dialect, other records."""
    header, base = member.header, f"tar:member[{member.index}]"
    flag = header.typeflag
    yield _fact(header, base, "typeflag", "folder" if member.is_folder else KINDS.get(flag, "file of an unknown kind"))
    yield _number(header, base, "mode", octal=True)
    for field, key in _OWNER:
        record = member.extensions.get(key)
        if record is not None:
            yield record_fact(base, key, record, f"tar.{field}")
        elif field in ("uid", "gid"):
            yield _number(header, base, field)
        elif text := header.text(field):
            yield _fact(header, base, field, quote(text))
    if member.link:
        yield _link(member, base)
    if flag in b"34":
        yield from [_number(header, base, field) for field in ("devmajor", "devminor")]
    if flag == b"M" and not header.is_blank("gnu.offset"):
        yield _number(header, base, "gnu.offset")
    if member.layout is not None:
        value = f"{len(member.layout.pieces)} pieces of a file of {member.layout.size} bytes"
        place = Locator(ranges=((header.start, member.data_start),), path=f"{base}.sparse")
        yield Fact(name="tar.sparse", value=value, raw=b"", locator=place)
    yield _fact(header, base, "magic", dialect(member), "dialect")
    if header.signed:
        yield _fact(header, base, "checksum", "of bytes as signed numbers")
    known = _READ | {key for _, key in _OWNER}
    for number, (key, placed) in enumerate(others(member.extensions, known)):
        if number == MOST_RECORDS:
            return
        yield record_fact(base, key, placed)


def _fact(header: fields.Header, base: str, field: str, value: str, name: str = "") -> Fact:
    place = Locator(ranges=(header.range(field),), path=f"{base}.{name or field}")
    return Fact(name=f"tar.{name or field}", value=value, raw=header.raw(field), locator=place)


def _number(header: fields.Header, base: str, field: str, *, octal: bool = False) -> Fact:
    value = header.number(field)
    text = "" if value is None else f"{value:04o}" if octal else str(value)
    return _fact(header, base, field, text, field.removeprefix("gnu."))


def _link(member: Member, base: str) -> Fact:
    record = member.extensions.get(b"linkpath") or member.extensions.long_link
    place = record.range if record is not None else member.header.range("linkname")
    raw = member.link[:VALUE_BYTES]
    return Fact(
        name="tar.linkname", value=quote(raw), raw=raw, locator=Locator(ranges=(place,), path=f"{base}.linkname")
    )


def record_fact(base: str, key: bytes, placed: Placed, name: str = "") -> Fact:
    """Return a record of pax as a fact; a long value is cut, its place named in full."""
    raw, word = placed.value[:VALUE_BYTES], quote(key[:200])
    value = raw.decode("utf-8") if raw.isascii() and raw.decode().isprintable() else quote(raw)
    locator = Locator(ranges=(placed.range,), path=f"{base}.{word}")
    return Fact(name=name or f"tar.record.{word}", value=value, raw=raw, locator=locator)


def conflicts(member: Member) -> Iterator[Fact]:
    """Yield the fields in which a record, or a long name, contradicts the header that it belongs to."""
    extensions, header = member.extensions, member.header
    for field, key in (("size", b"size"), ("uid", b"uid"), ("gid", b"gid")):
        record, here = extensions.get(key), header.number(field)
        there = whole_number(record.value) if record is not None else None
        if record is not None and here is not None and there != here and not _beyond(field, there):
            yield _conflict(member, field, record, (str(here), quote(record.value[:100])))
    for field, key in (("uname", b"uname"), ("gname", b"gname")):
        record, text = extensions.get(key), header.text(field)
        if record is not None and text and record.value != text and len(record.value) < 32 and record.value.isascii():
            yield _conflict(member, field, record, (quote(text), quote(record.value)))
    record, seconds = extensions.get(b"mtime"), header.number("mtime")
    if record is not None and seconds is not None and not _same_time(seconds, record):
        yield _conflict(member, "mtime", record, (str(seconds), quote(record.value[:100])))
    yield from _name_conflicts(member)


def _same_time(seconds: int, record: Placed) -> bool:
    """Whether the header's seconds do not contradict a record: what cannot be read, or does not fit, does not."""
    read = ticks(record.value)
    fits = read is not None and 0 <= read[0] < 8**11 * TICKS_PER_SECOND
    return read is None or not fits or agrees(seconds * TICKS_PER_SECOND, read[0])


def _beyond(field: str, value: int | None) -> bool:
    return value is not None and not 0 <= value < _OCTAL_MOST[field]


def _name_conflicts(member: Member) -> Iterator[Fact]:
    """Headers beside a longer name hold its beginning, or a stand-in where it does not fit or is no ASCII."""
    extensions, header = member.extensions, member.header
    sparse = extensions.get(b"GNU.sparse.name") is not None
    for field, key, text in (("name", b"path", header.long_name), ("linkname", b"linkpath", header.text("linkname"))):
        record = extensions.get(key)
        if record is None or sparse or not text:
            continue
        fits = len(record.value) <= 100 and record.value.isascii()
        if fits and record.value.rstrip(b"/") != text.rstrip(b"/"):
            yield _conflict(member, field, record, (quote(text), quote(record.value)))
    for field, placed in (("name", extensions.long_name), ("linkname", extensions.long_link)):
        text = header.text(field)
        if placed is not None and text and not placed.value.startswith(text) and text not in _STAND_INS:
            yield _conflict(member, field, placed, (quote(text), quote(placed.value[:300])))


_STAND_INS = (b"././@LongLink", b"././@LongName")


def _conflict(member: Member, field: str, record: Placed, values: tuple[str, str]) -> Fact:
    return Fact(
        name=f"tar.member.{field}",
        value=f"header {values[0]}, before it {values[1]}",
        raw=member.header.raw(field) + record.value,
        locator=Locator(
            ranges=(member.header.range(field), record.range), path=f"tar:member[{member.index}].header.{field}"
        ),
    )
