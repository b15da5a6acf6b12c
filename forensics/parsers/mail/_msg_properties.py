"""Properties of one object of an Outlook message: its list, its streams, and the names of named ones.

Source: [MS-OXMSG] 2.2 to 2.4.
"""

import re
import struct
from collections.abc import Iterator, Mapping
from uuid import UUID

from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice
from forensics.model.locations import Locator, Step, StepKind
from forensics.parsers._compound import STREAM, Node, Pieces, Storage
from forensics.parsers.mail._msg_storage import NAMES
from forensics.parsers.mail.mapi.properties import Properties, Property
from forensics.parsers.mail.mapi.values import STRING, STRING8

LIST = "__properties_version1.0"
_VALUE = re.compile(r"__substg1\.0_([0-9A-Fa-f]{8})(?:-([0-9A-Fa-f]{8}))?")
_ITEM = struct.Struct("<II")
_ITEM_BYTES = 16
_FIXED = {
    0x0002: 2,
    0x0003: 4,
    0x0004: 4,
    0x0005: 8,
    0x0006: 8,
    0x0007: 8,
    0x000A: 4,
    0x000B: 2,
    0x0014: 8,
    0x0040: 8,
}
"""Types whose values stand in the list itself, and their bytes."""
_MULTIPLE = 0x1000
_ENDS = {STRING: 2, STRING8: 1}
"""Bytes of the NUL that the list counts and the stream lacks."""
_OBJECT = 0x000D
_PS_MAPI, _PS_PUBLIC = "00020328-0000-0000-c000-000000000046", "00020329-0000-0000-c000-000000000046"
_FIRST_NAMED = 0x8000
_MOST_NAMED = 0x7FFF


