import hashlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forensics import parsers
from forensics.errors import ParseError, WrongFormat
from forensics.model.byte_sources import MemoryBytes
from forensics.model.items import ChildItem, Limits, Notice, ParseContext
from forensics.model.locations import Location, Step, StepKind
from forensics.parsers.identify import identify
from forensics.parsers.mail import utf16
from forensics.parsers.mail._utf16_decoder import UTF_16_BE, UTF_16_LE
from forensics.replay.walk import walk

WHERE = Location((Step(kind=StepKind.FILE, name="m.eml", start=0, end=0, source="s"),))
MAIL = "From: Ada <ada@one.example>\r\nTo: ben@two.example\r\nSubject: Grüße\r\n\r\nPrag, 😀\r\n"
BOX = "From ada@one.example Tue Jul  5 11:33:22 2016\n" + MAIL.replace("\r", "")
SAVED = {
    "marked little": b"\xff\xfe" + MAIL.encode("utf-16-le"),
    "marked big": b"\xfe\xff" + MAIL.encode("utf-16-be"),
    "little": MAIL.encode("utf-16-le"),
    "big": MAIL.encode("utf-16-be"),
}


def read(data: bytes, **context: object) -> tuple[ChildItem, list[Notice]]:
    found = list(utf16.parse(MemoryBytes(data), WHERE, ParseContext(**context)))  # type: ignore[arg-type]
    (child,) = [item for item in found if isinstance(item, ChildItem)]
    return child, [item for item in found if isinstance(item, Notice)]


@pytest.mark.parametrize("name", SAVED)
def test_a_mail_that_an_editor_saved_is_the_mail(name: str, tmp_path: Path) -> None:
    data = SAVED[name]
    assert identify(data[:4096], MemoryBytes(data), b"m.txt") == "mail.utf16"
    child, notices = read(data)
    assert child.content == MAIL.encode() and child.format == "mail.rfc5322"
    assert [one.code for one in notices] == ["utf16.saved"]
    assert ("big-endian" in notices[0].text, "without" in notices[0].text) == ("big" in name, "marked" not in name)
    path = tmp_path / "m.eml"
    path.write_bytes(data)
    file = Step(kind=StepKind.FILE, name="m.eml", start=0, end=len(data), source="s")
    with walk(Location((file, child.step)), path, parsers.decoders()) as layer:
        assert layer.read(0, layer.size) == MAIL.encode()


def test_a_mailbox_that_an_editor_saved_is_the_mailbox() -> None:
    child, _ = read(b"\xff\xfe" + BOX.encode("utf-16-le"))
    assert (
        child.content == BOX.encode()
        and child.format == "mail.mbox" in parsers.PARSERS
        and child.step.name == "mailbox"
    )
    assert child.step.sha256 == hashlib.sha256(BOX.encode()).hexdigest()


@pytest.mark.parametrize(
    "text",
    [
        "Dear Ada,\r\n\r\nFrom: is a word, Subject: too\r\n",
        "Note: one field alone\r\n",
        "A" * 40,
        "From where I stand, nothing\r\n\r\n",
        "",
    ],
)
@pytest.mark.parametrize("charset", ["utf-16", "utf-16-le", "utf-16-be"])
def test_other_text_is_left_alone(text: str, charset: str) -> None:
    data = text.encode(charset)
    assert not utf16.sniff(data[:4096], MemoryBytes(data))
    with pytest.raises(WrongFormat):
        read(data)


def test_bytes_that_only_look_so_are_left_alone() -> None:
    for data in (MAIL.encode(), b"\xff\xfe" + MAIL.encode(), b"\0" * 64, b"\xff\xfe\0\0" + MAIL.encode("utf-32-le")):
        assert not utf16.sniff(data, MemoryBytes(data))


def test_half_a_character_is_told_and_half_a_pair_kept() -> None:
    child, notices = read(SAVED["little"] + b"\x41")
    assert child.content == MAIL.encode()
    assert [(one.code, one.unread) for one in notices] == [("utf16.saved", 0), ("utf16.half", 1)]
    child, _ = read(SAVED["little"] + b"\x3d\xd8")
    assert child.content == MAIL.encode() + b"\xed\xa0\xbd"


def test_what_is_too_large_is_an_item_without_bytes() -> None:
    child, _ = read(SAVED["big"], limits=Limits(memory_bytes=10))
    assert child.content is None and child.step.sha256 == ""
    assert [(one.code, one.unread) for one in child.notices] == [("utf16.memory_limit", len(SAVED["big"]))]


@given(data=st.binary(max_size=200), cut=st.integers(1, 60))
def test_blocks_decode_as_the_whole_does(data: bytes, cut: int) -> None:
    for decoder in (UTF_16_LE, UTF_16_BE):
        assert decoder.stream is not None
        pieces = [data[at : at + cut] for at in range(0, len(data), cut)]
        assert b"".join(decoder.stream(pieces)) == decoder.whole(data)


@given(st.sampled_from([*SAVED.values(), b"\xff\xfe" + BOX.encode("utf-16-le")]), st.data())
def test_any_change_gives_items_or_an_error(good: bytes, draw: st.DataObject) -> None:
    at = draw.draw(st.integers(0, len(good)))
    data = good[:at] + draw.draw(st.binary(max_size=6)) + good[draw.draw(st.integers(at, len(good))) :]
    try:
        child, _ = read(data)
    except ParseError:
        return
    decoder = parsers.decoders()[child.step.decoder]
    assert decoder.whole(data[child.step.start : child.step.end]) == child.content  # type: ignore[union-attr]
