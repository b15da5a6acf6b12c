"""One tree of a disc: its directories read record by record, each directory once.

Source: ECMA-119 9; RRIP 4.1.5 (folders that were moved).
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice
from forensics.model.locations import Locator, quote
from forensics.parsers.archive._iso_susp import RockRidge, entries, rock_ridge
from forensics.parsers.archive._iso_volumes import JOLIET, SECTOR, Volume, both

FOLDER, ASSOCIATED, MORE = 2, 4, 0x80
_LEAST_RECORD = 34
_MOST_NOTICES = 8
_PATH_BYTES = 32_768
"""Of a path that are kept; no system takes a longer one."""
_PATH_COST = 512
"""A path counts as one entry more for each so many bytes: deep folders cost what they hold in memory."""


class Record(NamedTuple):
    """A directory record as it stands."""

    start: int
    data: bytes
    block: int

    @property
    def identifier(self) -> bytes:
        """Its name, with version."""
        return self.data[33 : 33 + self.data[32]]

    @property
    def flags(self) -> int:
        """Hidden, folder, associated, more extents."""
        return self.data[25]

    @property
    def extent(self) -> tuple[int, int]:
        """First and last byte of what it lists, an extended attribute record before it left out."""
        first = (both(self.data, 2, 4)[0] + self.data[1]) * self.block
        return first, first + both(self.data, 10, 4)[0]

    @property
    def system_use(self) -> tuple[bytes, int]:
        """What stands behind the name, and where."""
        at = 33 + self.data[32] + (self.data[32] + 1) % 2
        return self.data[at:], self.start + at


class Node(NamedTuple):
    """One entry of a tree: a file with all its extents, a folder, a link."""

    tree: str
    path: bytes
    """By Rock Ridge where it names all; Joliet's in UTF-8."""
    identifier: bytes
    records: tuple[Record, ...]
    rock: RockRidge | None

    @property
    def is_folder(self) -> bool:
        """Whether it is one, or points to one that was moved."""
        return bool(self.records[0].flags & FOLDER) or (self.rock is not None and self.rock.child is not None)

    @property
    def pieces(self) -> tuple[tuple[int, int], ...]:
        """The ranges of its bytes, those that follow each other put together."""
        found: list[tuple[int, int]] = []
        for record in self.records:
            start, end = record.extent
            if found and found[-1][1] == start:
                found[-1] = (found[-1][0], end)
            elif end > start:
                found.append((start, end))
        return tuple(found)

    @property
    def size(self) -> int:
        """Bytes as stated."""
        return sum([record.extent[1] - record.extent[0] for record in self.records])

    @property
    def base(self) -> bytes:
        """Its own name, without the version that the primary tree puts behind it."""
        name = self.path.rpartition(b"/")[2]
        return name if self.tree == JOLIET else name.partition(b";")[0].rstrip(b".") or name


