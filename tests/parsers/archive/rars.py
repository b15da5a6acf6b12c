"""RAR archives whose every header field may lie, and a reader that replays what it finds.

They are packed by hand: literals alone, each of eight bits.
"""

import zlib
from collections.abc import Iterable

from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Notice
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers.archive import rar
from tests.parsers.archive import replays

MARK4, MARK5 = b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0"
DOS = (0x48E5 << 16 | 0x5C2B).to_bytes(4, "little")  # 2016-07-05 11:33:22
UNIX = (1467718402).to_bytes(4, "little")  # 2016-07-05 11:33:22 UTC


def _bits(pairs: Iterable[tuple[int, int]]) -> bytes:
    text = "".join([format(value, f"0{width}b") for value, width in pairs])
    return int(text, 2).to_bytes(len(text) // 8, "big")


def packed4(data: bytes) -> bytes:
    """Method of RAR 3: a table that gives each literal its own eight bits, and 148 symbols none."""
    lengths = [({8: 1, 18: 2, 19: 2}.get(place, 0), 4) for place in range(20)]
    table = [(0, 1), (0, 1), *lengths, *[(0, 1)] * 256, (3, 2), (127, 7), (2, 2), (7, 3)]
    return _bits(table) + data


def packed5(data: bytes) -> bytes:
    """Method of RAR 5: the same for 174 symbols, in one block."""
    lengths = [(1 if place in (8, 19) else 0, 4) for place in range(20)]
    body = _bits([*lengths, *[(0, 1)] * 256, (1, 1), (127, 7), (1, 1), (25, 7)]) + data
    size = len(body).to_bytes(3, "little")
    flags = 0x80 | 0x40 | 2 << 3 | 7
    return bytes((flags, 0x5A ^ flags ^ size[0] ^ size[1] ^ size[2])) + size + body


def block4(kind: int, flags: int, body: bytes, data: bytes = b"") -> bytes:
    raw = bytes((kind,)) + flags.to_bytes(2, "little") + (7 + len(body)).to_bytes(2, "little") + body
    return (zlib.crc32(raw) & 0xFFFF).to_bytes(2, "little") + raw + data


def file4(
    name: bytes,
    data: bytes,
    *,
    stored: bytes | None = None,
    method: int = 0x30,
    flags: int = 0,
    host: int = 3,
    attributes: int = 0o100644,
    version: int = 29,
    crc: int | None = None,
    more: bytes = b"",
) -> bytes:
    stored = data if stored is None else stored
    body = b"".join(
        (
            len(stored).to_bytes(4, "little"),
            len(data).to_bytes(4, "little"),
            bytes((host,)),
            (zlib.crc32(data) if crc is None else crc).to_bytes(4, "little"),
            DOS,
            bytes((version, method)),
            len(name).to_bytes(2, "little"),
            attributes.to_bytes(4, "little"),
            name,
            more,
        )
    )
    return block4(0x74, 0x8000 | flags, body, stored)


def archive4(*blocks: bytes, flags: int = 0, end: bool = True) -> bytes:
    ended = block4(0x7B, 0x4000, b"") if end else b""
    return MARK4 + block4(0x73, flags, bytes(6)) + b"".join(blocks) + ended


def vint(number: int) -> bytes:
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out) + bytes((number,))


def block5(kind: int, body: bytes, data: bytes | None = None, *, extra: bytes = b"", flags: int = 0) -> bytes:
    flags |= bool(extra) | (data is not None) << 1
    inner = vint(kind) + vint(flags) + (vint(len(extra)) if extra else b"")
    inner += (vint(len(data)) if data is not None else b"") + body + extra
    raw = vint(len(inner)) + inner
    return zlib.crc32(raw).to_bytes(4, "little") + raw + (data or b"")


def record(kind: int, data: bytes) -> bytes:
    body = vint(kind) + data
    return vint(len(body)) + body


def file5(
    name: bytes,
    data: bytes,
    *,
    stored: bytes | None = None,
    method: int = 0,
    solid: bool = False,
    directory: bool = False,
    host: int = 1,
    attributes: int = 0o100644,
    extra: bytes = b"",
    crc: int | None = None,
    dictionary: int = 0,
    flags: int = 0,
) -> bytes:
    stored = data if stored is None else stored
    body = b"".join(
        (
            vint(6 | directory),
            vint(len(data)),
            vint(attributes),
            UNIX,
            (zlib.crc32(data) if crc is None else crc).to_bytes(4, "little"),
            vint(solid << 6 | method << 7 | dictionary << 10),
            vint(host),
            vint(len(name)),
            name,
        )
    )
    return block5(2, body, stored, extra=extra, flags=flags)


def archive5(*blocks: bytes, flags: int = 0, extra: bytes = b"", end: bool = True) -> bytes:
    return MARK5 + block5(1, vint(flags), extra=extra) + b"".join(blocks) + (block5(5, vint(0)) if end else b"")


WHERE = Location((Step(kind=StepKind.FILE, name="a.rar", start=0, end=0, source="s"),))
ONE, TWO, THREE = b"first text " * 20, b"the second one", b"third " * 9
PACKED4 = archive4(
    file4(b"one.txt", ONE, stored=packed4(ONE), method=0x33),
    file4(b"two", TWO),
    file4(b"dir", b"", flags=0xE0, attributes=0o040755),
)
PACKED5 = archive5(
    file5(b"one.txt", ONE, stored=packed5(ONE), method=3),
    file5(b"two", TWO),
    file5(b"dir", b"", directory=True, attributes=0o040755),
)
SOLID4 = archive4(
    file4(b"one.txt", ONE, stored=packed4(ONE), method=0x33),
    # The table of the first file holds for the second.
    file4(b"two", TWO, stored=TWO, method=0x33, flags=0x10),
    file4(b"three", THREE, flags=0x10),
    flags=8,
)
SOLID5 = archive5(
    file5(b"one.txt", ONE, stored=packed5(ONE), method=3),
    file5(b"two", TWO, stored=packed5(TWO), method=3, solid=True),
    file5(b"three", THREE, solid=True),
    flags=4,
)


def read(data: bytes, **context: object) -> tuple[ArchiveFacts, list[ChildItem], list[Notice]]:
    """Replay what the parser gives; every fact has a path of its own."""
    facts, children, notices = replays.read(rar.parse, WHERE, data, **context)
    paths = [fact.locator.path for fact in replays.placed(facts)]
    assert len(set(paths)) == len(paths)
    return facts, children, notices


def said(facts: ArchiveFacts, index: int = 0) -> dict[str, str]:
    return {fact.name.removeprefix("rar.member."): fact.value for fact in facts.members[index].said}
