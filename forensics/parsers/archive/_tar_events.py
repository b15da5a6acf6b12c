"""What stands in a tar archive, one after the other: members, zeros, gaps, records on all that follows.

Source: POSIX.1-2017 pax; GNU tar manual; star(5).
"""

from typing import NamedTuple

import msgspec

from forensics.parsers.archive import _tar_sparse as sparse
from forensics.parsers.archive._tar_extensions import Extensions, Records
from forensics.parsers.archive._tar_fields import Header

RECORDS, COMMON, SOLARIS, LONG_NAME, LONG_LINK = b"x", b"g", b"X", b"L", b"K"
LINKS = b"123456"
"""Typeflags of what has no content: links, devices, folders, pipes."""
SPARSE, FOLDER, HARD_LINK, LABEL, CONTINUED, DUMP = b"S", b"5", b"1", b"V", b"M", b"D"


class Odd(NamedTuple):
    """Something about a member that is not as it should be."""

    code: str
    text: str
    ranges: tuple[tuple[int, int], ...] = ()
    unread: int = 0


class Member(msgspec.Struct, frozen=True):
    """A member, as its headers say and as its bytes stand."""

    index: int
    start: int
    """Of the first header that belongs to it."""
    header: Header
    extensions: Extensions
    name: bytes
    link: bytes
    size: int
    """Of its content: of a sparse one with its holes."""
    data_start: int
    data_end: int
    end: int
    """Where the next header is to stand."""
    layout: sparse.Map | None
    odd: tuple[Odd, ...]

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder; before there was a typeflag for them, a slash at the end said so."""
        flag = self.header.typeflag
        return flag == FOLDER or (flag in b"\x000" and self.name.endswith(b"/") and self.data_end == self.data_start)

    @property
    def has_content(self) -> bool:
        """Whether it is a file, or has bytes of its own all the same."""
        flag = self.header.typeflag
        if flag in LINKS or flag in (LABEL, DUMP):
            return self.data_end > self.data_start
        return not self.is_folder


class Zeros(NamedTuple):
    """Blocks of zeros: the end of the archive, or what fills a tape."""

    start: int
    end: int


class Gap(NamedTuple):
    """Bytes where a header should stand and none does, or headers that no member follows."""

    start: int
    end: int
    is_extension: bool = False
    odd: tuple[Odd, ...] = ()


class CommonRecords(NamedTuple):
    """Records that are said of all members that follow."""

    start: int
    end: int
    records: Records


Event = Member | Zeros | Gap | CommonRecords