class Tree:
    """Reads one tree of a disc.

    Args:
        source: the disc.
        volume: its descriptor.
        most: records and sectors that are read at most.

    Attributes:
        notices: what was odd.
        claimed: ranges of its directories and of what they point to beside files.
        cut: whether it has more than was read.
    """

    def __init__(self, source: ByteSource, volume: Volume, most: int) -> None:
        self._source = source
        self._volume = volume
        self._left = most
        self._skip: int | None = None
        self._seen: set[int] = set()
        self._odd: dict[tuple[str, str], list[tuple[int, int]]] = {}
        self._moved: list[tuple[bytes, tuple[int, int]]] = []
        self.notices: list[Notice] = []
        self.claimed: list[tuple[int, int]] = []
        self.cut = False

    @property
    def folders(self) -> frozenset[int]:
        """First bytes of the directories that were read."""
        return frozenset(self._seen)

    def nodes(self) -> Iterator[Node]:
        """Yield its entries, those of a folder before those of the folders in it."""
        pending = [(b"", self._volume.root)]
        while True:
            while pending:
                path, extent = pending.pop()
                if extent[0] in self._seen:
                    text = "folders that were listed before, by a loop or as a link: not read again"
                    self._note("loop", text, (extent[0], sum(extent)))
                    continue
                inner: list[tuple[bytes, tuple[int, int]]] = []
                for node in self._folder(path, extent):
                    yield node
                    if node.is_folder and node.identifier not in (b"\0", b"\1"):
                        self._into(node, inner)
                pending += reversed(inner)
            left = [one for one in self._moved if one[1][0] not in self._seen]
            if not left:
                break
            self._moved = []
            pending = left
        self._tell()

    def _into(self, node: Node, inner: list[tuple[bytes, tuple[int, int]]]) -> None:
        """Take a folder for later; one that was moved is entered where it belongs, not where it stands."""
        start, end = node.records[0].extent
        if node.rock is not None and node.rock.child is not None:
            first = node.rock.child * self._volume.block
            own = self._source.read(first, first + _LEAST_RECORD)
            size = both(own, 10, 4)[0] if len(own) == _LEAST_RECORD else SECTOR
            inner.append((node.path, (first, size)))
        elif node.rock is not None and node.rock.moved:
            self._moved.append((node.path, (start, end - start)))
        else:
            inner.append((node.path, (start, end - start)))

    def _folder(self, path: bytes, extent: tuple[int, int]) -> Iterator[Node]:
        start, size = extent
        self._seen.add(start)
        end = min(start + size, self._source.size)
        self.claimed.append((start, max(start, min(-(-(start + size) // SECTOR) * SECTOR, self._source.size))))
        if start + size > self._source.size:
            self._note("truncated", "a folder reaches beyond the end", (start, start + size))
        waiting: list[Record] = []
        for record in self._records(start, end):
            if record.identifier in (b"\0", b"\1") and record.flags & FOLDER:
                self._own(record, first=start == self._volume.root[0])
                continue
            waiting.append(record)
            if record.flags & MORE and len(waiting) < 10_000:
                continue
            yield self._node(path, tuple(waiting))
            waiting = []
        if waiting:
            at = waiting[-1].start
            self._note("extent", "the last extent of a file is missing", (at, at + len(waiting[-1].data)))
            yield self._node(path, tuple(waiting))

    def _records(self, start: int, end: int) -> Iterator[Record]:
        at = start
        while at < end:
            if self._left <= 0:
                self.cut = True
                return
            sector = self._source.read(at, min(at + SECTOR, end))
            yield from self._of_sector(sector, at)
            self._left -= 1
            at += SECTOR

    def _of_sector(self, sector: bytes, at: int) -> Iterator[Record]:
        place = 0
        while place < len(sector) and sector[place]:
            size = sector[place]
            data = sector[place : place + size]
            if size < _LEAST_RECORD or len(data) < size or 33 + data[32] > size:
                text = "directory records that do not fit: the rest of their sectors is not read"
                self._note("record", text, (at + place, at + len(sector)))
                return
            self._left -= 1
            record = Record(at + place, data, self._volume.block)
            for name, where, width in (("place", 2, 4), ("size", 10, 4)):
                if len(set(both(data, where, width))) > 1:
                    text = f"directory records whose {name} is another little-endian than big-endian: the first is used"
                    self._note("both_endian", text, (record.start + where, record.start + where + 2 * width))
            yield record
            place += size
        rest = sector[place:]
        if rest.strip(b"\0"):
            self._note("record", "bytes behind the last directory record of a sector", (at + place, at + len(sector)))

    def _own(self, record: Record, *, first: bool) -> None:
        """Read a folder's record of itself: the root's says whether the disc has Rock Ridge."""
        data, start = record.system_use
        if first and self._skip is None and record.identifier == b"\0":
            for skip in (0, 14):  # 14 bytes of CD-ROM XA stand before
                if data[skip : skip + 2] == b"SP" and data[skip + 4 : skip + 6] == b"\xbe\xef":
                    self._skip = data[skip + 6]
                    found, areas, broken = entries(self._source, data[skip:], start + skip, self._volume.block)
                    self._take(rock_ridge(found, areas, broken=broken), record)

    def _node(self, path: bytes, records: tuple[Record, ...]) -> Node:
        record = records[0]
        rock = None
        if self._skip is not None and self._volume.kind != JOLIET:
            data, start = record.system_use
            found, areas, broken = entries(self._source, data[self._skip :], start + self._skip, self._volume.block)
            rock = rock_ridge(found, areas, broken=broken)
            self._take(rock, record)
        name = record.identifier
        if self._volume.kind == JOLIET:
            name = (
                name.decode("utf-16-be", "surrogatepass").encode("utf-8", "surrogatepass")
                if len(name) % 2 == 0
                else name
            )
        elif rock is not None and rock.name is not None:
            name = rock.name
        whole = path + b"/" + name if path else name
        self._left -= len(whole) // _PATH_COST
        return Node(self._volume.kind, whole[:_PATH_BYTES], record.identifier, records, rock)

    def _take(self, rock: RockRidge, record: Record) -> None:
        self.claimed += rock.areas
        if rock.broken:
            text = "entries of Rock Ridge that do not fit their area, or continue in a circle"
            self._note("system_use", text, (record.start, record.start + len(record.data)))

    def _note(self, what: str, text: str, place: tuple[int, int]) -> None:
        start, end = (min(one, self._source.size) for one in place)
        self._odd.setdefault((what, text), []).append((start, end))

    def _tell(self) -> None:
        for (what, text), places in self._odd.items():
            count = f"{len(places)} times: " if len(places) > 1 else ""
            self.notices.append(
                Notice(
                    code=f"iso.{what}",
                    text=f"{count}{text} ({self._volume.kind} tree)",
                    locator=Locator(ranges=tuple(places[:_MOST_NOTICES])),
                    unread=_covered(places) if what == "record" else 0,
                )
            )


def _covered(places: list[tuple[int, int]]) -> int:
    """Return how many bytes stand in ranges, each counted once: folders may share sectors."""
    size = at = 0
    for start, end in sorted(places):
        size += max(0, end - max(start, at))
        at = max(at, end)
    return size


def shown(node: Node) -> str:
    """Return the path of a node for people, as locations write it."""
    return quote(node.path)
