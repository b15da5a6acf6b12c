"""Reads compressed files of every format, and replays what they hold."""

import bz2
import gzip
import hashlib
import lzma
import zlib
from collections.abc import Callable
from typing import NamedTuple

import lz4.block
import lz4.frame
import pytest
from backports import zstd

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Notice, Padding, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers import decoders, load
from forensics.replay.decoders import decode_range


def lz4_old(data: bytes) -> bytes:
    """The first form of LZ4: blocks with their length before them."""
    found = b"\x02\x21\x4c\x18"
    for at in range(0, len(data), 8 << 20):
        block = lz4.block.compress(data[at : at + (8 << 20)], store_size=False)
        found += len(block).to_bytes(4, "little") + block
    return found


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": lambda data: gzip.compress(data, mtime=1467711202),
    "bzip2": bz2.compress,
    "xz": lambda data: lzma.compress(data, check=lzma.CHECK_CRC32),
    "zstd": lambda data: zstd.compress(data, options={zstd.CompressionParameter.checksum_flag: 1}),
    "lz4": lambda data: lz4.frame.compress(data, content_checksum=True),
    "lzma": lambda data: lzma.compress(data, format=lzma.FORMAT_ALONE),
    "zlib": zlib.compress,
}


class Found(NamedTuple):
    facts: ArchiveFacts
    child: ChildItem
    more: list[ChildItem]
    notices: list[Notice]
    padding: int

    @property
    def content(self) -> bytes | None:
        content = self.child.content
        return content if content is None or isinstance(content, bytes) else content.read(0, content.size)

    @property
    def codes(self) -> list[str]:
        return [notice.code for notice in self.notices]

    @property
    def of_child(self) -> list[str]:
        return [notice.code for notice in self.child.notices]

    @property
    def said(self) -> dict[str, str]:
        return {fact.name: fact.value for fact in self.facts.members[0].said}


def where(name: str) -> Location:
    return Location((Step(kind=StepKind.FILE, name=name, start=0, end=0, source="s"),))


def read(kind: str, data: bytes, name: str = "a.txt", **context: object) -> Found:
    source = MemoryBytes(data)
    found = list(load(f"archive.{kind}").parse(source, where(name), ParseContext(**context)))  # type: ignore[arg-type]
    facts = found[0]
    assert isinstance(facts, ArchiveFacts)
    children = [one for one in found if isinstance(one, ChildItem)]
    told = Found(
        facts,
        children[0],
        children[1:],
        [one for one in found if isinstance(one, Notice)],
        sum(one.size for one in found if isinstance(one, Padding)),
    )
    step = told.child.step
    if told.content is None:
        assert not step.sha256 and told.child.notices
    else:
        replayed = b"".join(decode_range(decoders(), step.decoder, source, step.start, step.end))
        assert replayed == told.content and hashlib.sha256(replayed).hexdigest() == step.sha256
    for member in facts.members:
        for fact in (*member.said, *member.conflicts):
            start, end = fact.locator.ranges[0]
            assert data[start:end].startswith(fact.raw)
        for stamp in member.times:
            ((start, end),) = stamp.locator.ranges
            assert data[start:end] == stamp.raw
    return told


class Packed:
    """What packs, and what reads it."""

    PACK = PACK
    read, lz4_old, where = map(staticmethod, (read, lz4_old, where))


@pytest.fixture
def packed() -> type[Packed]:
    return Packed
