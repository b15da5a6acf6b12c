"""Times of tar members: seconds of the header, and fractions in records of pax, both as the file system had them.

Source: POSIX.1-2017 pax; GNU tar manual; libarchive's tar(5) for ``LIBARCHIVE.creationtime``.
"""

from collections.abc import Iterator

from forensics.model.facts import TICKS_PER_SECOND, Absence, ClockKind, Description, Precision, Timestamp
from forensics.model.locations import Locator
from forensics.model.time_kinds import TimeKind
from forensics.parsers.archive import _tar_fields as fields
from forensics.parsers.archive._tar_events import Member
from forensics.parsers.archive._tar_extensions import Placed, ticks

_MOST = 920_000_000_000
"""Seconds that fit an instant."""
_RECORDS = (
    (b"mtime", TimeKind.TAR_MODIFIED, Description.MODIFICATION),
    (b"atime", TimeKind.TAR_ACCESSED, Description.LAST_ACCESS),
    (b"ctime", TimeKind.TAR_CHANGED, Description.METADATA_MODIFICATION),
    (b"LIBARCHIVE.creationtime", TimeKind.TAR_CREATED, Description.CREATION),
)
_HEADER = {
    fields.GNU: (("gnu.atime", "atime"), ("gnu.ctime", "ctime")),
    fields.STAR: (("star.atime", "atime"), ("star.ctime", "ctime")),
}
_MEANS = {key.decode(): (kind, description) for key, kind, description in _RECORDS}


def member_times(member: Member) -> tuple[Timestamp, ...]:
    """Return every time of a member; of its header only what no record gives, or gives otherwise."""
    found, known = list[Timestamp](), dict[TimeKind, int | Absence]()
    if member.extensions.records:
        for key, kind, description in _RECORDS:
            if (placed := member.extensions.get(key)) is not None:
                stamp = _of_record(member.index, key.decode(), placed, kind, description)
                known[kind] = stamp.instant
                found.append(stamp)
    found += [stamp for stamp in _of_header(member) if _adds(stamp, known)]
    return tuple(found)


def _adds(stamp: Timestamp, known: dict[TimeKind, int | Absence]) -> bool:
    """Whether a time of the header is another than the record's, whose fraction it cannot have."""
    other = known.get(stamp.kind)
    if other is None:
        return stamp.instant is not Absence.NOT_PRESENT or not known
    return isinstance(other, int) and isinstance(stamp.instant, int) and not agrees(stamp.instant, other)


def agrees(header: int, record: int) -> bool:
    """Whether the seconds of a header are those of a record: cut off, or rounded up."""
    return abs(header - record) < TICKS_PER_SECOND or header == 0


def _of_header(member: Member) -> Iterator[Timestamp]:
    header, kind = member.header, TimeKind.TAR_MODIFIED
    path = f"tar:member[{member.index}].header"
    seconds = header.number("mtime")
    absent = Absence.NOT_PRESENT if header.is_blank("mtime") else Absence.UNPARSABLE
    yield _stamp(seconds, absent, header, "mtime", f"{path}.mtime", (kind, Description.MODIFICATION))
    for field, name in _HEADER.get(header.dialect, ()):
        # A blank field, and zeros where a program had nothing to write.
        if seconds := header.number(field):
            yield _stamp(seconds, Absence.UNPARSABLE, header, field, f"{path}.{name}", _MEANS[name])


def _stamp(
    seconds: int | None,
    absent: Absence,
    header: fields.Header,
    field: str,
    path: str,
    means: tuple[TimeKind, Description],
) -> Timestamp:
    instant: int | Absence = absent
    if seconds is not None:
        instant = seconds * TICKS_PER_SECOND if abs(seconds) < _MOST else Absence.UNPARSABLE
    return Timestamp(
        instant=instant,
        wall=instant,
        offset_s=Absence.NOT_APPLICABLE,
        precision=Precision.SECOND,
        description=means[1],
        clock=ClockKind.FILE_SYSTEM,
        owner="",
        raw=header.raw(field),
        locator=Locator(ranges=(header.range(field),), path=path),
        kind=means[0],
        index=1,
    )


def _of_record(index: int, key: str, placed: Placed, kind: TimeKind, description: Description) -> Timestamp:
    read = ticks(placed.value)
    instant: int | Absence = Absence.UNPARSABLE
    if read is not None and abs(read[0]) < _MOST * TICKS_PER_SECOND:
        instant = read[0]
    return Timestamp(
        instant=instant,
        wall=instant,
        offset_s=Absence.NOT_APPLICABLE,
        precision=_precision(read[1] if read else 0),
        description=description,
        clock=ClockKind.FILE_SYSTEM,
        owner="",
        raw=placed.value,
        locator=Locator(ranges=(placed.range,), path=f"tar:member[{index}].{key}"),
        kind=kind,
    )


def _precision(digits: int) -> Precision:
    if digits == 0:
        return Precision.SECOND
    if digits <= 3:
        return Precision.MILLISECOND
    return Precision.MICROSECOND if digits <= 6 else Precision.TICK
