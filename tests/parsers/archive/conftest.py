"""Zip archives whose every header field may lie, and a reader that replays what it finds."""

import hashlib
import struct
import zlib
from collections.abc import Iterable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers.archive import zip as archive_zip
from forensics.replay.decoders import DECODERS, decode_range
from forensics.replay.zipcrypto import decrypt, keys

WHERE = Location((Step(kind=StepKind.FILE, name="a.zip", start=0, end=0, source="s"),))
DATE, TIME = 0x48E5, 0x5C2B  # 2016-07-05 11:33:22


def deflated(data: bytes) -> bytes:
    engine = zlib.compressobj(9, zlib.DEFLATED, -15)
    return engine.compress(data) + engine.flush()


class Member:
    """A member to be written, each header field open to lies."""

    def __init__(self, name: bytes, data: bytes = b"", *, method: int = 8, stored: bytes | None = None, **lies: int):
        self.name = name
        self.stored = stored if stored is not None else deflated(data) if method == 8 else data
        self.fields = {
            "needed": 20, "flags": 0, "method": method, "time": TIME, "date": DATE,
            "crc32": zlib.crc32(data), "stored_size": len(self.stored), "size": len(data),
        }  # fmt: skip
        self.local = {**self.fields, **{k[6:]: v for k, v in lies.items() if k.startswith("local_")}}
        self.central = {**self.fields, **{k: v for k, v in lies.items() if not k.startswith("local_")}}
        for common in ("flags",):
            if common in lies:
                self.local[common] = lies[common]
        self.made_by = lies.get("made_by", 20)
        self.external = lies.get("external", 0)
        self.at = lies.get("at", -1)
        self.local_name = name
        self.local_extra = self.central_extra = self.descriptor = b""


def build(members: Iterable[Member], comment: bytes = b"", prefix: bytes = b"") -> bytes:
    out, directory, count = bytearray(prefix), bytearray(), 0
    for member in members:
        at = len(out) if member.at < 0 else member.at
        if member.at < 0:
            lengths = (len(member.local_name), len(member.local_extra))
            out += struct.pack("<4s5H3L2H", b"PK\3\4", *member.local.values(), *lengths)
            out += member.local_name + member.local_extra + member.stored + member.descriptor
        fields = {k: member.central[k] for k in member.fields}
        lengths = (len(member.name), len(member.central_extra), 0, 0, 0)
        directory += struct.pack(
            "<4s6H3L5H2L", b"PK\1\2", member.made_by, *fields.values(), *lengths, member.external, at
        )
        directory += member.name + member.central_extra
        count += 1
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(out), len(comment))
    return bytes(out + directory + end + comment)


def read(data: bytes, **context: object) -> tuple[ArchiveFacts, list[ChildItem], list[Notice]]:
    found = list(archive_zip.parse(MemoryBytes(data), WHERE, ParseContext(**context)))  # type: ignore[arg-type]
    assert isinstance(found[0], ArchiveFacts)
    notices = [item for item in found if isinstance(item, Notice)]
    children = [item for item in found if isinstance(item, ChildItem)]
    replay(data, children, context.get("passwords", ()))  # type: ignore[arg-type]
    for member in found[0].members:
        for stamp in member.times:
            (start, end), *_ = stamp.locator.ranges
            assert data[start:end] == stamp.raw
    return found[0], children, notices


def replay(data: bytes, children: Iterable[ChildItem], passwords: tuple[bytes, ...] = ()) -> None:
    """Every content comes again from the range and the decoder that its step names."""
    for child in children:
        step, content = child.step, child.content
        if content is None:
            assert step.sha256 == ""
            continue
        whole = content if isinstance(content, bytes) else content.read(0, content.size)
        decoded = b"".join(decode_range(DECODERS, step.decoder, MemoryBytes(data), step.start, step.end, passwords))
        assert decoded == whole
        assert hashlib.sha256(decoded).hexdigest() == step.sha256


def codes(child: ChildItem) -> list[str]:
    return [notice.code for notice in child.notices]


def encrypted(name: bytes, data: bytes, password: bytes) -> Member:
    crc = zlib.crc32(data)
    state, out = keys(password), bytearray()
    for plain in b"\0" * 11 + bytes((crc >> 24,)) + deflated(data):
        (key,), _ = decrypt(state, b"\0")
        out.append(plain ^ key)
        _, state = decrypt(state, out[-1:])
    member = Member(name, data, stored=bytes(out), flags=1)
    return member


SAMPLE = build(
    [Member(b"a/x.txt", b"text " * 300), Member(b"b", bytes(range(256)), method=0), encrypted(b"c", b"12345", b"p")],
    comment=b"note",
)


class Zips:
    """What builds archives, and what reads them."""

    WHERE, DATE, TIME, SAMPLE = WHERE, DATE, TIME, SAMPLE
    Member = Member
    build, read, replay, codes, encrypted, deflated = map(
        staticmethod, (build, read, replay, codes, encrypted, deflated)
    )


@pytest.fixture(scope="session")
def zips() -> type[Zips]:
    return Zips
