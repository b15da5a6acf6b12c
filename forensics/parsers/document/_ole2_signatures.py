"""The digital signatures of an old Office document: in XML over its streams, and the older ones of CryptoAPI.

Source: [MS-OFFCRYPTO] 2.5.1.2, 2.5.1.3 (CryptoAPI), 2.5.2 (XML); [MS-XLS] 2.1.7.21 (the user's name is not signed);
names of streams as Office writes them: `&#1;CompObj`.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterator

from msgspec.structs import replace

from forensics.errors import LimitExceeded, Malformed
from forensics.model.byte_sources import ByteSource
from forensics.model.document_signatures import DocumentSignature
from forensics.model.facts import ClockKind, Description
from forensics.model.items import Notice, ParseContext
from forensics.model.locations import unquote
from forensics.model.time_kinds import TimeKind
from forensics.parsers._compound_stream import Stream
from forensics.parsers._compound_tree import STREAM, Node, Pieces, Storage
from forensics.parsers._counted_times import filetime, in_utc
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._xml import read
from forensics.parsers.document._package import Part
from forensics.parsers.document._part_names import plain
from forensics.parsers.document._signatures import Kept, signatures
from forensics.parsers.document._xls_facts import END, WORKBOOKS, WRITE_ACCESS, records

_FOLDER, _OLDER = "_xmlsignatures/", "_signatures"
_BLOCK = 1 << 20
_WORKBOOK_BYTES = 1 << 26
"""Of a workbook's stream of which a digest is made."""
_USER = b"current user"
"""The stream of a presentation in which the last user stands."""
_CONTROL = re.compile(rb"[\x01-\x1f]")
_TEXTS = re.compile(rb"WordDocument|Workbook|Book|PowerPoint Document", re.IGNORECASE)
_HEAD_BYTES, _TIMES_AT, _SIGNER_BYTES = 4, 12, 28


class Streams:
    """The streams of a compound file, by their names as signatures write them.

    Args:
        skipped: ranges of a stream of this name that are not signed.
    """

    def __init__(
        self,
        source: ByteSource,
        storage: Storage,
        context: ParseContext,
        gathering: Gathering,
        skipped: Callable[[str, bytes], list[tuple[int, int]]],
    ) -> None:
        self._source, self._context, self._gathering, self._skipped = source, context, gathering, skipped
        nodes = [node for node in storage.nodes.values() if node.kind == STREAM]
        self._nodes = {plain(_written(node)): node for node in nodes}
        self._names = [_written(node) for node in nodes]
        self._repeated = Counter([plain(name) for name in self._names])

    @property
    def names(self) -> list[bytes]:
        """Names of all streams."""
        return self._names

    def find(self, name: bytes) -> Node | None:
        """Return the stream of a name."""
        return self._nodes.get(plain(name)) if name else None

    def several(self, name: bytes) -> bool:
        """Whether more than one stream has a name that means this."""
        return self._repeated[plain(name)] > 1

    def digest(self, name: bytes, method: str) -> bytes:
        """Return the digest of a stream, without what is not signed of it.

        Raises:
            Malformed: it breaks off, or there is none.
            LimitExceeded: it is too large.
        """
        node = self.find(name)
        if node is None or node.held < node.size:
            raise Malformed("the stream breaks off", 0)
        hashed, pieces = hashlib.new(method, usedforsecurity=False), Pieces(self._source, node.ranges)
        if node.path in WORKBOOKS:
            if node.size > _WORKBOOK_BYTES:
                raise LimitExceeded(f"the stream has {node.size} bytes, more than {_WORKBOOK_BYTES}", 0)
            data, at = pieces.read(0, node.size), 0
            for start, end in self._skipped(node.path, data):
                hashed.update(data[at:start])
                at = end
            hashed.update(data[at:])
            return hashed.digest()
        for start in range(0, node.size, _BLOCK):
            hashed.update(pieces.read(start, min(start + _BLOCK, node.size)))
        return hashed.digest()

    def layer(self, name: bytes) -> Layer | None:
        """Return a stream's bytes; their places are known where it stands in one piece."""
        node, most = self.find(name), self._context.limits.xml_bytes
        if node is None or node.size > most:
            return None
        stream = Stream(self._source, node, most)
        found = stream.ranges(0, len(stream.data))
        return Layer(stream.data, base=found[0][0] if found else 0, located=len(found) == 1)

    def part(self, name: bytes) -> Part | None:
        """Return the XML of a stream."""
        node, layer = self.find(name), self.layer(name)
        if node is None or layer is None:
            return None
        path = f"ole:{node.path}"
        root = read(layer.data, path, self._context.limits.xml_bytes)
        if isinstance(root, Notice):
            self._gathering.notices.append(replace(root, unread=node.held))
            return None
        return Part(path, layer, root)


