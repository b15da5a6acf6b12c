"""A message of a store as properties, recipients and attachments, each value with its place in the stream of its node.

Source: [MS-PST] 2.4.5 and 2.4.6.
"""

from collections.abc import Iterator
from typing import NamedTuple

from forensics.errors import Malformed
from forensics.intake.windows import RangeBytes
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Notice
from forensics.model.locations import Locator, Step, StepKind
from forensics.parsers.mail.mapi.properties import Properties, Property, StoredAttachment, StoredMessage
from forensics.parsers.store._pst_blocks import UNKNOWN
from forensics.parsers.store._pst_frames import FrameNode
from forensics.parsers.store._pst_heap import CONTEXT, FIXED, Heap, Row, Table, Value, numbers, records, value_of

_RECIPIENTS, _ATTACHMENTS, _ATTACHMENT = 0x12, 0x11, 0x05
"""Types of subnodes."""
_SUBJECT, _CODEPAGE = 0x0037, 0x3FFD
_METHOD, _DATA = 0x3705, 0x3701
_OBJECT = 0x000D
_EMBEDDED = 5
_HELD_BYTES = 1_000_000
"""A longer value is read from the stream as it is asked for."""
_ROOM_BYTES = 32_000_000
"""So are all values beyond so much together."""
_MESSAGE = "store.pst_message"
"""Of `PARSERS`."""
_MOST = 10_000
"""Recipients or attachments of one message."""


def read_message(source: ByteSource) -> StoredMessage:
    """Read the stream of a message's node.

    Raises:
        ParseError: no whole frame stands there, or its node has no properties.
    """
    return _Reader(source).message()


class _Object(NamedTuple):
    """A node with its heap."""

    node: FrameNode
    heap: Heap


