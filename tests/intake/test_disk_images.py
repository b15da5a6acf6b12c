"""Images of disks and packed forms that are not read are told by their own bytes, and each has a remedy of its own."""

import pytest

from forensics.intake.disk_images import disk_image
from forensics.intake.types import extension_type, media_type
from forensics.knowledge.unread import remedy
from forensics.model.items import Status
from forensics.parsers.unparsed import unparsed
from forensics.report.notices import REMEDIES

SECTOR = bytes(510) + b"\x55\xaa"
PARTITION = b"\x80\x01\x01\x00\x07\xfe\xff\xff" + (2048).to_bytes(4, "little") + (10**6).to_bytes(4, "little")
MBR = bytes(446) + PARTITION + bytes(48) + b"\x55\xaa"
EXT = bytes(1024) + (64).to_bytes(4, "little") + bytes(20) + bytes(4) + bytes(28) + b"\x53\xef\1\0\1\0" + bytes(200)
FAT = b"\xeb\x3c\x90MSDOS5.0".ljust(54, b"\0") + b"FAT16   ".ljust(456, b"\0") + b"\x55\xaa"

IMAGES = [
    b"EVF\x09\x0d\x0a\xff\0\1\1\0",
    b"conectix" + bytes(500),
    b"vhdxfile" + bytes(500),
    b"KDMV\1\0\0\0" + bytes(500),
    b"QFI\xfb\0\0\0\3" + bytes(500),
    bytes(64) + b"\x7f\x10\xda\xbe" + bytes(100),
    b"\xeb\x52\x90NTFS    " + bytes(499) + b"\x55\xaa",
    bytes(32) + b"NXSB" + bytes(100),
    bytes(1024) + b"H+\0\x04" + bytes(100),
    MBR,
    SECTOR + b"EFI PART",
    EXT,
    FAT,
]


@pytest.mark.parametrize("head", IMAGES)
def test_an_image_is_named_and_has_its_remedy(head: bytes) -> None:
    kind, status, notice = unparsed(head, b"disk.bin", len(head))
    assert disk_image(head) == kind and remedy(kind, "") == "disk_image" and status is Status.UNREAD
    assert kind in notice.text


@pytest.mark.parametrize("magic", [b"koly\0\0\0\4", b"conectix\0\0\0\2"])
def test_some_images_are_known_by_their_end(magic: bytes) -> None:
    kind, _, _ = unparsed(b"x\x01s\rbb`", b"", 9, "", magic.ljust(512, b"\0"))
    assert remedy(kind, "") == "disk_image"
    assert not disk_image(b"text", magic)


@pytest.mark.parametrize(
    "head",
    [b"", b"MZ".ljust(510, b"\0") + b"\x55\xaa", SECTOR, bytes(4096), b"text\n" * 800, MBR[:446] + b"\7" + MBR[447:]],
)
def test_what_is_no_image_is_not_called_one(head: bytes) -> None:
    assert disk_image(head) == ""


@pytest.mark.parametrize(
    ("head", "name", "what"),
    [
        (b"\x60\xea\x2b\0" + bytes(60), b"", "arj"),
        (b"\x20\x5a-lh5-" + bytes(60), b"", "lha"),
        (b"\x1f\x1e-lz4-" + bytes(60), b"", "lha"),
        (b"070701" + b"0" * 104, b"", "cpio"),
        (b"\xc7\x71" + bytes(100), b"", "cpio"),
        (b"!<arch>\na.txt/", b"", "ar"),
        (b"\x1f\x9d\x90" + bytes(60), b"", "compress"),
        (b"\x1f\x1e" + bytes(60), b"", "pack"),
        (b"\xca\xfe\xd0\x0d\7\x96" + bytes(60), b"", "pack200"),
        (b"\xff\x06\0\0sNaPpY" + bytes(60), b"", "snappy"),
        (b"\x8b\x0f\x80abc", b"a.br", "brotli"),
        (bytes(24) + b"\x6c\xea\0\0" + bytes(900), b"", "dump"),
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", b"", "warc"),
    ],
)
def test_a_packed_form_that_is_not_read_has_its_own_remedy(head: bytes, name: bytes, what: str) -> None:
    kind, status, notice = unparsed(head, name, len(head))
    assert remedy(kind, extension_type(name.decode())) == what and status is Status.UNREAD and what in REMEDIES
    assert not kind or kind in notice.text


def test_text_with_the_letters_of_lha_is_text() -> None:
    assert media_type(b"a -lhs is text\n") == "text/plain"
