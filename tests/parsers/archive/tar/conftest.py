"""Tar archives whose every header field may lie, and a reader that replays what it finds."""

import hashlib
from collections.abc import Iterable
from typing import NamedTuple

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts, ArchiveMember
from forensics.model.items import ChildItem, Limits, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import decoders
from forensics.parsers.archive import tar
from forensics.replay.decoders import decode_range

WHERE = Location((Step(kind=StepKind.FILE, name="a.tar", start=0, end=0, source="s"),))
PLACES = {
    "name": (0, 100), "mode": (100, 8), "uid": (108, 8), "gid": (116, 8), "size": (124, 12), "mtime": (136, 12),
    "checksum": (148, 8), "typeflag": (156, 1), "linkname": (157, 100), "magic": (257, 8), "uname": (265, 32),
    "gname": (297, 32), "devmajor": (329, 8), "devminor": (337, 8), "prefix": (345, 155), "atime": (345, 12),
    "ctime": (357, 12), "offset": (369, 12), "sparse": (386, 96), "extended": (482, 1), "realsize": (483, 12),
    "star_sparse": (356, 96), "star_realsize": (452, 12), "star_atime": (476, 12), "star_ctime": (488, 12),
    "star_magic": (508, 4),
}  # fmt: skip
USTAR, GNU, V7 = b"ustar\x0000", b"ustar  \0", b""
MTIME = 1467711202


def octal(value: int, width: int) -> bytes:
    return b"%0*o\0" % (width - 1, value)


def header(name: bytes = b"a.txt", size: int | bytes = 0, typeflag: bytes = b"0", **fields: bytes) -> bytes:
    """One block; every field can be given as it is to stand, the checksum too."""
    block = bytearray(512)
    told = {
        "name": name[:100], "mode": octal(0o644, 8), "uid": octal(1000, 8), "gid": octal(100, 8),
        "size": octal(size, 12) if isinstance(size, int) else size, "mtime": octal(MTIME, 12),
        "typeflag": typeflag, "magic": USTAR, **fields,
    }  # fmt: skip
    for field, value in told.items():
        start, width = PLACES[field]
        assert len(value) <= width
        block[start : start + len(value)] = value
    if "checksum" not in fields:
        block[148:156] = b" " * 8
        block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 512)


def member(name: bytes = b"a.txt", data: bytes = b"", typeflag: bytes = b"0", **fields: bytes) -> bytes:
    return header(name, len(data), typeflag, **fields) + padded(data)


def records(*pairs: tuple[bytes, bytes]) -> bytes:
    """Records of pax, each with its own length before it."""
    found = b""
    for key, value in pairs:
        length = len(key) + len(value) + 3
        while length != len(b"%d" % length) + len(key) + len(value) + 3:
            length = len(b"%d" % length) + len(key) + len(value) + 3
        found += b"%d %s=%s\n" % (length, key, value)
    return found


def pax(*pairs: tuple[bytes, bytes], typeflag: bytes = b"x") -> bytes:
    return member(b"PaxHeaders/a", records(*pairs), typeflag)


END = bytes(1024)


class Found(NamedTuple):
    facts: ArchiveFacts
    children: list[ChildItem]
    notices: list[Notice]
    padding: int

    @property
    def codes(self) -> list[str]:
        return [notice.code for notice in self.notices]

    @property
    def contents(self) -> list[bytes | None]:
        return [content_of(child) for child in self.children]

    def said(self, index: int = 0) -> dict[str, str]:
        return {fact.name: fact.value for fact in self.facts.members[index].said}


def content_of(child: ChildItem) -> bytes | None:
    content = child.content
    return content if content is None or isinstance(content, bytes) else content.read(0, content.size)


def read(data: bytes, **context: object) -> Found:
    source = MemoryBytes(data)
    found = list(tar.parse(source, WHERE, ParseContext(**context)))  # type: ignore[arg-type]
    facts = found[0]
    assert isinstance(facts, ArchiveFacts)
    children = [one for one in found if isinstance(one, ChildItem)]
    for child in children:
        content = content_of(child)
        if content is None:
            assert not child.step.sha256 and child.notices
            continue
        step = child.step
        replayed = b"".join(decode_range(decoders(), step.decoder, source, step.start, step.end))
        assert replayed == content and hashlib.sha256(content).hexdigest() == step.sha256
    for one in facts.members:
        check_places(data, one)
    return Found(
        facts,
        children,
        [one for one in found if isinstance(one, Notice)],
        sum(one.size for one in found if isinstance(one, Padding)),
    )


def check_places(data: bytes, one: ArchiveMember) -> None:
    """Every fact stands where it says, and no two have one path."""
    paths = [stamp.locator.path for stamp in one.times] + [fact.locator.path for fact in one.said]
    assert len(set(paths)) == len(paths)
    for stamp in one.times:
        ((start, end),) = stamp.locator.ranges
        assert data[start:end] == stamp.raw
    for fact in (*one.said, *one.conflicts):
        assert b"".join([data[start:end] for start, end in fact.locator.ranges]).startswith(fact.raw)


class Tars:
    """What builds archives, and what reads them."""

    WHERE, USTAR, GNU, V7, END, MTIME = WHERE, USTAR, GNU, V7, END, MTIME
    Limits = Limits
    octal, header, padded, member, records, pax, read = map(
        staticmethod, (octal, header, padded, member, records, pax, read)
    )

    @staticmethod
    def joined(parts: Iterable[bytes]) -> bytes:
        return b"".join(parts) + END


@pytest.fixture
def tars() -> type[Tars]:
    return Tars
