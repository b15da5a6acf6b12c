"""What a 7z archive says of itself and of its files.

Source: 7zFormat.txt of the 7-Zip sources; the upper half of attributes as p7zip and 7-Zip write it.
"""

import stat
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.facts import Description, Fact, Timestamp
from forensics.model.locations import quote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._counted_times import filetime, in_utc
from forensics.parsers.archive._7z_files import COMMENT, Files
from forensics.parsers.archive._7z_folders import Placed
from forensics.parsers.archive._7z_header import Header
from forensics.parsers.archive._7z_open import Opened
from forensics.parsers.archive._made_members import MadeMembers

_UNIX = 0x8000
_REPARSE = 0x400
_FOLDER = 0x10
_ATTRIBUTES = (
    (0x1, "read-only"),
    (0x2, "hidden"),
    (0x4, "system"),
    (_FOLDER, "folder"),
    (0x20, "archive"),
    (0x40, "device"),
    (0x80, "normal"),
    (0x100, "temporary"),
    (0x200, "sparse"),
    (_REPARSE, "reparse point"),
    (0x800, "compressed"),
    (0x1000, "offline"),
    (0x2000, "not indexed"),
    (0x4000, "encrypted"),
)
_TIMES = (
    ("modified", Description.MODIFICATION),
    ("created", Description.CREATION),
    ("accessed", Description.LAST_ACCESS),
)


class Entry(NamedTuple):
    """One file of the archive, in the order of its header."""

    number: int
    """Place in the header's list."""
    name: bytes
    """UTF-8; halves of pairs as they are."""
    name_range: tuple[int, int] | None
    stream: int | None
    """Which of the streams it is; ``None``: it has none."""
    folder_index: int | None
    """The folder that holds it; ``None``: it has no stream, or the header describes too few."""
    folder: bool
    anti: bool
    attributes: int | None

    @property
    def link(self) -> bool:
        """Whether its attributes say that it is a link."""
        value = self.attributes or 0
        return bool(value & _REPARSE or (value & _UNIX and stat.S_ISLNK(value >> 16)))


def entries(opened: Opened, files: Files, folders: Sequence[Placed], most: int) -> Iterator[Entry]:
    """Yield the files, at most so many."""
    data, owners = opened.data, (place for place, each in enumerate(folders) for _ in each.ends)
    streams = without = 0
    for index in range(min(files.total, most)):
        name_range = files.names[index] if index < len(files.names) else None
        raw = data[name_range[0] : name_range[1]] if name_range else b""
        name = raw.decode("utf-16-le", "surrogatepass").encode("utf-8", "surrogatepass")
        place = files.attributes[index] if files.attributes else None
        attributes = int.from_bytes(data[place : place + 4], "little") if place is not None else None
        if files.empty[index]:
            is_file = bool(files.file and files.file[without])
            anti = bool(files.anti and files.anti[without])
            yield Entry(index, name, name_range, None, None, not is_file, anti, attributes)
            without += 1
        else:
            yield Entry(index, name, name_range, streams, next(owners, None), False, False, attributes)
            streams += 1


def times_of(opened: Opened, files: Files, index: int) -> tuple[Timestamp, ...]:
    """Return the times of a file: FILETIMEs, UTC by definition."""
    found = []
    for name, description in _TIMES:
        places: Sequence[int | None] = getattr(files, name)
        place = places[index] if places else None
        if place is None:
            continue
        raw = opened.data[place : place + 8]
        where = opened.locator(place, place + 8, f"7z:file[{index}].{name}")
        found.append(in_utc(filetime(raw), raw, where, TimeKind.SEVENZIP_FILETIME, description))
    return tuple(found)


def attribute_words(value: int) -> str:
    """Return attributes for people: those of Windows by name, a Unix mode as ``ls`` writes it."""
    words = [name for bit, name in _ATTRIBUTES if value & bit]
    if value & _UNIX:
        words.append(stat.filemode(value >> 16))
    return f"{value:#010x}" + (f": {', '.join(words)}" if words else "")


