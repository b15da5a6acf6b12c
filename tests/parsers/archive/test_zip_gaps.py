import io
import struct
import zipfile
from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import ArchiveFacts
from forensics.model.items import ChildItem, Notice, Padding, ParseContext
from forensics.model.locations import Location
from forensics.parsers.archive import zip as archive_zip
from forensics.parsers.identify import identify

PICTURE = b"\x89PNG\r\n\x1a\n picture"


def zipped(*contents: bytes) -> bytes:
    """A zip whose members are stored."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for number, content in enumerate(contents):
            file.writestr(str(number), content)
    return made.getvalue()


def parse(data: bytes, where: Location) -> tuple[list[ChildItem], list[Notice]]:
    assert identify(data[:4096], MemoryBytes(data), b"a.bin") == "archive.zip"
    found = list(archive_zip.parse(MemoryBytes(data), where, ParseContext()))
    children = [entry for entry in found if isinstance(entry, ChildItem)]
    return children, [entry for entry in found if isinstance(entry, Notice)]


def told(notices: list[Notice]) -> list[tuple[str, int]]:
    return [(notice.code, notice.unread) for notice in notices]


def test_text_before_an_archive_is_unread(where: Location) -> None:
    children, notices = parse(b"some junk" + zipped(b"x"), where)
    assert [child.content for child in children] == [b"x"]
    assert told(notices) == [("zip.shifted", 0), ("zip.gap", 9)]


@pytest.mark.parametrize(("before", "behind"), [(PICTURE, b""), (b"", PICTURE), (PICTURE, b"GIF89a x")])
def test_what_stands_beside_an_archive_is_an_item(
    before: bytes, behind: bytes, where: Location, replayed_child: Callable[[bytes, ChildItem], bytes]
) -> None:
    data = before + zipped(b"x") + behind
    children, notices = parse(data, where)
    beside = [content for content in (before, behind) if content]
    assert [child.content for child in children] == [b"x", *beside]
    assert [replayed_child(data, child) for child in children] == [b"x", *beside]
    assert told(notices) == [("zip.shifted", 0)] * bool(before) + [("zip.gap", 0)] * len(beside)


def test_zeros_beside_an_archive_are_filling_and_told(where: Location) -> None:
    whole = zipped(b"x")
    for behind, unread, filling in ((bytes(700), 0, 700), (b"\0\0 junk", 4, 3)):
        found = list(archive_zip.parse(MemoryBytes(whole + behind), where, ParseContext()))
        assert told([entry for entry in found if isinstance(entry, Notice)]) == [("zip.gap", unread)]
        assert [entry.size for entry in found if isinstance(entry, Padding)] == [filling]


def test_bytes_behind_the_comment(where: Location) -> None:
    data = zipped(b"x")
    commented = data[:-2] + b"\5\0hello"
    _, notices = parse(commented + b"and more", where)
    assert told(notices) == [("zip.gap", 8)]


def test_the_last_volume_of_a_split_archive(where: Location) -> None:
    whole, cut = zipped(b"1" * 40, b"2" * 40), 50  # within the data of the first member
    volume = bytearray(whole[cut:])
    first = volume.index(b"PK\1\2")
    second = volume.index(b"PK\1\2", first + 4)
    (place,) = struct.unpack_from("<L", volume, second + 42)
    struct.pack_into("<H", volume, second + 34, 1)
    struct.pack_into("<L", volume, second + 42, place - cut)
    end = volume.index(b"PK\5\6")
    struct.pack_into("<HH", volume, end + 4, 1, 1)
    struct.pack_into("<L", volume, end + 16, first)
    children, notices = parse(bytes(volume), where)
    assert [child.content for child in children] == [None, b"2" * 40]
    (split,) = children[0].notices
    assert (split.code, split.text) == ("zip.split", "it begins in part 1 of this split archive, a file of its own")
    assert told(notices) == [("zip.split", 0), ("zip.gap", 21)]


def test_the_last_piece_of_an_archive_cut_by_size(where: Location) -> None:
    data = zipped(b"1" * 40, b"2" * 40)[50:]
    children, notices = parse(data, where)
    (facts,) = [
        entry
        for entry in archive_zip.parse(MemoryBytes(data), where, ParseContext())
        if isinstance(entry, ArchiveFacts)
    ]
    assert [member.header_start for member in facts.members] == [0, 21]
    assert [child.content for child in children] == [None, b"2" * 40]
    assert told(notices) == [("zip.shifted", 0), ("zip.gap", 21)]