class _Reader:
    def __init__(self, source: ByteSource) -> None:
        self._source = source
        self._notices: list[Notice] = []
        self._codepage = 0
        self._room = _ROOM_BYTES

    def message(self) -> StoredMessage:
        top = _opened(FrameNode(self._source))
        if top.heap.client != CONTEXT:
            raise Malformed("the node of a message has no properties", offset=top.node.start)
        self._codepage = _codepage(top) or top.node.codepage
        self._lost(top.node, "mapi:")
        if self._source.size > top.node.end:
            self._note("pst.trailing", "bytes behind the message's frame", "mapi:", top.node.end, self._source.size)
        subnodes = top.node.subnodes()
        properties = self._context(top, "")
        recipients = self._recipients(top, subnodes)
        attachments = self._attachments(top, subnodes)
        return StoredMessage(
            size=self._source.size,
            properties=properties,
            recipients=recipients,
            attachments=attachments,
            notices=tuple(self._notices),
        )

    def _context(self, one: _Object, owner: str) -> Properties:
        names = one.node.names()
        found = [
            self._valued(one, owner, names, record.id << 16 | record.type, value_of(one.heap, record))
            for record in records(one.heap)
        ]
        return Properties(found, owner, self._codepage)

    def _valued(self, one: _Object, owner: str, names: dict[int, str], tag: int, place: Value | None) -> Property:
        path = f"mapi:{owner}0x{tag:08X}"
        number = tag >> 16
        span: tuple[int, int] | None = None
        if place is not None and place.block >= 0:
            span = one.node.place(place.block, place.start, place.end)
        elif place is not None:
            held = one.node.subnode(place.nid)
            if held is not None:
                span = held.data
                self._lost(held, path)
        if span is None:
            self._note("pst.value", f"the value of 0x{tag:08X} is not where its record says", path, 0, 0)
            return Property(
                id=number, type=tag & 0xFFFF, data=b"", locator=Locator(path=path), name=_name(names, number)
            )
        start, end = span
        if number == _SUBJECT:
            start += _prefix(self._source.read(start, min(start + 4, end)), tag & 0xFFFF)
        data = self._held(start, end)
        locator = Locator(ranges=((start, end),), path=path)
        return Property(id=number, type=tag & 0xFFFF, data=data, locator=locator, name=_name(names, number))

    def _held(self, start: int, end: int) -> bytes | ByteSource:
        """Return a range of the stream, copied where it is not too long, nor all copies together."""
        if end - start > min(_HELD_BYTES, self._room):
            return RangeBytes(self._source, start, end)
        self._room -= end - start
        return self._source.read(start, end)

    def _recipients(self, top: _Object, subnodes: list[int]) -> tuple[Properties, ...]:
        found: list[Properties] = []
        for nid in [nid for nid in subnodes if nid & 0x1F == _RECIPIENTS]:
            opened = self._opened_table(top, nid, "recipients")
            if opened is None:
                continue
            one, table = opened
            names = one.node.names()
            for position in table.order()[:_MOST]:
                row = table.cells(position)
                owner = f"recipient[{len(found)}]/"
                if row is None:
                    self._note(
                        "pst.row", "a row of the recipients is not there", f"mapi:{owner}", one.node.start, one.node.end
                    )
                    continue
                found.append(Properties(self._row(one, row, owner, names), owner, self._codepage))
            if table.rows > _MOST:
                self._note("pst.rows", f"{table.rows} recipients, of which {_MOST} are read", "mapi:recipient", 0, 0)
        return tuple(found)

    def _row(self, one: _Object, row: Row, owner: str, names: dict[int, str]) -> Iterator[Property]:
        for tag, place, in_heap in row.values():
            if in_heap or not isinstance(row.node, FrameNode):
                yield self._valued(one, owner, names, tag, place)
            else:
                yield self._valued(_Object(row.node, one.heap), owner, names, tag, place)

    def _opened_table(self, top: _Object, nid: int, what: str) -> tuple[_Object, Table] | None:
        node = top.node.subnode(nid)
        if node is None:
            return None
        one = _opened(node)
        table = Table(one.heap)
        self._lost(node, f"mapi:{what}")
        if not table.whole:
            text = f"the table of {what} cannot be read"
            self._note("pst.table", text, f"mapi:{what}", node.start, node.end, node.data[1] - node.data[0])
            return None
        return one, table

    def _attachments(self, top: _Object, subnodes: list[int]) -> tuple[StoredAttachment, ...]:
        listed: list[int] = []
        for nid in [nid for nid in subnodes if nid & 0x1F == _ATTACHMENTS]:
            opened = self._opened_table(top, nid, "attachments")
            if opened is not None:
                ids = opened[1].ids()
                listed += [ids[position] for position in opened[1].order()]
        there = [nid for nid in subnodes if nid & 0x1F == _ATTACHMENT]
        known = set(listed)
        beside = [nid for nid in there if nid not in known]
        found: list[StoredAttachment] = []
        for nid in [*dict.fromkeys(listed), *beside][:_MOST]:
            found.append(self._attachment(top, nid, len(found), listed=nid in known))
        if len(listed) + len(beside) > _MOST:
            self._note("pst.rows", f"more than {_MOST} attachments: the rest is not read", "mapi:attachment", 0, 0)
        return tuple(found)

    def _attachment(self, top: _Object, nid: int, index: int, *, listed: bool) -> StoredAttachment:
        owner = f"attachment[{index}]/"
        kept, self._notices = self._notices, []
        node = top.node.subnode(nid)
        span, format_id, properties = None, "", Properties((), owner, self._codepage)
        if node is None:
            text = f"the table of attachments lists 0x{nid:x}, and no such subnode is there"
            self._note("pst.attachment", text, f"mapi:{owner}", top.node.start, top.node.end)
        else:
            if not listed:
                text = f"attachment 0x{nid:x} is not in the table of attachments"
                self._note("pst.unlisted_attachment", text, f"mapi:{owner}", node.start, node.end)
            one = _opened(node)
            self._lost(node, f"mapi:{owner}")
            if one.heap.client != CONTEXT:
                text = "an attachment without properties"
                self._note("pst.attachment", text, f"mapi:{owner}", node.start, node.end, node.end - node.start)
            properties = self._context(one, owner)
            span, format_id = self._content(one, properties, owner)
        mine, self._notices = tuple(self._notices), kept
        start, end = span or (0, 0)
        # A message inside is an item of the store as its own are; other content is a stream without a name of its own.
        kind = StepKind.NODE if format_id else StepKind.STREAM
        step = Step(kind=kind, name=f"attachment[{index}]", index=index, start=start, end=end)
        content: bytes | ByteSource | None = None
        if span is not None:
            content = self._held(start, end)
        elif node is not None and not mine:
            content = b""
        return StoredAttachment(properties=properties, step=step, content=content, format=format_id, notices=mine)

    def _content(self, one: _Object, properties: Properties, owner: str) -> tuple[tuple[int, int] | None, str]:
        """Return the range of an attachment's content, and its format where it is a message."""
        held = properties.get(_DATA)
        method = properties.get(_METHOD)
        number = int.from_bytes(_bytes(method), "little") if method else 0
        if held is None:
            return None, ""
        if held.type != _OBJECT:
            return held.locator.ranges[0] if held.locator.ranges else None, ""
        nid = int.from_bytes(_bytes(held)[:4], "little")
        inner = one.node.subnode(nid)
        if inner is None:
            text = f"its content should be subnode 0x{nid:x}, which is not there"
            self._note("pst.attachment", text, f"mapi:{owner}", one.node.start, one.node.end)
            return None, ""
        if number == _EMBEDDED or _opened(inner).heap.client == CONTEXT:
            return (inner.start, inner.end), _MESSAGE
        self._lost(inner, f"mapi:{owner}")
        return inner.data, ""

    def _lost(self, node: FrameNode, path: str) -> None:
        """Say that the store could not give all of a node."""
        if node.missing:
            many = "some bytes" if node.missing == UNKNOWN else f"{node.missing} bytes"
            text = f"{many} of its data could not be read from the store"
            self._note("pst.missing", text, path, *node.data)

    def _note(self, code: str, text: str, path: str, start: int, end: int, unread: int = 0) -> None:
        locator = Locator(ranges=((start, end),) if end > start else (), path=path)
        self._notices.append(Notice(code=code, text=text, locator=locator, unread=unread))


def _opened(node: FrameNode) -> _Object:
    return _Object(node, Heap(node))


def _codepage(top: _Object) -> int:
    if _CODEPAGE not in numbers(top.heap):
        return 0
    found = [one.value for one in records(top.heap) if one.id == _CODEPAGE and one.type in FIXED]
    return found[0] if found and 0 < found[0] < 0x10000 else 0


def _prefix(head: bytes, kind: int) -> int:
    """Return the bytes of a subject that say how long its prefix is, and are none of its text."""
    width = 2 if kind == 0x001F else 1
    return 2 * width if len(head) >= 2 * width and head[:width] == (b"\1\0" if width == 2 else b"\1") else 0


def _bytes(one: Property) -> bytes:
    return one.data if isinstance(one.data, bytes) else one.data.read(0, 8)


def _name(names: dict[int, str], number: int) -> str:
    return names.get(number, "") if number >= 0x8000 else ""
