"""The two B-trees of a store: where its blocks lie, and of which blocks its nodes are made.

A page that cannot be read costs the entries below it; leaf pages of the same tree that lie anywhere in the store then
give what they have of its range.

Source: [MS-PST] 2.2.2.7.
"""

import struct
from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.parsers.store._pst_header import Reference
from forensics.parsers.store._pst_layout import Layout, checksum, signature
from forensics.parsers.store._pst_odd import Odd

BLOCKS, NODES = 0x80, 0x81
"""Page types of the trees."""
_TITLES = {BLOCKS: "blocks", NODES: "nodes"}
_LEVELS = 12
_HELD = 512
"""Pages kept; a store of a million nodes has a few thousand above its leaves."""

MOST_PAGES = 50_000
"""Leaf pages that are kept of a store of which some were lost: half a million messages and their blocks."""

Entry = tuple[int, ...]
"""As its layout unpacks it, the key first."""
Entries = dict[int, Entry]


class Page(NamedTuple):
    """One page that was read."""

    level: int
    keys: list[int]
    entries: list[Entry]
    whole: bool = True
    """Whether its checksum holds."""


@cache
def _record(form: str, stride: int) -> struct.Struct:
    plain = struct.Struct(form)
    return struct.Struct(f"{form}{stride - plain.size}x")