class Facts:
    """Makes the facts of an archive.

    Args:
        opened: the archive.
        parsed: its header.
        folders: those of the header, placed.
    """

    def __init__(self, opened: Opened, parsed: Header, folders: Sequence[Placed]) -> None:
        self._opened = opened
        self._parsed = parsed
        self._folders = folders
        self._encrypted = [each.encrypted for each in folders]
        self._methods = [self._method(each) for each in folders]

    def archive(self, listed: Sequence[Entry], gaps: Sequence[tuple[int, int]]) -> ArchiveFacts:
        """Return the facts of the archive and of its files.

        Args:
            listed: the files.
            gaps: ranges that no structure accounts for.
        """
        return ArchiveFacts(
            format="7z",
            members=MadeMembers(self._member, listed),
            gaps=tuple(gaps),
            properties=(*self._opened.facts, *self._properties()),
        )

    def _properties(self) -> Iterator[Fact]:
        for place, fact in enumerate(self._methods):
            if fact is not None:
                count = self._parsed.streams.counts[place]
                folder = self._parsed.streams.folders[place]
                raw = self._opened.data[folder.start : folder.end]
                where = self._opened.locator(folder.start, folder.end, f"7z:folder[{place}].streams")
                yield Fact(name="7z.archive.folder", value=f"{fact.value}; {count} files", raw=raw, locator=where)
        files = self._parsed.files
        for place, (start, end) in enumerate(files.dummies):
            yield self._plain("7z.archive.dummy", f"{end - start} bytes", start, end, f"7z:dummy[{place}]")
        for place, (kind, start, end) in enumerate((*self._parsed.properties, *files.others)):
            name = "7z.archive.comment" if kind == COMMENT else f"7z.archive.property_{kind:02x}"
            yield self._plain(name, self._opened.data[start:end][:1000].hex(), start, end, f"7z:property[{place}]")

    def _plain(self, name: str, value: str, start: int, end: int, path: str) -> Fact:
        raw = self._opened.data[start : min(end, start + 4096)]
        return Fact(name=name, value=value, raw=raw, locator=self._opened.locator(start, start + len(raw), path))

    def _method(self, folder: Placed) -> Fact | None:
        if folder.root is None:
            return None
        described = self._parsed.streams.folders[folder.number]
        raw = self._opened.data[described.start : described.end]
        where = self._opened.locator(described.start, described.end, f"7z:folder[{folder.number}]")
        return Fact(name="7z.member.method", value=folder.root.words, raw=raw, locator=where)

    def _member(self, entry: Entry) -> ArchiveMember:
        size, stored, crc, folder = 0, 0, None, None
        if entry.folder_index is not None and entry.stream is not None:
            folder = self._folders[entry.folder_index]
            size, crc = self._parsed.streams.stream_sizes[entry.stream], self._parsed.streams.stream_crcs[entry.stream]
            stored = folder.end - folder.start if len(folder.ends) == 1 else 0
        return ArchiveMember(
            index=entry.number,
            name=quote(entry.name),
            size=size,
            stored_size=stored,
            crc32=crc,
            encrypted=folder is not None and self._encrypted[folder.number],
            header_start=self._opened.at + (entry.name_range[0] if entry.name_range else 0),
            times=times_of(self._opened, self._parsed.files, entry.number),
            said=tuple(self._said(entry)),
        )

    def _said(self, entry: Entry) -> Iterator[Fact]:
        method = self._methods[entry.folder_index] if entry.folder_index is not None else None
        if method is not None:
            yield method
        files = self._parsed.files
        if files.attributes and (place := files.attributes[entry.number]) is not None and entry.attributes is not None:
            path = f"7z:file[{entry.number}].attributes"
            yield self._plain("7z.member.attributes", attribute_words(entry.attributes), place, place + 4, path)
        if files.starts and (place := files.starts[entry.number]) is not None:
            value = str(int.from_bytes(self._opened.data[place : place + 8], "little"))
            yield self._plain("7z.member.start", value, place, place + 8, f"7z:file[{entry.number}].start")
        if entry.anti:
            start, end = entry.name_range or (0, 0)
            yield self._plain("7z.member.anti", "to be deleted", start, end, f"7z:file[{entry.number}].anti")