class Reader:
    """Reads the objects of one message.

    Args:
        source: the message.
        storage: its storages.
        most: bytes of a value that are held in memory.

    Attributes:
        notices: what was odd.
        unread: streams that are no property's, as they are met.
    """

    def __init__(self, source: ByteSource, storage: Storage, most: int) -> None:
        self._source, self._storage, self._most = source, storage, most
        self.notices: list[Notice] = []
        self._names: Mapping[int, str] | None = None

    def data(self, node: Node) -> bytes | ByteSource:
        """Return what a stream holds: in memory, or as a source where that is too much."""
        pieces = Pieces(self._source, node.ranges)
        return pieces if pieces.size > self._most else pieces.read(0, pieces.size)

    def place(self, node: Node, path: str) -> Locator:
        """Return where a stream stands: its range, or its own layer where it is in several pieces."""
        if len(node.ranges) <= 1:
            return Locator(ranges=node.ranges or ((node.times_at, node.times_at),), path=path)
        return Locator(ranges=((0, node.held),), path=path, steps=(self.step(node),))

    def step(self, node: Node, sha256: str = "") -> Step:
        """Return the step to what a stream holds."""
        if len(node.ranges) <= 1:
            start, end = node.ranges[0] if node.ranges else (node.times_at, node.times_at)
            return Step(kind=StepKind.STREAM, name=node.path, start=start, end=end, sha256=sha256)
        decoder = f"ole-stream/1:{node.path}"
        return Step(
            kind=StepKind.STREAM, name=node.path, start=0, end=self._source.size, decoder=decoder, sha256=sha256
        )

    def properties(self, folder: str, head: int, owner: str = "", codepage: int = 0) -> Properties:
        """Return the properties of an object.

        Args:
            folder: path of its storage.
            head: bytes before the first item of its list.
            owner: see `Properties`.
            codepage: likewise.
        """
        prefix = f"{folder}/" if folder else ""
        streams, several = self._streams(folder, prefix)
        found: list[Property] = []
        listed = self._storage.nodes.get(prefix + LIST)
        if listed is None or listed.kind != STREAM:
            self._notice("msg.no_properties", f"{prefix + LIST}: not there", None)
        else:
            found += self._listed(listed, head, owner, streams, several)
        for tag, node in streams.items():
            found.append(self._of_stream(tag, node, owner))
        for tag, nodes in several.items():
            found += self._of_streams(tag, nodes, owner)
        if any(one.id >= _FIRST_NAMED for one in found):
            found = [self._named(one) for one in found]
        return Properties(found, owner, codepage)

    def _streams(self, folder: str, prefix: str) -> tuple[dict[int, Node], dict[int, dict[int, Node]]]:
        """Return the values of a storage by tag, and those of many by tag and position."""
        streams: dict[int, Node] = {}
        several: dict[int, dict[int, Node]] = {}
        nodes = self._storage.nodes
        for name in self._storage.below(folder):
            value = _VALUE.fullmatch(name)
            node = nodes[prefix + name]
            if value is None or node.kind != STREAM:
                continue
            tag = int(value[1], 16)
            if value[2] is not None:
                several.setdefault(tag, {})[int(value[2], 16)] = node
            elif not (tag & _MULTIPLE and tag & 0xFFF in (STRING, STRING8, 0x102)):
                streams[tag] = node  # else it holds the sizes of the values
        return streams, several

    def _listed(
        self,
        listed: Node,
        head: int,
        owner: str,
        streams: dict[int, Node],
        several: dict[int, dict[int, Node]],
    ) -> Iterator[Property]:
        data = Pieces(self._source, listed.ranges).read(0, self._most)
        if (rest := (len(data) - head) % _ITEM_BYTES) or len(data) < head:
            text = f"{listed.path}: {len(data):,} bytes, which is no whole number of properties"
            self._notice("msg.properties", text, listed, rest if len(data) >= head else len(data))
        contiguous = len(listed.ranges) == 1
        base = listed.ranges[0][0] if contiguous else 0
        steps = () if contiguous else (self.step(listed),)
        for at in range(head, len(data) - _ITEM_BYTES + 1, _ITEM_BYTES):
            tag, _ = _ITEM.unpack_from(data, at)
            kind = tag & 0xFFFF
            size = _FIXED.get(kind)
            if size is not None:
                start = at + 8
                place = Locator(
                    ranges=((base + start, base + start + size),), path=f"mapi:{owner}0x{tag:08X}", steps=steps
                )
                yield Property(id=tag >> 16, type=kind, data=data[start : start + size], locator=place)
            elif (node := streams.pop(tag, None)) is not None:
                stated = int.from_bytes(data[at + 8 : at + 12], "little")
                if stated != node.held + _ENDS.get(kind, 0) and stated != node.held:
                    self._notice("msg.size", f"{node.path}: {stated:,} bytes stated, {node.held:,} there", node)
                yield self._of_stream(tag, node, owner)
            elif (nodes := several.pop(tag, None)) is not None:
                yield from self._of_streams(tag, nodes, owner)
            elif kind != _OBJECT and kind & _MULTIPLE == 0 and int.from_bytes(data[at + 8 : at + 12], "little") > 2:
                place = Locator(
                    ranges=((base + at, base + at + _ITEM_BYTES),), path=f"mapi:{owner}0x{tag:08X}", steps=steps
                )
                text = "a property in the list of which no value is there"
                self.notices.append(Notice(code="msg.no_value", text=text, locator=place))

    def _of_stream(self, tag: int, node: Node, owner: str) -> Property:
        place = self.place(node, f"mapi:{owner}0x{tag:08X}")
        return Property(id=tag >> 16, type=tag & 0xFFFF, data=self.data(node), locator=place)

    def _of_streams(self, tag: int, nodes: dict[int, Node], owner: str) -> Iterator[Property]:
        for position in sorted(nodes):
            place = self.place(nodes[position], f"mapi:{owner}0x{tag:08X}[{position}]")
            data = self.data(nodes[position])
            yield Property(id=tag >> 16, type=tag & 0xFFFF & ~_MULTIPLE, data=data, locator=place)

    def _named(self, one: Property) -> Property:
        if one.id < _FIRST_NAMED:
            return one
        if self._names is None:
            self._names = dict(self._read_names())
        name = self._names.get(one.id, "")
        return Property(id=one.id, type=one.type, data=one.data, locator=one.locator, name=name) if name else one

    def _read_names(self) -> Iterator[tuple[int, str]]:
        """Yield the numbers of named properties and their names."""
        sets, entries, texts = [self._name_stream(tag) for tag in ("00020102", "00030102", "00040102")]
        for at in range(0, min(len(entries), 8 * _MOST_NAMED) - 7, 8):
            name, kind, number = struct.unpack_from("<IHH", entries, at)
            index = kind >> 1
            start = 16 * (index - 3)
            if index == 1:
                space = _PS_MAPI
            elif index == 2:
                space = _PS_PUBLIC
            elif index >= 3 and len(sets) >= start + 16:
                space = str(UUID(bytes_le=sets[start : start + 16]))
            else:
                continue
            said = f"0x{name:04X}"
            if kind & 1:
                size = int.from_bytes(texts[name : name + 4], "little")
                said = texts[name + 4 : name + 4 + min(size, 1000)].decode("utf-16-le", "replace")
            yield _FIRST_NAMED + number, f"{{{space.upper()}}}/{said}"

    def _name_stream(self, tag: str) -> bytes:
        node = self._storage.nodes.get(f"{NAMES}/__substg1.0_{tag}")
        return Pieces(self._source, node.ranges).read(0, self._most) if node is not None else b""

    def _notice(self, code: str, text: str, node: Node | None, unread: int = 0) -> None:
        place = Locator(ranges=node.ranges, path=f"ole:{node.path}") if node is not None else None
        self.notices.append(Notice(code=code, text=text, locator=place, unread=unread))
