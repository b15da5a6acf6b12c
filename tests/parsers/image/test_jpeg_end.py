import io
import zipfile
from collections.abc import Callable

import pytest

from forensics.model.byte_sources import MemoryBytes
from forensics.model.documents import DocumentFacts
from forensics.model.items import ChildItem, Notice, ParseContext
from forensics.model.locations import Location
from forensics.parsers.image import _jpeg_reading, jpeg
from forensics.parsers.image._jpeg_end import picture_end

SCAN = b"\xff\xda\0\x04\x01\0" + b"\x12\xff\0\x34\xff\xd3\x56\xff\0"
PICTURE = b"\xff\xd8" + b"\xff\xe0\0\x06\xff\xd9JF" + SCAN + b"\xff\xc4\0\x03\0" + SCAN + b"\xff\xd9"
"""An end marker inside a segment, stuffed bytes and restarts inside two scans."""


def parse(data: bytes, where: Location) -> tuple[list[Notice], list[ChildItem]]:
    found = list(jpeg.parse(MemoryBytes(data), where, ParseContext()))
    assert sum(isinstance(entry, DocumentFacts) for entry in found) == 1
    notices = [entry for entry in found if isinstance(entry, Notice)]
    return notices, [entry for entry in found if isinstance(entry, ChildItem)]


def archive() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("a.txt", b"secret")
    return made.getvalue()


@pytest.mark.parametrize("lead", [b"", b"junk"])
def test_the_end_of_a_progressive_picture(lead: bytes) -> None:
    assert picture_end(MemoryBytes(lead + PICTURE + b"more\xff\xd9"), len(lead)) == len(lead + PICTURE)


def test_the_end_across_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("forensics.parsers.image._jpeg_end.BLOCK", 3)
    assert picture_end(MemoryBytes(PICTURE + b"more"), 0) == len(PICTURE)


@pytest.mark.parametrize("cut", range(3, len(PICTURE)))
def test_a_picture_without_end_is_told(cut: int, where: Location) -> None:
    notices, _ = parse(PICTURE[:cut], where)
    assert {notice.code for notice in notices} in ({"jpeg.truncated"}, {"jpeg.malformed"})


@pytest.mark.parametrize("filling", [b"", b"\0" * 70_000, b"\r\n", b"\xff\xff"])
def test_filling_is_no_content(filling: bytes, where: Location) -> None:
    assert parse(PICTURE + filling, where) == ([], [])


@pytest.mark.parametrize("filling", [b"", b"\0" * 5000])
def test_an_archive_behind_a_picture_is_an_item(
    filling: bytes, where: Location, replayed_child: Callable[[bytes, ChildItem], bytes]
) -> None:
    data = PICTURE + filling + archive()
    (notice,), (child,) = parse(data, where)
    start = len(PICTURE + filling)
    assert (notice.code, notice.unread) == ("jpeg.trailing", 0)
    assert notice.locator is not None and notice.locator.ranges == ((start, len(data)),)
    assert replayed_child(data, child) == child.content == archive()


def test_pictures_of_a_phone_are_items_each(where: Location) -> None:
    video = b"\0\0\0\x18ftypmp42"
    notices, children = parse(PICTURE + b"\0\0" + PICTURE + PICTURE + video, where)
    assert [child.content for child in children] == [PICTURE, PICTURE, video]
    assert [notice.unread for notice in notices] == [0, 0, 0]


def test_pictures_beyond_a_limit_stay_together(where: Location) -> None:
    notices, children = parse(PICTURE * 100, where)
    assert len(children) == len(notices) == _jpeg_reading.MAX_PICTURES + 1
    assert sum(child.step.end - child.step.start for child in children) == len(PICTURE) * 99


@pytest.mark.parametrize(
    ("behind", "words"),
    [
        (b"some text", "of no form that is known here"),
        (b"\0\0a\x0a\x0e\0\0\0Image_UTC_DataSEFHxxxxSEFT", "Samsung's trailer"),
        (
            b"m\0s\0".ljust(512 - len(PICTURE), b"\0"),
            "leftover memory that fills a block, as PowerPoint's thumbnails have",
        ),
        (b"CANON OPTIONAL DATA\0xx", "Canon's trailer (VRD)"),
    ],
)
def test_what_is_no_format_is_told_as_unread(behind: bytes, words: str, where: Location) -> None:
    (notice,), children = parse(PICTURE + behind, where)
    unread = len(behind.lstrip(b"\0"))
    assert (notice.code, notice.unread, children) == ("jpeg.trailing", unread, [])
    assert notice.text == f"{unread} bytes after the end of the picture: {words}"
