"""A tar archive from header to header: members with what stands before them, zeros, and bytes that are neither.

Nothing here depends on what came before but the records that are said of all members, so that an archive can be read
from any member on. A broken header costs the bytes up to the next one whose checksum holds.

Source: POSIX.1-2017 pax; GNU tar manual; star(5).
"""

from collections.abc import Iterator

from forensics.intake.windows import BLOCK, Window
from forensics.model.byte_sources import ByteSource
from forensics.parsers.archive import _tar_fields as fields
from forensics.parsers.archive import _tar_sparse as sparse
from forensics.parsers.archive._tar_events import (
    COMMON,
    FOLDER,
    LINKS,
    LONG_LINK,
    LONG_NAME,
    RECORDS,
    SOLARIS,
    SPARSE,
    CommonRecords,
    Event,
    Gap,
    Member,
    Odd,
    Zeros,
)
from forensics.parsers.archive._tar_extensions import Extensions, Placed, Records, read_records, whole_number
from forensics.parsers.archive._tar_fields import Header

AHEAD = 1 << 14
"""Read at once: enough for a run of small members, little beside a large one."""
EXTENSION_BYTES = 1 << 20
"""Of one header's records or long name, and of all before one member, that are read."""
_BEFORE = frozenset((RECORDS, COMMON, SOLARIS, LONG_NAME, LONG_LINK))
_GNU_BLOCK, _STAR_BLOCK = (386, 4, 482), (356, 4, 355)
"""Where the pieces of a sparse member stand in its header, how many, and where it says that more follow."""
_MORE_BLOCK = (0, 21, 504)


