"""Discs by hand: sectors, descriptors, records, with everything that a test may want to break; and a reader of them."""

import struct

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers.archive import iso9660

SECTOR = 2048
TIME = bytes((116, 3, 4, 5, 6, 7, 4))
"""4 March 2016, 5:06:07 at +01:00."""


def both(value: int, size: int) -> bytes:
    return value.to_bytes(size, "little") + value.to_bytes(size, "big")


def susp(signature: bytes, data: bytes) -> bytes:
    return signature + bytes((len(data) + 4, 1)) + data


def px(mode: int) -> bytes:
    return susp(b"PX", both(mode, 4) + both(1, 4) + both(1000, 4) + both(100, 4))


def nm(name: bytes, flags: int = 0) -> bytes:
    return susp(b"NM", bytes((flags,)) + name)


def ce(block: int, offset: int, size: int) -> bytes:
    return susp(b"CE", both(block, 4) + both(offset, 4) + both(size, 4))


SP = susp(b"SP", b"\xbe\xef\0")


def record(
    name: bytes, block: int, size: int, flags: int = 0, use: bytes = b"", *, time: bytes = TIME, xar: int = 0
) -> bytes:
    """Return a directory record."""
    pad = b"" if len(name) % 2 else b"\0"
    body = bytes((xar,)) + both(block, 4) + both(size, 4) + time + bytes((flags, 0, 0)) + both(1, 2)
    body += bytes((len(name),)) + name + pad + use
    body += b"\0" * ((len(body) + 1) % 2)
    return bytes((len(body) + 1,)) + body


def long_time(text: bytes = b"2016030405060742", quarters: int = 4) -> bytes:
    return text + quarters.to_bytes(1, "little", signed=True)


def descriptor(
    kind: int, root: tuple[int, int], blocks: int, *, escape: bytes = b"", volume: bytes = b"VOLUME", table: int = 0
) -> bytes:
    """Return a volume descriptor that names a root directory."""
    data = bytearray(SECTOR)
    data[0:7] = bytes((kind,)) + b"CD001\x01"
    data[40 : 40 + len(volume)] = volume
    data[80:88] = both(blocks, 4)
    data[88 : 88 + len(escape)] = escape
    data[128:132] = both(SECTOR, 2)
    data[132:140] = both(16 if table else 0, 4)
    data[140:144] = struct.pack("<I", table)
    data[156:190] = record(b"\0", *root, 2)[:34]
    for at in (813, 830):
        data[at : at + 17] = long_time()
    for at in (847, 864):
        data[at : at + 17] = b"0" * 16 + b"\0"
    return bytes(data)


TERMINATOR = b"\xffCD001\x01".ljust(SECTOR, b"\0")
UDF = b"".join([(b"\0" + mark + b"\x01").ljust(SECTOR, b"\0") for mark in (b"BEA01", b"NSR02", b"TEA01")])


def folder(block: int, *records: bytes, use: bytes = b"", parent: int = 0) -> bytes:
    """Return the sector of a directory with its own two records."""
    own = record(b"\0", block, SECTOR, 2, use) + record(b"\1", parent or block, SECTOR, 2)
    return (own + b"".join(records)).ljust(SECTOR, b"\0")


def disc(sectors: dict[int, bytes], *descriptors: bytes, size: int = 40, system: bytes = b"") -> bytes:
    """Return a disc of *size* sectors, what each holds by number, descriptors from the sixteenth on."""
    data = bytearray(size * SECTOR)
    data[: len(system)] = system
    for number, sector in [*enumerate(descriptors, 16), *sectors.items()]:
        data[number * SECTOR : number * SECTOR + len(sector)] = sector
    return bytes(data)


WHERE = Location((Step(kind=StepKind.FILE, name="d.iso", start=0, end=0, source="s"),))
JOLIET = b"%/E"


def plain(**changes: bytes) -> bytes:
    """A disc with one tree, a folder in it, two files."""
    root = folder(20, record(b"A.TXT;1", 22, 5), record(b"SUB", 21, SECTOR, 2))
    sub = folder(21, record(b"B.DAT;1", 23, SECTOR + 3), parent=20)
    sectors = {20: root, 21: sub, 22: b"hello", 23: b"x" * (SECTOR + 3)}
    return disc(sectors, descriptor(1, (20, SECTOR), 40), TERMINATOR, **changes)  # type: ignore[arg-type]


def rock(*uses: bytes, more: dict[int, bytes] | None = None) -> bytes:
    """A disc whose files have these system use areas."""
    records = [record(b"F%d.;1" % number, 22, 5, 0, use) for number, use in enumerate(uses)]
    return disc(
        {20: folder(20, *records, use=SP), 22: b"hello", **(more or {})},
        descriptor(1, (20, SECTOR), 40),
        TERMINATOR,
    )


def joliet(primary: list[bytes], other: list[bytes]) -> bytes:
    """A disc with two trees."""
    sectors = {20: folder(20, *primary), 21: folder(21, *other), 22: b"hello"}
    if any(record[2] == 23 for record in (*primary, *other)):
        sectors[23] = b"world"
    return disc(
        sectors,
        descriptor(1, (20, SECTOR), 40),
        descriptor(2, (21, SECTOR), 40, escape=JOLIET, volume="Größe".encode("utf-16-be")),
        TERMINATOR,
    )


def wide(name: str) -> bytes:
    return name.encode("utf-16-be")


GOOD = [
    plain(),
    rock(nm(b"Name") + px(0o100644) + susp(b"TF", b"\x0e" + TIME * 3)),
    joliet([record(b"A.;1", 22, 5)], [record(wide("a"), 22, 5)]),
]


class Found:
    """What the parser yields, by kind."""

    def __init__(self, data: bytes, **limits: int) -> None:
        self.data = data
        every = list(iso9660.parse(MemoryBytes(data), WHERE, ParseContext(limits=Limits(**limits))))
        (self.facts,) = [one for one in every if isinstance(one, ArchiveFacts)]
        self.children = [one for one in every if isinstance(one, ChildItem)]
        self.notices = [one for one in every if isinstance(one, Notice)]
        self.padding = sum([one.size for one in every if isinstance(one, Padding)])

    @property
    def codes(self) -> list[str]:
        return [one.code for one in self.notices]

    @property
    def named(self) -> dict[str, object]:
        return {child.step.name: child.content for child in self.children}

    def said(self, index: int) -> dict[str, str]:
        return {one.name: one.value for one in self.facts.members[index].said}
