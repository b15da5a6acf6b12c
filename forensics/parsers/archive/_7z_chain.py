"""The coders of a 7z folder as a tree, and as the text that a step names, from which it can be decoded alone.

The text: ``METHOD.PROPERTIES~SIZE(INPUTS)`` for each coder, method and properties in hex, size what it gives;
``@START-END`` for a packed stream, in bytes from the start of the step's range; ``=CRC.SIZE`` behind it all where a
password is needed: the CRC-32 of the first bytes that the right one gives.

Source: 7zFormat.txt and Methods.txt of the 7-Zip sources.
"""

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple, Union

from forensics.errors import Malformed
from forensics.parsers.archive._7z_header import Folder

AES = bytes.fromhex("06f10701")
BCJ2 = bytes.fromhex("0303011b")
LZMA, LZMA2, PPMD = bytes.fromhex("030101"), b"\x21", bytes.fromhex("030401")
COPY, DELTA = b"\0", b"\3"
DEFLATE, DEFLATE64, BZIP2 = (bytes.fromhex(each) for each in ("040108", "040109", "040202"))
ZSTD, BROTLI, LZ4 = (bytes.fromhex(each) for each in ("04f71101", "04f71102", "04f71104"))

NAMES = {
    COPY: "Copy",
    DELTA: "Delta",
    b"\4": "BCJ",
    b"\5": "PPC",
    b"\6": "IA64",
    b"\7": "ARM",
    b"\x08": "ARMT",
    b"\x09": "SPARC",
    b"\x0a": "ARM64",
    b"\x0b": "RISCV",
    LZMA2: "LZMA2",
    bytes.fromhex("020302"): "Swap2",
    bytes.fromhex("020304"): "Swap4",
    LZMA: "LZMA",
    bytes.fromhex("03030103"): "BCJ",
    BCJ2: "BCJ2",
    bytes.fromhex("03030205"): "PPC",
    bytes.fromhex("03030401"): "IA64",
    bytes.fromhex("03030501"): "ARM",
    bytes.fromhex("03030701"): "ARMT",
    bytes.fromhex("03030805"): "SPARC",
    PPMD: "PPMd",
    DEFLATE: "Deflate",
    DEFLATE64: "Deflate64",
    BZIP2: "BZip2",
    ZSTD: "Zstandard",
    BROTLI: "Brotli",
    LZ4: "LZ4",
    bytes.fromhex("04f71105"): "LZ5",
    bytes.fromhex("04f71106"): "Lizard",
    AES: "AES-256",
}
"""Methods by number; of some there are two."""
_TOKEN = re.compile(r"([0-9a-f]{2,30})(?:\.([0-9a-f]{2,131072}))?~(\d{1,20})|@(\d{1,20})-(\d{1,20})|([(),])")
_CHECK = re.compile(r"=([0-9a-f]{8})\.(\d{1,20})")
_DEPTH = 32


class Packed(NamedTuple):
    """A packed stream."""

    start: int
    end: int
    """In bytes from the start of the range."""


class Node(NamedTuple):
    """A coder and what feeds it."""

    method: bytes
    properties: bytes
    size: int
    """Bytes that it gives."""
    inputs: tuple[Union["Node", Packed], ...]

    @property
    def coders(self) -> Iterator["Node"]:
        """Yield it and all below it."""
        yield self
        for each in self.inputs:
            if isinstance(each, Node):
                yield from each.coders

    @property
    def text(self) -> str:
        """Its part of a step's text."""
        properties = f".{self.properties.hex()}" if self.properties else ""
        inputs = ",".join([f"@{one.start}-{one.end}" if isinstance(one, Packed) else one.text for one in self.inputs])
        return f"{self.method.hex()}{properties}~{self.size}({inputs})"

    @property
    def words(self) -> str:
        """Its methods for people, in the order in which they packed."""
        return " + ".join([name_of(each) for each in self.coders])


