"""All blocks of a RAR archive, read into what they say.

Source: technote.txt of WinRAR 3 and of RAR 5.
"""

from functools import partial
from typing import Any

from forensics.errors import WrongFormat
from forensics.intake.windows import Window
from forensics.model.byte_sources import ByteSource
from forensics.model.items import Limits
from forensics.parsers.archive import _rar_v4, _rar_v4_blocks, _rar_v5, _rar_v5_blocks
from forensics.parsers.archive._rar_members import Members
from forensics.parsers.archive._rar_model import Archive, Member, RawHeader
from forensics.parsers.archive.rar import archive_start

_AHEAD = 1 << 16
_OTHERS = 10_000
"""Blocks that are no files of which so many are read."""


def read_blocks(source: ByteSource, passwords: tuple[bytes, ...], limits: Limits) -> Archive:
    """Read the headers of an archive, as far as they can be read.

    Raises:
        WrongFormat: no archive begins here.
    """
    start = archive_start(source)
    if start is None:
        raise WrongFormat("no RAR archive begins here", 0)
    version = 5 if source.read(start + 6, start + 7) == b"\1" else 4
    form, says = _forms(version)
    window = Window(source, _AHEAD)

    archive = Archive(version, start, Members(partial(_again, window, version)))
    reader = form.Reader(archive, window, source.size, passwords)
    archive.claim(start, reader.at)
    others = 0
    for block in reader.blocks():
        if block.kind == form.MAIN:
            says.main_block(archive, block)
        elif block.kind == form.END:
            archive.ended = True
        elif block.kind == form.FILE:
            if len(archive.members) >= limits.members:
                rest = source.size - block.start
                text = f"files beyond members={limits.members} are not read, in the {rest} bytes from {block.start} on"
                archive.notice("rar.members_limit", text, block.start, source.size, rest)
                archive.claim(block.start, source.size)
                break
            member = says.file_block(archive, block, len(archive.members))
            if member is not None:
                archive.members.append(member)
        else:
            others += 1
            if others <= _OTHERS:
                says.service_block(archive, block, window)
    return archive


def _forms(version: int) -> tuple[Any, Any]:
    """Return what reads the blocks of a version, and what says what is in them."""
    return (_rar_v5, _rar_v5_blocks) if version == 5 else (_rar_v4, _rar_v4_blocks)


def _again(window: Window, version: int, at: int, end: int, index: int) -> Member:
    """Make the file of a header again; what is odd about it was told when it was met.

    Nothing in it leads to the archive, which would hold itself.
    """
    form, says = _forms(version)
    unheard = Archive(version, 0, Members(partial(_again, window, version)))
    block = form.block_of(at, RawHeader(window.read(at, end), at, end, ()))
    member: Member | None = says.file_block(unheard, block, index)
    assert member is not None
    return member