def signature_facts(
    source: ByteSource, storage: Storage, context: ParseContext, gathering: Gathering
) -> tuple[list[DocumentSignature], set[str]]:
    """Return the signatures of a document, and the streams in which they stand.

    Facts:
        ``ole2.signature_older``: there is a stream of signatures of CryptoAPI, which are not tested.
    """
    named = {path for path, node in storage.nodes.items() if node.kind == STREAM and path.startswith(_FOLDER)}
    known = named | _older(source, storage, gathering)
    if not named:
        return [], known
    streams = Streams(source, storage, context, gathering, _unsigned)
    own = frozenset([plain(_written(storage.nodes[path])) for path in known])
    unproved = frozenset([_USER, *[plain(name.encode()) for name in WORKBOOKS]])
    kept = Kept(own, {}, _TEXTS, typed=False, unproved=unproved)
    return signatures(streams, [_written(storage.nodes[path]) for path in sorted(named)], kept, gathering), known


def _written(node: Node) -> bytes:
    """Return the name of a stream as signatures have it: a control character by its number."""
    return _CONTROL.sub(lambda found: b"&#%d;" % found[0][0], unquote(node.path))


def _unsigned(path: str, data: bytes) -> list[tuple[int, int]]:
    """Return what of a workbook Excel leaves out: the name of who has it open, up to the end of its first part."""
    found = list[tuple[int, int]]()
    for kind, start, end in records(data):
        if kind == WRITE_ACCESS:
            found.append((start, end))
        if kind == END:
            break
    return found


def _older(source: ByteSource, storage: Storage, gathering: Gathering) -> set[str]:
    """Add that there are signatures of CryptoAPI, and when the first says that it was made."""
    node = storage.nodes.get(_OLDER)
    if node is None or node.kind != STREAM:
        return set()
    stream = Stream(source, node, 1 << 22)
    gathering.add_fact("ole2.signature_older", _OLDER, stream.locator("head", 0, 4), stream.data[:4])
    text = f"{stream.path} holds signatures in the form of CryptoAPI; whether they hold is not tested"
    gathering.note("signature_untested", text, stream.locator("all", 0, len(stream.data)))
    for at in _signers(stream):
        raw = stream.data[at : at + 8]
        ticks = filetime(raw)
        if isinstance(ticks, int) and ticks > 0:
            where = stream.locator("SignTime", at, at + 8)
            gathering.add_stamp(
                in_utc(ticks, raw, where, TimeKind.DOCUMENT_SIGNED, Description.SIGNED, clock=ClockKind.APPLICATION)
            )
    return {node.path}


def _signers(stream: Stream) -> Iterator[int]:
    """Yield where the time of the first signature stands: behind the other certificates and the sizes of its own."""
    size = stream.number(0, 4)
    if size is not None:
        at = _HEAD_BYTES + size + _HEAD_BYTES
        if stream.number(at + _TIMES_AT + 8, 8) is not None and (stream.number(at, 4) or 0) >= _SIGNER_BYTES:
            yield at + _TIMES_AT + 8