def decode_page(data: bytes, layout: Layout, kind: int) -> Page | None:
    """Return the entries of a page, if it is one of this kind."""
    if len(data) < layout.page_bytes or not data[layout.trailer_at] == data[layout.trailer_at + 1] == kind:
        return None
    count, _, stride, level = layout.counts.unpack_from(data, layout.counts_at)
    form = layout.branch if level else layout.node if kind == NODES else layout.block
    if level > _LEVELS or (level and not count):  # a page that leads nowhere is none: a tree grows a level to lead on
        return None
    # Sizes that lie: entries are at least as long as they have to be, and no more than fit.
    stride = stride if struct.calcsize(form) <= stride <= layout.counts_at else struct.calcsize(form)
    count = min(count, layout.counts_at // stride)
    entries: list[Entry] = list(_record(form, stride).iter_unpack(data[: count * stride]))
    return Page(level, [_key(kind, entry) for entry in entries], entries)


def _key(kind: int, entry: Entry) -> int:
    return entry[0] & 0xFFFFFFFF if kind == NODES else entry[0] & ~1


class Scan:
    """All leaf pages that lie in a store, whether or not a tree leads to them; looked for once, when a page is lost.

    Of two entries of one key that of the page with the higher id counts: it was written later.
    """

    def __init__(self, source: ByteSource, layout: Layout) -> None:
        self._source = source
        self._layout = layout
        self._found: dict[int, Entries] | None = None

    def entries(self, kind: int) -> Entries:
        """Return the entries of a tree by key."""
        if self._found is None:
            self._found = self._scanned()
        return self._found[kind]

    def _scanned(self) -> dict[int, Entries]:
        layout, pages = self._layout, list[tuple[int, int, Page]]()
        at = 0
        for block in blocks(self._source, 0, self._source.size):
            for start in range(0, len(block) - layout.page_bytes + 1, layout.page_bytes):
                kind = block[start + layout.trailer_at]
                if kind in (BLOCKS, NODES):
                    data = block[start : start + layout.page_bytes]
                    trailer = layout.trailer.unpack_from(data, layout.trailer_at)
                    crc, number = (trailer[place] for place in layout.trailer_order)
                    page = decode_page(data, layout, kind)
                    whole = page is not None and checksum(data[: layout.trailer_at]) == crc
                    right = page is not None and not page.level and trailer[2] == signature(at + start, number)
                    if page and whole and right and len(pages) < MOST_PAGES:
                        pages.append((number, kind, page))
            at += len(block)
        found: dict[int, Entries] = {BLOCKS: {}, NODES: {}}
        for _, kind, page in sorted(pages, key=lambda one: one[0]):
            found[kind].update(zip(page.keys, page.entries, strict=True))
        return {kind: dict(sorted(entries.items())) for kind, entries in found.items()}


class Tree:
    """One of the trees, read page by page as it is asked.

    Attributes:
        pages: pages that a walk over all met.
        doubtful: whether its root may not be the right one: then leaf pages to which it does not lead count too.
    """

    def __init__(self, source: ByteSource, layout: Layout, kind: int, root: Reference, scan: Scan, odd: Odd) -> None:
        self._source = source
        self._layout = layout
        self._kind = kind
        self._root = root
        self._scan = scan
        self._odd = odd
        self._held: OrderedDict[int, Page | None] = OrderedDict()
        self.pages = 0
        self.doubtful = False

    def find(self, key: int) -> Entry | None:
        """Return the entry of a key."""
        number, offset, level = self._root.number, self._root.offset, -1
        lost = self.doubtful
        while (page := self._page(number, offset, level)) is not None:
            if not page.whole:
                lost = True
                if (found := self._scan.entries(self._kind).get(key)) is not None:
                    return found
            at = bisect_right(page.keys, key) - 1
            if at >= 0 and not page.level and page.keys[at] == key:
                return page.entries[at]
            if at < 0 or not page.level:
                break
            _, number, offset = page.entries[at]
            level = page.level - 1
        return self._scan.entries(self._kind).get(key) if lost or page is None else None

    def entries(self, start: int = 0) -> Iterator[tuple[int, Entry]]:
        """Yield keys and entries in ascending order, from *start* on."""
        if not self.doubtful:
            yield from self._walked(start)
            return
        found = dict(self._walked(start))
        beside = {key: entry for key, entry in self._scan.entries(self._kind).items() if key >= start}
        text = f"{len(beside.keys() - found.keys())} entries stand on pages to which no root leads; they were read too"
        self._note("page", self._root.offset, text)
        yield from sorted((beside | found).items())

    def _walked(self, start: int) -> Iterator[tuple[int, Entry]]:
        last = start - 1
        met: set[int] = set()
        stack: list[tuple[int, int, int, int]] = [(self._root.number, self._root.offset, -1, 1 << 64)]
        while stack:
            number, offset, level, until = stack.pop()
            if offset in met:
                self._note("page", offset, "a page that stands at two places of the tree; read once")
                continue
            met.add(offset)
            page = self._page(number, offset, level)
            instead = self._instead(page, last, until)
            below: list[tuple[int, Entry]] = []
            if instead or page is None:
                below = instead
            elif page.level:
                bounds = [*page.keys[1:], until]
                for (_, child, where), end in reversed(list(zip(page.entries, bounds, strict=True))):
                    if end > start:
                        stack.append((child, where, page.level - 1, min(end, until)))
            else:
                below = list(zip(page.keys, page.entries, strict=True))
            for key, entry in below:
                if key > last:
                    last = key
                    yield key, entry
                elif key >= start and not instead:
                    self._note("order", offset, f"entry 0x{key:x} does not ascend; left out")
        self.pages = len(met)

    def _instead(self, page: Page | None, last: int, until: int) -> list[tuple[int, Entry]]:
        """Return what stands for a page that is lost or not whole: entries of its range on leaf pages anywhere."""
        if page is not None and page.whole:
            return []
        found = {key: entry for key, entry in self._scan.entries(self._kind).items() if last < key < until}
        if page is None or page.level or not found:
            return list(found.items())
        own = {key: entry for key, entry in zip(page.keys, page.entries, strict=True) if last < key < until}
        return sorted((own | found).items())

    def _page(self, number: int, offset: int, level: int) -> Page | None:
        if offset in self._held:
            self._held.move_to_end(offset)
            page = self._held[offset]
            if page is None or level in (-1, page.level):
                return page
        page = self._held[offset] = self._read(number, offset, level)
        if len(self._held) > _HELD:
            self._held.popitem(last=False)
        return page

    def _read(self, number: int, offset: int, level: int) -> Page | None:
        layout = self._layout
        data = self._source.read(offset, offset + layout.page_bytes)
        page = decode_page(data, layout, self._kind)
        if page is None or level not in (-1, page.level):
            what = "a page that is none of this tree" if page is None else f"a page of level {page.level}, not {level}"
            rest = "leaf pages that lie elsewhere in the store stand for it, perhaps of an earlier state"
            self._note("page", offset, f"{what}: {rest}", len(data))
            return None
        trailer = layout.trailer.unpack_from(data, layout.trailer_at)
        crc, own = (trailer[place] for place in layout.trailer_order)
        if page.keys != (ascending := sorted(page.keys)):
            self._note("order", offset, "the entries of a page do not ascend: read as if they did")
            page = page._replace(
                keys=ascending, entries=sorted(page.entries, key=lambda entry: _key(self._kind, entry))
            )
        if checksum(data[: layout.trailer_at]) != crc:
            text = (
                "the checksum of a page does not hold: leaf pages elsewhere in the store go before it, if there are any"
            )
            self._note("page_crc", offset, text)
            return page._replace(whole=False)
        if own != number:
            self._note("page_id", offset, f"a page names itself 0x{own:x}, what leads to it 0x{number:x}")
        return page

    def _note(self, what: str, offset: int, text: str, unread: int = 0) -> None:
        path = f"pst:tree of {_TITLES[self._kind]}/page at 0x{offset:x}"
        code = {"page": "pst.page", "page_crc": "pst.page_crc", "page_id": "pst.page_id", "order": "pst.order"}[what]
        self._odd.add(code, text, path, offset, min(offset + self._layout.page_bytes, self._source.size), unread)