class Chain(NamedTuple):
    """What turns a range into what a folder holds."""

    root: Node
    crc: int | None = None
    """Tells the right password: CRC-32 of the first ``checked`` bytes; ``None``: nothing does, or none is needed."""
    checked: int = 0

    @property
    def text(self) -> str:
        """The parameter of a step's decoder."""
        return self.root.text + (f"={self.crc:08x}.{self.checked}" if self.crc is not None else "")

    @property
    def encrypted(self) -> bool:
        """Whether a password is needed."""
        return any(each.method == AES for each in self.root.coders)


def name_of(node: Node) -> str:
    """Return what a coder is called, with the parameters that people know it by."""
    name = NAMES.get(node.method, f"method {node.method.hex()}")
    properties = node.properties
    if node.method == LZMA and len(properties) == 5:
        return f"{name} (dictionary {int.from_bytes(properties[1:], 'little')})"
    if node.method == LZMA2 and len(properties) == 1 and properties[0] <= 40:
        return f"{name} (dictionary {lzma2_dictionary(properties[0])})"
    if node.method == PPMD and len(properties) >= 5:
        return f"{name} (order {properties[0]}, memory {int.from_bytes(properties[1:5], 'little')})"
    if node.method == DELTA and len(properties) == 1:
        return f"{name} (distance {properties[0] + 1})"
    return name


def lzma2_dictionary(code: int) -> int:
    """Return the size of a dictionary as LZMA2 writes it."""
    return 0xFFFFFFFF if code == 40 else (2 | code & 1) << code // 2 + 11


def tree(folder: Folder, sizes: Sequence[int], packed: Sequence[int]) -> Node:
    """Return the coders of a folder as a tree.

    Args:
        folder: its description.
        sizes: what each coder gives.
        packed: sizes of its packed streams, which stand one behind the other.

    Raises:
        Malformed: the coders feed each other in a circle.
    """
    places, at = [], 0
    for size in packed:
        places.append(Packed(at, at + size))
        at += size
    firsts, at = [], 0
    for coder in folder.coders:
        firsts.append(at)
        at += coder.inputs
    feeds = dict(folder.binds)
    used: set[int] = set()

    def node(place: int) -> Node:
        if place in used:
            raise Malformed("the coders of a folder feed each other in a circle", folder.start)
        used.add(place)
        coder = folder.coders[place]
        inputs = [
            node(feeds[each]) if each in feeds else places[folder.packed.index(each)]
            for each in range(firsts[place], firsts[place] + coder.inputs)
        ]
        return Node(coder.method, coder.properties, sizes[place], tuple(inputs))

    bound = {output for _, output in folder.binds}
    roots = [place for place in range(len(folder.coders)) if place not in bound]
    if len(roots) != 1:
        raise Malformed("the coders of a folder feed each other in a circle", folder.start)
    root = node(roots[0])
    if len(used) != len(folder.coders):
        raise Malformed("the coders of a folder feed each other in a circle", folder.start)
    return root


def chain_of(text: str) -> Chain | None:
    """Undo `Chain.text`; ``None`` where it is no such text."""
    body, mark, check = text.partition("=")
    found = _CHECK.fullmatch(mark + check) if mark else None
    if mark and found is None:
        return None
    root = _node(body)
    if root is None:
        return None
    return Chain(root, int(found[1], 16), int(found[2])) if found else Chain(root)


def _node(text: str) -> Node | None:
    """Read one coder with all below it."""
    open_: list[tuple[bytes, bytes, int, list[Node | Packed]]] = []
    at, done = 0, None
    while done is None:
        token = _TOKEN.match(text, at)
        if token is None or len(open_) > _DEPTH:
            return None
        at = token.end()
        method, properties, size, start, end, mark = token.groups()
        if method:
            if text[at : at + 1] != "(" or len(method) % 2 or len(properties or "") % 2:
                return None
            at += 1
            open_.append((bytes.fromhex(method), bytes.fromhex(properties or ""), int(size), []))
        elif not open_ or mark == "(":
            return None
        elif start:
            open_[-1][3].append(Packed(int(start), int(end)))
        elif mark == ")":
            number, parameters, stated, inputs = open_.pop()
            made = Node(number, parameters, stated, tuple(inputs))
            if open_:
                open_[-1][3].append(made)
            else:
                done = made
    return done if at == len(text) else None
