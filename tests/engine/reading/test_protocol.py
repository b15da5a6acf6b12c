"""What a page or an answer may say."""

import struct

import msgspec
import pytest

from forensics.engine.reading.protocol import PAGE_BYTES, PULSE_TEXT, Answer, Page, write_page


def page(items: int, size: int, beats: int, length: int, text: bytes) -> bytes:
    return (struct.pack("<QQQQ", items, size, beats, length) + text).ljust(PAGE_BYTES, b"\0")


def test_a_page_is_read_as_it_was_written() -> None:
    raw = bytearray(PAGE_BYTES)
    write_page(memoryview(raw), 3, 500, 7, b"a.eml > part:1")
    write_page(memoryview(raw), 3, 600, 8, None)
    assert Page.of(bytes(raw)) == Page(3, 600, 8, "a.eml > part:1")
    assert Page.of(bytes(PAGE_BYTES)) == Page(0, 0, 0, "")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        page(1, 1, 1, 1, b"a")[:-1],
        page(1, 1, 1, PULSE_TEXT + 1, b"a"),
        page(1, 1, 1, 2, b"\xff\xfe"),
        b"x" * PAGE_BYTES,
        page(1 << 60, 1, 1, 1, b"a"),
    ],
)
def test_a_page_that_no_worker_writes_says_nothing(raw: bytes) -> None:
    assert Page.of(raw) is None


@pytest.mark.parametrize(
    "line",
    [
        b"garbage",
        b'{"kind":"gone"}',
        b'{"kind":"done","tables":{"contents":"/etc/passwd"}}',
        b'{"kind":"done","changed":-1}',
        b'{"kind":"done","observations":1e300}',
        b'{"kind":"ready","confinement":{"a":"' + b"b" * 101 + b'"}}',
    ],
)
def test_an_answer_that_is_none_is_refused(line: bytes) -> None:
    with pytest.raises(msgspec.MsgspecError):
        msgspec.json.decode(line, type=Answer)