class Walk:
    """Goes through an archive.

    Args:
        source: the archive.

    Attributes:
        common: records that are said of all members that follow.
    """

    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self.window = Window(source, AHEAD)
        self.common: dict[bytes, Placed] = {}

    def events(self, start: int, end: int, index: int = 0) -> Iterator[Event]:
        """Yield what stands in ``start:end``; both are the ends of the archive, or members begin there.

        Args:
            start: of the first header.
            end: where to stop.
            index: of the first member.
        """
        at = start
        while at < end:
            block = self.window.read(at, at + fields.BLOCK)
            if block == fields.ZEROS[: len(block)]:
                stop = self._zeros_end(at)
                yield Zeros(at, stop)
                at = stop
                continue
            header = fields.read_header(block, at)
            if header is None:
                stop = self._next_header(at + fields.BLOCK)
                yield Gap(at, stop)
                at = stop
                continue
            found = self._entry(header, index)
            yield found
            index += isinstance(found, Member)
            at = found.end

    def _entry(self, header: Header, index: int) -> Member | Gap | CommonRecords:
        """Read a member with what stands before it."""
        start, extensions, odd = header.start, Extensions(self.common), list[Odd]()
        while header.typeflag in _BEFORE:
            data, stop = self._extension(header, extensions, odd)
            if header.typeflag == COMMON and header.start == start:
                records = read_records(data, header.start + fields.BLOCK)
                self._say(records, stop, odd)
                for key, placed in records.found:
                    self.common[key] = placed
                return CommonRecords(start, stop, records)
            following = fields.read_header(self.window.read(stop, stop + fields.BLOCK), stop)
            if following is None or following.typeflag == COMMON:
                return Gap(start, stop, True, tuple(odd))
            header = following
        return self._member(start, header, extensions, odd, index)

    def _extension(self, header: Header, extensions: Extensions, odd: list[Odd]) -> tuple[bytes, int]:
        """Take what one header says of the member that follows; return its bytes and where they end."""
        begin, size = header.start + fields.BLOCK, header.number("size")
        stop = begin + -(-(size or 0) // fields.BLOCK) * fields.BLOCK
        if size is None or size < 0 or stop > self._source.size or size > 16 * EXTENSION_BYTES:
            text = f"what stands before it is said to have {'no size' if size is None else size} bytes: read up to "
            odd.append(Odd("tar.extension", f"{text}the next header", (header.range("size"),)))
            stop = self._next_header(begin)
            size = min(max(size or 0, 0), stop - begin)
        room = max(0, EXTENSION_BYTES - extensions.size)
        if size > room:
            text = f"what stands before it is longer than {EXTENSION_BYTES} bytes: the rest of that is not read"
            odd.append(Odd("tar.extension_limit", text, ((begin + room, begin + size),), size - room))
        data = self.window.read(begin, begin + min(size, room))
        extensions.size += size
        extensions.kinds += header.typeflag
        if header.typeflag in (RECORDS, SOLARIS):
            records = read_records(data, begin)
            extensions.take(records)
            self._say(records, begin + len(data), odd)
        elif header.typeflag != COMMON:
            value = data.partition(b"\0")[0]
            placed = Placed(value, begin, begin + len(value))
            if header.typeflag == LONG_NAME:
                extensions.long_name = placed
            else:
                extensions.long_link = placed
        return data, stop

    def _say(self, records: Records, end: int, odd: list[Odd]) -> None:
        if records.end < end and self.window.read(records.end, end).strip(b"\0"):
            text = f"{end - records.end} bytes of its extended header are no record"
            odd.append(Odd("tar.record", text, ((records.end, end),), end - records.end))

    def _member(self, start: int, header: Header, extensions: Extensions, odd: list[Odd], index: int) -> Member:
        if not header.sum_holds:
            odd.append(Odd("tar.checksum", "the checksum of its header does not match", (header.range("checksum"),)))
        name, link = _names(header, extensions)
        begin, layout = header.start + fields.BLOCK, None
        stored = self._stored(header, extensions, odd)
        if header.typeflag in LINKS and stored:
            stored = self._stored_of_link(header, begin, stored, odd)
        if header.typeflag == SPARSE:
            layout, begin = self._blocks_of(header, begin)
        stop = begin + stored
        whole = stop <= self._source.size
        if not whole:
            stop = self._cut_off(begin, stored, odd)
        end = min(begin + -(-(stop - begin) // fields.BLOCK) * fields.BLOCK, self._source.size)
        records = extensions.records
        is_sparse = header.typeflag == SPARSE or (records and any(key.startswith(b"GNU.sparse.") for key in records))
        if header.typeflag != SPARSE and is_sparse:
            layout, begin = self._records_of(extensions, begin, stop)
        if layout is not None and (not layout.ordered or len(layout.pieces) > sparse.MOST_PIECES):
            layout = None
        if is_sparse and layout is None:
            odd.append(Odd("tar.sparse", "its map cannot be followed: read as it is stored", ((begin, stop),)))
        if layout is not None and layout.stored != stop - begin and whole:
            text = f"the pieces of its map have {layout.stored} bytes, {stop - begin} are stored"
            odd.append(Odd("tar.sparse", text, ((begin, stop),), max(0, stop - begin - layout.stored)))
        size = layout.size if layout is not None else stop - begin
        return Member(index, start, header, extensions, name, link, size, begin, stop, end, layout, tuple(odd))

    def _stored(self, header: Header, extensions: Extensions, odd: list[Odd]) -> int:
        """Return the bytes that a member is said to take: a record goes before the header's field."""
        record = extensions.get(b"size")
        if record is not None:
            stated = whole_number(record.value)
            if stated is not None and stated >= 0:
                return stated
            odd.append(Odd("tar.number", "its record size is no size: the header's is taken", (record.range,)))
        size = header.number("size")
        if size is not None and size >= 0:
            return size
        if header.typeflag not in LINKS and not (size is None and header.is_blank("size")):
            odd.append(Odd("tar.number", "its size cannot be read: taken to have no content", (header.range("size"),)))
        return 0

    def _stored_of_link(self, header: Header, begin: int, stored: int, odd: list[Odd]) -> int:
        """Return the bytes behind the header of a link or folder that states a size: programs mean different things."""
        block = self.window.read(begin, begin + fields.BLOCK)
        follows = bool(block.strip(b"\0")) and not fields.is_header(block)
        if follows or header.typeflag != FOLDER:
            text = f"it is no file, states {stored} bytes, and {'they follow' if follows else 'none follow'}"
            odd.append(Odd("tar.link_size", text, (header.range("size"),)))
        return stored if follows else 0

    def _cut_off(self, begin: int, stored: int, odd: list[Odd]) -> int:
        """Return where a member ends that is said to go beyond the archive."""
        end = self._source.size
        following = self._next_header(begin)
        there = following - begin
        if following < end:
            text = f"states {stored} bytes, more than follow; another header stands after {there}: read up to it"
            odd.append(Odd("tar.size", text, ((begin, following),)))
            return following
        missing = begin + stored - end
        odd.append(Odd("tar.truncated", f"its last {missing} of {stored} bytes are missing", ((begin, end),)))
        return max(begin, end)

    def _blocks_of(self, header: Header, begin: int) -> tuple[sparse.Map | None, int]:
        """Return the map in a header and in the blocks behind it, and where the data begin."""
        star = header.dialect == fields.STAR
        first, count, more = _STAR_BLOCK if star else _GNU_BLOCK
        values = sparse.of_block(header.block, first, count)
        block = header.block
        while block[more] and len(block) == fields.BLOCK:
            block = self.window.read(begin, begin + fields.BLOCK)
            first, count, more = _MORE_BLOCK
            if len(block) < fields.BLOCK or len(values) > 2 * sparse.MOST_PIECES or fields.is_header(block):
                return None, begin
            found = sparse.of_block(block, first, count)
            if None in found:
                return None, begin
            values += found
            begin += fields.BLOCK
        return sparse.from_pairs(values, header.number("star.realsize" if star else "gnu.realsize")), begin

    def _records_of(self, extensions: Extensions, begin: int, stop: int) -> tuple[sparse.Map | None, int]:
        """Return the map in records, or before the data where they say so, and where the data begin."""
        major = extensions.get(b"GNU.sparse.major")
        if major is None or whole_number(major.value) != 1:
            return sparse.of_records(extensions), begin
        real = extensions.get(b"GNU.sparse.realsize")
        data = self._source.read(begin, min(stop, begin + (1 << 20)))
        layout, used = sparse.of_lines(data, whole_number(real.value) if real else None)
        return (layout, begin + used) if layout is not None and begin + used <= stop else (None, begin)

    def _zeros_end(self, at: int) -> int:
        """Return where a run of blocks of zeros ends that begins at *at*."""
        for block in self._growing(at):
            rest = block.lstrip(b"\0")
            if rest:
                return at + (len(block) - len(rest)) // fields.BLOCK * fields.BLOCK
            at += len(block)
        return at

    def _next_header(self, at: int) -> int:
        """Return where the next header stands beyond doubt, in steps of a block, or the end."""
        for block in self._growing(at):
            for place in range(0, len(block), fields.BLOCK):
                # Few blocks that are no header hold octal digits alone where the checksum stands.
                if fields.has_sum(block, place) and fields.is_header(block[place : place + fields.BLOCK]):
                    return at + place
            at += len(block)
        return self._source.size

    def _growing(self, at: int) -> Iterator[bytes]:
        """Yield all from *at* on, little at first: what is sought mostly stands near."""
        size = 8 * fields.BLOCK
        while block := self._source.read(at, at + size):
            yield block
            at += len(block)
            size = min(2 * size, BLOCK)


def _names(header: Header, extensions: Extensions) -> tuple[bytes, bytes]:
    """Return the name of a member and what it links to: by its records, by GNU's long names, by its header."""
    name, link = header.long_name, header.text("linkname")
    if extensions.long_name is not None:
        name = extensions.long_name.value
    if extensions.long_link is not None:
        link = extensions.long_link.value
    if extensions.records:
        path = extensions.get(b"GNU.sparse.name") or extensions.get(b"path")
        name = path.value if path is not None else name
        target = extensions.get(b"linkpath")
        link = target.value if target is not None else link
    return name, link
