"""What a cabinet says of its files.

Source: [MS-CAB] 2.3.
"""

from collections.abc import Iterator

from forensics.model.documents import ArchiveMember
from forensics.model.facts import Fact, Timestamp
from forensics.model.locations import Locator, quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._counted_times import dos_wall, local_to_packer
from forensics.parsers.archive._cab_header import BOTH, CONTINUED, CONTINUES, File, Folder

METHODS = {0: "stored", 1: "MSZIP", 2: "Quantum", 3: "LZX"}
_ATTRIBUTES = (
    (0x01, "read-only"),
    (0x02, "hidden"),
    (0x04, "system"),
    (0x20, "changed since the last backup"),
    (0x40, "run after extraction"),
    (0x80, "name in UTF-8"),
)
_SPANS = {
    CONTINUED: "began in the cabinet before",
    CONTINUES: "goes on in the next cabinet",
    BOTH: "began in the cabinet before and goes on in the next",
}


def member_facts(file: File, folder: Folder | None) -> ArchiveMember:
    """Return what the entry of a file says."""
    return ArchiveMember(
        index=file.number,
        name=quote(file.name),
        size=file.size,
        stored_size=0,
        encrypted=False,
        header_start=file.start,
        times=times_of(file),
        said=tuple(_said(file, folder)),
    )


def times_of(file: File) -> tuple[Timestamp, ...]:
    """Return the time of a file: local to whoever packed it, two seconds fine; all zero means "not set"."""
    start = file.start + 10
    raw = file.date.to_bytes(2, "little") + file.time.to_bytes(2, "little")
    place = Locator(ranges=((start, start + 4),), path=f"cab:file[{file.number}].dos")
    return (local_to_packer(dos_wall(file.date, file.time), raw, place, TimeKind.CABINET_DOS),)


def _said(file: File, folder: Folder | None) -> Iterator[Fact]:
    start, base = file.start, f"cab:file[{file.number}]"
    names = [name for bit, name in _ATTRIBUTES if file.attributes & bit]
    if names:
        raw = file.attributes.to_bytes(2, "little")
        yield _fact(f"{base}.attributes", "attributes", ", ".join(names), raw, start + 14)
    value = _SPANS.get(file.folder) or str(file.folder)
    yield _fact(f"{base}.folder", "folder", value, file.folder.to_bytes(2, "little"), start + 8)
    yield _fact(f"{base}.offset", "offset", str(file.offset), file.offset.to_bytes(4, "little"), start + 4)
    if folder is not None:
        raw = folder.compression.to_bytes(2, "little")
        method = METHODS.get(folder.method, f"method {folder.method}")
        yield _fact(f"{base}.method", "method", method, raw, folder.start + 6)


def _fact(path: str, name: str, value: str, raw: bytes, start: int) -> Fact:
    place = Locator(ranges=((start, start + len(raw)),), path=path)
    return Fact(name=f"cab.{name}", value=value, raw=raw, locator=place)
