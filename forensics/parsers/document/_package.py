"""Zip packages of office documents: their parts as located layers."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

import msgspec

from forensics.errors import LimitExceeded, Malformed
from forensics.intake.windows import blocks
from forensics.model.byte_sources import ByteSource
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import quote
from forensics.parsers._gathering import Gathering, Layer
from forensics.parsers._xml import Element, read
from forensics.parsers.archive._zip_children import children
from forensics.parsers.archive._zip_member import Member
from forensics.parsers.archive.zip_structure import Directory, member_step, read_member
from forensics.parsers.document._part_names import plain
from forensics.replay.decoders import stream_of

HELD_BYTES = 1 << 24
"""Of the parts of one package that are kept for who asks for them again."""
TREE_BYTES = 1 << 20
"""Of the XML parts of one package that are kept read: a tree takes some twenty times as much."""


class Part(NamedTuple):
    """One XML part, read."""

    path: str
    """Start of every locator path in it: ``xml:docProps/core.xml``."""
    layer: Layer
    root: Element


class Package:
    """The parts of one package, found by name and without regard to case (OPC 6.2.2.3)."""

    def __init__(self, source: ByteSource, directory: Directory, context: ParseContext, gathering: Gathering) -> None:
        self._source = source
        self._context = context
        self._gathering = gathering
        self._held: dict[int, Layer] = {}
        self._room = HELD_BYTES
        self._read: dict[int, Part | None] = {}
        self._tree_room = TREE_BYTES
        self._names = list(dict.fromkeys([member.name for member in directory.members]))
        self._all = directory.members
        self._repeated: dict[bytes, bool] = {}
        self._members = {plain(member.name): member for member in directory.members}
        # A name written as it is meant comes before one that only resolves to it.
        self._members |= {member.name.lower(): member for member in directory.members}
        self._failed: set[int] = set()
        self._large: set[int] = set()

    def children(self, directory: Directory, parts: re.Pattern[bytes] | None) -> Iterator[ChildItem]:
        """Yield every member whose name *parts* does not match as a child item; ``None`` matches nothing."""
        wanted = [m for m in directory.members if parts is None or parts.match(m.name.replace(b"\\", b"/")) is None]
        limit = self._context.limits.children
        if len(wanted) > limit:
            unread = sum(map(_stored, wanted[limit:]))
            self._gathering.note(
                "children_limit", f"{len(wanted)} embedded files, limit children={limit}", None, unread
            )
        chosen = msgspec.structs.replace(directory, members=tuple(wanted[:limit]))
        yield from children(self._source, chosen, self._context)

    def find(self, name: bytes) -> Member | None:
        """Return the member of a part name; the last of equal names."""
        return self._members.get(plain(name)) if name else None

    def named(self, pattern: re.Pattern[bytes], most: int | None = None) -> list[bytes]:
        """Return the names of the parts that match, in the order of the directory; of more than *most* the first.

        Where that leaves some out there is a notice.
        """
        found = [name for name in self._names if pattern.fullmatch(name)]
        if most is not None and len(found) > most:
            text = f"{len(found)} parts of the kind of {quote(found[0])}, limit {most}; the rest was not looked through"
            self._gathering.note("part_limit", text)
        return found[:most]

    @property
    def names(self) -> list[bytes]:
        """Names of all members, each once, in the order of the directory."""
        return self._names

    def several(self, name: bytes) -> bool:
        """Whether more than one member has a name that means this part: readers differ on which they show."""
        if not self._repeated:
            spelled = Counter([plain(member.name) for member in self._all])
            self._repeated = {one: n > 1 for one, n in spelled.items()}
        return self._repeated.get(plain(name), False)

    def digest(self, name: bytes, method: str) -> bytes:
        """Return the digest of a part's bytes, which are not held.

        Raises:
            LimitExceeded: it, or what stands in the source file, decodes to too much.
            Malformed: it cannot be decoded, or there is no such part.
        """
        member = self.find(name)
        if member is None or member.encrypted or not member.decoder or member.local is None:
            raise Malformed("the part cannot be decoded", member.header_start if member else 0)
        budget, hashed = self._context.budget, hashlib.new(method, usedforsecurity=False)
        left = min(self._context.limits.expansion, budget.left) if budget else self._context.limits.expansion
        if member.size > left:
            raise LimitExceeded(f"the part states {member.size} bytes, more than {left}", member.header_start)
        total = 0
        try:
            for block in stream_of(member.decoder)(blocks(self._source, member.data_start, member.data_end)):
                total += len(block)
                if total > member.size:
                    break
                hashed.update(block)
        finally:
            if budget:  # what was decoded in vain was decoded too
                budget.spend(min(total, budget.left))
        if total != member.size:
            raise Malformed(f"the part decodes to {total} bytes, not {member.size}", member.data_start)
        return hashed.digest()

    def layer(self, name: bytes) -> Layer | None:
        """Return a part's bytes, or ``None`` if there is none or it cannot be read (then there is one notice)."""
        member = self.find(name)
        if member is None or member.index in self._failed:
            return None
        if member.index in self._held:
            return self._held[member.index]
        limit, budget = self._context.limits.xml_bytes, self._context.budget
        try:
            data = read_member(self._source, member, min(limit, budget.left) if budget else limit)
        except LimitExceeded as error:
            self._failed.add(member.index)
            self._gathering.note(
                "part_limit", f"part {quote(member.name)} was not read: {error}", None, _stored(member)
            )
            return None
        except Malformed as error:
            self._failed.add(member.index)
            text = f"part {quote(member.name)} could not be read: {error}"
            self._gathering.note("part_unread", text, None, _stored(member))
            return None
        if budget:
            budget.spend(len(data))
        layer = Layer(data, steps=(member_step(member, hashlib.sha256(data).hexdigest()),))
        if len(data) <= self._room:
            self._room -= len(data)
            self._held[member.index] = layer
        return layer

    def small(self, name: bytes, most: int) -> Layer | None:
        """Return a part's bytes; of one of more than *most* ``None`` (then there is one notice), or like `layer`."""
        member = self.find(name)
        if member is None or member.size <= most:
            return self.layer(name)
        if member.index not in self._large:
            self._large.add(member.index)
            text = f"part {quote(member.name)} of {member.size:,} bytes was not looked through, limit {most:,}"
            self._gathering.note("part_limit", text)
        return None

    def part(self, name: bytes) -> Part | None:
        """Return an XML part, or ``None`` like `layer`."""
        member, layer = self.find(name), self.layer(name)
        if member is None or layer is None:
            return None
        if member.index in self._read:
            return self._read[member.index]
        path = f"xml:{quote(member.name)}"
        root = read(layer.data, path, self._context.limits.xml_bytes)
        if isinstance(root, Notice):
            self._gathering.notices.append(msgspec.structs.replace(root, unread=_stored(member)))
            self._read[member.index] = None
            return None
        part = Part(path, layer, root)
        if len(layer.data) <= self._tree_room:
            self._tree_room -= len(layer.data)
            self._read[member.index] = part
        return part


def _stored(member: Member) -> int:
    """Return the bytes that a member is stored in."""
    return member.data_end - member.data_start
