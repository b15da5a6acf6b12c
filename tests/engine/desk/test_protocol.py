"""What travels is what was meant; anything else is refused."""

from collections.abc import Callable

import msgspec
import pytest

from forensics.engine.desk.protocol import Failed, Wanted, pack_texts, unpack_headers, unpack_texts
from forensics.errors import (
    ForensicsError,
    IntakeError,
    IntegrityError,
    LimitExceeded,
    Malformed,
    NoText,
    NotRead,
    ParseError,
    Truncated,
    UsageError,
    WrongFormat,
)
from forensics.model.locations import Locator
from forensics.model.mail import HeaderField
from forensics.model.texts import TextPart

WANTED = Wanted(sha256="0" * 64, size=100, places=())
PART = TextPart(
    text="half \ud800 a pair \U0001f600", media_type="text/html", charset="utf-7", locator=Locator(ranges=((5, 100),)),
    whole=False, quoted=((0, 4), (5, 15)),
)  # fmt: skip


def test_texts_arrive_as_they_were() -> None:
    assert unpack_texts(WANTED, pack_texts([PART, PART])) == (PART, PART)
    assert unpack_texts(WANTED, pack_texts([])) == ()


@pytest.mark.parametrize(
    "part",
    [
        msgspec.structs.replace(PART, locator=Locator(ranges=((5, 101),))),
        msgspec.structs.replace(PART, locator=Locator(ranges=((-1, 5),))),
        msgspec.structs.replace(PART, locator=Locator(ranges=((6, 5),))),
        msgspec.structs.replace(PART, quoted=((0, 17),)),
    ],
)
def test_a_text_lies_inside_its_item(part: TextPart) -> None:
    with pytest.raises(ValueError, match="outside"):
        unpack_texts(WANTED, pack_texts([part]))


@pytest.mark.parametrize("unpack", [unpack_texts, unpack_headers])
@pytest.mark.parametrize(
    "raw", [b"", b"\xc1", b"\x90\x90", msgspec.msgpack.encode([1]), msgspec.msgpack.encode([{"text": b"\xff"}])]
)
def test_what_is_no_answer_is_refused(unpack: Callable[[Wanted, bytes], object], raw: bytes) -> None:
    with pytest.raises(ValueError):
        unpack(WANTED, raw)


def test_bytes_that_are_no_text_are_refused() -> None:
    raw = pack_texts([PART]).replace(b"half ", b"hal\xff ")
    with pytest.raises(ValueError, match="utf-8"):
        unpack_texts(WANTED, raw)


def test_header_fields_lie_inside_their_item() -> None:
    fields = (HeaderField(name="Date", key="date", raw=b"Date: x\n", start=92),)
    assert unpack_headers(WANTED, msgspec.msgpack.encode(fields)) == fields
    for start in (93, -1):
        moved = msgspec.msgpack.encode([msgspec.structs.replace(fields[0], start=start)])
        with pytest.raises(ValueError, match="outside"):
            unpack_headers(WANTED, moved)


@pytest.mark.parametrize(
    "error",
    [
        IntakeError("a"),
        IntegrityError("b"),
        NoText("c"),
        ParseError("d", 7),
        WrongFormat("e"),
        Malformed("f", 1),
        Truncated("g"),
        LimitExceeded("h"),
    ],
)
def test_an_error_arrives_as_what_it_was(error: ForensicsError) -> None:
    found = Failed.by(error).error(WANTED)
    assert (type(found), str(found)) == (type(error), str(error))
    assert getattr(found, "offset", None) == getattr(error, "offset", None)


def test_any_other_error_is_one_of_reading() -> None:
    found = Failed.by(UsageError("\x1b[31m\u202e" + "x" * 5_000)).error(WANTED)
    assert isinstance(found, NotRead) and str(found).isprintable() and len(str(found)) < 2_100
